//! Addresses of crypto-currencies, with their checksums.
//!
//! Letters keep their case here: base58 and EIP-55 mean something by it. Hashes
//! and encodings are those of well-kept crates.

use bech32::primitives::decode::CheckedHrpstring;
use bech32::{Bech32, Bech32m};
use sha2::{Digest, Sha256};
use sha3::Keccak256;

/// Longest text any format here has, a Cardano address with delegation.
const LONGEST: usize = 128;

/// The payload of a base58check text (version and hash, without its four check
/// bytes: the first of a double SHA-256), in a given alphabet.
fn base58check(value: &[u8], alphabet: &bs58::Alphabet) -> Option<Vec<u8>> {
    if !(26..=LONGEST).contains(&value.len()) {
        return None;
    }
    let mut bytes = bs58::decode(value)
        .with_alphabet(alphabet)
        .into_vec()
        .ok()?;
    let at = bytes.len().checked_sub(4)?;
    let sum = Sha256::digest(Sha256::digest(&bytes[..at]));
    if bytes[at..] != sum[..4] {
        return None;
    }
    bytes.truncate(at);
    Some(bytes)
}

/// Whether a text is base58check of one version byte and a 20-byte hash.
fn versioned(value: &[u8], versions: &[u8]) -> bool {
    base58check(value, bs58::Alphabet::BITCOIN)
        .is_some_and(|bytes| bytes.len() == 21 && versions.contains(&bytes[0]))
}

/// A segregated-witness address (BIP 173, BIP 350): version 0 in bech32 with 20
/// or 32 bytes, later versions in bech32m with 2 to 40.
fn segwit(value: &[u8], prefixes: &[&str]) -> bool {
    if value.len() > 90 {
        return false;
    }
    let Ok(text) = str::from_utf8(value) else {
        return false;
    };
    let prefix = |hrp: bech32::Hrp| {
        prefixes
            .iter()
            .any(|one| hrp.as_str().eq_ignore_ascii_case(one))
    };
    match CheckedHrpstring::new::<Bech32>(text) {
        Ok(mut parts) => {
            prefix(parts.hrp())
                && parts
                    .remove_witness_version()
                    .is_some_and(|v| v.to_u8() == 0)
                && parts.validate_segwit_padding().is_ok()
                && matches!(parts.byte_iter().len(), 20 | 32)
        }
        Err(_) => CheckedHrpstring::new::<Bech32m>(text).is_ok_and(|mut parts| {
            prefix(parts.hrp())
                && parts
                    .remove_witness_version()
                    .is_some_and(|v| (1..=16).contains(&v.to_u8()))
                && parts.validate_segwit_padding().is_ok()
                && (2..=40).contains(&parts.byte_iter().len())
        }),
    }
}

/// A Bitcoin address, main or test network: P2PKH and P2SH in base58check,
/// witness programs in bech32 and bech32m.
pub(super) fn bitcoin(value: &[u8]) -> bool {
    versioned(value, &[0x00, 0x05, 0x6f, 0xc4]) || segwit(value, &["bc", "tb"])
}

/// A private key of Bitcoin in wallet import format: base58check of 0x80, 32
/// bytes and, for compressed public keys, 0x01.
pub(super) fn bitcoin_wif(value: &[u8]) -> bool {
    base58check(value, bs58::Alphabet::BITCOIN).is_some_and(|bytes| {
        matches!(bytes[..], [0x80 | 0xef, ..])
            && (bytes.len() == 33 || bytes.len() == 34 && bytes[33] == 1)
    })
}

/// A Litecoin address: versions 0x30, 0x32 and 0x05, or bech32 `ltc`.
pub(super) fn litecoin(value: &[u8]) -> bool {
    versioned(value, &[0x30, 0x32, 0x05]) || segwit(value, &["ltc"])
}

/// A Dogecoin address: versions 0x1e and 0x16.
pub(super) fn dogecoin(value: &[u8]) -> bool {
    versioned(value, &[0x1e, 0x16])
}

/// A Dash address: versions 0x4c and 0x10.
pub(super) fn dash(value: &[u8]) -> bool {
    versioned(value, &[0x4c, 0x10])
}

/// A transparent Zcash address: two version bytes, `t1` or `t3` when written.
pub(super) fn zcash(value: &[u8]) -> bool {
    base58check(value, bs58::Alphabet::BITCOIN)
        .is_some_and(|b| b.len() == 22 && matches!(b[..2], [0x1c, 0xb8 | 0xbd]))
}

/// A Tron address: version 0x41, so it starts with `T`.
pub(super) fn tron(value: &[u8]) -> bool {
    versioned(value, &[0x41])
}

/// An XRP Ledger classic address: base58check in Ripple's own alphabet with
/// version 0, so it starts with `r`.
pub(super) fn ripple(value: &[u8]) -> bool {
    base58check_short(value, bs58::Alphabet::RIPPLE)
        .is_some_and(|bytes| bytes.len() == 21 && bytes[0] == 0)
}

