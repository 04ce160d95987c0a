//! Documents that are damaged at any place: an answer, and no panic that escapes. The
//! samples are those of `xtask/python/make_samples.py`.

use celador_office::{OfficeError, is_guarded, pdf, workbook};
use proptest::prelude::*;

const BOOK: &[u8] = include_bytes!("../../cli/tests/pii/people.xlsx");
const LETTER: &[u8] = include_bytes!("../../cli/tests/pii/letter.pdf");
const LOCKED: &[u8] = include_bytes!("../../cli/tests/pii/locked.pdf");
const LIMIT: usize = 4 << 20;

fn damaged(
    bytes: &[u8],
    places: &[(prop::sample::Index, u8)],
    cut: Option<&prop::sample::Index>,
) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for (place, byte) in places {
        let place = place.index(out.len());
        out[place] = *byte;
    }
    if let Some(cut) = cut {
        out.truncate(cut.index(out.len()));
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn damage_is_an_answer(places in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6), cut: Option<prop::sample::Index>) {
        for bytes in [LETTER, LOCKED] {
            let _ = pdf(&damaged(bytes, &places, cut.as_ref()), LIMIT);
        }
        let _ = workbook(damaged(BOOK, &places, cut.as_ref()), LIMIT, &mut |_| false);
        prop_assert!(!is_guarded());
    }
}

#[test]
fn what_there_is_is_read_and_bounded() {
    let book = workbook(BOOK.to_vec(), LIMIT, &mut |_| false).expect("a workbook");
    let mail = book
        .cells
        .iter()
        .find(|cell| cell.field == "People!C2")
        .expect("a cell");
    assert_eq!(
        (mail.record, mail.name.as_str(), mail.text.as_str()),
        (2, "mail", "a.quill@contoso.example")
    );
    let born = book
        .cells
        .iter()
        .find(|cell| cell.field == "People!E3")
        .expect("a cell");
    assert_eq!(
        (born.name.as_str(), born.text.as_str()),
        ("born", "1984-05-07")
    );
    assert!(
        book.cells
            .iter()
            .any(|cell| cell.field == "Hidden notes!C7")
    );
    assert!(book.unread.iter().any(|what| what.starts_with("comments")));
    assert!(matches!(
        workbook(BOOK.to_vec(), 300, &mut |_| false),
        Err(OfficeError::TooLarge(_))
    ));
    let letter = pdf(LETTER, LIMIT).expect("a document");
    assert!(letter.cells[0].text.contains("a.quill@contoso.example"));
    assert_eq!((letter.records, letter.unread.len()), (2, 1));
    assert!(matches!(pdf(LETTER, 100), Err(OfficeError::TooLarge(_))));
    assert!(matches!(pdf(LOCKED, LIMIT), Err(OfficeError::Encrypted)));
}
