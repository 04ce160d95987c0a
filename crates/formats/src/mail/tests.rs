//! Messages as programs write them, and malformed ones. `xtask` holds what is written
//! to Python's `email`.

use proptest::prelude::*;

use super::*;
use crate::Value;

/// Field and text of each value.
fn values(record: &[u8]) -> (Vec<(String, String)>, Vec<String>) {
    let mut values = Values::new(Format::Mail, Vec::new());
    values.read(record, &mut |_| false);
    let found = values.values();
    let found = found.map(|value: Value<'_>| (value.field.to_owned(), value.text.to_owned()));
    (found.collect(), values.unread().to_vec())
}

/// Replaces each occurrence of a text in any value.
fn replaced(record: &[u8], what: &str, with: &str) -> Vec<u8> {
    let mut values = Values::new(Format::Mail, Vec::new());
    values.read(record, &mut |_| false);
    let mut edits = Vec::new();
    for (number, value) in values.values().enumerate() {
        for (start, _) in value.text.match_indices(what) {
            edits.push(Edit {
                value: number,
                range: start..start + what.len(),
                with,
            });
        }
    }
    let mut out = Vec::new();
    values
        .rewrite(record, &edits, &mut out)
        .expect("good edits");
    out
}

fn check(before: &str, what: &str, with: &str, after: &str) {
    for (before, after) in [
        (before.to_owned(), after.to_owned()),
        (before.replace('\n', "\r\n"), after.replace('\n', "\r\n")),
    ] {
        let out = replaced(before.as_bytes(), what, with);
        assert_eq!(String::from_utf8_lossy(&out), after);
        assert_eq!(
            replaced(before.as_bytes(), "nowhere to be seen", ""),
            before.as_bytes()
        );
    }
}

const MAIL: &str = "jdoe@contoso.example";

#[test]
fn fields_keep_their_folds() {
    check(
        "From: \"J. Doe\" <jdoe@contoso.example>\nTo:  a@b.example,\n\tjdoe@contoso.example\nSubject: x\n\nbody\n",
        MAIL,
        "[EMAIL]",
        "From: \"J. Doe\" <[EMAIL]>\nTo:  a@b.example,\n\t[EMAIL]\nSubject: x\n\nbody\n",
    );
    // A value that goes over a fold, which goes too: what follows may be no space.
    check(
        "Subject: call +34 600\n 000 000, now\n\n",
        "+34 600 000 000",
        "[PHONE]",
        "Subject: call [PHONE], now\n\n",
    );
    check(
        "Subject: call +34 600\n 000 000 now\n\n",
        "+34 600 000 000",
        "[PHONE]",
        "Subject: call [PHONE] now\n\n",
    );
}

#[test]
fn encoded_words_are_written_anew_where_they_have_to_be() {
    check(
        "Subject: =?utf-8?Q?Jos=C3=A9?= and =?utf-8?B?QW5h?=\n\n",
        "José",
        "[PERSON]",
        "Subject: =?UTF-8?Q?=5BPERSON=5D?= and =?utf-8?B?QW5h?=\n\n",
    );
    // Over the border of two words, which may be in the middle of a character.
    check(
        "Subject: =?utf-8?B?amRvZUA=?=\n =?utf-8?B?Y29udG9zby5leGFtcGxl?= x\n\n",
        MAIL,
        "[EMAIL]",
        "Subject: =?UTF-8?B?W0VNQUlMXQ==?= x\n\n",
    );
    check(
        "Subject: =?utf-8?q?Jos=C3?= =?utf-8?q?=A9_x?=\n\n",
        "José",
        "P",
        "Subject: =?UTF-8?Q?P_x?=\n\n",
    );
    // Words of two charsets, and a value from one into plain text.
    let (found, _) =
        values(b"From: =?iso-8859-1?Q?Jos=E9?= =?utf-8?Q?_Garc=C3=ADa?= <a@b.example>\n\n");
    assert_eq!(found[0].1, "José García <a@b.example>");
    let out = replaced(
        b"From: =?iso-8859-1?Q?Jos=E9?= =?utf-8?Q?_Garc=C3=ADa?= <a@b.example>\n\n",
        "José García <a@b.example>",
        "Ł",
    );
    assert_eq!(values(&out).0[0].1, "Ł");
    // What is no charset stays and is said.
    let (found, unread) = values(b"Subject: =?x-none?Q?a=40b?= c\n\n");
    assert_eq!(found[0].1, "=?x-none?Q?a=40b?= c");
    assert_eq!(unread.len(), 1);
    let (found, _) = values("Subject: =?iso-2022-jp?B?GyRCOzNFRBsoQg==?=\n\n".as_bytes());
    assert_eq!(found[0].1, "山田");
}

#[test]
fn parameters_are_texts() {
    check(
        "Content-Type: text/plain; charset=utf-8;\n name=\"of jdoe@contoso.example.txt\"\nContent-Disposition: attachment;\n filename*0*=utf-8''J%C3%B3s;\n filename*1*=%C3%A9;\n size=3\n\nx\n",
        MAIL,
        "[EMAIL]",
        "Content-Type: text/plain; charset=utf-8;\n name=\"of [EMAIL].txt\"\nContent-Disposition: attachment;\n filename*0*=utf-8''J%C3%B3s;\n filename*1*=%C3%A9;\n size=3\n\nx\n",
    );
    check(
        "Content-Disposition: attachment; filename*0*=utf-8''J%C3%B3s;\n filename*1*=%C3%A9%20x\n\nx\n",
        "Jósé",
        "[P]",
        "Content-Disposition: attachment; filename*0*=utf-8''%5BP%5D;\n filename*1*=%20x\n\nx\n",
    );
}

#[test]
fn quoted_printable_stays_where_it_is_not_edited() {
    let head =
        "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n";
    check(
        &format!("{head}caf=c3=A9 jdoe@con=\ntoso.example, =3D and=20\nmore\n"),
        MAIL,
        "[EMAIL]",
        &format!("{head}caf=c3=A9 [EMAIL], =3D and=20\nmore\n"),
    );
    let long = "x".repeat(60);
    check(
        &format!("{head}{long} jdoe@contoso.example y\n"),
        MAIL,
        &"=é".repeat(4),
        &format!("{head}{long} =3D=C3=A9=3D=\n=C3=A9=3D=C3=A9=3D=C3=A9 y\n"),
    );
    // Malformed escapes stand for themselves.
    check(
        &format!("{head}=zz jdoe@contoso.example =\n"),
        MAIL,
        "[E]",
        &format!("{head}=zz [E] =\n"),
    );
    // Latin-1.
    check(
        "Content-Type: text/plain; charset=\"iso-8859-1\"\nContent-Transfer-Encoding: quoted-printable\n\nJos=E9 was Jos=E9\n",
        "José was",
        "é is",
        "Content-Type: text/plain; charset=\"iso-8859-1\"\nContent-Transfer-Encoding: quoted-printable\n\n=E9 is Jos=E9\n",
    );
}

#[test]
fn base64_keeps_the_length_of_its_lines() {
    let head = "Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n";
    let encode = |text: &str, eol: &str| {
        let text = data_encoding::BASE64.encode(text.as_bytes());
        text.as_bytes()
            .chunks(20)
            .map(|line| String::from_utf8_lossy(line).into_owned() + eol)
            .collect::<String>()
    };
    let text = "Write to jdoe@contoso.example, please; it is about the invoice.";
    check(
        &format!("{head}{}", encode(text, "\n")),
        MAIL,
        "[EMAIL]",
        &format!("{head}{}", encode(&text.replace(MAIL, "[EMAIL]"), "\n")),
    );
    let (_, unread) = values(b"Content-Transfer-Encoding: base64\n\nQUJD==QUJD\n");
    assert_eq!(unread, ["a part (text/plain) in broken base64"]);
}

#[test]
fn html_is_read_over_tags_and_in_attributes() {
    let head = "Content-Type: text/html; charset=utf-8\n\n";
    check(
        &format!(
            "{head}<p class=\"jdoe@contoso.example\">jdoe<b>@</b>contoso&#46;example &amp; <a href='mailto:jdoe@contoso.example'>x</a></p>\n"
        ),
        MAIL,
        "<E>",
        &format!(
            "{head}<p class=\"jdoe@contoso.example\">&lt;E&gt;<b></b> &amp; <a href='mailto:&lt;E&gt;'>x</a></p>\n"
        ),
    );
    let (found, _) = values(format!("{head}<!doctype html><td>a</td><td>Jos&eacute;</td><!-- c --><script>d<e</script>&bogus; < f").as_bytes());
    let shown = found
        .iter()
        .find(|found| found.0 == "html")
        .map(|found| found.1.clone());
    assert_eq!(shown.as_deref(), Some("a\nJosé\n c \nd<e\n&bogus; < f"));
}

const MULTIPART: &str = "From: a@b.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed;\n boundary=\"=_b 1\"\n\npreamble jdoe@contoso.example\n--=_b 1\n\nplain jdoe@contoso.example\n--=_b 1\nContent-Type: message/rfc822\n\nTo: jdoe@contoso.example\nContent-Type: text/csv\n\nid,mail\n1,jdoe@contoso.example\n--=_b 1  \nContent-Type: application/octet-stream; name=t.json\nContent-Transfer-Encoding: base64\n\neyJhIjogImpkb2VAY29udG9zby5leGFtcGxlIn0K\n--=_b 1\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgoAAAAA\n--=_b 1--\nepilogue jdoe@contoso.example\n";

#[test]
fn parts_are_read_each_by_its_own_format() {
    let (found, unread) = values(MULTIPART.as_bytes());
    let found: Vec<_> = found
        .iter()
        .map(|(field, text)| (field.as_str(), text.as_str()))
        .collect();
    assert_eq!(
        found,
        [
            ("from", "a@b.example"),
            ("preamble", "preamble jdoe@contoso.example\n"),
            ("body", "plain jdoe@contoso.example"),
            ("message.to", "jdoe@contoso.example"),
            ("message.attachment.id", "1"),
            ("message.attachment.mail", "jdoe@contoso.example"),
            ("part.content-type", "t.json"),
            ("attachment.a", "jdoe@contoso.example"),
            ("epilogue", "epilogue jdoe@contoso.example\n"),
        ]
    );
    assert_eq!(unread, ["a part (image/png)"]);
    let want = MULTIPART.replace(MAIL, "[EMAIL]").replace(
        "eyJhIjogImpkb2VAY29udG9zby5leGFtcGxlIn0K",
        "eyJhIjogIltFTUFJTF0ifQo=",
    );
    check(MULTIPART, MAIL, "[EMAIL]", &want.replace("\r\n", "\n"));
}

#[test]
fn malformed_messages_are_read_as_far_as_they_make_sense() {
    for (message, want) in [
        ("no header at all jdoe@contoso.example", 1),
        (
            "Content-Type: multipart/mixed; boundary=b\n\nno parts jdoe@contoso.example\n",
            1,
        ),
        (
            "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nnot closed jdoe@contoso.example",
            1,
        ),
        (
            "Content-Type: multipart/mixed\n\nno boundary jdoe@contoso.example",
            1,
        ),
        ("Subject: x\nbroken line jdoe@contoso.example\n\n", 1),
        ("Subject: jdoe@contoso.example", 1),
        (
            "Content-Type: text/html\n\n<a href=jdoe@contoso.example <b title='jdoe@contoso.example",
            2,
        ),
        ("Content-Type: text/html\n\n<p jdoe@contoso.example>", 1),
        ("\n\n jdoe@contoso.example", 1),
    ] {
        let (found, _) = values(message.as_bytes());
        let count = found.iter().filter(|value| value.1.contains(MAIL)).count();
        assert_eq!(count, want, "{message} {found:?}");
        let out = replaced(message.as_bytes(), MAIL, "[E]");
        assert_eq!(String::from_utf8_lossy(&out), message.replace(MAIL, "[E]"));
    }
}

#[test]
fn nesting_ends() {
    let mut message = String::new();
    for depth in 0..200 {
        use std::fmt::Write as _;
        let _ = write!(
            message,
            "Content-Type: multipart/mixed; boundary=b{depth}\n\n--b{depth}\n"
        );
    }
    let (_, unread) = values(message.as_bytes());
    assert_eq!(unread, ["parts that are nested too deep, or are too many"]);
    let message = "Content-Type: message/rfc822\n\n".repeat(200);
    assert_eq!(values(message.as_bytes()).1.len(), 1);
    let parts = format!(
        "Content-Type: multipart/mixed; boundary=b\n\n{}",
        "--b\n\nx\n".repeat(5000)
    );
    assert_eq!(values(parts.as_bytes()).1.len(), 1);
}

/// Pieces of what messages are made of.
fn soup() -> impl Strategy<Value = Vec<u8>> {
    let bits: Vec<&'static [u8]> = vec![
        b"From: ",
        b"Subject: ",
        b"Content-Type: multipart/mixed; boundary=b\n\n",
        b"--b\n",
        b"--b--\n",
        b"\n",
        b"\r\n",
        b"Content-Type: text/html; charset=",
        b"iso-8859-1",
        b"utf-8",
        b"shift_jis",
        b"utf-16",
        b"Content-Type: text/csv\n\n",
        b"Content-Transfer-Encoding: base64\n",
        b"Content-Transfer-Encoding: quoted-printable\n\n",
        b"Content-Type: message/rfc822\n",
        b"=?utf-8?Q?",
        b"=?iso-2022-jp?B?",
        b"?=",
        b" ",
        b"=E9",
        b"=",
        b"=\n",
        b"QUJD",
        b"@",
        b"x@y.zz",
        b"<b",
        b">",
        b"<!--",
        b"-->",
        b"&amp;",
        b"&#",
        b"'",
        b"\"",
        b"\xe9",
        b"\xc3\xa9",
        b",",
        b"{\"a\":\"",
        b"\"}",
        b"name*0*=utf-8''a%",
        b";",
        b"<script>",
        b"</script>",
        b"a=b",
        b"\t",
    ];
    proptest::collection::vec(proptest::sample::select(bits), 0..40).prop_map(|bits| bits.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    /// Without an edit everything is as it was; with one, what is put in is found there
    /// and what was replaced is gone.
    #[test]
    fn any_message_comes_back(record in soup(), which in any::<prop::sample::Index>(), place: (usize, usize)) {
        let mut values = Values::new(Format::Mail, Vec::new());
        values.read(&record, &mut |_| false);
        let mut out = Vec::new();
        values.rewrite(&record, &[], &mut out).expect("no edits");
        prop_assert_eq!(&out, &record);
        let texts: Vec<(String, String)> = values.values().map(|value| (value.field.to_owned(), value.text.to_owned())).collect();
        if texts.is_empty() {
            return Ok(());
        }
        let number = which.index(texts.len());
        let text = &texts[number].1;
        let from = text.ceil_char_boundary(place.0 % (text.len() + 1));
        let to = text.ceil_char_boundary(from + 1 + place.1 % 8).max(from).min(text.len());
        if from == to {
            return Ok(());
        }
        let edit = Edit { value: number, range: from..to, with: "LABEL" };
        let mut out = Vec::new();
        values.rewrite(&record, std::slice::from_ref(&edit), &mut out).expect("good edits");
        let mut again = Values::new(Format::Mail, Vec::new());
        again.read(&out, &mut |_| false);
        let found: Vec<String> = again.values().map(|value| value.text.to_owned()).collect();
        // A line that was no field may come to be one, and then has it in its name.
        let is_there = found.iter().any(|text| text.contains("LABEL")) || memchr::memmem::find(&out, b"LABEL").is_some();
        prop_assert!(is_there, "{:?} {:?}", String::from_utf8_lossy(&record), String::from_utf8_lossy(&out));
    }
}
