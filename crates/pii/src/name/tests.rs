//! What must be found and what must survive, line by line. The people are invented.

use super::*;

/// `[…]` marks what must be found at the usual least score.
fn check(line: &str) {
    let text = line.replace(['[', ']'], "");
    let mut got = Vec::new();
    find(&text, "", &mut got);
    got.retain(|found| found.score >= crate::MIN_SCORE);
    let mut shown = text.clone();
    for found in got.iter().rev() {
        shown.insert(found.end, ']');
        shown.insert(found.start, '[');
    }
    assert_eq!(shown, line, "{got:?}");
}

#[test]
fn persons_by_language() {
    for line in [
        "I spoke with [Anna Whitfield] yesterday.",
        "Dear [Mr Thistlewood], your parcel is late.",
        "Hola, me llamo [Jimena Ortega Ruiz] y tengo un problema.",
        "La [Sra. Carmen de la Fuente] llamó ayer.",
        "Mein Name ist [Jürgen Hallbauer] und ich warte.",
        "[Herr Koch] hat angerufen.",
        "Je m'appelle [Élodie Marchand].",
        "[Mme Delacroix-Petit] a appelé.",
        "Mi chiamo [Giulia Bernasconi].",
        "O meu nome é [Tiago Figueiredo].",
        "Ik heet [Sanne van der Berg].",
        "Nazywam się [Agnieszka Wrońska].",
        "my name is [oliver barnes] and I cannot log in",
        "Olá [Luntouski], o seu pedido está pronto.",
        "Le client [Zorvarel Voshuski] attend une réponse.",
        "[Kowalczyk, Jan] has paid.",
        "Kind regards,\n[Quillon Vasterby]",
        "Name: [Ottokar Zwirnitz]",
    ] {
        check(line);
    }
}

#[test]
fn what_stands_around_a_name_tells_of_it() {
    for line in [
        "On Monday, [Zorvan Quillby] <zq@example.com> wrote",
        "[Zorvan Quillby], born 3 May 1981",
        "[VASTERBY, Hugo], nac. 03/12/2003",
        "I met [F. De Vasterby] of the support",
        "Bien à vous,\n[Joachim\nQuillby]",
        "LG\n[Wolfgang]",
        "my name is [evi de vasterby] and I wait",
        "Proszę przekazać sprawę [Piotrowi Zielińskiemu].",
        "ask [TANAKA Ichiro] for it",
        "[コバヤシ マドカ]です",
        "nobody saw [wolfgang] there, nor [katarzyna kowalska].",
        "it took 30000 ms. The end",
        "Johnson & Johnson and Vasterby & Sons",
    ] {
        check(line);
    }
}

#[test]
fn towns_in_small_letters_and_under_signatures() {
    for line in [
        "vive en [badajoz] desde 2001",
        "sie wohnt in\n[Graz].",
        "Getekend: [Zorvan Quillby], [Leeuwarden], 29-06-2024",
    ] {
        check(line);
    }
}

#[test]
fn user_names_are_made_of_names() {
    for line in [
        "seen by [wolfgang88] today",
        "see [kowalska_anna] there",
        "<[akowalska]> hola",
        "python3 utf8 sha256 base64 log4j",
        "read_only max.size foo_bar",
    ] {
        check(line);
    }
}

#[test]
fn addresses_of_a_list_stay_apart() {
    for line in [
        "[Lindenstraße 5, 10969 Berlin]\n[Gartenweg 4, 80331 München]",
        "[12 Baker Street, London NW1 6XE]\n[5 High Lane, Leeds LS1 4AB]",
        "[Calle Mayor 3, 28013 Madrid]; [Calle Sierpes 8, 41004 Sevilla]",
        "[Lindenstraße 5\n10969 Berlin]\n[Gartenweg 4\n80331 München]",
        "[Rua Augusta 5, Jardim Europa, 01305-000 São Paulo]",
    ] {
        check(line);
    }
}

#[test]
fn keys_before_a_wide_colon() {
    for line in [
        "市区町村：[小山市]\n",
        "住所：[今治市 31-62-50]\n",
        "氏名：[我那覇 あずさ]\n",
        "name：[Anna Roth]",
        "状態：[11:34] 良好".replace(['[', ']'], "").as_str(),
    ] {
        check(line);
    }
}

