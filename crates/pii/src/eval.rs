//! How good a set of spans is on a labelled corpus.
//!
//! Offsets are characters. A labelled value is *found* when a span of its class
//! covers at least half of the two together. Of whatever class the spans are, it
//! *leaks* when a letter or digit of it is covered by none, and is *readable* when
//! fewer than half of them are covered. A document is clean when nothing leaks.
//! An innocent value is destroyed when a span touches a letter or digit of it.
//!
//! Holds counts, never a value.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::Class;

/// A labelled value or a span that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// First character.
    pub start: usize,
    /// The character after the last.
    pub end: usize,
    /// Its class.
    pub class: Class,
    /// How it is written, where the corpus says so.
    pub form: Option<String>,
}

/// A value that is no personal data, or whose class is not known here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Other {
    /// First character.
    pub start: usize,
    /// The character after the last.
    pub end: usize,
    /// What it is: a version, a hash; or the class's name in the corpus.
    pub kind: String,
}

/// A labelled document.
#[derive(Debug, Clone, Default)]
pub struct Labels {
    /// Values of known classes.
    pub values: Vec<Label>,
    /// Values of classes that are not known here: counted and neither right nor wrong.
    pub unknown: Vec<Other>,
    /// Values that must survive.
    pub innocent: Vec<Other>,
}

/// Counts for one class or form.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Score {
    /// Labelled values.
    pub labelled: u64,
    /// Of them, found.
    pub found: u64,
    /// Of them, with a letter or digit that no span covers.
    pub leaking: u64,
    /// Of them, with fewer than half of the letters and digits covered.
    pub readable: u64,
    /// Spans that were given.
    pub given: u64,
    /// Of them, on a labelled value of their class.
    pub right: u64,
}

impl Score {
    /// Found of labelled; none without any.
    pub fn recall(&self) -> Option<f64> {
        ratio(self.found, self.labelled)
    }

    /// Right of given; none without any.
    pub fn precision(&self) -> Option<f64> {
        ratio(self.right, self.given)
    }

    /// Recall counted twice as heavy as precision.
    pub fn f2(&self) -> Option<f64> {
        let (precision, recall) = (self.precision()?, self.recall()?);
        Some(if precision + recall > 0.0 {
            5.0 * precision * recall / (4.0 * precision + recall)
        } else {
            0.0
        })
    }

    fn merge(&mut self, other: &Self) {
        self.labelled += other.labelled;
        self.found += other.found;
        self.leaking += other.leaking;
        self.readable += other.readable;
        self.given += other.given;
        self.right += other.right;
    }
}

/// Values that must survive, of one kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Survival {
    /// How many.
    pub values: u64,
    /// Of them, touched by a span.
    pub destroyed: u64,
}

/// The whole evaluation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Evaluation {
    /// Documents read.
    pub documents: u64,
    /// Of them, those in which nothing leaks.
    pub clean_documents: u64,
    /// Letters and digits of labelled values.
    pub labelled_characters: u64,
    /// Of them, covered by no span.
    pub leaked_characters: u64,
    /// Characters without a label.
    pub innocent_characters: u64,
    /// Of them, letters and digits covered by a span.
    pub destroyed_characters: u64,
    /// All classes together.
    pub total: Score,
    /// By class.
    pub classes: BTreeMap<Class, Score>,
    /// By class and form; `given` and `right` are not known by form.
    pub forms: BTreeMap<(Class, String), Score>,
    /// Innocent values by kind.
    pub innocent: BTreeMap<String, Survival>,
    /// Spans that touch no labelled value, by their class.
    pub false_spans: BTreeMap<Class, u64>,
    /// Labels of classes that are not known here, by name.
    pub unknown: BTreeMap<String, u64>,
}

