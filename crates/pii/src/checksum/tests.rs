//! Published examples, and what must hold for every checksum.

use super::{REGISTRY, by_name};

/// Asserts that the checksum accepts every value of the first list and none
/// of the second.
fn check(name: &str, valid: &[&str], invalid: &[&str]) {
    let checksum = by_name(name).unwrap_or_else(|| panic!("{name} is not registered"));
    for value in valid {
        assert!(checksum(value.as_bytes()), "{name} refuses {value}");
    }
    for value in invalid {
        assert!(!checksum(value.as_bytes()), "{name} accepts {value}");
    }
}

#[test]
fn the_registry_is_sorted_and_has_no_name_twice() {
    for two in REGISTRY.windows(2) {
        assert!(two[0].0 < two[1].0, "{} before {}", two[0].0, two[1].0);
    }
    assert!(by_name("no-such-checksum").is_none());
}

#[test]
fn any_bytes_of_any_length_give_an_answer() {
    // A fixed xorshift, so that a failure repeats.
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let kinds: [&[u8]; 4] = [
        b"0123456789",
        b"0123456789ABCXYZ",
        b"abcXYZ019-+.\xc3\xff\0",
        b"0",
    ];
    for (name, checksum) in REGISTRY {
        for length in 0..130_usize {
            for kind in kinds {
                let value: Vec<u8> = (0..length)
                    .map(|_| kind[usize::try_from(next() % kind.len() as u64).unwrap_or(0)])
                    .collect();
                let first = checksum(&value);
                assert_eq!(first, checksum(&value), "{name} changes its mind");
            }
        }
        assert!(!checksum(b""), "{name} accepts nothing");
    }
}

#[test]
fn money() {
    // ISO 13616 registry examples; ISO 17442 and ISO 6166 examples.
    check(
        "iban",
        &[
            "GB29NWBK60161331926819",
            "DE89370400440532013000",
            "FR1420041010050500013M02606",
            "NO9386011117947",
            "MT84MALT011000012345MTLCAST001S",
            "ES9121000418450200051332",
            "SC18SSCB11010000000000001497USD",
        ],
        &[
            "GB29NWBK60161331926818",
            "DE8937040044053201300",
            "XX89370400440532013000",
            "DE00370400440532013000",
        ],
    );
    check(
        "lei",
        &["5493001KJTIIGC8Y1R12", "7LTWFZYICNSX8D621K86"],
        &["5493001KJTIIGC8Y1R13"],
    );
    check(
        "isin",
        &["US0378331005", "AU0000XVGZA3", "GB0002634946"],
        &["US0378331006", "ZZ0378331005"],
    );
    check(
        "bic",
        &["DEUTDEFF", "DEUTDEFF500", "NEDSZAJJ"],
        &["DEUTXXFF", "DEUTDEF", "DEUTDEFF5"],
    );
    check(
        "aba",
        &["111000025", "021000021"],
        &["111000026", "000000000", "991000025"],
    );
    // The payment networks' own test numbers.
    check(
        "payment-card",
        &[
            "4111111111111111",
            "5555555555554444",
            "378282246310005",
            "6011111111111117",
            "3530111333300000",
            "30569309025904",
            "2223003122003222",
            "4222222222222",
        ],
        &[
            "4111111111111112",
            "0000000000000000",
            "1234567812345670",
            "7777777777777777",
        ],
    );
}

#[test]
fn devices_and_vehicles() {
    check(
        "imei",
        &["490154203237518"],
        &["490154203237519", "000000000000000"],
    );
    check(
        "imsi",
        &["310150123456789", "26201012345678"],
        &["001010123456789", "999990123456789"],
    );
    // 49 CFR 565 worked example; a Dodge number that carries X.
    check(
        "vin",
        &["1M8GDM9AXKP042788", "5GZCZ43D13S812715"],
        &["1M8GDM9A1KP042788", "1M8GDM9AXKP04278I"],
    );
}

