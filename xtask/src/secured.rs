//! `cargo xtask test secured`: real stores behind TLS, looked into with the right
//! password, certificate and authority, and with wrong ones.
//!
//! PostgreSQL and MariaDB by password and by client certificate, OpenSearch by client
//! certificate and, where Go builds it, MySQL 8's login by go-mysql-server. Each has to
//! open by what is right alone, and no secret may stand in what is printed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::report::{Outcome, say};
use crate::root::{celador_dev, command, target};
use crate::servers::{self, Running};

/// What the locked states of `xtask/servers/` ask for.
const SECRET: &str = "s3cret";
const WRONG: &str = "canary-wrong-secret";

/// A server, its state, and who logs in.
const BY_PASSWORD: [(&str, &str, &str); 3] = [
    ("postgresql", "tls-password", "postgres"),
    ("mariadb", "tls-password", "root"),
    ("mysql8", "locked", "root"),
];
const BY_CERTIFICATE: [(&str, &str); 3] = [
    ("postgresql", "postgres"),
    ("mariadb", "root"),
    // Whom the certificate names.
    ("opensearch", ""),
];

/// Runs all that can be had; `all` wants MySQL 8's too, which Go builds.
pub(crate) fn check(all: bool) -> Result<Outcome> {
    let dir = target().join("secured");
    fs::create_dir_all(&dir)?;
    let scope = dir.join("scope.toml");
    fs::write(
        &scope,
        "owner = \"tests\"\nexpires = 2100-01-01\nallow = [\"127.0.0.1\"]\n",
    )?;
    let celador = Celador {
        program: celador_dev()?,
        scope,
    };
    let mut count = 0;
    for (name, state, user) in BY_PASSWORD {
        if name == "mysql8" && !all {
            continue;
        }
        by_password(&celador, name, state, user)?;
        say(&format!("{name} {state}: opens by its password alone"));
        count += 1;
    }
    for (name, user) in BY_CERTIFICATE {
        by_certificate(&celador, name, user)?;
        say(&format!("{name}: opens by its certificate alone"));
        count += 1;
    }
    Ok(Outcome::passed(format!(
        "{count} stores behind TLS open by the right password, certificate and authority alone"
    )))
}

struct Celador {
    program: PathBuf,
    scope: PathBuf,
}

impl Celador {
    fn inspect(&self, server: &Running, words: &[&str]) -> Result<Value> {
        let output = command(&self.program)
            .args(["inspect", "--format", "json", "--scope"])
            .arg(&self.scope)
            .arg(format!("127.0.0.1:{}", server.port))
            .args(words)
            .env("CELADOR_SECRET", SECRET)
            .env("CELADOR_WRONG", WRONG)
            .stdin(Stdio::null())
            .output()
            .context("cannot run celador inspect")?;
        let mut told = String::from_utf8_lossy(&output.stdout).into_owned();
        told.push_str(&String::from_utf8_lossy(&output.stderr));
        ensure!(
            !told.contains(WRONG) && !told.contains(SECRET),
            "a secret was printed"
        );
        ensure!(!output.stdout.is_empty(), "celador inspect failed: {told}");
        let report: Value = serde_json::from_slice(&output.stdout)?;
        Ok(report["stores"][0].clone())
    }
}

fn start(name: &str, state: &'static str) -> Result<Running> {
    servers::several(name, state, 1)?.pop().context("no server")
}

/// A file of the server's folder.
fn file(dir: &Path, name: &str) -> String {
    dir.join(name).display().to_string()
}

fn inspected(store: &Value, what: &str) -> Result<()> {
    ensure!(
        store["state"] == "inspected" && store["anonymous"] == false,
        "{what} is right, and opens nothing: {store}"
    );
    Ok(())
}

fn kept_out(store: &Value, what: &str) -> Result<()> {
    let state = store["state"].as_str().unwrap_or_default();
    ensure!(
        !matches!(state, "inspected" | "partly") && store["containers"] == serde_json::json!([]),
        "{what} is wrong, and opens it: {store}"
    );
    Ok(())
}

fn by_password(celador: &Celador, name: &str, state: &'static str, user: &str) -> Result<()> {
    let server = start(name, state)?;
    let (ca, other) = (
        file(&server.dir, "ca.pem"),
        file(&server.dir, "other-ca.pem"),
    );
    let words = |secret: &'static str, ca: &str| -> Vec<String> {
        let words = ["--user", user, "--password", secret, "--ca", ca];
        words.map(ToOwned::to_owned).to_vec()
    };
    let ask = |words: &[String]| {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        celador.inspect(&server, &words)
    };
    kept_out(&ask(&[])?, &format!("{name}: nothing"))?;
    kept_out(
        &ask(&words("env:CELADOR_WRONG", &ca))?,
        &format!("{name}: the password"),
    )?;
    // A server that nobody vouches for is sent no secret.
    let store = ask(&words("env:CELADOR_SECRET", &other))?;
    kept_out(&store, &format!("{name}: the authority"))?;
    ensure!(
        store["reason"]
            .as_str()
            .is_some_and(|why| why.contains("vouches")),
        "{name} with a wrong authority: {store}"
    );
    inspected(
        &ask(&words("env:CELADOR_SECRET", &ca))?,
        &format!("{name}: the password"),
    )
}

fn by_certificate(celador: &Celador, name: &str, user: &str) -> Result<()> {
    let server = start(name, "certificate")?;
    // OpenSearch's own certificate is its own authority.
    let ca = if name == "opensearch" {
        file(&server.dir, "data/node_1/config/node.pem")
    } else {
        file(&server.dir, "ca.pem")
    };
    let ask = |who: &str| {
        let (cert, key) = (
            file(&server.dir, &format!("{who}.pem")),
            file(&server.dir, &format!("{who}.key")),
        );
        let mut words = vec!["--client-cert", &cert, "--client-key", &key, "--ca", &ca];
        // Who asks for a certificate tells nobody else what it is.
        words.extend(["--product", name]);
        if !user.is_empty() {
            words.extend(["--user", user]);
        }
        celador.inspect(&server, &words)
    };
    kept_out(
        &celador.inspect(&server, &["--ca", &ca])?,
        &format!("{name}: no certificate"),
    )?;
    kept_out(&ask("other")?, &format!("{name}: another's certificate"))?;
    // It listens before its users are there.
    let mut store = ask("postgres")?;
    for _ in 0..120 {
        if name != "opensearch" || store["state"] == "inspected" {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(500));
        store = ask("postgres")?;
    }
    inspected(&store, &format!("{name}: the certificate"))
}
