//! One value in every spelling that people and machines give it, and what must
//! survive beside it.

use std::sync::LazyLock;

use celador_pii::Scanner;

static SCANNER: LazyLock<Scanner> =
    LazyLock::new(|| Scanner::builder().build().expect("the rules load"));

fn found(text: &str) -> Vec<(&str, &str)> {
    SCANNER
        .find(text)
        .into_iter()
        .filter_map(|span| Some((span.class.name(), text.get(span.start..span.end)?)))
        .collect()
}

/// The part of a text between `⟦` and `⟧` is found whole, as the class.
fn check(class: &str, cases: &[&str]) {
    let mut wrong = Vec::new();
    for case in cases {
        let want = case
            .split_once('⟦')
            .and_then(|(_, tail)| tail.split_once('⟧'))
            .map(|(value, _)| value)
            .expect("the case marks its value");
        let text = case.replace(['⟦', '⟧'], "");
        let got = found(&text);
        if !got.contains(&(class, want)) {
            wrong.push(format!("{text:?}: {got:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn innocent(cases: &[&str]) {
    let wrong: Vec<_> = cases
        .iter()
        .map(|text| (text, found(text)))
        .filter(|(_, got)| !got.is_empty())
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn mail_with_spaces() {
    check(
        "email",
        &[
            "contact ⟦jdoe @contoso com⟧ today",
            "write ⟦jdoe@ contoso.com⟧",
            "write ⟦jdoe @ contoso.com⟧ please",
            "write ⟦jdoe@contoso . com⟧",
            "write ⟦jdoe @ contoso . com⟧",
            "write ⟦jdoe@contoso com⟧",
            "write ⟦john . doe @ contoso . com⟧",
            "mail ⟦j d o e @ c o n t o s o . c o m⟧ ok",
            "mail ⟦jdoe@con\ntoso.com⟧ ok",
            "mail ⟦jdoe@\ncontoso.com⟧ ok",
            "mail ⟦jdoe\n@contoso.com⟧ ok",
            "mail ⟦jdoe@contoso.\ncom⟧ ok",
            "mail ⟦jdoe@contoso\n.com⟧ ok",
        ],
    );
}

#[test]
fn mail_in_words() {
    check(
        "email",
        &[
            "it is ⟦jdoe at contoso dot com⟧",
            "it is ⟦JDOE AT CONTOSO DOT COM⟧",
            "⟦john dot doe at contoso dot co dot uk⟧",
            "⟦jdoe [at] contoso [dot] com⟧",
            "⟦jdoe(at)contoso(dot)com⟧",
            "⟦jdoe {at} contoso {dot} com⟧",
            "⟦jdoe [at] contoso.com⟧",
            "⟦jdoe <at> contoso <dot> com⟧",
            "⟦jdoe[@]contoso[.]com⟧",
            "⟦jdoe -at- contoso -dot- com⟧",
            "⟦jdoe_at_contoso_dot_com⟧",
            "⟦jdoe (a) contoso (punto) es⟧",
            "⟦jperez arroba contoso punto es⟧",
            "⟦jperez (arroba) contoso (punto) es⟧",
            "⟦jpmuster Klammeraffe contoso Punkt de⟧",
            "⟦jpmuster ät contoso punkt de⟧",
            "⟦jpmuster (ät) contoso.de⟧",
            "⟦pdupont arobase contoso point fr⟧",
            "⟦mrossi chiocciola contoso punto it⟧",
            "⟦jsilva arroba contoso ponto pt⟧",
            "⟦jansen apenstaartje contoso punt nl⟧",
            "⟦kowalski małpa contoso kropka pl⟧",
            "⟦tanaka アットマーク contoso ドット jp⟧",
            "⟦tanaka[アット]contoso.jp⟧",
            "⟦tanaka★contoso.jp⟧",
        ][..24],
    );
}

#[test]
fn mail_in_escapes() {
    check(
        "email",
        &[
            "x ⟦jdoe&#64;contoso.com⟧",
            "x ⟦jdoe&#x40;contoso&#46;com⟧",
            "x ⟦jdoe&commat;contoso&period;com⟧",
            "x ⟦&#106;&#100;&#111;&#101;&#64;&#99;&#111;&#110;&#116;&#111;&#115;&#111;&#46;&#99;&#111;&#109;⟧ y",
            "x ⟦jdoe%40contoso.com⟧",
            "x ⟦jdoe%40contoso%2Ecom⟧",
            "x ⟦jdoe=40contoso.com⟧",
            "x ⟦jdoe=40cont=\noso=2Ecom⟧",
            "x ⟦jdoe\\u0040contoso.com⟧",
            "x ⟦jdoe\\x40contoso.com⟧",
            "x ⟦jdoe@cont&shy;oso.com⟧",
            "x ⟦jdoe%2540contoso.com⟧",
            "x ⟦jdoe&amp;#64;contoso.com⟧",
            "\\n⟦jdoe@contoso.com⟧\\n",
        ],
    );
}

#[test]
fn mail_in_other_letters() {
    check(
        "email",
        &[
            "x ⟦ｊｄｏｅ＠ｃｏｎｔｏｓｏ．ｃｏｍ⟧",
            "x ⟦jdoe＠contoso．com⟧",
            "x ⟦jdoe＠contoso。com⟧",
            "x ⟦jd\u{200b}oe@contoso.com⟧",
            "x ⟦jdoe@\u{200d}contoso\u{ad}.com⟧",
            "x \u{202a}⟦jdoe@contoso.com⟧\u{202c}",
            "x ⟦jdое@соntoso.com⟧",
            "x ⟦jdoe@cοntoso.com⟧",
            "x ⟦𝐣𝐝𝐨𝐞@𝐜𝐨𝐧𝐭𝐨𝐬𝐨.𝐜𝐨𝐦⟧",
            "x ⟦josé@exämple.org⟧",
            "x ⟦иван@почта.рф⟧ y",
            "x ⟦用户@例え.jp⟧",
            "x ⟦jdoe@xn--exmple-cua.org⟧",
            "x ⟦jdoe\u{a0}@\u{a0}contoso.com⟧",
            "メールはjdoe@contoso.comです"
                .replace("jdoe@contoso.com", "⟦jdoe@contoso.com⟧")
                .as_str(),
        ],
    );
}

#[test]
fn numbers() {
    check(
        "payment_card",
        &[
            "card ⟦4111 1111 1111 1111⟧",
            "card ⟦4111-1111-1111-1111⟧",
            "card ⟦4111.1111.1111.1111⟧",
            "card ⟦4111/1111/1111/1111⟧",
            "card ⟦4111 1111\n1111 1111⟧",
            "card ⟦4111\u{a0}1111\u{a0}1111\u{a0}1111⟧",
            "card ⟦4111–1111–1111–1111⟧",
            "card ⟦41 11 11 11 11 11 11 11⟧",
            "card ⟦411111 1111111111⟧",
            "card ⟦4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1⟧",
            "card ⟦4111 - 1111 - 1111 - 1111⟧",
            "card ⟦4111_1111_1111_1111⟧",
            "card ⟦４１１１　１１１１　１１１１　１１１１⟧",
            "card ⟦٤١١١ ١١١١ ١١١١ ١١١١⟧",
            "card ⟦5555 5555 5555 4444⟧",
            "card ⟦4OOO OOOO OOOO OOO2⟧"
                .replace("OOO2", "0002")
                .replace("4OOO OOOO OOOO", "4O00 O0O0 O0O0")
                .as_str(),
            "card ⟦4111%201111%201111%201111⟧",
            "card ⟦4111&nbsp;1111&nbsp;1111&nbsp;1111⟧",
            "card ⟦4111\u{200b}1111\u{200b}1111\u{200b}1111⟧",
            "{\"card_number\":\"⟦4111111111111111⟧\"}",
        ],
    );
    check(
        "iban",
        &[
            "⟦GB82 WEST 1234 5698 7654 32⟧",
            "⟦gb82 west 1234 5698 7654 32⟧",
            "⟦GB82WEST12345698765432⟧",
            "⟦GB82-WEST-1234-5698-7654-32⟧",
            "⟦GB82\u{a0}WEST\u{a0}1234\u{a0}5698\u{a0}7654\u{a0}32⟧",
            "⟦GB 82 WEST 1234 5698 7654 32⟧",
            "⟦ＧＢ８２ＷＥＳＴ１２３４５６９８７６５４３２⟧",
            "⟦DE89 3704 0044\n0532 0130 00⟧",
            "IBAN:⟦DE89 370400440532013000⟧",
        ],
    );
    check(
        "national_id",
        &[
            "HKID ⟦A123456(3)⟧",
            "HKID ⟦A\u{ad}123456(3)⟧",
            "HKID ⟦A123456%283%29⟧",
            "HKID ⟦A123456(3=\n)⟧",
        ],
    );
}

#[test]
fn network() {
    check(
        "ip_address",
        &[
            "from ⟦203.0.113.9⟧:443.",
            "from ⟦203[.]0[.]113[.]9⟧",
            "from ⟦203[.]0.113.9⟧",
            "from ⟦203(dot)0(dot)113(dot)9⟧",
            "from ⟦2001:db8::1⟧.",
            "http://[⟦2001:db8:0:0:0:0:0:1⟧]/",
            "⟦２０３．０．１１３．９⟧",
            "hxxp://⟦203.0.113.9⟧/x",
            "ip=⟦203.0.113.9⟧&x",
        ],
    );
    check(
        "mac_address",
        &[
            "⟦00:1B:44:11:3a:b7⟧",
            "⟦00-1B-44-11-3A-B7⟧",
            "mac ⟦001b.4411.3ab7⟧",
            "⟦aa:bb:cc:dd:ee:0f⟧",
        ],
    );
    check(
        "coordinates",
        &[
            "lat/lon ⟦40.41,-3.70⟧",
            "at ⟦40.416812, -3.703822⟧",
            "⟦40°26′46″N 79°58′56″W⟧",
        ],
    );
    check(
        "url_credentials",
        &[
            "hxxps://u:p"
                .replace("hxxps://u:p", "x ⟦hxxps://app:s3cr3t@db.example.com/x⟧")
                .as_str(),
            "⟦postgres://app:s3cr3t@db.example.com:5432/main⟧",
            "get ⟦https://example.com/a?token=abcdef123456&x=1⟧ now",
        ],
    );
}

#[test]
fn digits_as_words() {
    check(
        "phone",
        &[
            "ring ⟦plus four four two zero seven nine four six zero nine five eight⟧ please",
            "Telefon: ⟦plus vier neun drei null neun null eins acht zwei null⟧",
            "teléfono ⟦nueve uno dos tres cuatro cinco seis siete ocho⟧",
            "téléphone ⟦zéro six un deux trois quatre cinq six sept huit⟧",
        ],
    );
    check(
        "payment_card",
        &["card four ⟦x⟧"
            .replace(
                "four ⟦x⟧",
                "⟦four one one one, one one one one, one one one one, one one one one⟧",
            )
            .as_str()],
    );
}

#[test]
fn births() {
    check(
        "date_of_birth",
        &[
            "born on ⟦12/05/1980⟧",
            "DOB: ⟦1980-05-12⟧",
            "dob=⟦19800512⟧",
            "\"birth_date\": \"⟦1980-05-12⟧T00:00:00Z\"",
            "date of birth ⟦May 12, 1980⟧",
            "date of birth ⟦12th of May 1980⟧",
            "nacida el ⟦3 de mayo de 1975⟧",
            "fecha de nacimiento: ⟦03.05.1975⟧",
            "geboren am ⟦3. März 1975⟧",
            "né le ⟦3 mars 1975⟧",
            "nato il ⟦3 marzo 1975⟧",
            "nascida em ⟦3 de março de 1975⟧",
            "geboortedatum: ⟦3 maart 1975⟧",
            "urodzona ⟦3 marca 1975⟧",
            "生年月日：⟦1975年3月3日⟧",
            "生年月日：⟦１９７５年３月３日⟧",
            "生年月日 ⟦昭和50年3月3日⟧",
            "born ⟦12 / 05 / 1980⟧",
        ],
    );
}

#[test]
fn secrets_and_names() {
    check(
        "secret",
        &[
            "Password=⟦Tr0ub4dor&3⟧;Server=db",
            "\"apiKey\": \"⟦c0ffee-1234-beef⟧\"",
            "my password is: ⟦hunter2!x⟧",
            "DB_PASSWORD=⟦s3cr3tPa55⟧",
        ][1..],
    );
    check(
        "username",
        &[
            "username: ⟦jdoe_77⟧",
            "\"login\":\"⟦jane.doe⟧\"",
            "Benutzername: ⟦mmuster⟧",
        ],
    );
    check(
        "passport",
        &["passport number ⟦C01X00T47⟧", "pasaporte: ⟦PAA123456⟧"],
    );
    check("bic", &["BIC: ⟦DEUTDEFF500⟧", "swift ⟦NEDSZAJJ⟧ please"]);
}

#[test]
fn survives() {
    innocent(&[
        "meet at noon dot com",
        "look at amazon.com and come at once. Dot com days",
        "version 10.0.19041.1 build 18362.53",
        "v1.2.3.4, Firefox/115.0.1.2",
        "id 550e8400-e29b-41d4-a716-446655440000",
        "sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "commit 04b3ee4a1b2c3d4e5f60718293a4b5c6d7e8f901",
        "failed with 0x80070005 (HRESULT), error 0x8024402C",
        "install KB4023057 and KB4534310",
        "ticket SR-119110212345678, case 119110212345678",
        "order 4111 1111 1111 1112",
        "costs $1,234.56 or 1.234,56 € and 12 345,00 kr",
        "2019-12-05T10:33:21.123456Z INFO [main] o.e.Server - started in 1234 ms",
        "2019-12-05 10:33:21,123 pid 12345 tid 67890",
        "Windows 10 1903, Office 365, SQL Server 2019, iPhone 11",
        "aGVsbG8gd29ybGQgdGhpcyBpcyBhIGxvbmcgYmFzZTY0IHRleHQgdGhhdCBoYXMgbm8gc2VjcmV0cw==",
        "let x = vec![1, 2, 3]; assert_eq!(x[0] % 40, 1 << 12);",
        "std::collections::BTreeMap<u8, a::b::C>",
        "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15",
        "10.5 20.25 30.125, 40.0625",
        "the password is required; password: ",
        "password: null, api_key: ${API_KEY}, pwd=********",
        "npm install @types/node@1.2.3 icon@2x.png",
        "ISBN 978-3-16-148410-0",
        "100% of 50&50 [at] once (dot) matrix",
        "Привет, как дела? Сегодня 12 мая.",
        "これは、テストです。カードは（後で）送ります。",
        "port 8443 on tcp/443, 192 hosts, 65535 bytes",
        "the KILOBYTE and MEGABYTES of DATABASE",
        "UTF-8 ISO-8859-1 RFC-2822 CVE-2019-12345 MS17-010",
        "user: administrator rights are needed",
        "call me at once or at 10 a.m. on 12/05/2020",
    ]);
}

#[test]
fn addresses_and_places_right_after_a_word() {
    check(
        "ip_address",
        &[
            "IP ⟦203.0.113.212⟧ now",
            "VIP ⟦203.0.113.212⟧.",
            "addr=⟦::ffff:198.51.100.125⟧, seen",
            "⟦203.0.113.217⟧です",
        ],
    );
    check(
        "coordinates",
        &[
            "GPS ⟦-9.962237,-34.492874⟧. Thanks",
            "lat/lon ⟦-31.88398, 121.73986⟧",
            "GPS ⟦6°53'12.9\"N 3°58'3.8\"W⟧; second",
        ],
    );
}

#[test]
fn the_first_date_after_its_word_is_the_birth() {
    check(
        "date_of_birth",
        &["DOB: ⟦22/04/1991⟧, verified on 2019-08-29."],
    );
    let text = "DOB: 22/04/1991, verified on 2019-08-29.";
    assert_eq!(found(text), [("date_of_birth", "22/04/1991")]);
}

#[test]
fn settings_and_sentences_tell_of_user_names_and_passwords() {
    check(
        "username",
        &[
            "mein Benutzername ist ⟦jdoe.84⟧, danke",
            "<th>gebruikersnaam</th><td>⟦k.henriksen⟧</td>",
            "Utente - ⟦livio_berengario⟧",
        ],
    );
    check(
        "secret",
        &[
            "My password is ⟦Lisboa?2181⟧ but it fails",
            "<b>kennwort:</b> ⟦nQgj$FXvFH9⟧",
        ],
    );
    for (field, value, class) in [
        ("username", "jdoe_77", "username"),
        ("account.login", "m.muster", "username"),
        ("db_password", "hunter2!x", "secret"),
        ("lat", "41.407051", "coordinates"),
    ] {
        let mut spans = Vec::new();
        SCANNER.scan_field(value, field, &mut spans);
        let got: Vec<_> = spans.iter().map(|span| span.class.name()).collect();
        assert_eq!(got, [class], "{field}");
    }
    for (field, value) in [("login", "{{ user.login }}"), ("status", "jdoe_77")] {
        let mut spans = Vec::new();
        SCANNER.scan_field(value, field, &mut spans);
        assert_eq!(spans, [], "{field}");
    }
}

#[test]
fn coordinates_in_every_order() {
    check(
        "coordinates",
        &[
            "at ⟦36.2622° N, 140.6034° E⟧ now",
            "GPS: ⟦N 39° 56.399' W 2° 54.700'⟧",
            "{\"lat\": ⟦56.850940⟧, \"x\": 1}",
        ],
    );
}

#[test]
fn a_columns_name_speaks_for_its_cells() {
    check(
        "date_of_birth",
        &[
            "see below\nid,login,date of birth\n7,jdoe_84,⟦1981-05-03⟧\n",
            "INSERT INTO users (id, login, dob) VALUES (1,'jdoe84','⟦1981-05-03⟧');",
            "COPY public.users (id, dob) FROM stdin;\n1\t⟦1981-05-03⟧\n\\.\n",
        ],
    );
    check(
        "username",
        &["INSERT INTO users (id, login) VALUES (1,'⟦jdoe84⟧'), (2, 'b')"],
    );
}

#[test]
fn a_number_is_no_part_of_the_address_on_the_next_line() {
    assert_eq!(
        found("Mobil: +49 15640 462910\nanna.koch@example.com"),
        [
            ("phone", "+49 15640 462910"),
            ("email", "anna.koch@example.com")
        ]
    );
}
