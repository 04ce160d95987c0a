//! A finder's whole configuration as one YAML file: regions, classes, least score,
//! allowed values, names of fields, and rules of the user's own.
//!
//! It is checked when it is read, and the rules' examples are tried when the
//! scanner is built. An error names the file and the line, and nothing of the text
//! but the names of fields: allowed values and examples may be somebody's.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_saphyr::Spanned;

use crate::class::Class;
use crate::phone::Region;
use crate::rules::{self, RuleError};
use crate::scanner::ScannerBuilder;

/// The file.
#[derive(Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "FinderConfig")
)]
#[serde(deny_unknown_fields)]
struct File {
    /// Regions (ISO 3166, two letters) whose national telephone numbers and
    /// identifiers are expected.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<String>"))]
    regions: Vec<Spanned<String>>,
    /// Only these classes are reported; all without it.
    #[serde(default)]
    classes: Option<Vec<Class>>,
    /// The least score that is reported, from 0 to 1.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(with = "Option<f64>"))]
    min_score: Option<Spanned<f64>>,
    /// Values that are never reported, in any case.
    #[serde(default)]
    allow: Vec<String>,
    /// Fields, by path or by the last part of it, and the name each is read as.
    #[serde(default)]
    hints: BTreeMap<String, String>,
    /// Recognisers of the user's own, as in a file of `--rules`.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<rules::File>"))]
    rules: Vec<Spanned<rules::File>>,
}

/// A configuration that was read. It holds values of the user's, so it cannot be
/// printed.
pub struct Config {
    name: String,
    file: File,
    regions: Vec<Region>,
    min_score: Option<u8>,
}

impl Config {
    /// Reads a configuration; `name` is the file's, for errors.
    ///
    /// # Errors
    /// What is wrong, and in which line.
    pub fn read(name: &str, text: &str) -> Result<Self, RuleError> {
        let error = |message: String| RuleError {
            file: name.to_owned(),
            message,
        };
        let file: File = serde_saphyr::from_str(text)
            .map_err(|cause| error(rules::place(&cause, "a configuration")))?;
        let regions = file
            .regions
            .iter()
            .map(|id| {
                Region::of(&id.value.to_ascii_uppercase()).ok_or_else(|| {
                    error(format!(
                        "line {}: regions: no region of telephone numbers; expected two letters of ISO 3166, such as ES",
                        id.referenced.line()
                    ))
                })
            })
            .collect::<Result<_, _>>()?;
        let min_score = file
            .min_score
            .as_ref()
            .map(|score| {
                rules::hundredths(score.value, "min_score").map_err(|message| {
                    error(format!("line {}: {message}", score.referenced.line()))
                })
            })
            .transpose()?;
        Ok(Self {
            name: name.to_owned(),
            file,
            regions,
            min_score,
        })
    }

    /// Fields and the names they are read as.
    pub fn hints(&self) -> &BTreeMap<String, String> {
        &self.file.hints
    }

    /// Adds all that it says to a builder.
    #[must_use]
    pub fn apply(self, mut builder: ScannerBuilder) -> ScannerBuilder {
        builder = builder.regions(self.regions);
        if let Some(classes) = self.file.classes {
            builder = builder.classes(classes);
        }
        if let Some(score) = self.min_score {
            builder = builder.min_score(score);
        }
        for value in &self.file.allow {
            builder = builder.allow(value);
        }
        for rule in self.file.rules {
            let place = format!("{}: line {}", self.name, rule.referenced.line());
            builder = builder.read_rule(place, rule.value);
        }
        builder
    }

    /// The JSON Schema of the file.
    #[cfg(feature = "schema")]
    pub fn schema() -> schemars::Schema {
        schemars::schema_for!(File)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scanner::Scanner;

    const RULE: &str = "rules:
  - id: contract
    class: national_id
    name: {en: contract}
    pattern: '\\bCT-[0-9]{6}\\b'
    score: 0.9
    examples:
      positive: [{text: see CT-123456, match: CT-123456}]
      negative: [CT-12]
    source: ours
";

    #[test]
    fn says_all_of_it() {
        let text = format!(
            "regions: [es, CH]\nmin_score: 0.4\nallow: [jdoe@contoso.com]\nhints: {{note2: phone}}\n{RULE}"
        );
        let config = Config::read("finder.yaml", &text).expect("right");
        assert_eq!(
            config.hints().get("note2").map(String::as_str),
            Some("phone")
        );
        let scanner = config.apply(Scanner::builder()).build().expect("right");
        let text = "jdoe@contoso.com, CT-654321, 912 34 56 78, 12345678Z";
        let got: Vec<_> = scanner
            .find(text)
            .iter()
            .filter_map(|span| text.get(span.start..span.end))
            .collect();
        assert_eq!(got, ["CT-654321", "912 34 56 78", "12345678Z"]);
    }

    #[test]
    fn errors_have_a_line_and_no_value() {
        let check = |text: &str, want: &str| {
            let error = Config::read("finder.yaml", text)
                .and_then(|config| config.apply(Scanner::builder()).build())
                .expect_err("wrong");
            assert_eq!(error.to_string(), want, "{text}");
        };
        check(
            "allow: [a]\nregions:\n  - ES\n  - canary\n",
            "finder.yaml: line 4: regions: no region of telephone numbers; expected two letters of ISO 3166, such as ES",
        );
        check(
            "min_score: 7\n",
            "finder.yaml: line 1: min_score is 7; expected 0 to 1",
        );
        check(
            "allow: [a]\nreigons: [ES]\n",
            "finder.yaml: line 2, column 1: unknown field `reigons`",
        );
        check(
            &format!("allow: [a]\n{}", RULE.replace("[0-9]{6}", "[0-9]{5}")),
            "finder.yaml: line 3: example 1 of rule \"contract\" is not found",
        );
        check(
            &RULE.replace("[0-9]{6}", "[0-9"),
            "finder.yaml: line 2: pattern is no regular expression",
        );
        check(
            &RULE.replace("[0-9]{6}", r"\w{5000}"),
            "finder.yaml: line 2: pattern is larger than 262144 bytes when compiled",
        );
    }
}
