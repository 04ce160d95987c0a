//! SCRAM-SHA-256 (RFC 5802, RFC 7677), as PostgreSQL and MongoDB ask for it.
//!
//! The password is proven and never sent, and the server proves that it knows it
//! too. A server chooses how often its hash is repeated; more than a bound is
//! refused, since it would keep this machine busy for as long as it likes. No
//! channel binding: the certificate is verified before anything is sent.

use data_encoding::BASE64;
use ring::rand::SecureRandom as _;
use ring::{digest, hmac, pbkdf2};

use super::Secret;
use crate::transport::Failure;

/// Servers use 4,096 to 600,000.
const MOST: u32 = 2_000_000;

/// The first message is sent, and its answer is waited for.
pub(crate) struct Scram {
    first: String,
    nonce: String,
}

/// The proof is sent, and the server's is waited for.
pub(crate) struct Proven {
    server: hmac::Tag,
}

impl Scram {
    /// A conversation as that user, and its first message. `PostgreSQL` takes the
    /// user from elsewhere and has an empty one here.
    pub(crate) fn start(user: &str) -> Result<(Self, String), Failure> {
        let mut bytes = [0; 18];
        ring::rand::SystemRandom::new()
            .fill(&mut bytes)
            .map_err(|_| Failure::Malformed("the system gives no random bytes"))?;
        Ok(Self::with_nonce(user, &BASE64.encode(&bytes)))
    }

    fn with_nonce(user: &str, nonce: &str) -> (Self, String) {
        let user = user.replace('=', "=3D").replace(',', "=2C");
        let first = format!("n={user},r={nonce}");
        let message = format!("n,,{first}");
        (
            Self {
                first,
                nonce: nonce.to_owned(),
            },
            message,
        )
    }

    /// The proof, as an answer to the server's first message.
    pub(crate) fn prove(
        self,
        server_first: &str,
        secret: &Secret,
    ) -> Result<(Proven, String), Failure> {
        const NONE: Failure = Failure::Malformed("no first message of SCRAM");
        let mut parts = server_first.split(',');
        let mut part = |name: &str| parts.next().and_then(|part| part.strip_prefix(name));
        let nonce = part("r=").ok_or(NONE)?;
        let salt = part("s=").ok_or(NONE)?;
        let repeated: std::num::NonZeroU32 =
            part("i=").and_then(|text| text.parse().ok()).ok_or(NONE)?;
        if !nonce.starts_with(&self.nonce) || nonce.len() == self.nonce.len() {
            return Err(Failure::Malformed("a nonce of SCRAM that is not ours"));
        }
        if repeated.get() > MOST {
            return Err(Failure::Malformed(
                "SCRAM with more repetitions than any server needs",
            ));
        }
        let salt = BASE64.decode(salt.as_bytes()).map_err(|_| NONE)?;
        // RFC 5802, section 2.2; a password that is no text of SASLprep is taken
        // as it is, as PostgreSQL does.
        let password = stringprep::saslprep(secret.text())
            .unwrap_or(std::borrow::Cow::Borrowed(secret.text()));
        let mut salted = [0; digest::SHA256_OUTPUT_LEN];
        pbkdf2::derive(
            pbkdf2::PBKDF2_HMAC_SHA256,
            repeated,
            &salt,
            password.as_bytes(),
            &mut salted,
        );
        let key = |name: &[u8]| hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &salted), name);
        let client = key(b"Client Key");
        let stored = digest::digest(&digest::SHA256, client.as_ref());
        // "biws": no channel binding, base64 of "n,,".
        let last = format!("c=biws,r={nonce}");
        let all = format!("{},{server_first},{last}", self.first);
        let signature = hmac::sign(
            &hmac::Key::new(hmac::HMAC_SHA256, stored.as_ref()),
            all.as_bytes(),
        );
        let proof: Vec<u8> = client
            .as_ref()
            .iter()
            .zip(signature.as_ref())
            .map(|(a, b)| a ^ b)
            .collect();
        let server = hmac::sign(
            &hmac::Key::new(hmac::HMAC_SHA256, key(b"Server Key").as_ref()),
            all.as_bytes(),
        );
        let message = format!("{last},p={}", BASE64.encode(&proof));
        Ok((Proven { server }, message))
    }
}

impl Proven {
    /// Whether the server knows the password too.
    pub(crate) fn verify(&self, server_last: &str) -> Result<(), Failure> {
        let theirs = server_last
            .split(',')
            .next()
            .and_then(|part| part.strip_prefix("v="))
            .and_then(|text| BASE64.decode(text.as_bytes()).ok());
        let same = theirs.is_some_and(|theirs| {
            theirs.len() == self.server.as_ref().len()
                && theirs
                    .iter()
                    .zip(self.server.as_ref())
                    .fold(0, |all, (a, b)| all | a ^ b)
                    == 0
        });
        if same {
            Ok(())
        } else {
            Err(Failure::Malformed(
                "the server does not prove that it knows the password",
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str =
        "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";

    fn pencil() -> Secret {
        Secret::fetch("command:echo pencil").expect("a secret")
    }

    /// RFC 7677, section 3.
    #[test]
    fn as_in_the_standard() {
        let (scram, first) = Scram::with_nonce("user", "rOprNGfwEbeRWgbNEkqO");
        assert_eq!(first, "n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
        let (proven, last) = scram.prove(FIRST, &pencil()).expect("a first message");
        assert_eq!(
            last,
            "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
        );
        assert_eq!(
            proven.verify("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="),
            Ok(())
        );
        for wrong in [
            "",
            "v=",
            "e=other-error",
            "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G5=",
        ] {
            assert!(proven.verify(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn hostile_first_messages_are_refused_at_once() {
        for (hostile, why) in [
            (FIRST.replace("4096", "4294967295"), "repetitions"),
            (FIRST.replace("4096", "0"), "first message"),
            (FIRST.replace("rOpr", "rOpx"), "not ours"),
            (
                "r=rOprNGfwEbeRWgbNEkqO,s=AA==,i=4096".to_owned(),
                "not ours",
            ),
            (FIRST.replace("W22", "!"), "first message"),
            ("m=ext,".to_owned() + FIRST, "first message"),
            (String::new(), "first message"),
        ] {
            let (scram, _) = Scram::with_nonce("user", "rOprNGfwEbeRWgbNEkqO");
            let error = scram.prove(&hostile, &pencil()).err().expect("refused");
            assert!(error.to_string().contains(why), "{hostile}: {error}");
        }
    }

    #[test]
    fn a_user_cannot_break_out_of_its_place() {
        let (_, first) = Scram::with_nonce("a,r=x=", "n");
        assert_eq!(first, "n,,n=a=2Cr=3Dx=3D,r=n");
    }
}
