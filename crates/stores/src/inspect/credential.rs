//! What lets a reader in, and where its secret comes from.
//!
//! A secret is named, never given: on a command line everybody on the machine
//! could read it. It lives in a type that cannot be printed. Only servers whose
//! certificate is verified are sent one, but for loopback.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use rustls::ClientConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::SketchKey;

/// Longest secret that is read.
const LONGEST: usize = 16 << 10;

/// A password, key or token. It cannot be printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// Why there is no credential.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CredentialError {
    /// The reference is none.
    #[error("a secret is named as env:NAME, file:PATH or command:PROGRAM, and never given itself")]
    NoReference,
    /// The variable is not there.
    #[error("the environment has no variable {0}")]
    NoVariable(String),
    /// The file cannot be read.
    #[error("cannot read the secret's file {path}")]
    File {
        /// Which file.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The command gave none.
    #[error("the command that gives the secret failed ({0})")]
    Command(String),
    /// It cannot be sent.
    #[error("the secret is empty, longer than 16 KiB, or has control characters in it")]
    Unfit,
    /// A certificate or key cannot be read.
    #[error("{path} is no {what} in PEM form")]
    Pem {
        /// Which file.
        path: String,
        /// What was expected.
        what: &'static str,
    },
}

impl Secret {
    /// Fetches the secret that a reference names.
    ///
    /// # Errors
    /// It is no reference, or leads to nothing that can be sent.
    pub fn fetch(reference: &str) -> Result<Self, CredentialError> {
        let text = match reference.split_once(':') {
            Some(("env", name)) if !name.is_empty() => {
                std::env::var(name).map_err(|_| CredentialError::NoVariable(name.to_owned()))?
            }
            Some(("file", path)) if !path.is_empty() => {
                std::fs::read_to_string(path).map_err(|source| CredentialError::File {
                    path: path.to_owned(),
                    source,
                })?
            }
            Some(("command", words)) if !words.trim().is_empty() => {
                let mut words = words.split_whitespace();
                let output = Command::new(words.next().unwrap_or_default())
                    .args(words)
                    .stdin(Stdio::null())
                    .output()
                    .map_err(|error| CredentialError::Command(error.kind().to_string()))?;
                if !output.status.success() {
                    return Err(CredentialError::Command(output.status.to_string()));
                }
                String::from_utf8(output.stdout).map_err(|_| CredentialError::Unfit)?
            }
            _ => return Err(CredentialError::NoReference),
        };
        // Files and commands end their line.
        let text = text.trim_end_matches(['\r', '\n']);
        if text.is_empty() || text.len() > LONGEST || text.chars().any(char::is_control) {
            return Err(CredentialError::Unfit);
        }
        Ok(Self(text.to_owned()))
    }

    /// The secret as a key of sketches.
    pub fn sketch_key(&self) -> SketchKey {
        SketchKey::new(self.0.as_bytes())
    }

    pub(crate) fn text(&self) -> &str {
        &self.0
    }
}

/// What is sent to be let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credential {
    /// A user and a password (RFC 7617, and the databases' own ways).
    Password {
        /// Who.
        user: String,
        /// The password.
        secret: Secret,
    },
    /// `Authorization: ApiKey …`, as Elasticsearch has it.
    ApiKey(Secret),
    /// `Authorization: Bearer …` (RFC 6750).
    Bearer(Secret),
    /// The client certificate of the [`Trust`] alone.
    Certificate,
}

impl Credential {
    /// The value of `Authorization`.
    pub(crate) fn header(&self) -> Option<Secret> {
        match self {
            Self::Password { user, secret } => Some(Secret(format!(
                "Basic {}",
                base64(format!("{user}:{}", secret.text()).as_bytes())
            ))),
            Self::ApiKey(secret) => Some(Secret(format!("ApiKey {}", secret.text()))),
            Self::Bearer(secret) => Some(Secret(format!("Bearer {}", secret.text()))),
            Self::Certificate => None,
        }
    }
}

/// Whose certificates are believed, and which is shown.
#[derive(Debug, Clone)]
pub struct Trust(pub(crate) Arc<ClientConfig>);

impl Trust {
    /// Believes the authorities of a file (PEM), and shows a certificate where
    /// one is given with its key.
    ///
    /// # Errors
    /// A file cannot be read or holds something else.
    pub fn new(
        authorities: &Path,
        client: Option<(&Path, &Path)>,
    ) -> Result<Self, CredentialError> {
        let fail = |path: &Path, what| CredentialError::Pem {
            path: path.display().to_string(),
            what,
        };
        let chain = |path: &Path| -> Result<Vec<CertificateDer<'static>>, CredentialError> {
            let found: Vec<_> = CertificateDer::pem_file_iter(path)
                .and_then(Iterator::collect)
                .map_err(|_| fail(path, "certificate"))?;
            if found.is_empty() {
                return Err(fail(path, "certificate"));
            }
            Ok(found)
        };
        let mut roots = rustls::RootCertStore::empty();
        roots.add_parsable_certificates(chain(authorities)?);
        if roots.is_empty() {
            return Err(fail(authorities, "certificate"));
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|_| fail(authorities, "certificate"))?
            .with_root_certificates(roots);
        let mut config = match client {
            None => builder.with_no_client_auth(),
            Some((certificate, key)) => builder
                .with_client_auth_cert(
                    chain(certificate)?,
                    PrivateKeyDer::from_pem_file(key).map_err(|_| fail(key, "private key"))?,
                )
                .map_err(|_| fail(key, "private key of that certificate"))?,
        };
        config.resumption = rustls::client::Resumption::disabled();
        Ok(Self(Arc::new(config)))
    }

    /// Where Debian, Red Hat and Alpine keep the authorities that everybody
    /// believes.
    pub fn usual() -> Option<PathBuf> {
        [
            "/etc/ssl/certs/ca-certificates.crt",
            "/etc/pki/tls/certs/ca-bundle.crt",
            "/etc/ssl/cert.pem",
        ]
        .into_iter()
        .map(PathBuf::from)
        .find(|path| path.exists())
    }
}

/// RFC 4648, section 4.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let word = chunk
            .iter()
            .fold(0_u32, |word, byte| word << 8 | u32::from(*byte))
            << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let letter = LETTERS[(word >> (18 - 6 * place) & 63) as usize];
            out.push(if place <= chunk.len() {
                char::from(letter)
            } else {
                '='
            });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_rfc_4648() {
        for (plain, coded) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }

    #[test]
    fn a_secret_is_named_and_not_printed() {
        assert!(matches!(
            Secret::fetch("hunter2"),
            Err(CredentialError::NoReference)
        ));
        assert!(matches!(
            Secret::fetch("env:CELADOR_NO_SUCH_VARIABLE"),
            Err(CredentialError::NoVariable(_))
        ));
        assert!(matches!(
            Secret::fetch("command:false"),
            Err(CredentialError::Command(_))
        ));
        assert!(matches!(
            Secret::fetch("command:true"),
            Err(CredentialError::Unfit)
        ));
        let secret = Secret::fetch("command:echo s3cret-canary").expect("a secret");
        assert_eq!(secret.text(), "s3cret-canary");
        let credential = Credential::Password {
            user: "u".to_owned(),
            secret,
        };
        assert!(!format!("{credential:?} {:?}", credential.header()).contains("canary"));
    }
}
