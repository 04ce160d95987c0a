//! Probe rules: what to ask a product over HTTP, and what its answers mean.
//!
//! A rule is one YAML file of `rules/probes/`. It names requests, tests their
//! answers by structure, and carries a mock exchange for every answer it has to
//! tell apart; without these it does not load, and the crate's tests play all of
//! them. A grant has to test a body: a status alone never makes anything open.
//! `speaks: builtin` names a product whose protocol is spoken by a module of
//! `crate::product`; its file carries the mocks.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;
use serde_json::Value;

use crate::check::When;
use crate::product;
use crate::transport::Request;
use crate::transport::mock::Script;
use crate::verdict::Verdict;

/// A rule as its file has it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rule {
    pub(crate) id: String,
    /// The product, where several rules speak for one.
    product: Option<String>,
    pub(crate) speaks: Speaks,
    /// Where the answers are documented.
    pub(crate) source: String,
    /// Why the product has no locked state of its own, where it has none.
    pub(crate) no_auth: Option<String>,
    /// Why the product does not show when it is locked, where it does not.
    pub(crate) hidden: Option<String>,
    /// Why no exchange without a password proves it open, where none does.
    pub(crate) never_open: Option<String>,
    #[serde(default)]
    pub(crate) identify: Vec<Identify>,
    #[serde(default)]
    pub(crate) reads: Vec<Read>,
    /// Asked for each container that an inventory names, with `{}` where its name
    /// goes.
    #[serde(default)]
    pub(crate) named: Vec<Read>,
    /// Asked after a grant, for what the store holds.
    #[serde(default)]
    pub(crate) facts: Vec<Fact>,
    #[serde(default)]
    pub(crate) notes: Vec<Note>,
    pub(crate) mocks: BTreeMap<String, RawMock>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Speaks {
    Http,
    Builtin,
}

/// How the product is recognised; needs no permission and proves nothing.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Identify {
    #[serde(deserialize_with = "request")]
    pub(crate) ask: Request,
    pub(crate) when: When,
    #[serde(default)]
    pub(crate) extract: Extract,
}

/// A privileged read.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Read {
    /// What is read, for reports.
    pub(crate) what: String,
    #[serde(deserialize_with = "request")]
    pub(crate) ask: Request,
    pub(crate) granted: Vec<When>,
    /// Beside 401 and 403.
    #[serde(default)]
    pub(crate) refused: Vec<When>,
    #[serde(default)]
    pub(crate) unclear: Vec<Unclear>,
    #[serde(default)]
    pub(crate) extract: Extract,
    pub(crate) each: Option<Each>,
}

/// Asked again for each name that an answer lists.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Each {
    /// The names, by pointer; `*` stands for everything in a list.
    #[serde(rename = "in")]
    pub(crate) names: String,
    /// With `{}` where the name goes.
    #[serde(deserialize_with = "request")]
    pub(crate) ask: Request,
    /// What is read, for reports. When given, each answer is a read that
    /// decides; otherwise only what is extracted counts.
    pub(crate) what: Option<String>,
    pub(crate) when: When,
    /// Added up over all; nothing when one is missing.
    #[serde(default)]
    pub(crate) extract: Extract,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Unclear {
    pub(crate) when: When,
    pub(crate) because: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fact {
    /// Asked whatever the verdict: the product tells it to anyone.
    #[serde(default)]
    pub(crate) always: bool,
    #[serde(deserialize_with = "request")]
    pub(crate) ask: Request,
    #[serde(default)]
    pub(crate) when: When,
    pub(crate) extract: Extract,
}

/// Places in an answer.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Extract {
    pub(crate) version: Option<String>,
    pub(crate) distribution: Option<String>,
    pub(crate) cluster: Option<String>,
    pub(crate) records: Option<String>,
    pub(crate) bytes: Option<String>,
    pub(crate) containers: Option<String>,
}

/// What the defaults of some versions mean.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Note {
    /// The product, where the protocol is that of several.
    pub(crate) of: Option<String>,
    pub(crate) from: Option<String>,
    pub(crate) before: Option<String>,
    /// Said of a store that is open, wholly or in part: what a default would have
    /// prevented.
    #[serde(default)]
    pub(crate) open: bool,
    pub(crate) says: String,
}

