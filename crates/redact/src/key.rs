//! Keys: read from material, split into one for each purpose, never printed.
//!
//! Each purpose has a key of its own, derived by HMAC-SHA-256 from the material
//! (the "expand" of RFC 5869 for one block), so that what one gives away says
//! nothing of another.

use std::fmt;

use aes_gcm_siv::aead::{Aead as _, KeyInit as _, Payload};
use aes_gcm_siv::{Aes256GcmSiv, Nonce};
use data_encoding::{BASE64, BASE64URL, HEXLOWER_PERMISSIVE};
use hmac::{Hmac, Mac as _};
use secrecy::{ExposeSecret as _, SecretBox, SecretSlice};
use sha2::Sha256;
use zeroize::Zeroizing;

/// Bytes of a key.
const LENGTH: usize = 32;
/// Bytes of a nonce of AES-256-GCM-SIV.
const NONCE: usize = 12;

/// A key that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The name does not fit into tokens.
    #[error("key id \"{0}\" is not 1 to 16 small letters and digits")]
    Id(String),
    /// Two keys of one name.
    #[error("key id \"{0}\" is given twice")]
    Twice(String),
    /// Too short, or not text of a key's length.
    #[error(
        "key \"{0}\" is not 32 bytes as hexadecimal digits or base64, nor at least 32 raw bytes; \
         make one with: openssl rand -hex 32"
    )]
    Material(String),
}

type Prf = Hmac<Sha256>;

/// One key with its name.
pub struct Key {
    id: String,
    pseudonym: Prf,
    nonce: Prf,
    shift: Prf,
    cipher: Aes256GcmSiv,
    /// For FF1, whose cipher is made where it is used.
    format: SecretBox<[u8; LENGTH]>,
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl Key {
    /// Reads material: 32 bytes as hexadecimal digits or base64 with space around,
    /// or at least 32 raw bytes.
    pub fn new(id: &str, material: &SecretSlice<u8>) -> Result<Self, KeyError> {
        if !is_id(id) {
            return Err(KeyError::Id(id.chars().take(40).collect()));
        }
        let bytes =
            read(material.expose_secret()).ok_or_else(|| KeyError::Material(id.to_owned()))?;
        let derive = |purpose: &str| -> Option<Zeroizing<[u8; LENGTH]>> {
            let mut prf = Prf::new_from_slice(&bytes).ok()?;
            prf.update(b"celador redact v1 ");
            prf.update(purpose.as_bytes());
            Some(Zeroizing::new(prf.finalize().into_bytes().into()))
        };
        let prf = |purpose: &str| Prf::new_from_slice(&*derive(purpose)?).ok();
        let made = || {
            Some(Self {
                id: id.to_owned(),
                pseudonym: prf("pseudonym")?,
                nonce: prf("nonce")?,
                shift: prf("shift")?,
                cipher: Aes256GcmSiv::new_from_slice(&*derive("encrypt")?).ok()?,
                format: SecretBox::new(Box::new(*derive("format")?)),
            })
        };
        made().ok_or_else(|| KeyError::Material(id.to_owned()))
    }

    /// Its name, which tokens carry.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Tells whether two keys are one, and nothing else of either.
    pub fn check(&self) -> String {
        let digest = digest(&self.nonce, "check", "");
        HEXLOWER_PERMISSIVE.encode(digest.get(..8).unwrap_or(&[]))
    }

    /// 32 bytes that stand for a value of a class, and tell nothing of it.
    pub(crate) fn pseudonym(&self, class: &str, canonical: &str) -> [u8; LENGTH] {
        digest(&self.pseudonym, class, canonical)
    }

    /// The same for a subject's shift of dates.
    pub(crate) fn shift(&self, subject: &str) -> [u8; LENGTH] {
        digest(&self.shift, "", subject)
    }

    pub(crate) fn format(&self) -> &[u8; LENGTH] {
        self.format.expose_secret()
    }

    /// Encrypts so that equal values give equal bytes. The nonce is a function of
    /// the value, which AES-GCM-SIV is made to bear: what is told is equality alone.
    pub(crate) fn seal(&self, class: &str, value: &str) -> Option<Vec<u8>> {
        let digest = digest(&self.nonce, class, value);
        let nonce = Nonce::try_from(digest.get(..NONCE)?).ok()?;
        let sealed = self
            .cipher
            .encrypt(
                &nonce,
                Payload {
                    msg: value.as_bytes(),
                    aad: class.as_bytes(),
                },
            )
            .ok()?;
        Some([nonce.as_slice(), &sealed].concat())
    }

    /// The value again; `None` where it was another key, class or was changed.
    pub(crate) fn open(&self, class: &str, sealed: &[u8]) -> Option<Zeroizing<String>> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE)?;
        let opened = self
            .cipher
            .decrypt(
                &Nonce::try_from(nonce).ok()?,
                Payload {
                    msg: sealed,
                    aad: class.as_bytes(),
                },
            )
            .ok()?;
        String::from_utf8(opened).ok().map(Zeroizing::new)
    }
}