#[test]
fn a_name_in_small_letters_fills_a_cell() {
    for line in [
        "7;[thomas collins];x",
        "7|[thomas van dijk]|x",
        "7;[thomas collins]",
        "7;thomas collins group;x",
        "7;[thomas];x",
        "7;blue river;x",
    ] {
        check(line);
    }
}

#[test]
fn what_belongs_to_names_and_towns_is_found_with_them() {
    for line in [
        "Groet,\n[Koen van 't Riet]",
        "[Univ.Prof. Rainer Stoll] rief an",
        "Il cliente [SIG.RA LUCIANA FOGAZZARO] ha chiamato",
        "vivo en [San Rosa los altos].",
        "vivo en [San Rosa]. Los altos del barrio",
        "[ul. Dębowa 56\n51-164 Nowa Sól]\nPanel",
        "[R. de Lourenço, S/N, 2701-396 Faro]",
        "[Rua Morais, S/N, 8047-207 Vila Real de Santo António].",
        "[1355 Peek Pass, Clearfield]",
        "Ich wohne in [Laa an der Thaya].",
        "Ort: [Laa an der Thaya]",
        "7;[Walton on the Naze];x",
        "7;[St. Veit an der Glan];x",
        "IN ALL CAPS, TX AND RX ARE SIGNALS",
    ] {
        check(line);
    }
}

#[test]
fn models_are_no_persons() {
    for line in [
        "agent=Ford S-Max",
        "hw ok agent=Emacs Lisp",
        "we drove a Fiat Doblo Cargo Combi",
        "the old Lockheed L-188 Electra",
        "the old De Havilland Canada DHC-3 Otter",
        "ein Mitsubishi Galant Combi",
        "a new Ruby",
        // A maker's name and a whole name are a person.
        "call [Anna Ford] today",
        "Fiat [Anna Roth] called",
    ] {
        check(line);
    }
}

#[test]
fn a_word_of_any_case_after_capitals_is_seen() {
    for line in [
        "Guten Tag, die Installation bricht ab.",
        "Dear [Marta], the Portal is down.",
        "Das Portal, meldet [Anna Roth], fehlt.",
        "Wohnung in der [Lindenstraße 5]",
        "die [Sig.ra Zampa] chiama",
    ] {
        check(line);
    }
}

#[test]
fn japanese_persons_and_addresses() {
    for line in [
        "[山田太郎]様、お世話になっております。",
        "[佐藤 花子]さんから連絡がありました。",
        "氏名：[鈴木一郎]",
        "お客様各位",
        "昨日[佐藤 くみ子]さんと話しました。",
        "住所は[愛媛県君津市下宇和田42丁目25番5号]です。",
        "[〒100-0005 東京都千代田区丸の内1丁目2番3号]です。",
    ] {
        check(line);
    }
}

#[test]
fn places_by_language() {
    for line in [
        "Our office in [Leeds] is closed, the one in [Port Barrowmouth] too.",
        "flying from [Seattle] to [Lake Wrenfield]",
        "Vivo en [Burgos].",
        "La oficina de [Getafe] está cerrada.",
        "unser Büro in [Freiburg im Breisgau] ist zu",
        "le bureau de [Clermont-Ferrand] est fermé",
        "Pracuję w [Krakowie], jadę do [Gdańska].",
        "biuro ([Olsztyn]) jest zamknięte",
        "City: [Sydney] The dashboard is wrong",
        "Ort: [Schwäbisch Hall] Bitte starten",
        "The venue is [Austin, Texas] again.",
        "x@example.com;[Bregenz];BMW M3",
        "City - [Sherborne]\n",
        "ik woon in ['s-Hertogenbosch].",
        "flying to [Toronto] I can log in",
        "x;[流山市];y",
        "flying from [Singletonside] to [Mitchellview] The printer",
        "aus [Berlin] Das Update",
        "vivo a [Roma]. Poi",
        "le bureau de [Bouvet] est fermé",
        "x@example.com;[Hall in Tirol];AS91",
        "[東京]の店舗",
        "x;[Vila do Conde];y",
        "[狛江市]の店舗",
        "[浦安市]に住んでいます。",
        "出身は[岡山市]です。",
        "[香取市]の店舗",
    ] {
        check(line);
    }
}

