//! Whom a scope allows, by address, name and time.

use super::*;

/// Names and their addresses; a name that is not listed has none. A second
/// question about a name gets the metadata service, as a rebinding name
/// server would answer.
struct Names(
    &'static [(&'static str, &'static [&'static str])],
    RefCell<Vec<String>>,
);

impl Resolve for Names {
    fn resolve(&self, name: &str) -> Vec<IpAddr> {
        let again = self.1.borrow().iter().any(|known| known == name);
        self.1.borrow_mut().push(name.to_owned());
        if again {
            return vec![IpAddr::from([169, 254, 169, 254])];
        }
        self.0
            .iter()
            .filter(|(known, _)| *known == name)
            .flat_map(|(_, addresses)| addresses.iter())
            .map(|text| text.parse().expect("an address"))
            .collect()
    }
}

const SCOPE: &str = "owner = \"data@contoso.example\"\nexpires = 2030-01-01\n\
    allow = [\"192.0.2.0/24\", \"0.0.0.0/0\", \"::/0\"]\ndeny = [\"192.0.2.7\", \"198.51.100.0/25\"]";
const NAMED: &str = "owner = \"data@contoso.example\"\nexpires = 2030-01-01\n\
    allow = [\"192.0.2.0/24\", \"es.contoso.example\", \"*.db.contoso.example\"]\n\
    deny = [\"secret.db.contoso.example\", \"hr.contoso.example\"]";

fn names() -> Names {
    Names(
        &[
            ("es.contoso.example", &["203.0.113.4"]),
            ("a.db.contoso.example", &["203.0.113.5", "2001:db8::5"]),
            ("in.db.contoso.example", &["10.0.0.5"]),
            ("up.db.contoso.example", &["203.0.113.6", "169.254.169.254"]),
            ("six.db.contoso.example", &["::ffff:169.254.169.254"]),
            ("nat.db.contoso.example", &["64:ff9b::a9fe:a9fe"]),
            ("local.db.contoso.example", &["127.0.0.1"]),
            ("secret.db.contoso.example", &["203.0.113.9"]),
            ("hr.contoso.example", &["192.0.2.66"]),
            ("alias.db.contoso.example", &["203.0.113.9"]),
            ("other.example", &["203.0.113.4"]),
            ("listed.example", &["192.0.2.5"]),
        ],
        RefCell::default(),
    )
}

fn check(scope: &str, host: &str, expect: &str) {
    let names = names();
    let scope = Scope::parse("scope.toml", scope).expect("a scope");
    let active = scope.activate(UNIX_EPOCH, &names).expect("in force");
    let requested = Requested {
        host: host.to_owned(),
        port: 9200,
        store: None,
        product: None,
        containers: Vec::new(),
    };
    let got = match AuthorizedTarget::from_scope(&active, &requested) {
        Ok(targets) => targets
            .iter()
            .map(|target| target.address().to_string())
            .collect::<Vec<_>>()
            .join(" "),
        Err(refusal) => format!("{refusal}"),
    };
    assert!(got.contains(expect), "{host}: {got}");
}

#[test]
fn addresses() {
    check(SCOPE, "192.0.2.4", "192.0.2.4");
    check(SCOPE, "192.0.2.7", "excluded");
    check(SCOPE, "::ffff:192.0.2.7", "excluded");
    check(SCOPE, "198.51.100.9", "excluded");
    check(SCOPE, "198.51.100.200", "198.51.100.200");
    check(NAMED, "198.51.100.200", "not in the scope");
    check(NAMED, "192.0.2.66", "excluded");
}

#[test]
fn no_scope_allows_metadata_or_link_local() {
    for address in [
        "169.254.169.254",
        "169.254.1.1",
        "169.254.170.2",
        "168.63.129.16",
        "100.100.100.200",
        "192.0.0.192",
        "0.0.0.0",
        "0.1.2.3",
        "224.0.0.1",
        "255.255.255.255",
        "fd00:ec2::254",
        "fd20:ce::254",
        "fe80::1",
        "ff02::1",
        "::",
        "::ffff:169.254.169.254",
        "::ffff:a9fe:a9fe",
        "::169.254.169.254",
        "64:ff9b::169.254.169.254",
        "2002:a9fe:a9fe::1",
        "2001:0:0:0:0:0:5601:5601",
    ] {
        check(SCOPE, address, "never probed");
    }
}

