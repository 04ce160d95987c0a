//! HTTP/1.1 requests that follow nothing and decompress nothing.
//!
//! A redirect is an answer like any other. `Accept-Encoding: identity` is sent,
//! and an encoded body is refused rather than unpacked. Two lengths, or a length
//! beside chunks, make an answer malformed (RFC 9112, section 6.3). Answers are
//! kept for the session, so that rules that ask the same cost nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Failure, Link, Session};

const MAX_HEAD: usize = 32 << 10;
const MAX_HEADERS: usize = 100;

/// One request.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Request {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    /// JSON.
    pub(crate) body: Option<String>,
    pub(crate) headers: Vec<(String, String)>,
}

impl Request {
    pub(crate) fn get(path: &str) -> Self {
        Self {
            method: "GET",
            path: path.to_owned(),
            body: None,
            headers: Vec::new(),
        }
    }

    /// With a name that the server listed in place of `{}`; `None` for a name
    /// that could say more than a name there.
    pub(crate) fn with_name(&self, name: &str) -> Option<Self> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        let fits = !name.is_empty() && name.len() <= 255 && name != "." && name != "..";
        if !fits || (self.body.is_some() && !name.bytes().all(plain)) {
            return None;
        }
        let mut coded = String::new();
        for byte in name.bytes() {
            if plain(byte) {
                coded.push(char::from(byte));
            } else {
                use std::fmt::Write as _;
                let _ = write!(coded, "%{byte:02X}");
            }
        }
        Some(Self {
            path: self.path.replace("{}", &coded),
            body: self.body.as_ref().map(|body| body.replace("{}", name)),
            ..self.clone()
        })
    }

    /// As reports name it.
    pub(crate) fn label(&self) -> String {
        match &self.body {
            Some(body) => format!("{} {} {body}", self.method, self.path),
            None => format!("{} {}", self.method, self.path),
        }
    }

    pub(crate) fn bytes(&self, authority: &str) -> Vec<u8> {
        use std::fmt::Write as _;
        let mut text = format!(
            "{} {} HTTP/1.1\r\nHost: {authority}\r\nUser-Agent: celador/{}\r\nAccept-Encoding: identity\r\n",
            self.method,
            self.path,
            env!("CARGO_PKG_VERSION"),
        );
        if !self
            .headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("accept"))
        {
            text.push_str("Accept: */*\r\n");
        }
        for (name, value) in &self.headers {
            let _ = write!(text, "{name}: {value}\r\n");
        }
        if let Some(body) = &self.body {
            let _ = write!(
                text,
                "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            );
        } else {
            text.push_str("\r\n");
        }
        text.into_bytes()
    }
}

/// One answer.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Neither headers nor body: they can hold anybody's data.
        f.debug_struct("Answer")
            .field("status", &self.status)
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

impl Answer {
    /// The first header of that name, given in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

/// Kept connection and answers of a session.
#[derive(Debug, Default)]
pub(crate) struct Client {
    kept: Option<Link>,
    known: BTreeMap<Request, Result<Arc<Answer>, Failure>>,
}

impl Session<'_> {
    /// The answer to a request, asked once a session.
    pub(crate) async fn http(&mut self, request: &Request) -> Result<Arc<Answer>, Failure> {
        if let Some(known) = self.http.known.get(request) {
            return known.clone();
        }
        let mut answer = self.ask(request, false).await;
        // A server may close a kept connection at any time.
        if let Err((failure, true)) = &answer
            && !failure.is_final()
        {
            answer = self.ask(request, false).await;
        }
        let answer = answer.map(Arc::new).map_err(|(failure, _)| failure);
        self.http.known.insert(request.clone(), answer.clone());
        answer
    }

    /// The answer to a request, asked each time and kept nowhere.
    pub(crate) async fn fetch(&mut self, request: &Request) -> Result<Answer, Failure> {
        self.fetch_as(request, false).await
    }

    /// As [`Session::fetch`], of what somebody stored: its encoding is part of it, and
    /// it comes as it lies there.
    pub(crate) async fn fetch_stored(&mut self, request: &Request) -> Result<Answer, Failure> {
        self.fetch_as(request, true).await
    }

    async fn fetch_as(&mut self, request: &Request, stored: bool) -> Result<Answer, Failure> {
        let mut answer = self.ask(request, stored).await;
        if let Err((Failure::Closed, true)) = &answer {
            answer = self.ask(request, stored).await;
        }
        answer.map_err(|(failure, _)| failure)
    }

    /// Whether the last first request got no answer, though a connection.
    pub(crate) fn http_silent(&self) -> bool {
        matches!(
            self.http.known.get(&Request::get("/")),
            Some(Err(Failure::Silent))
        )
    }

    /// Forgets answers and connections, after a change from or to TLS.
    pub(crate) fn forget_http(&mut self) {
        self.http = Client::default();
    }