impl Evaluation {
    /// Adds one document. Spans need not be sorted.
    pub fn add(&mut self, text: &str, labels: &Labels, spans: &[Label]) {
        self.documents += 1;
        let letters: Vec<bool> = text.chars().map(char::is_alphanumeric).collect();
        let length = letters.len();
        let clip =
            |start: usize, end: usize| start.min(length)..end.min(length).max(start.min(length));
        let mut covered = vec![false; length];
        for span in spans {
            covered[clip(span.start, span.end)].fill(true);
        }
        let mut labelled = vec![false; length];
        let mut neutral = vec![false; length];
        for value in &labels.values {
            labelled[clip(value.start, value.end)].fill(true);
        }
        for value in &labels.unknown {
            neutral[clip(value.start, value.end)].fill(true);
            *self.unknown.entry(value.kind.clone()).or_default() += 1;
        }
        let count = |range: Range<usize>, covered_only: bool| {
            range
                .filter(|&at| letters[at] && (!covered_only || covered[at]))
                .count()
        };
        let mut clean = true;
        for value in &labels.values {
            let range = clip(value.start, value.end);
            let (all, hidden) = (count(range.clone(), false), count(range, true));
            let add = Score {
                labelled: 1,
                found: u64::from(spans.iter().any(|span| is_same(value, span))),
                leaking: u64::from(hidden < all),
                readable: u64::from(hidden * 2 < all),
                ..Score::default()
            };
            clean &= hidden == all;
            let form = value.form.as_deref().unwrap_or("unnamed").to_owned();
            self.total.merge(&add);
            self.classes.entry(value.class).or_default().merge(&add);
            self.forms
                .entry((value.class, form))
                .or_default()
                .merge(&add);
        }
        for span in spans {
            let range = clip(span.start, span.end);
            if range.clone().any(|at| neutral[at]) && !range.clone().any(|at| labelled[at]) {
                continue;
            }
            let add = Score {
                given: 1,
                right: u64::from(labels.values.iter().any(|value| is_same(value, span))),
                ..Score::default()
            };
            self.total.merge(&add);
            self.classes.entry(span.class).or_default().merge(&add);
            if !range.clone().any(|at| labelled[at]) {
                *self.false_spans.entry(span.class).or_default() += 1;
            }
        }
        self.clean_documents += u64::from(clean);
        for at in 0..length {
            if labelled[at] {
                self.labelled_characters += u64::from(letters[at]);
                self.leaked_characters += u64::from(letters[at] && !covered[at]);
            } else if !neutral[at] {
                self.innocent_characters += 1;
                self.destroyed_characters += u64::from(letters[at] && covered[at]);
            }
        }
        for value in &labels.innocent {
            let entry = self.innocent.entry(value.kind.clone()).or_default();
            entry.values += 1;
            entry.destroyed += u64::from(count(clip(value.start, value.end), true) > 0);
        }
    }

    /// Adds what another one counted.
    pub fn merge(&mut self, other: &Self) {
        self.documents += other.documents;
        self.clean_documents += other.clean_documents;
        self.labelled_characters += other.labelled_characters;
        self.leaked_characters += other.leaked_characters;
        self.innocent_characters += other.innocent_characters;
        self.destroyed_characters += other.destroyed_characters;
        self.total.merge(&other.total);
        for (class, score) in &other.classes {
            self.classes.entry(*class).or_default().merge(score);
        }
        for (form, score) in &other.forms {
            self.forms.entry(form.clone()).or_default().merge(score);
        }
        for (kind, survival) in &other.innocent {
            let entry = self.innocent.entry(kind.clone()).or_default();
            entry.values += survival.values;
            entry.destroyed += survival.destroyed;
        }
        for (class, count) in &other.false_spans {
            *self.false_spans.entry(*class).or_default() += count;
        }
        for (name, count) in &other.unknown {
            *self.unknown.entry(name.clone()).or_default() += count;
        }
    }

    /// Innocent values of every kind.
    pub fn survival(&self) -> Survival {
        let mut all = Survival::default();
        for survival in self.innocent.values() {
            all.values += survival.values;
            all.destroyed += survival.destroyed;
        }
        all
    }
}

fn is_same(value: &Label, span: &Label) -> bool {
    let both = value
        .end
        .min(span.end)
        .saturating_sub(value.start.max(span.start));
    let either = value
        .end
        .max(span.end)
        .saturating_sub(value.start.min(span.start));
    value.class == span.class && both * 2 >= either && both > 0
}