/// An exchange, and what has to come of it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawMock {
    pub(crate) expect: Expect,
    /// What an inventory has for the store.
    #[serde(default)]
    pub(crate) containers: Vec<String>,
    #[serde(default)]
    answers: BTreeMap<String, RawAnswer>,
    otherwise: Option<RawAnswer>,
    #[serde(default)]
    turns: Vec<Vec<String>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expect {
    pub(crate) verdict: Verdict,
    /// Whether the product is recognised.
    #[serde(default = "yes")]
    pub(crate) product: bool,
    pub(crate) version: Option<String>,
    pub(crate) records: Option<u64>,
    pub(crate) bytes: Option<u64>,
    pub(crate) containers: Option<u64>,
    /// Beginnings of what has to be said of its defaults.
    #[serde(default)]
    pub(crate) notes: Vec<String>,
    /// Beginnings of what must not be.
    #[serde(default)]
    pub(crate) no_notes: Vec<String>,
}

fn yes() -> bool {
    true
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAnswer {
    status: u16,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    json: Option<Value>,
    text: Option<String>,
}

/// Why rules do not load.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[error("{file}: {message}")]
pub struct LoadError {
    /// The rule file.
    pub file: String,
    /// What is wrong, and what was expected.
    pub message: String,
}

/// Every rule, by id.
#[derive(Debug, Clone)]
pub struct Rules {
    pub(crate) rules: Vec<Rule>,
}

const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/probes.rs"));

impl Rules {
    /// The rules that are compiled in.
    pub fn embedded() -> &'static Self {
        static RULES: OnceLock<Rules> = OnceLock::new();
        RULES.get_or_init(|| match Self::load(FILES) {
            Ok(rules) => rules,
            // A test loads the same files; this cannot be met by a user.
            Err(error) => unreachable!("the compiled-in probe rules do not load: {error}"),
        })
    }

    /// Loads rules, each a file's name and text.
    ///
    /// # Errors
    /// A file is no rule, a mock exchange is missing, or a grant tests no body.
    pub fn load(files: &[(&str, &str)]) -> Result<Self, LoadError> {
        let mut rules: Vec<Rule> = Vec::with_capacity(files.len());
        for (file, text) in files {
            let fail = |message: String| LoadError {
                file: (*file).to_owned(),
                message,
            };
            let rule: Rule =
                serde_saphyr::from_str(text).map_err(|error| fail(error.to_string()))?;
            rule.check().map_err(fail)?;
            if rules.iter().any(|known| known.id == rule.id) {
                return Err(fail(format!("the id {} is taken", rule.id)));
            }
            rules.push(rule);
        }
        rules.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(Self { rules })
    }

    /// Ids of all products.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.rules.iter().map(|rule| rule.id.as_str())
    }

    /// Products that some rule speaks for, by name.
    pub fn products(&self) -> impl Iterator<Item = &str> {
        let names: std::collections::BTreeSet<&str> =
            self.rules.iter().map(Rule::product).collect();
        names.into_iter()
    }

    /// The rules that speak for a product.
    pub(crate) fn of<'r>(&'r self, product: &'r str) -> impl Iterator<Item = &'r Rule> {
        self.rules
            .iter()
            .filter(move |rule| rule.product() == product || rule.id == product)
    }

    /// The table of products for people: Markdown.
    pub fn table(&self) -> String {
        use std::fmt::Write as _;
        let mut out = String::from(
            "| product | reads that decide | recorded exchanges | documented |\n|---|---|---|---|\n",
        );
        for rule in &self.rules {
            let how = match rule.speaks {
                Speaks::Http => rule
                    .reads
                    .iter()
                    .chain(&rule.named)
                    .map(|read| format!("`{} {}`", read.ask.method, read.ask.path))
                    .collect::<Vec<_>>()
                    .join(", "),
                Speaks::Builtin => product::sends(&rule.id).join(", "),
            };
            let mocks: Vec<&str> = rule.mocks.keys().map(String::as_str).collect();
            let _ = writeln!(
                out,
                "| {} | {how} | {} | [source]({}) |",
                rule.id,
                mocks.join(", "),
                rule.source
            );
        }
        out
    }
}

impl Rule {
    /// Catalogue id of the product.
    pub(crate) fn product(&self) -> &str {
        self.product.as_deref().unwrap_or(&self.id)
    }