/// As [`base58check`] for texts of 25 characters, which the XRP Ledger has.
fn base58check_short(value: &[u8], alphabet: &bs58::Alphabet) -> Option<Vec<u8>> {
    if !(25..=35).contains(&value.len()) {
        return None;
    }
    let bytes = bs58::decode(value)
        .with_alphabet(alphabet)
        .into_vec()
        .ok()?;
    let at = bytes.len().checked_sub(4)?;
    let sum = Sha256::digest(Sha256::digest(&bytes[..at]));
    (bytes[at..] == sum[..4]).then(|| bytes[..at].to_vec())
}

/// An Ethereum address: `0x` and 40 hexadecimal digits. Mixed case must be the
/// checksum of EIP-55; one case alone carries none and is accepted.
pub(super) fn ethereum(value: &[u8]) -> bool {
    let Some(hex) = value
        .strip_prefix(b"0x")
        .or_else(|| value.strip_prefix(b"0X"))
    else {
        return false;
    };
    if hex.len() != 40 || !hex.iter().all(u8::is_ascii_hexdigit) {
        return false;
    }
    if hex.iter().all(|byte| *byte == hex[0]) {
        return false;
    }
    let upper = hex.iter().any(u8::is_ascii_uppercase);
    let lower = hex.iter().any(u8::is_ascii_lowercase);
    if !(upper && lower) {
        return true;
    }
    let hash = Keccak256::digest(hex.to_ascii_lowercase());
    hex.iter().enumerate().all(|(at, byte)| {
        let nibble = hash[at / 2] >> (if at % 2 == 0 { 4 } else { 0 }) & 15;
        !byte.is_ascii_alphabetic() || byte.is_ascii_uppercase() == (nibble >= 8)
    })
}

/// A Monero address: base58 in blocks of eight bytes, network byte, two keys,
/// for integrated addresses a payment id, and four bytes of Keccak-256.
pub(super) fn monero(value: &[u8]) -> bool {
    // Eleven characters hold eight bytes; the last, short block holds five.
    let (size, tail) = match value.len() {
        95 => (69, 7),
        106 => (77, 7),
        _ => return false,
    };
    let mut bytes = Vec::with_capacity(size);
    let body = value.len() - tail;
    for block in value[..body].chunks(11).chain([&value[body..]]) {
        let width = if block.len() == 11 { 8 } else { 5 };
        let mut number: u128 = 0;
        for byte in block {
            let Some(at) = BASE58.iter().position(|one| one == byte) else {
                return false;
            };
            number = number * 58 + at as u128;
        }
        if number >> (8 * width) != 0 {
            return false;
        }
        bytes.extend_from_slice(&number.to_be_bytes()[16 - width..]);
    }
    let Some(at) = bytes.len().checked_sub(4) else {
        return false;
    };
    // Main network 18, integrated 19, subaddress 42; stage and test networks.
    matches!(bytes[0], 18 | 19 | 42 | 24 | 25 | 36 | 53 | 54 | 63)
        && bytes[at..] == Keccak256::digest(&bytes[..at])[..4]
}

/// The alphabet of base58, without 0, O, I and l.
const BASE58: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/// A Cardano address of the Shelley era (CIP-19): bech32 of any length with
/// prefix `addr` or `stake`, the header's type and network among those in use.
pub(super) fn cardano(value: &[u8]) -> bool {
    if value.len() > LONGEST {
        return false;
    }
    let Ok(text) = str::from_utf8(value) else {
        return false;
    };
    bech32::primitives::decode::UncheckedHrpstring::new(text)
        .ok()
        .and_then(|parts| parts.validate_and_remove_checksum::<Cip19>().ok())
        .is_some_and(|parts| {
            let stake = match parts.hrp().as_str().to_ascii_lowercase().as_str() {
                "addr" | "addr_test" => false,
                "stake" | "stake_test" => true,
                _ => return false,
            };
            let mut bytes = parts.byte_iter();
            let length = bytes.len();
            let Some(header) = bytes.next() else {
                return false;
            };
            match (stake, header >> 4) {
                (false, 0..=3) => length == 57,
                (false, 4 | 5) => length > 29,
                (false, 6 | 7) | (true, 14 | 15) => length == 29,
                _ => false,
            }
        })
}

/// Bech32 without its limit of 90 characters, as CIP-5 asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cip19 {}

impl bech32::Checksum for Cip19 {
    type MidstateRepr = u32;
    type CorrectionField = <Bech32 as bech32::Checksum>::CorrectionField;
    const ROOT_GENERATOR: Self::CorrectionField = Bech32::ROOT_GENERATOR;
    const ROOT_EXPONENTS: core::ops::RangeInclusive<usize> = Bech32::ROOT_EXPONENTS;
    const CODE_LENGTH: usize = 1023;
    const CHECKSUM_LENGTH: usize = 6;
    const GENERATOR_SH: [u32; 5] = Bech32::GENERATOR_SH;
    const TARGET_RESIDUE: u32 = Bech32::TARGET_RESIDUE;
}

/// A Solana public key: 32 bytes in base58. It has no checksum, so a rule needs
/// context.
pub(super) fn solana(value: &[u8]) -> bool {
    (32..=44).contains(&value.len())
        && bs58::decode(value)
            .into_vec()
            .is_ok_and(|bytes| bytes.len() == 32)
        && value.iter().any(u8::is_ascii_digit)
        && value.iter().any(u8::is_ascii_lowercase)
        && value.iter().any(u8::is_ascii_uppercase)
}
