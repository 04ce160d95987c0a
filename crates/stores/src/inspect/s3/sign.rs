//! AWS Signature Version 4, of requests without a body.
//!
//! As *Authenticating Requests: Using the Authorization Header* of Amazon S3's API
//! reference has it: a path is encoded once and not shortened. The secret signs and is
//! not sent; a signature holds for one request of one day.

use std::fmt::Write as _;

use ring::{digest, hmac};

/// SHA-256 of nothing.
pub(super) const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// Who signs, and for what.
#[derive(Clone, Copy)]
pub(super) struct Signer<'s> {
    pub(super) access: &'s str,
    pub(super) secret: &'s str,
    pub(super) region: &'s str,
    pub(super) service: &'s str,
}

impl Signer<'_> {
    /// The value of `Authorization`, at a time such as `20260101T000000Z`. Path and
    /// query are as they are sent, the query in order of its names; headers' names in
    /// lower case and in order, `host` among them.
    pub(super) fn authorization(
        &self,
        path: &str,
        query: &str,
        headers: &[(&str, &str)],
        time: &str,
    ) -> String {
        let mut canonical = format!("GET\n{path}\n{query}\n");
        for (name, value) in headers {
            let _ = writeln!(canonical, "{name}:{}", value.trim());
        }
        let names: Vec<&str> = headers.iter().map(|(name, _)| *name).collect();
        let names = names.join(";");
        let _ = write!(canonical, "\n{names}\n{EMPTY}");
        let day = time.split('T').next().unwrap_or_default();
        let Self {
            access,
            secret,
            region,
            service,
        } = self;
        let scope = format!("{day}/{region}/{service}/aws4_request");
        let signed = format!(
            "AWS4-HMAC-SHA256\n{time}\n{scope}\n{}",
            hex(digest::digest(&digest::SHA256, canonical.as_bytes()).as_ref())
        );
        let mut key = mac(format!("AWS4{secret}").as_bytes(), day);
        for part in [region, *service, "aws4_request"] {
            key = mac(key.as_ref(), part);
        }
        let signature = hex(mac(key.as_ref(), &signed).as_ref());
        format!(
            "AWS4-HMAC-SHA256 Credential={access}/{scope}, SignedHeaders={names}, Signature={signature}"
        )
    }
}

fn mac(key: &[u8], text: &str) -> hmac::Tag {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes())
}

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is signed by the published examples' keys.
    fn check(service: &str, path: &str, query: &str, headers: &[(&str, &str)], expect: &str) {
        let suite = service == "service";
        let signer = Signer {
            access: if suite {
                "AKIDEXAMPLE"
            } else {
                "AKIAIOSFODNN7EXAMPLE"
            },
            secret: if suite {
                "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
            } else {
                "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
            },
            region: "us-east-1",
            service,
        };
        let time = headers
            .iter()
            .find(|(name, _)| *name == "x-amz-date")
            .map(|(_, value)| *value);
        let found = signer.authorization(path, query, headers, time.unwrap_or_default());
        let signature = found
            .rsplit_once("Signature=")
            .map(|(_, signature)| signature);
        assert_eq!(signature, Some(expect), "{path}?{query}");
    }

    /// AWS's test suite of Signature Version 4: `get-vanilla`,
    /// `get-vanilla-query-order-key-case`, `get-unreserved`.
    #[test]
    fn vectors_of_the_suite() {
        let headers = [
            ("host", "example.amazonaws.com"),
            ("x-amz-date", "20150830T123600Z"),
        ];
        check(
            "service",
            "/",
            "",
            &headers,
            "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
        );
        check(
            "service",
            "/",
            "Param1=value1&Param2=value2",
            &headers,
            "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
        );
        check(
            "service",
            "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
            "",
            &headers,
            "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f",
        );
    }

    /// Examples of Amazon S3's API reference: an object by range, a list of objects.
    #[test]
    fn examples_of_s3() {
        let host = ("host", "examplebucket.s3.amazonaws.com");
        let rest = [
            ("x-amz-content-sha256", EMPTY),
            ("x-amz-date", "20130524T000000Z"),
        ];
        check(
            "s3",
            "/test.txt",
            "",
            &[host, ("range", "bytes=0-9"), rest[0], rest[1]],
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
        );
        check(
            "s3",
            "/",
            "max-keys=2&prefix=J",
            &[host, rest[0], rest[1]],
            "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
        );
    }
}