#[test]
fn other_spellings_of_addresses_are_no_names() {
    for host in [
        "2130706433",
        "0x7f000001",
        "127.1",
        "0x7f.1",
        "a b",
        "",
        "-x.example",
        "fe80::1%eth0",
        "[::1]",
    ] {
        check(SCOPE, host, "neither");
    }
}

#[test]
fn names_are_judged_by_all_their_addresses() {
    check(NAMED, "es.contoso.example", "203.0.113.4");
    check(NAMED, "ES.contoso.example.", "203.0.113.4");
    check(NAMED, "a.db.contoso.example", "203.0.113.5 2001:db8::5");
    check(NAMED, "db.contoso.example", "cannot be resolved");
    check(NAMED, "up.db.contoso.example", "metadata service");
    check(NAMED, "six.db.contoso.example", "metadata service");
    check(NAMED, "nat.db.contoso.example", "metadata service");
    check(NAMED, "in.db.contoso.example", "private address");
    check(NAMED, "local.db.contoso.example", "private address");
    check(NAMED, "secret.db.contoso.example", "excluded");
    check(NAMED, "alias.db.contoso.example", "excluded");
    check(NAMED, "other.example", "not in the scope");
    check(NAMED, "listed.example", "192.0.2.5");
    check(NAMED, "xdb.contoso.example", "cannot be resolved");
}

#[test]
fn a_name_is_resolved_once() {
    let names = names();
    let scope = Scope::parse("scope.toml", NAMED).expect("a scope");
    let active = scope.activate(UNIX_EPOCH, &names).expect("in force");
    for _ in 0..3 {
        let requested = Requested {
            host: "es.contoso.example".to_owned(),
            port: 9200,
            store: None,
            product: None,
            containers: Vec::new(),
        };
        let targets = AuthorizedTarget::from_scope(&active, &requested).expect("allowed");
        assert_eq!(targets[0].address(), IpAddr::from([203, 0, 113, 4]));
    }
    let asked = names.1.borrow();
    assert_eq!(
        asked
            .iter()
            .filter(|name| *name == "es.contoso.example")
            .count(),
        1
    );
}

#[test]
fn time_runs_out() {
    let names = names();
    for (expires, at, holds) in [
        ("1970-01-02", 2 * 86_400 - 1, true),
        ("1970-01-02", 2 * 86_400, false),
        ("1970-01-01T01:00:00Z", 3599, true),
        ("1970-01-01T01:00:00Z", 3600, false),
        ("1970-01-01T02:00:00+01:00", 3600, false),
        ("\"1970-01-01T02:00:00+01:00\"", 3599, true),
    ] {
        let text = format!("owner = \"o\"\nexpires = {expires}\nallow = [\"192.0.2.0/24\"]");
        let scope = Scope::parse("s", &text).expect("a scope");
        let now = UNIX_EPOCH + Duration::from_secs(at);
        assert_eq!(
            scope.activate(now, &names).is_ok(),
            holds,
            "{expires} at {at}"
        );
    }
}

#[test]
fn what_is_no_scope() {
    for (text, expect) in [
        ("", "owner"),
        (
            "owner = \"o\"\nexpires = 2030-01-01\nallow = []",
            "allow is empty",
        ),
        (
            "owner = \" \"\nexpires = 2030-01-01\nallow = [\"::/0\"]",
            "owner is empty",
        ),
        (
            "owner = \"o\"\nexpires = \"never\"\nallow = [\"::/0\"]",
            "expires",
        ),
        (
            "owner = \"o\"\nexpires = 2030-01-01T00:00:00\nallow = [\"::/0\"]",
            "expires",
        ),
        (
            "owner = \"o\"\nexpires = 2030-01-01\nallow = [\"10.0.0.0/33\"]",
            "10.0.0.0/33",
        ),
        (
            "owner = \"o\"\nexpires = 2030-01-01\nallow = [\"::/0\"]\nalow = []",
            "alow",
        ),
    ] {
        let error = Scope::parse("scope.toml", text).expect_err(text);
        assert!(error.to_string().contains(expect), "{error}");
    }
    let scope = Scope::parse(
        "s",
        "owner = \"o\"\nexpires = 2030-01-01\nallow = [\"::/0\"]\ndeny = [\"gone.example\"]",
    )
    .expect("a scope");
    let names = names();
    let error = scope.activate(UNIX_EPOCH, &names).expect_err("unresolved");
    assert!(error.to_string().contains("gone.example"), "{error}");
}