    fn check(&self) -> Result<(), String> {
        let mut wanted = vec!["other_product", "garbage"];
        if self.never_open.is_none() {
            wanted.push("open");
        }
        if self.no_auth.is_none() {
            wanted.push("auth_required");
        }
        if self.notes.is_empty() {
            return Err("a rule says in notes what the product's defaults mean".to_owned());
        }
        match self.speaks {
            Speaks::Http => {
                wanted.push("proxy_auth");
                if self.identify.is_empty() || self.reads.is_empty() {
                    return Err("an HTTP rule needs identify and reads".to_owned());
                }
                if self
                    .reads
                    .iter()
                    .chain(&self.named)
                    .any(|read| read.granted.is_empty() || read.granted.iter().any(When::is_bare))
                {
                    return Err(
                        "what is granted has to test the body, not the status alone".to_owned()
                    );
                }
            }
            Speaks::Builtin => {
                if product::sends(&self.id).is_empty() {
                    return Err(format!("no module speaks the protocol of {}", self.id));
                }
            }
        }
        for name in wanted {
            let Some(mock) = self.mocks.get(name) else {
                return Err(format!("a rule needs a mock exchange {name}"));
            };
            let recognised = !(matches!(name, "other_product" | "garbage" | "proxy_auth")
                || name == "auth_required" && self.hidden.is_some());
            let verdict = match name {
                "open" => Some("open"),
                "auth_required" => Some("auth_required"),
                "proxy_auth" => Some("proxy_auth"),
                _ => None,
            };
            if (recognised && !mock.expect.product)
                || verdict.is_some_and(|word| word != mock.expect.verdict.word())
                || (verdict.is_none() && mock.expect.product)
            {
                return Err(format!("the mock exchange {name} expects something else"));
            }
        }
        Ok(())
    }
}

impl RawMock {
    pub(crate) fn script(&self) -> Script {
        if !self.turns.is_empty() {
            return Script::Turns(
                self.turns
                    .iter()
                    .map(|turns| turns.iter().map(|text| bytes(text)).collect())
                    .collect(),
            );
        }
        let not_found = RawAnswer {
            status: 404,
            headers: BTreeMap::new(),
            json: None,
            text: Some("not found".to_owned()),
        };
        Script::Http(
            self.answers
                .iter()
                .map(|(key, answer)| (key.clone(), answer.bytes()))
                .collect(),
            self.otherwise.as_ref().unwrap_or(&not_found).bytes(),
        )
    }
}

impl RawAnswer {
    fn bytes(&self) -> Vec<u8> {
        use std::fmt::Write as _;
        let body = match (&self.json, &self.text) {
            (Some(json), _) => json.to_string(),
            (None, Some(text)) => text.clone(),
            (None, None) => String::new(),
        };
        let mut out = format!("HTTP/1.1 {} Mock\r\n", self.status);
        for (name, value) in &self.headers {
            let _ = write!(out, "{name}: {value}\r\n");
        }
        let _ = write!(out, "Content-Length: {}\r\n\r\n{body}", body.len());
        out.into_bytes()
    }
}

/// Text as it stands, or bytes as `hex:`, with `_` and blanks between them.
fn bytes(text: &str) -> Vec<u8> {
    let Some(hex) = text.strip_prefix("hex:") else {
        return text.as_bytes().to_vec();
    };
    let digits: Vec<u8> = hex
        .chars()
        .filter_map(|digit| digit.to_digit(16))
        .filter_map(|digit| u8::try_from(digit).ok())
        .collect();
    digits
        .chunks_exact(2)
        .map(|pair| pair[0] << 4 | pair[1])
        .collect()
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawRequest {
    Plain(String),
    WithHeaders {
        send: String,
        headers: BTreeMap<String, String>,
    },
}

/// `GET /path` or `POST /path {"json": "body"}`, alone or as `send` beside
/// `headers`.
fn request<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Request, D::Error> {
    use serde::de::Error as _;

    // What would be credentials, or change how the answer is read.
    const FORBIDDEN: &[&str] = &["authorization", "cookie", "host", "content-length"];
    let (text, headers) = match RawRequest::deserialize(from)? {
        RawRequest::Plain(text) => (text, BTreeMap::new()),
        RawRequest::WithHeaders { send, headers } => (send, headers),
    };
    if let Some(name) = headers
        .keys()
        .find(|name| FORBIDDEN.contains(&name.to_ascii_lowercase().as_str()))
    {
        return Err(D::Error::custom(format!("a rule may not send {name}")));
    }
    let mut words = text.splitn(3, ' ');
    let method = match words.next() {
        Some("GET") => "GET",
        // For reads that want a body; a rule's author answers for that.
        Some("POST") => "POST",
        _ => return Err(D::Error::custom("ask begins with GET or POST")),
    };
    let path = words
        .next()
        .filter(|path| path.starts_with('/') && path.is_ascii());
    let Some(path) = path else {
        return Err(D::Error::custom("ask names a path"));
    };
    Ok(Request {
        method,
        path: path.to_owned(),
        body: words.next().map(ToOwned::to_owned),
        headers: headers.into_iter().collect(),
    })
}
