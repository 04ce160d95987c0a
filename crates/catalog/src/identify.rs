//! Recognises products by the names and tags of machines.
//!
//! Names are cut into words at anything that is not a letter or digit, between
//! letters and digits, and before a capital that follows a small letter, so
//! `es-1`, `es1` and `prodEsData` hold the word `es` and `files-1` does not.
//! Neighbouring words are also tried together, so `mongo-express` is itself and
//! not MongoDB. The longest match wins; two products with equally long matches
//! leave the product open.

use crate::Catalog;

/// What a name or a tag says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identified {
    /// The product; `None` when it is a data store of an unknown kind.
    pub product: Option<String>,
    /// Why, for people.
    pub because: String,
}

/// Tags whose value says what a machine is for.
const TELLING_TAGS: &[&str] = &[
    "celador:product",
    "celador-product",
    "celador.product",
    "celador:store",
    "product",
    "service",
    "app",
    "application",
    "role",
    "store",
    "datastore",
    "database",
    "engine",
    "workload",
    "component",
];

/// Words that say "data store" and not which.
const GENERIC: &[&str] = &["database", "db", "datastore", "sql"];

/// Lower case, letters and digits only.
pub(crate) fn folded(word: &str) -> String {
    word.chars()
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// The words of a name, in lower case.
fn words(name: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut last: Option<char> = None;
    for letter in name.chars() {
        let border = last.is_none_or(|before| {
            !before.is_alphanumeric()
                || before.is_ascii_digit() != letter.is_ascii_digit()
                || (before.is_lowercase() && letter.is_uppercase())
        });
        if letter.is_alphanumeric() {
            match out.last_mut() {
                Some(word) if !border => word.extend(letter.to_lowercase()),
                _ => out.push(letter.to_lowercase().collect()),
            }
        }
        last = Some(letter);
    }
    out
}

enum Found {
    Product(String, String),
    Several(String),
    Generic(String),
}

impl Catalog {
    /// What a machine's names and tags say; a tag counts before a name.
    pub fn identify(&self, names: &[&str], tags: &[(String, String)]) -> Option<Identified> {
        let mut generic: Option<Identified> = None;
        let telling = TELLING_TAGS.iter().flat_map(|wanted| {
            tags.iter()
                .filter(move |(key, _)| key.eq_ignore_ascii_case(wanted))
                .map(|(key, value)| (format!("tag {key}={value}"), value.as_str()))
        });
        let named = names.iter().map(|name| (format!("name {name}"), *name));
        for (what, text) in telling.chain(named) {
            match self.find(text) {
                None => {}
                Some(Found::Product(id, word)) => {
                    return Some(Identified {
                        product: Some(id),
                        because: format!("{what} has the word {word}"),
                    });
                }
                Some(Found::Several(word) | Found::Generic(word)) => {
                    generic.get_or_insert(Identified {
                        product: None,
                        because: format!("{what} has the word {word}"),
                    });
                }
            }
        }
        generic
    }

    fn find(&self, text: &str) -> Option<Found> {
        let words = words(text);
        let mut best: Option<(usize, String, Vec<usize>)> = None;
        for start in 0..words.len() {
            for end in start + 1..=words.len().min(start + 4) {
                let joined = words[start..end].concat();
                if let Some(products) = self.by_word.get(&joined)
                    && best
                        .as_ref()
                        .is_none_or(|(length, ..)| joined.len() > *length)
                {
                    best = Some((joined.len(), joined, products.iter().copied().collect()));
                }
            }
        }
        match best {
            Some((_, word, products)) => Some(match products.as_slice() {
                [only] => Found::Product(self.products[*only].id.clone(), word),
                _ => Found::Several(word),
            }),
            None => words
                .into_iter()
                .find(|word| GENERIC.contains(&word.as_str()))
                .map(Found::Generic),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(
        clippy::option_option,
        reason = "no store, a store, a store of a known product"
    )]
    fn check(names: &[&str], tags: &[(&str, &str)], expect: Option<Option<&str>>) {
        let tags: Vec<_> = tags
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect();
        let got = Catalog::embedded()
            .identify(names, &tags)
            .map(|found| found.product);
        assert_eq!(
            got.as_ref().map(Option::as_deref),
            expect,
            "{names:?} {tags:?}"
        );
    }

    #[test]
    fn whole_words_only() {
        check(&["es-1"], &[], Some(Some("elasticsearch")));
        check(&["es1"], &[], Some(Some("elasticsearch")));
        check(&["prodEsData"], &[], Some(Some("elasticsearch")));
        check(&["files-1"], &[], None);
        check(&["best-vm"], &[], None);
    }

    #[test]
    fn the_longest_match_wins() {
        check(&["mongo-express"], &[], Some(Some("mongo-express")));
        check(
            &["opensearch-dashboards-1"],
            &[],
            Some(Some("opensearch-dashboards")),
        );
    }

    #[test]
    fn a_tag_counts_before_a_name() {
        check(&["es-1"], &[("Product", "redis")], Some(Some("redis")));
        check(&["vm-7"], &[("color", "redis")], None);
    }

    #[test]
    fn a_generic_word_leaves_the_product_open() {
        check(&["orders-db-1"], &[], Some(None));
    }
}