#[test]
fn crypto_currencies() {
    // The genesis block's address; BIP 173 and BIP 350 vectors.
    check(
        "bitcoin",
        &[
            "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
            "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy",
            "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq",
            "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
            "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
        ],
        &[
            "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb",
            "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mda",
            "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd",
        ],
    );
    // EIP-55 vectors.
    check(
        "ethereum",
        &[
            "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
            "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
            "0x52908400098527886E0F7030069857D2E4169EE7",
            "0xde709f2102306220921060314715629080e2fb77",
        ],
        &[
            "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD",
            "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe",
        ],
    );
    // XRP Ledger's genesis account and its account zero.
    check(
        "ripple",
        &[
            "rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh",
            "rrrrrrrrrrrrrrrrrrrrrhoLvTp",
        ],
        &["rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTi"],
    );
    // The Monero project's donation address.
    check(
        "monero",
        &[
            "44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A",
        ],
        &[
            "44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3B",
        ],
    );
    // CIP-19 test vectors.
    check(
        "cardano",
        &[
            "addr1vx2fxv2umyhttkxyxp8x0dlpdt3k6cwng5pxj3jhsydzers66hrl8",
            "addr1qx2fxv2umyhttkxyxp8x0dlpdt3k6cwng5pxj3jhsydzer3n0d3vllmyqwsx5wktcd8cc3sq835lu7drv2xwl2wywfgse35a3x",
            "stake1uyehkck0lajq8gr28t9uxnuvgcqrc6070x3k9r8048z8y5gh6ffgw",
        ],
        &["addr1vx2fxv2umyhttkxyxp8x0dlpdt3k6cwng5pxj3jhsydzers66hrl9"],
    );
    // The contract of the token USDT on Tron.
    check(
        "tron",
        &["TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"],
        &["TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6u"],
    );
}

#[test]
fn north_america_and_britain() {
    check(
        "us-ssn",
        &["536904399", "123456789"],
        &[
            "000123456",
            "666123456",
            "912123456",
            "123006789",
            "123450000",
            "078051120",
            "111111111",
        ],
    );
    check(
        "us-itin",
        &["912701234", "999991234"],
        &["912661234", "812701234"],
    );
    // CMS: NPI check digit example; MBI format example.
    check("us-npi", &["1234567893"], &["1234567894", "3234567893"]);
    check(
        "us-mbi",
        &["1EG4TE5MK73"],
        &["1EG4TE5MKS3", "0EG4TE5MK73", "1SG4TE5MK73"],
    );
    check(
        "us-dea",
        &["AP5836727", "F91234563"],
        &["AP5836728", "AP0000000", "IP5836727"],
    );
    check(
        "gb-nino",
        &["AB123456C", "JG103759A", "AB123456"],
        &["DA123456A", "BG123456A", "AO123456A", "AB123456E"],
    );
    check(
        "gb-nhs",
        &["9434765870", "4010232137"],
        &["9434765871", "0000000000"],
    );
    check("gb-utr", &["1955839661"], &["2955839661"]);
    check(
        "gb-vat",
        &["980780684", "GD001", "HA500"],
        &["802311781", "GD500", "HA499", "GA001", "HD600"],
    );
    check(
        "gb-driver",
        &["MORGA657054SM9IJ"],
        &["MORGA663054SM9IJ", "9ORGA657054SM9IJ"],
    );
}