fn digest(prf: &Prf, class: &str, value: &str) -> [u8; LENGTH] {
    let mut prf = prf.clone();
    prf.update(class.as_bytes());
    prf.update(&[0]);
    prf.update(value.as_bytes());
    prf.finalize().into_bytes().into()
}

/// What a token can carry.
pub(crate) fn is_id(id: &str) -> bool {
    (1..=16).contains(&id.len())
        && id
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

fn read(material: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let text = material.trim_ascii();
    for encoding in [&HEXLOWER_PERMISSIVE, &BASE64, &BASE64URL] {
        if let Ok(bytes) = encoding.decode(text).map(Zeroizing::new)
            && bytes.len() == LENGTH
        {
            return Some(bytes);
        }
    }
    // Raw bytes; printable text of that length is a mistake or a password.
    let is_text = material.iter().all(|byte| (9..127).contains(byte));
    (material.len() >= LENGTH && !is_text).then(|| Zeroizing::new(material.to_vec()))
}

/// The keys of a run: the first writes, all read.
#[derive(Debug, Default)]
pub struct KeyRing {
    keys: Vec<Key>,
}

impl KeyRing {
    /// In the order of the profile.
    pub fn new(keys: Vec<Key>) -> Result<Self, KeyError> {
        for (index, key) in keys.iter().enumerate() {
            if keys.iter().take(index).any(|other| other.id == key.id) {
                return Err(KeyError::Twice(key.id.clone()));
            }
        }
        Ok(Self { keys })
    }

    /// The one that writes.
    pub fn current(&self) -> Option<&Key> {
        self.keys.first()
    }

    /// All, the one that writes first.
    pub fn iter(&self) -> impl Iterator<Item = &Key> {
        self.keys.iter()
    }

    /// The one of a name.
    pub fn get(&self, id: &str) -> Option<&Key> {
        self.keys.iter().find(|key| key.id == id)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn key(id: &str, byte: u8) -> Key {
        Key::new(id, &vec![byte; 32].into()).expect("a key")
    }

    #[test]
    fn reads_material_in_every_form() {
        let raw: Vec<u8> = (0..32_u8)
            .map(|byte| byte.wrapping_mul(7).wrapping_add(100))
            .collect();
        let hex = data_encoding::HEXUPPER.encode(&raw);
        let base64 = BASE64.encode(&raw);
        let want = Key::new("k", &raw.clone().into())
            .expect("raw")
            .pseudonym("email", "x");
        for text in [hex, format!("{base64}\n")] {
            let key = Key::new("k", &text.into_bytes().into()).expect("text");
            assert_eq!(key.pseudonym("email", "x"), want);
        }
        for bad in [
            "",
            "secret",
            "correct horse battery staple and some more words",
        ] {
            let error = Key::new("k", &bad.as_bytes().to_vec().into()).expect_err(bad);
            assert!(!error.to_string().contains("horse"));
        }
        assert!(Key::new("K 1", &raw.into()).is_err());
    }

    #[test]
    fn purposes_and_classes_are_apart() {
        let key = key("k", 200);
        assert_ne!(key.pseudonym("email", "x"), key.shift("x"));
        assert_ne!(key.pseudonym("email", "x"), key.pseudonym("phone", "x"));
        let sealed = key.seal("email", "jdoe@contoso.com").expect("sealed");
        assert_eq!(key.seal("email", "jdoe@contoso.com"), Some(sealed.clone()));
        assert_eq!(
            key.open("email", &sealed)
                .map(|text| text.to_string())
                .as_deref(),
            Some("jdoe@contoso.com")
        );
        assert!(key.open("phone", &sealed).is_none());
        assert!(tests::key("k", 201).open("email", &sealed).is_none());
        assert_eq!(format!("{key:?}"), "Key { id: \"k\", .. }");
    }
}
