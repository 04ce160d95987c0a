//! What a number of a document or a token looks like, where it has no check
//! digit that can be asked: enough to tell it from the words of a sentence.

/// A passport's number (ICAO Doc 9303 part 4): digits, or letters and digits;
/// letters alone only of those that Germany draws its numbers from, which has no
/// vowels (Passmusterverordnung, annex 11).
pub(super) fn passport(value: &[u8]) -> bool {
    let digits = value.iter().filter(|byte| byte.is_ascii_digit()).count();
    if digits > 0 {
        return value.iter().any(|byte| byte != &value[0]);
    }
    value.len() == 9 && value.iter().all(|byte| b"CFGHJKLMNPRTVWXYZ".contains(byte))
}

/// A token: letters and digits, more than a word or a number.
pub(super) fn token(value: &[u8]) -> bool {
    value.len() >= 16
        && value.iter().filter(|byte| byte.is_ascii_digit()).count() >= 2
        && value
            .iter()
            .filter(|byte| byte.is_ascii_alphabetic())
            .count()
            >= 2
}