#[test]
fn western_europe() {
    check(
        "es-dni",
        &["54362315K", "12345678Z"],
        &["54362315Z", "12345678A"],
    );
    check(
        "es-nie",
        &["X2482300W", "Y1234567X"],
        &["X2482300A", "A2482300W"],
    );
    check(
        "es-cif",
        &["J99216582", "A58818501"],
        &["J99216583", "A00000000"],
    );
    check(
        "es-ccc",
        &["12341234161234567890"],
        &["12341234161234567891", "00000000000000000000"],
    );
    check(
        "fr-nir",
        &["295109912611193", "253072B07300470"],
        &["295109912611199", "253072A07300470"],
    );
    check("fr-siren", &["552008443"], &["552008444", "000000000"]);
    check(
        "fr-siret",
        &["73282932000074", "35600000049837"],
        &["73282932000079"],
    );
    check("fr-spi", &["3023217600053"], &["3023217600054"]);
    check("fr-tva", &["40303265045", "K7399859412"], &["84323140391"]);
    check(
        "de-steuer-id",
        &["36574261809", "26954371827"],
        &["36574261890", "11111111111"],
    );
    check("de-vat", &["136695976"], &["136695978"]);
    check(
        "de-document",
        &["T220001293", "L01X00T471"],
        &["T220001294", "L01X00T472"],
    );
    check("de-rvnr", &["15070649C103"], &["15070649C104"]);
    check("de-kvnr", &["A123456780"], &["A123456781"]);
    check(
        "it-codice-fiscale",
        &["RCCMNL83S18D969H", "MRTMTT25D09F205Z"],
        &["RCCMNL83S18D969"],
    );
    check("it-partita-iva", &["00743110157"], &["00743110158"]);
    check("pt-nif", &["501964843"], &["501964842"]);
    check("pt-cc", &["154203556ZX9"], &["154203556ZX8"]);
    check("nl-bsn", &["111222333"], &["111222334", "000000000"]);
    check(
        "nl-btw",
        &["004495445B01", "000099998B57"],
        &["123456789B90"],
    );
    check(
        "be-nrn",
        &["85073003328", "17073003384"],
        &["85073003329", "17073003385"],
    );
    check("be-vat", &["0403019261"], &["0403019262"]);
    check("lu-vat", &["15027442"], &["15027443"]);
    check("lu-matricule", &["1893120105732"], &["1893120105733"]);
}

#[test]
fn elsewhere_in_europe() {
    check("at-svnr", &["1237010180"], &["1238010180"]);
    check("at-vat", &["U13585627"], &["U13585626"]);
    check("ch-ahv", &["7569217076985"], &["7569217076984"]);
    check(
        "ch-uid",
        &["CHE116281710", "CHE116281710MWST"],
        &["CHE116281711"],
    );
    check("pl-pesel", &["44051401359"], &["44051401358"]);
    check("pl-nip", &["1234563218"], &["1234563217"]);
    check("pl-regon", &["123456785"], &["123456784"]);
    check("cz-rodne-cislo", &["7103192745"], &["7103192746"]);
    check(
        "se-personnummer",
        &["8112189876", "198112189876"],
        &["8112189875"],
    );
    check("fi-hetu", &["131052308T", "131052A308T"], &["131052308U"]);
    check("is-kennitala", &["1201743399"], &["1201743389"]);
    check("ie-pps", &["1234567FA", "6433435F"], &["6433435E"]);
    check("hr-oib", &["33392005961"], &["33392005962"]);
    check("ee-isikukood", &["37605030299"], &["37605030298"]);
    check("tr-tckn", &["10000000146"], &["10000000147"]);
    check("ru-snils", &["11223344595"], &["11223344596"]);
}

#[test]
fn america_asia_africa_and_the_pacific() {
    check("br-cpf", &["39053344705"], &["39053344704", "11111111111"]);
    // The example of the tax office for letters.
    check(
        "br-cnpj",
        &["11444777000161", "12ABC34501DE35"],
        &["12ABC34501DE36"],
    );
    check("br-pis", &["12012132660"], &["12012132661"]);
    check("cl-rut", &["125319092"], &["125319091"]);
    check("uy-ci", &["12345672"], &["12345671"]);
    check("hk-id", &["A1234563", "AB9876543"], &["A1234564"]);
    check(
        "sg-nric",
        &["S1234567D", "T1234567J", "F1234567N", "G1234567X"],
        &["S1234567E"],
    );
    check("tw-id", &["A123456789"], &["A123456788"]);
    check(
        "cn-resident-id",
        &["11010519491231002X"],
        &["110105194912310021"],
    );
    check("in-aadhaar", &["234123412346"], &["234123412347"]);
    check("au-medicare", &["2123456701"], &["2123456711"]);
    check("au-tfn", &["123456782"], &["123456781"]);
    check(
        "nz-nhi",
        &["ZZZ0016", "ZAC5361", "ZBN77VL"],
        &["ZZZ0044", "ZBN77VM"],
    );
    check("ir-code", &["0084575948"], &["0084575947"]);
    check("za-id", &["8001015009087"], &["8001015009086"]);
    check("ae-id", &["784198012345678"], &["784198012345670"]);
}