#[test]
fn names_as_people_write_them() {
    for line in [
        "Merci, [thierry chevalier]",
        "Regards,\n[linda thompson]",
        "Customer [Brown, Margaret] called about the invoice",
        "Groeten, [van der Meer, Thijs]",
        "Geachte heer [de Pauw], hierbij",
        "Kunde [KATRIN KLEIN] rief an",
        "Klient [K. Zając] dzwonił",
        "Viele Grüße, [Dipl.-Ing. Gudula Drub]",
        "Mit freundlichen Grüßen\n[Dr. Anja Paffrath MBA]",
        "[elena o. álvarez] escribió: hola",
        "[Pietro] ha scritto: ciao",
        "お客様[Kenichi Sato]様より",
        "お世話になっております。[小林 直人]です。",
        "担当：[吉田 裕美子]この時点で",
        "[くみ子]さんから電話",
        "よろしくお願いします。[阿部 明美]プリンターが",
        "お世話になっております。[千代 中村]です。",
        "氏名：[高橋大輔]再起動後も",
        "お客様[佐々木誠]様より請求書",
        "[Anna \u{200b}Visser] schreef: dag",
        "Viele Grüße, [Zbigniew Trupp B.Sc.]",
        "Groeten, [Sanne Jansen-van Leeuwen]",
        "Szanowny [p. Galica], dzień",
        "rozmawiałem z [mgr Nowek] dziś",
        "ho parlato con [Sig.ra Segrè] ieri",
        "Gentile [Dott.ssa Russo, Anna], grazie",
        "Klant [JAN DE GROOT] belde",
        "Met vriendelijke groet,\n[BRAM JANSSEN]",
        "Groeten,\n[J. de Groot]",
        "以上、よろしくお願いいたします。\n[横井シュン]\nTEL",
        "よろしくお願いします。[康弘]プリンター",
        "氏名：[松田 治]再起動後も",
        "x;[谷垣 たくみ];y",
        "[小林 隆]様プリンター",
        "お世話になっております。[高橋さくら]です。",
    ] {
        check(line);
    }
}

#[test]
fn addresses_by_language() {
    for line in [
        "She lives in [West Renee].",
        "Send it to [12 Baker Street, London NW1 6XE] please.",
        "She lives at [4421 Maple Avenue, Apt 7, Springfield, IL 62704].",
        "Vivo en [Calle Mayor 12, 3º B, 28013 Madrid].",
        "Meine Adresse: [Lindenstraße 5, 10969 Berlin]",
        "J'habite au [12, rue de la République, 69002 Lyon].",
        "Abito in [Via Garibaldi 14, 20121 Milano (MI)].",
        "Moro na [Rua das Flores, 123, 1200-194 Lisboa].",
        "Ik woon op de [Kerkstraat 12, 1017 GP Amsterdam].",
        "Vivo en [C/ Olmo 4, 28012 Madrid].",
        "Livrez à [avenue Fleury\n66773 Neuville-sur-Orne]\n",
        "Entregar na [Rua Lima, 713\nVila Nova\n65758-126 Rocha da Mata / PB]",
        "Ship to [361 Elizabeth Tunnel\nPort Ericstad, FL 33676] today.",
        "Studio: [Studio 5\nNatalie Islands\nSouth Craig\nS62 5QR]\n",
        "stuur het naar [Beatrixlaan 207 hs, 2438 OG Brugge].",
        "bitte an [Am Marktplatz 89a, 23416 Düsseldorf] senden",
        "mon adresse est [48, place de l'Église]",
        "[P.O. Box 4521, Wellington]",
        "at [7 Harbour Street, Wollongong NSW 2500].",
        "[Av. Paulista, 3477 - 18º andar, Itaim Bibi, São Paulo - SP, 04538-133]",
        "[〒604-8571 京都市中京区寺町通御池上る上本能寺前町488番地]",
        "[大阪市北区梅田1-1-3] です",
        "[横浜市]に3台あります",
        "ich wohne [Unter den Linden 83a], danke",
        "Straße und Hausnummer: [Bernburger Treppe 939]\n",
        "enviem para [Rua 25 de Abril, 39]. O",
        "mieszkam przy [ul. Polna 115/5] W tym",
        "ich wohne [KARL-MARX-ALLEE 194] Das",
        "enviem para [Rua de Camargo, 33\nVila Paris\n71875091 da Mota / AC].",
        "Lieferung an [Liebeltgasse 7/3, 82290 Bad Kissingen] ist",
        "Mieszkam przy [ul. Długiej 7/3, 00-238 Warszawa].",
    ] {
        check(line);
    }
}

