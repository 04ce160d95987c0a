//! What holds for every text.

use std::sync::LazyLock;

use celador_pii::{ChunkScanner, Scanner, Span};
use proptest::prelude::*;

static SCANNER: LazyLock<Scanner> =
    LazyLock::new(|| Scanner::builder().build().expect("the rules load"));
static SCALAR: LazyLock<Scanner> =
    LazyLock::new(|| Scanner::builder().scalar().build().expect("the rules load"));

/// Text from the pieces that values and their disguises are made of.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[0-9]{1,6}",
        3 => "[a-zA-Z]{1,8}",
        3 => "[ .,:;/()_@=%&<>{}+\\[\\]\"'\n-]{1,2}",
        1 => proptest::sample::select(vec![
            "jdoe@contoso.com", " at ", " dot ", "[at]", "(dot)", "&#64;", "%40", "\\u0040", "=40",
            "=\n", "＠", "．", "４１１１", "٤١١١", "\u{200b}", "\u{ad}", "\u{a0}", "–", "о", "ο", "é",
            "日本", "。", "4111 1111 1111 1111", "GB82WEST12345698765432", "203.0.113.9",
            "2001:db8::1", "card ", "iban ", "born ", "password=", "https://a:b@c.de", "+44 20 7946",
            "eyJhbGciOiJIUzI1NiJ9", "°", "年", "%25", "&amp;", "_at_", "arroba", "O0O0", "🙂",
        ]).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|parts| parts.concat())
}

/// Text that is hard for whoever counts characters: marks without a letter, signs
/// joined to one, directions, letters of more bytes in another case, code points
/// that are no characters, all of them in the middle of values.
fn nasty() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => proptest::sample::select(vec![
            "\u{301}", "e\u{301}\u{323}", "\u{200d}", "👩\u{200d}👩\u{200d}👧", "🇪🇸", "1\u{fe0f}\u{20e3}", "\u{202e}", "\u{2066}",
            "\u{feff}", "\u{fffe}", "\u{ffff}", "\u{0}", "\u{85}", "\u{2028}", "\u{e0061}", "\u{1d7d8}\u{1d7d9}\u{1d7da}",
            "ﬃ", "ﷺ", "İ", "ı", "ẞ", "ß", "Ǆ", "ΐ", "가", "가", "क्षि", "ก็", "𝒿𝒹ℴℯ", "①②③", "½", "㎏", "Ⅻ", "ſ", "K",
            "\u{1160}", "\u{3164}", "\u{180e}", "\u{61c}", "é", "ａ", "．", "﹫", "＠", "。", "٠١٢٣", "०१२३", "𞥐𞥑", "\u{10ffff}",
        ]).prop_map(str::to_owned),
        3 => proptest::sample::select(vec![
            "jdoe@contoso.com", "jdoe＠contoso。com", "4111 1111 1111 1111", "+44 20 7946 0958", "GB82WEST12345698765432", "203.0.113.9",
            "12345678Z", "María López", "東京都千代田区丸の内1-2-3", "password=", "born 1 May 1980", "https://a:b@c.de/", "&#64;", "%40", "\\u0040",
            " at ", " dot ", "card ", "tel. ", "one two three four five six seven eight nine", "Calle Mayor 5, 28013 Madrid",
        ]).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
        1 => "[ 0-9a-zA-Z.@:-]{1,3}",
    ];
    // A value is broken by what is put into the middle of it.
    (
        proptest::collection::vec(piece, 0..24),
        any::<proptest::sample::Index>(),
        any::<char>(),
    )
        .prop_map(|(parts, at, sign)| {
            let mut text = parts.concat();
            let at = text.floor_char_boundary(at.index(text.len() + 1));
            text.insert(at, sign);
            text
        })
}