/// `part / whole`; none of nothing.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// The class that a corpus calls by this name: ours, or those of other tools
/// (the entities of Presidio, scrubadub and others).
pub fn class_of(name: &str) -> Option<Class> {
    let name = name.trim().to_ascii_lowercase().replace(['-', ' '], "_");
    if let Ok(class) = name.parse() {
        return Some(class);
    }
    Some(match name.as_str() {
        "email_address" | "mail" | "e_mail" => Class::Email,
        "phone_number" | "telephone" | "tel" | "phonenumber" => Class::Phone,
        "ip" | "ipv4" | "ipv6" | "ipaddress" | "ip_addr" => Class::IpAddress,
        "mac" => Class::MacAddress,
        "credit_card" | "creditcard" | "credit_card_number" | "card" | "pan" | "cc" => {
            Class::PaymentCard
        }
        "iban_code" => Class::Iban,
        "swift" | "swift_code" | "bic_code" => Class::Bic,
        "us_bank_number"
        | "bank_account_number"
        | "account_number"
        | "aba_routing_number"
        | "aba_routing"
        | "routing_number" => Class::BankAccount,
        "us_ssn"
        | "ssn"
        | "social_security_number"
        | "uk_nino"
        | "es_nif"
        | "es_nie"
        | "it_fiscal_code"
        | "it_identity_card"
        | "pl_pesel"
        | "sg_nric_fin"
        | "in_aadhaar"
        | "in_voter"
        | "fi_personal_identity_code"
        | "kr_rrn"
        | "th_tnin"
        | "national_insurance_number"
        | "id_number"
        | "identity_number"
        | "national_id_number"
        | "de_id_card" => Class::NationalId,
        "us_itin"
        | "au_tfn"
        | "au_abn"
        | "au_acn"
        | "in_pan"
        | "in_gstin"
        | "tax_number"
        | "tax_reference_number"
        | "trn"
        | "de_tax_id" => Class::TaxId,
        "uk_nhs" | "au_medicare" | "medical_license" | "us_mbi" | "us_npi" => Class::HealthId,
        "it_vat_code" | "vat_number" | "vat_id" => Class::Vat,
        "us_passport" | "it_passport" | "in_passport" | "uk_passport" | "passport_number" => {
            Class::Passport
        }
        "us_driver_license" | "it_driver_license" | "drivers_licence" | "driver_license"
        | "drivers_license" | "driving_license" => Class::DrivingLicence,
        "vehicle_licence_plate" | "license_plate" | "licence_plate" | "in_vehicle_registration" => {
            Class::Plate
        }
        "dob" | "birth_date" | "birthdate" => Class::DateOfBirth,
        "gps" | "geo" | "lat_lon" | "latlong" | "coordinate" => Class::Coordinates,
        "user_name" | "twitter" | "skype" | "handle" => Class::Username,
        "credential" | "password" | "api_key" | "token" | "private_key" | "secret_key" => {
            Class::Secret
        }
        "crypto" | "bitcoin" | "wallet" => Class::CryptoWallet,
        "name" | "per" | "full_name" | "first_name" | "last_name" | "person_name" => Class::Person,
        "street_address" | "postal_address" | "street" => Class::Address,
        "location" | "gpe" | "loc" | "city" => Class::Place,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(start: usize, end: usize, class: Class) -> Label {
        Label {
            start,
            end,
            class,
            form: None,
        }
    }

    fn other(start: usize, end: usize, kind: &str) -> Other {
        Other {
            start,
            end,
            kind: kind.to_owned(),
        }
    }

    #[test]
    fn counts_what_is_found_and_what_leaks() {
        let text = "aaaaaaaaaa bbbbbbbb, v1.2 cc; dd";
        let labels = Labels {
            values: vec![
                label(0, 10, Class::Email),
                label(11, 20, Class::Phone),
                label(26, 28, Class::Vat),
            ],
            unknown: vec![other(30, 32, "SHOE_SIZE")],
            innocent: vec![other(21, 25, "version")],
        };
        let spans = [
            label(0, 8, Class::Email),
            // The comma is left: nothing of the value leaks.
            label(11, 19, Class::Email),
            label(24, 25, Class::Phone),
            label(30, 32, Class::Phone),
        ];
        let mut all = Evaluation::default();
        all.add(text, &labels, &spans);
        assert_eq!((all.documents, all.clean_documents), (1, 0));
        assert_eq!((all.labelled_characters, all.leaked_characters), (20, 4));
        assert_eq!(all.destroyed_characters, 1);
        assert_eq!(
            all.survival(),
            Survival {
                values: 1,
                destroyed: 1
            }
        );
        let email = all.classes[&Class::Email];
        assert_eq!((email.found, email.leaking, email.readable), (1, 1, 0));
        assert_eq!((email.given, email.right), (2, 1));
        assert_eq!(email.precision(), Some(0.5));
        let phone = all.classes[&Class::Phone];
        assert_eq!((phone.found, phone.leaking, phone.given), (0, 0, 1));
        assert_eq!(all.classes[&Class::Vat].readable, 1);
        assert_eq!(all.unknown["SHOE_SIZE"], 1);
        assert_eq!(all.false_spans[&Class::Phone], 1);
        let mut twice = all.clone();
        twice.merge(&all);
        assert_eq!(twice.total.labelled, 2 * all.total.labelled);
    }

    #[test]
    fn nonsense_offsets_are_harmless() {
        let labels = Labels {
            values: vec![label(5, 2, Class::Email), label(90, 99, Class::Email)],
            ..Labels::default()
        };
        let mut all = Evaluation::default();
        all.add(
            "abc",
            &labels,
            &[label(7, 3, Class::Phone), label(2, 900, Class::Phone)],
        );
        assert_eq!(all.documents, 1);
    }

    #[test]
    fn other_tools_names_are_known() {
        for (name, class) in [
            ("EMAIL_ADDRESS", Some(Class::Email)),
            ("email", Some(Class::Email)),
            ("US_SSN", Some(Class::NationalId)),
            ("Credit-Card", Some(Class::PaymentCard)),
            ("SHOE_SIZE", None),
        ] {
            assert_eq!(class_of(name), class, "{name}");
        }
    }
}