    /// The error says whether the connection had been used before.
    async fn ask(&mut self, request: &Request, stored: bool) -> Result<Answer, (Failure, bool)> {
        let (mut link, used) = match self.http.kept.take() {
            Some(link) => (link, true),
            None => (
                self.connect().await.map_err(|failure| (failure, false))?,
                false,
            ),
        };
        let mut request = request.clone();
        if let Some(secret) = &self.authorization {
            request
                .headers
                .push(("Authorization".to_owned(), secret.text().to_owned()));
        }
        let bytes = request.bytes(&self.authority());
        let result = exchange(&mut link, &bytes, stored).await;
        let (answer, keep) = result.map_err(|failure| (failure, used))?;
        if keep {
            link.next_answer();
            self.http.kept = Some(link);
        }
        Ok(answer)
    }
}

/// Sends a request and reads its answer; says whether the connection can be
/// used again.
async fn exchange(
    link: &mut Link,
    request: &[u8],
    stored: bool,
) -> Result<(Answer, bool), Failure> {
    link.send(request).await?;
    let mut head = Vec::new();
    let mut answer = loop {
        let line = link.line(MAX_HEAD).await?;
        if head.is_empty() && !line.starts_with("HTTP/1.") {
            return Err(Failure::Malformed("no HTTP"));
        }
        let done = line.is_empty();
        head.extend_from_slice(line.as_bytes());
        head.extend_from_slice(b"\r\n");
        if head.len() > MAX_HEAD {
            return Err(Failure::TooLarge);
        }
        if !done {
            continue;
        }
        let answer = parse_head(&head)?;
        // 1xx: not the answer yet (RFC 9110, section 15.2).
        if (100..200).contains(&answer.status) {
            head.clear();
            continue;
        }
        break answer;
    };
    if !stored
        && answer
            .header("content-encoding")
            .is_some_and(|encoding| !encoding.eq_ignore_ascii_case("identity"))
    {
        return Err(Failure::Malformed(
            "an encoded body, which was not asked for",
        ));
    }
    let closes = answer
        .header("connection")
        .is_some_and(|value| value.to_ascii_lowercase().contains("close"))
        || head.starts_with(b"HTTP/1.0");
    let lengths: Vec<&str> = answer
        .headers
        .iter()
        .filter(|(name, _)| name == "content-length")
        .map(|(_, value)| value.as_str())
        .collect();
    let chunked = match answer.header("transfer-encoding") {
        None => false,
        Some(coding) if coding.eq_ignore_ascii_case("chunked") => true,
        Some(_) => return Err(Failure::Malformed("an unknown transfer encoding")),
    };
    if lengths.len() > 1 || (chunked && !lengths.is_empty()) {
        return Err(Failure::Malformed("two lengths"));
    }
    let keep = if matches!(answer.status, 204 | 304) {
        true
    } else if chunked {
        answer.body = chunks(link).await?;
        true
    } else if let Some(text) = lengths.first() {
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Failure::Malformed("a length that is no number"));
        }
        let length: usize = text.parse().map_err(|_| Failure::TooLarge)?;
        answer.body = link.exact(length).await?;
        true
    } else if (300..400).contains(&answer.status) {
        // Nobody reads where it leads to; some servers never end it.
        false
    } else {
        answer.body = link.rest().await?;
        false
    };
    Ok((answer, keep && !closes))
}

fn parse_head(head: &[u8]) -> Result<Answer, Failure> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut response = httparse::Response::new(&mut headers);
    match response.parse(head) {
        Ok(httparse::Status::Complete(_)) => {}
        Ok(httparse::Status::Partial) => return Err(Failure::Malformed("half a head")),
        Err(httparse::Error::TooManyHeaders) => return Err(Failure::TooLarge),
        Err(_) => return Err(Failure::Malformed("no HTTP head")),
    }
    Ok(Answer {
        status: response.code.ok_or(Failure::Malformed("no status"))?,
        headers: response
            .headers
            .iter()
            .map(|header| {
                (
                    header.name.to_ascii_lowercase(),
                    String::from_utf8_lossy(header.value).trim().to_owned(),
                )
            })
            .collect(),
        body: Vec::new(),
    })
}

async fn chunks(link: &mut Link) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    loop {
        let line = link.line(256).await?;
        let size = line.split(';').next().unwrap_or_default().trim();
        if size.is_empty() || size.len() > 16 || !size.bytes().all(|byte| byte.is_ascii_hexdigit())
        {
            return Err(Failure::Malformed("a chunk without size"));
        }
        let size = usize::from_str_radix(size, 16).map_err(|_| Failure::TooLarge)?;
        if size == 0 {
            // Trailers, up to the empty line.
            while !link.line(MAX_HEAD).await?.is_empty() {}
            return Ok(body);
        }
        body.extend(link.exact(size).await?);
        if !link.line(2).await?.is_empty() {
            return Err(Failure::Malformed("a chunk that does not end"));
        }
    }
}