fn sound(text: &str, spans: &[Span]) {
    let mut last = 0;
    for span in spans {
        assert!(span.start >= last && span.start < span.end && span.end <= text.len());
        assert!(text.is_char_boundary(span.start) && text.is_char_boundary(span.end));
        assert!(!SCANNER.rule_name(span.rule).is_empty());
        last = span.end;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn spans_are_sound_and_engines_agree(text in text(), field in "[a-z_]{0,12}") {
        let mut spans = Vec::new();
        SCANNER.scan_field(&text, &field, &mut spans);
        sound(&text, &spans);
        let mut again = Vec::new();
        SCANNER.scan_field(&text, &field, &mut again);
        prop_assert_eq!(&spans, &again);
        SCALAR.scan_field(&text, &field, &mut again);
        prop_assert_eq!(&spans, &again);
    }

    #[test]
    fn spans_are_sound_in_nasty_text(text in nasty(), field in any::<String>()) {
        let mut spans = Vec::new();
        SCANNER.scan_field(&text, &field, &mut spans);
        sound(&text, &spans);
        let mut scalar = Vec::new();
        SCALAR.scan_field(&text, &field, &mut scalar);
        prop_assert_eq!(&spans, &scalar);
        let mut stream = ChunkScanner::new(&SCANNER, &field);
        let mut got = Vec::new();
        for byte in text.as_bytes() {
            stream.push(std::slice::from_ref(byte), |span| got.push(span));
        }
        stream.finish(|span| got.push(span));
        prop_assert_eq!(&spans, &got);
    }

    #[test]
    fn pieces_give_what_the_whole_gives(text in text(), cuts in proptest::collection::vec(1usize..30, 1..8)) {
        let whole = SCANNER.find(&text);
        let mut stream = ChunkScanner::new(&SCANNER, "");
        let mut got = Vec::new();
        let mut rest = text.as_bytes();
        for cut in cuts {
            let (head, tail) = rest.split_at(cut.min(rest.len()));
            stream.push(head, |span| got.push(span));
            rest = tail;
        }
        stream.push(rest, |span| got.push(span));
        stream.finish(|span| got.push(span));
        prop_assert_eq!(got, whole);
    }
}

/// One scanner serves every thread, and each gets what the others get.
#[test]
fn threads_share_a_scanner() {
    fn shared<T: Send + Sync + Clone + 'static>(_: &T) {}
    shared(&*SCANNER);
    let text =
        "jdoe @contoso com, card 4111 1111 1111 1111, +44 20 7946 0958, my name is María López";
    let alone = SCANNER.find(text);
    assert!(alone.len() >= 4, "{alone:?}");
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| (0..20).map(|_| SCANNER.find(text)).collect::<Vec<_>>()))
            .collect();
        for thread in threads {
            for spans in thread.join().expect("no panic") {
                assert_eq!(spans, alone);
            }
        }
    });
}

/// What is printed about a scan says nothing of the values.
#[test]
fn a_value_is_never_printed() {
    const CANARY: &str = "canary.7e1f";
    let text = format!("write to {CANARY}@contoso.com or password={CANARY}");
    let spans = SCANNER.find(&text);
    assert_eq!(spans.len(), 2);
    let scanner = Scanner::builder()
        .allow(CANARY)
        .build()
        .expect("the rules load");
    let mut stream = ChunkScanner::new(&scanner, "");
    stream.push(text.as_bytes(), |_| ());
    for printed in [
        format!("{spans:?}"),
        format!("{scanner:?}"),
        format!("{:?}", Scanner::builder().allow(CANARY).rule("own", CANARY)),
        format!("{stream:?}"),
    ] {
        assert!(!printed.contains("canary"), "{printed}");
    }
    // A rule whose examples are somebody's, wrong in several ways.
    for rule in [
        format!(
            "id: a\nclass: secret\nname: {{en: x}}\npattern: 'k[0-9]+'\nscore: 1.0\nexamples: {{positive: [{{text: '{CANARY}', match: '{CANARY}'}}], negative: [y]}}\nsource: s\n"
        ),
        format!("id: a\nclass: secret\nexamples: {{positive: ['{CANARY}']}}\n"),
        format!("id: a\nclass: {CANARY}\n"),
        CANARY.to_owned(),
        format!("id: [{CANARY}"),
        format!("id: a\n{CANARY}: {CANARY}\n"),
        format!("id: a\nscore: {CANARY}\n"),
    ] {
        let error = Scanner::builder()
            .rule("own.yaml", rule)
            .build()
            .expect_err("it is wrong");
        let printed = format!("{error} {error:?}");
        assert!(!printed.contains("canary"), "{printed}");
        assert!(printed.starts_with("own.yaml: "), "{printed}");
    }
}
