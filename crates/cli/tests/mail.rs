//! Mail as it is scanned and redacted; what parts become is held by the tests of
//! `celador-formats` and, against Python's `email`, by `cargo xtask test formats`.
#![allow(
    clippy::disallowed_methods,
    reason = "tests write and read files of their own"
)]

use std::path::Path;
use std::process::Command;

const MESSAGE: &str = "Received: from mx.contoso.example (203.0.113.77)\r\n\
From: =?utf-8?Q?Ana_Quillfeather?= <a.quill@contoso.example>\r\n\
To: support@contoso.example,\r\n \"Ben\" <b.ordog@contoso.example>\r\n\
Subject: my card 4111 1111 1111\r\n 1111\r\n\
MIME-Version: 1.0\r\n\
Content-Type: multipart/mixed; boundary=\"x y\"\r\n\r\n\
--x y\r\n\
Content-Type: text/plain; charset=iso-8859-1\r\n\
Content-Transfer-Encoding: quoted-printable\r\n\r\n\
caf=E9: write to a.quill@con=\r\ntoso.example, =3D\r\n\
--x y\r\n\
Content-Type: image/png\r\n\
Content-Transfer-Encoding: base64\r\n\r\n\
iVBORw0KGgoAAAAA\r\n\
--x y--\r\n";

fn celador(dir: &Path, args: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_celador"))
        .args(args)
        .current_dir(dir)
        .output()
        .expect("it runs");
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    (output.status.code().expect("it ends"), said)
}

#[test]
fn mail_is_redacted_and_what_is_not_read_is_said() {
    let dir = tempfile::tempdir().expect("a folder");
    let dir = dir.path();
    let quoted = MESSAGE.replace("\r\n", "\n").replace("\nFrom ", "\n>From ");
    let mailbox = format!(
        "From a.quill@contoso.example Thu Jan  1 00:00:00 2026\n{quoted}\n\
         From b.ordog@contoso.example Thu Jan  1 00:00:01 2026\nSubject: x\n\n>From here\n\n"
    );
    std::fs::write(dir.join("one.eml"), MESSAGE).expect("written");
    std::fs::write(dir.join("all.mbox"), &mailbox).expect("written");
    let (code, said) = celador(dir, &["scan", "one.eml", "all.mbox"]);
    assert_eq!(code, 0, "{said}");
    for want in [
        "one.eml  mail, 1 record",
        "all.mbox  mbox, 2 records",
        "a part (image/png)",
        "  envelope ",
        "  body ",
    ] {
        assert!(said.contains(want), "{want}: {said}");
    }
    let (code, said) = celador(dir, &["redact", "one.eml", "-o", "out.eml"]);
    assert_eq!(code, 0, "{said}");
    assert!(
        said.contains("not read, stays as it was: a part (image/png), in 1 record"),
        "{said}"
    );
    let out = std::fs::read_to_string(dir.join("out.eml")).expect("there");
    for gone in ["Quillfeather", "a.quill", "b.ordog", "4111", "203.0.113.77"] {
        assert!(!out.contains(gone), "{gone}: {out}");
    }
    for stays in [
        "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"x y\"\r\n\r\n--x y\r\n",
        "caf=E9: write to [EMAIL], =3D\r\n",
        "iVBORw0KGgoAAAAA\r\n--x y--\r\n",
        "Subject: my card [PAYMENT_CARD]\r\n",
    ] {
        assert!(out.contains(stays), "{stays}: {out}");
    }
    assert_eq!(out.matches('\n').count(), out.matches("\r\n").count());
    let (code, said) = celador(dir, &["redact", "all.mbox", "-o", "out.mbox"]);
    assert_eq!(code, 0, "{said}");
    let out = std::fs::read_to_string(dir.join("out.mbox")).expect("there");
    assert!(
        out.starts_with("From [EMAIL] Thu Jan  1 00:00:00 2026\n"),
        "{out}"
    );
    assert!(
        out.ends_with("From [EMAIL] Thu Jan  1 00:00:01 2026\nSubject: x\n\n>From here\n\n"),
        "{out}"
    );
    let (code, said) = celador(dir, &["verify", "out.eml", "--original", "one.eml"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("not read: a part (image/png)"), "{said}");
    let (code, _) = celador(dir, &["redact", "out.mbox", "-o", "twice.mbox"]);
    assert_eq!(code, 0);
    assert_eq!(
        std::fs::read_to_string(dir.join("twice.mbox")).expect("there"),
        out
    );
}

#[test]
fn what_was_encrypted_in_mail_comes_back() {
    let dir = tempfile::tempdir().expect("a folder");
    let dir = dir.path();
    let key = "a3f1c2d4e5b60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90";
    let profile =
        "version = 1\ndefault = \"encrypt\"\nkeys = [{ id = \"k1\", file = \"k.key\" }]\n";
    let message = "From: a.quill@contoso.example\nTo: b.ordog@contoso.example\nSubject: =?utf-8?Q?Jos=C3=A9?= 1\n\nwrite to a.quill@contoso.example\n";
    for (name, text) in [("k.key", key), ("p.toml", profile), ("one.eml", message)] {
        std::fs::write(dir.join(name), text).expect("written");
    }
    let (code, said) = celador(
        dir,
        &[
            "redact",
            "one.eml",
            "-o",
            "sealed.eml",
            "--profile",
            "p.toml",
        ],
    );
    assert_eq!(code, 0, "{said}");
    let sealed = std::fs::read_to_string(dir.join("sealed.eml")).expect("there");
    assert!(!sealed.contains("contoso"), "{sealed}");
    let (code, said) = celador(
        dir,
        &[
            "reveal",
            "sealed.eml",
            "-o",
            "open.eml",
            "--key",
            "k1=k.key",
        ],
    );
    assert_eq!(code, 0, "{said}");
    let open = std::fs::read_to_string(dir.join("open.eml")).expect("there");
    assert_eq!(open, message);
}
