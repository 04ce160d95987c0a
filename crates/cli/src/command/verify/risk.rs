//! Which fields of an output can single people out, and counting them.

use celador_verify::Risk;

use super::report::{FieldRiskReport, RiskReport};

/// Names of fields by which people are known without being named, in the
/// languages of the finder; compared with the last part of a path, as whole words.
const QUASI: &[&str] = &[
    "age",
    "edad",
    "alter",
    "idade",
    "eta",
    "leeftijd",
    "wiek",
    "年齢",
    "birthdate",
    "birthyear",
    "birthday",
    "birth",
    "dob",
    "yob",
    "born",
    "geburtsdatum",
    "geburtsjahr",
    "nacimiento",
    "naissance",
    "nascita",
    "nascimento",
    "geboortedatum",
    "urodzenia",
    "生年月日",
    "gender",
    "sex",
    "sexo",
    "geschlecht",
    "genre",
    "sesso",
    "geslacht",
    "plec",
    "性別",
    "zip",
    "zipcode",
    "postcode",
    "postalcode",
    "postal",
    "plz",
    "postleitzahl",
    "cp",
    "cap",
    "cep",
    "kodpocztowy",
    "郵便番号",
    "city",
    "town",
    "ciudad",
    "stadt",
    "ort",
    "ville",
    "citta",
    "cidade",
    "stad",
    "miasto",
    "市",
    "county",
    "region",
    "province",
    "state",
    "provincia",
    "bundesland",
    "departement",
    "estado",
    "country",
    "nationality",
    "nacionalidad",
    "nationalite",
    "ethnicity",
    "religion",
    "language",
    "job",
    "jobtitle",
    "occupation",
    "profession",
    "employer",
    "marital",
    "maritalstatus",
    "education",
];

/// Records whose fields are looked at before the quasi-identifiers are settled.
const LOOKED_AT: usize = 1000;
/// More fields than this would make nearly everybody unique, whatever they are.
const MOST: usize = 12;

/// Values of a part's records by field, for those fields that may matter.
#[derive(Default)]
pub(super) struct Columns(Vec<(u64, Vec<(String, String)>)>);

impl Columns {
    pub(super) fn note(&mut self, record: u64, field: &str, value: &str) {
        if field.is_empty() {
            return;
        }
        // Long texts are no category, and must not be held.
        let value = if value.len() <= 128 { value } else { "(long)" };
        let item = (field.to_owned(), value.to_owned());
        match self.0.last_mut() {
            Some((last, items)) if *last == record => items.push(item),
            _ => self.0.push((record, vec![item])),
        }
    }
}

/// Counts as records pass by; the first ones wait until the fields are known.
pub(super) struct Counter {
    asked: Vec<String>,
    waiting: Vec<Columns>,
    held: usize,
    risk: Option<Risk>,
    settled: bool,
}

impl Counter {
    /// For these fields, or for those that are recognised by name.
    pub(super) fn new(asked: &[String]) -> Self {
        Self {
            asked: asked.to_vec(),
            waiting: Vec::new(),
            held: 0,
            risk: None,
            settled: false,
        }
    }

    pub(super) fn take(&mut self, columns: Columns) {
        if self.settled {
            self.count(&columns);
            return;
        }
        self.held += columns.0.len();
        self.waiting.push(columns);
        if self.held >= LOOKED_AT {
            self.settle();
        }
    }

    pub(super) fn end(mut self) -> Option<Risk> {
        if !self.settled {
            self.settle();
        }
        self.risk
    }

    fn settle(&mut self) {
        self.settled = true;
        let mut fields = self.asked.clone();
        if fields.is_empty() {
            let seen = self
                .waiting
                .iter()
                .flat_map(|part| &part.0)
                .flat_map(|(_, items)| items);
            for (field, _) in seen {
                if fields.len() < MOST && !fields.contains(field) && is_quasi(field) {
                    fields.push(field.clone());
                }
            }
        }
        if !fields.is_empty() {
            self.risk = Some(Risk::new(fields));
        }
        for columns in std::mem::take(&mut self.waiting) {
            self.count(&columns);
        }
    }

    fn count(&mut self, columns: &Columns) {
        let Some(risk) = &mut self.risk else { return };
        for (_, items) in &columns.0 {
            let values: Vec<&str> = risk
                .fields()
                .iter()
                .map(|wanted| {
                    items
                        .iter()
                        .find(|(field, _)| field == wanted || last_part(field) == wanted.as_str())
                        .map_or("", |(_, value)| value.as_str())
                })
                .collect();
            if values.iter().any(|value| !value.is_empty()) {
                risk.record(&values);
            }
        }
    }
}

fn last_part(field: &str) -> &str {
    field.rsplit('.').next().unwrap_or(field)
}

/// Whether a field's name, or a word or two of it, is one of [`QUASI`].
fn is_quasi(field: &str) -> bool {
    let last = last_part(field);
    let mut words: Vec<String> = Vec::new();
    let mut before = ' ';
    for c in last.chars() {
        if !c.is_alphanumeric() {
            before = ' ';
            continue;
        }
        if before == ' ' || (c.is_uppercase() && before.is_lowercase()) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    let known = |word: &str| QUASI.contains(&word);
    words.iter().any(|word| known(word)) || words.windows(2).any(|pair| known(&pair.concat()))
}

impl From<&Risk> for RiskReport {
    fn from(risk: &Risk) -> Self {
        let report = risk.report();
        Self {
            fields: report
                .fields
                .into_iter()
                .map(|field| FieldRiskReport {
                    field: field.field,
                    distinct: field.distinct,
                    empty: field.empty,
                    alone_without: field.alone_without.map(Into::into),
                })
                .collect(),
            records: report.records,
            combinations: report.classes,
            k: report.k,
            exact: report.exact,
            alone: report.alone.map(Into::into),
            few: report.few.map(Into::into),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_fields_that_single_out() {
        for field in [
            "zip",
            "customer.postal_code",
            "birthYear",
            "user.date_of_birth",
            "address.city",
            "PLZ",
            "性別",
        ] {
            assert!(is_quasi(field), "{field}");
        }
        for field in [
            "message",
            "package",
            "status",
            "createdAt",
            "capacity",
            "id",
        ] {
            assert!(!is_quasi(field), "{field}");
        }
    }

    #[test]
    fn counts_what_was_named_or_recognised() {
        let mut counter = Counter::new(&[]);
        let mut columns = Columns::default();
        for (record, zip) in [(1, "10115"), (2, "10115"), (3, "20095")] {
            columns.note(record, "customer.zip", zip);
            columns.note(record, "text", "hello");
        }
        counter.take(columns);
        let report = counter.end().expect("a field is known").report();
        assert_eq!((report.records, report.k), (3, Some(1)));
        assert_eq!(report.fields[0].field, "customer.zip");
    }
}