#[test]
fn innocent_text_survives() {
    for line in [
        "Ford Focus 3 needs Microsoft Windows 11.",
        "Please restart the Server on Monday in May.",
        "ERROR CONNECTION REFUSED BY SERVER",
        "Die Rechnung für Ihre Bestellung liegt bei.",
        "Will Mark Down support this?",
        "class Foo extends Bar implements Baz",
        "GitHub Actions and GitLab Runner failed",
        "2024-01-02 INFO Starting Kafka Broker on port 9092",
        "The Victoria Station is closed.",
        "Santiago Airport, Paris Hotel",
        "import java.util.List; public static void Main(String args)",
        "the datetime is 5:MM EST = 1:MM EDT",
        "if name is None: raise ValueError",
        "See PEP 343 and Jan 2001",
        "part A12 3BC fits",
        "address: A string or integer, the IPv4 network",
        "10 Downing attempts failed; 404 Not Found; 500 Internal Server Error",
        "Release 12345 Stable of the Firmware",
        "Sehr geehrte Damen und Herren, anbei die Unterlagen.",
        "Geachte Heer, hierbij de factuur.",
        "San Francisco and Los Angeles pay since March.",
        "We ship to Germany and from Texas.",
        "Hong Kong identity card, Thai national ID, P.IVA 01234567890",
        "Viele Grüße, Merci, Obrigado",
        "failed with ORA-00942; 2,573,125 ms. Wir gehen",
        "The db utility uses a Berkeley DB environment.",
        "Im Januar 2020, Am Montag 12 Uhr, Zur Info 3",
        "Jaguar XJ12, Douglas DC-9-20, iPhone 14 Pro Max, Apple M1 Max, Intel® Iris™",
        "Intel Mac OS X 10_10_5, agent=Boeing 747-200",
        "mail a@example.fr. Thanks, see below",
        "Ya les di NIF-IVA dos veces.",
        "We compared the Mercedes Sprinter with the Renault Master.",
        "name: nginx-ingress\nversion: 1.2.3",
        "\"name\": \"lodash\", \"author\": \"null\"",
    ] {
        check(line);
    }
}

#[test]
fn fields_say_what_a_value_is() {
    let check = |field: &str, text: &str, want: Option<Class>| {
        let mut got = Vec::new();
        find(text, field, &mut got);
        got.retain(|found| found.score >= crate::MIN_SCORE);
        let class = got.first().map(|found| found.class);
        assert_eq!(class, want, "{field}: {text}");
    };
    check("first_name", "Zyxandra", Some(Class::Person));
    check("apellidos", "ortega ruiz", Some(Class::Person));
    check("ville", "Quelqueville", Some(Class::Place));
    check("address", "12 Nowhere Rise", Some(Class::Address));
    check("氏名", "山田太郎", Some(Class::Person));
    check("file_name", "Anna", Some(Class::Person));
    check("name", "nginx-ingress", None);
    check("address", "192.0.2.7", None);
    check("first_name", "null", None);
}

proptest::proptest! {
    #[test]
    fn matches_lie_on_borders(text in "[ A-Za-zäßéł.,:'\"\\n0-9山田様東京都ー-]{0,80}", field in "[a-z_]{0,8}") {
        let mut first = Vec::new();
        find(&text, &field, &mut first);
        for found in &first {
            proptest::prop_assert!(found.start < found.end);
            proptest::prop_assert!(text.get(found.start..found.end).is_some());
        }
        let mut second = Vec::new();
        find(&text, &field, &mut second);
        proptest::prop_assert_eq!(first, second);
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,60}") {
        find(&text, "name", &mut Vec::new());
        find(&text, "", &mut Vec::new());
    }
}
