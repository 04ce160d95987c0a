//! Redaction through every container, with documents that are generated: what is not
//! redacted stays byte for byte, twice is once, and what was encrypted comes back.
//!
//! A case is a folder of documents of the same people, one a format, an encoding and a
//! wrapping, and goes through the program four times. `PROPTEST_CASES` asks for more.
#![allow(
    clippy::disallowed_methods,
    reason = "tests write and read files of their own"
)]
#![allow(clippy::string_slice, reason = "a wrong border has to fail the test")]

mod documents;
mod generate;

use std::path::Path;
use std::process::Command;

use proptest::prelude::*;

use self::documents::{all, content, holds_parquet, is_seen, plainly, uncut};
use self::generate::{Case, case};

const KEY: &str = "a3f1c2d4e5b60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90";
const ENCRYPT: &str =
    "version = 1\ndefault = \"encrypt\"\nkeys = [{ id = \"k1\", env = \"CELADOR_KEY\" }]\n";

fn celador(dir: &Path, args: &[&str]) {
    let output = Command::new(env!("CARGO_BIN_EXE_celador"))
        .args(args)
        .current_dir(dir)
        .env("CELADOR_KEY", KEY)
        .output()
        .expect("it runs");
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{args:?}: {error}");
}

/// Bytes as signs, each one of them: what is no text is compared as well.
fn signs(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

/// Whether two contents are the same but for labels: what stands between labels has to
/// stand in the original, in that order, from its first byte to its last.
fn is_same_but_for_labels(original: &[u8], redacted: &[u8]) -> Result<(), String> {
    let (original, redacted) = (signs(original), signs(redacted));
    let mut rest = original.as_str();
    let mut at = 0;
    let mut gaps = Vec::new();
    for token in celador_redact::tokens(&redacted) {
        // A number of JSON has become a string.
        let string = at < token.start
            && redacted[..token.start].ends_with('"')
            && redacted[token.end..].starts_with('"');
        let quote = usize::from(string);
        gaps.push(&redacted[at..token.start - quote]);
        at = token.end + quote;
    }
    let Some((first, gaps)) = gaps.split_first() else {
        return (original == redacted).then_some(()).ok_or_else(|| {
            format!("changed without a label:\n{original:?}\nbecame\n{redacted:?}")
        });
    };
    let last = &redacted[at..];
    let wrong = |what: &str| {
        Err(format!(
            "{what:?} is not as in\n{original:?}\nbut\n{redacted:?}"
        ))
    };
    rest = match rest.strip_prefix(first) {
        Some(rest) => rest,
        None => return wrong(first),
    };
    for gap in gaps {
        // At least one byte was replaced.
        let from = rest.char_indices().nth(1).map_or(rest.len(), |next| next.0);
        match rest[from..].find(gap) {
            Some(found) => rest = &rest[from + found + gap.len()..],
            None => return wrong(gap),
        }
    }
    if rest.len() <= last.len() || !rest.ends_with(last) {
        return wrong(last);
    }
    Ok(())
}

fn holds(case: &Case) -> Result<(), TestCaseError> {
    let dir = tempfile::tempdir().expect("a folder");
    let dir = dir.path();
    std::fs::create_dir(dir.join("in")).expect("made");
    std::fs::write(dir.join("p.toml"), ENCRYPT).expect("written");
    let documents = all(case);
    for (name, bytes) in &documents {
        std::fs::write(dir.join("in").join(name), bytes).expect("written");
    }
    celador(dir, &["redact", "in", "-o", "once"]);
    celador(dir, &["redact", "once", "-o", "twice"]);
    celador(
        dir,
        &["redact", "in", "-o", "sealed", "--profile", "p.toml"],
    );
    celador(
        dir,
        &["reveal", "sealed", "-o", "back", "--profile", "p.toml"],
    );
    let read = |folder: &str, name: &str| {
        std::fs::read(dir.join(folder).join(name)).expect("what was written")
    };
    let mut wrong = Vec::new();
    for (name, original) in &documents {
        let (once, again) = (read("once", name), read("twice", name));
        let (was, is) = (content(name, original), content(name, &once));
        // Parquet is written with pages of the writer's choice.
        let same = if holds_parquet(name) {
            is == content(name, &again)
        } else {
            once == again
        };
        if !same {
            let (is, again) = (signs(&is), signs(&content(name, &again)));
            wrong.push(format!("{name}: twice is not once:\n{is:?}\n{again:?}"));
        }
        if was == is {
            // Each record has a value that no form hides.
            wrong.push(format!("{name}: nothing changed:\n{:?}", signs(&was)));
        } else if is_seen(name)
            && let Err(why) = is_same_but_for_labels(&uncut(name, &was), &uncut(name, &is))
        {
            wrong.push(format!("{name}: {why}"));
        }
        let back = content(name, &read("back", name));
        if plainly(name, &back) != plainly(name, &was) {
            let sealed = signs(&content(name, &read("sealed", name)));
            wrong.push(format!(
                "{name}: does not come back:\n{:?}\nis\n{:?}\nsealed\n{sealed:?}",
                signs(&was),
                signs(&back)
            ));
        }
    }
    prop_assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(4),
        // A case takes a second; its texts say enough.
        max_shrink_iters: 8,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn redaction_keeps_what_it_does_not_redact(case in case()) {
        holds(&case)?;
    }
}

#[test]
fn the_comparison_sees_what_is_not_the_same() {
    let same = |one: &str, other: &str| is_same_but_for_labels(one.as_bytes(), other.as_bytes());
    for (one, other) in [
        ("a x@y.example b", "a [EMAIL] b"),
        ("a", "a"),
        ("x@y.example\r\n", "[EMAIL]\r\n"),
        ("x@y.example, +34 612", "[EMAIL], [PHONE]"),
        ("{\"n\":346 }", "{\"n\":\"[PHONE]\" }"),
    ] {
        assert_eq!(same(one, other), Ok(()));
    }
    for (one, other) in [
        ("a x@y.example b", "a [EMAIL]  b"),
        ("a x@y.example b", "a x@y.example c"),
        ("x@y.example", "[EMAIL]x@y.example"),
        ("1.50 x@y.example; z", "1.5 [EMAIL]; z"),
        ("a b", "a [EMAIL]b"),
    ] {
        assert!(same(one, other).is_err(), "{one} {other}");
    }
}
