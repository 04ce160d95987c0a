//! Tables inside a text: what a column's name says of the cells below it.
//!
//! Rows of a spreadsheet that somebody pasted, `INSERT INTO t (a, b) VALUES (…)` and
//! PostgreSQL's `COPY t (a, b) FROM stdin` name their columns once, far from the
//! values. Each cell is given with the place of its column's name, as a field's value
//! is given with the field's name.
//!
//! Invariant: cells lie on character borders, inside their quotes, and are found in
//! time linear in the text. It does not undo what is escaped in a cell, and knows no
//! table whose names are in another text.

use std::sync::LazyLock;

use memchr::memmem;

/// Least columns of a table without a keyword that says it is one.
const LEAST: usize = 3;

/// Shortest text that is looked at, in bytes.
const SHORTEST: usize = 12;

/// Most columns that are kept.
const MOST: usize = 256;

/// Longest name of a column, in bytes.
const NAME: usize = 48;

/// Longest value of a statement, in bytes.
const VALUE: usize = 1 << 16;

/// A place in the text.
pub(crate) type Place = (usize, usize);

/// Memory for the table at work.
#[derive(Default)]
pub(crate) struct Work {
    names: Vec<Place>,
    row: Vec<Place>,
}

/// Calls with the place of each cell and of its column's name; `statement` where one
/// of SQL may be in the text.
pub(crate) fn cells(
    text: &str,
    statement: bool,
    work: &mut Work,
    mut visit: impl FnMut(Place, Place),
) {
    if statement {
        statements(text, &mut visit);
    }
    if text.len() >= SHORTEST {
        rows(text, work, &mut visit);
    }
}

/// Whether a text between two places is a column's name.
fn is_name(text: &str, (start, end): Place) -> bool {
    let name = text.get(start..end).unwrap_or("");
    (1..=NAME).contains(&name.len())
        && name.starts_with(char::is_alphabetic)
        && name
            .chars()
            .all(|ch| ch.is_alphanumeric() || matches!(ch, '_' | '-' | ' ' | '.' | '/' | '(' | ')'))
}

/// A place without the blanks and the quotes around it.
fn bare(text: &str, (start, end): Place) -> Place {
    let bytes = text.as_bytes();
    let (mut start, mut end) = (start, end);
    let blank = |byte: u8| matches!(byte, b' ' | b'\r' | b'\t');
    while start < end && blank(bytes[start]) {
        start += 1;
    }
    while start < end && blank(bytes[end - 1]) {
        end -= 1;
    }
    if end - start >= 2
        && matches!(bytes[start], b'"' | b'\'' | b'`')
        && bytes[end - 1] == bytes[start]
    {
        (start, end) = (start + 1, end - 1);
    }
    (start, end)
}

/// The cells of a line; `None` where a quote is not closed in it.
fn cut(bytes: &[u8], line: Place, sign: u8, out: &mut Vec<Place>) -> Option<()> {
    out.clear();
    let (mut at, mut from) = (line.0, line.0);
    let (mut quote, mut blank) = (None, true);
    while at < line.1 {
        let byte = bytes[at];
        match quote {
            Some(open) if byte == open => quote = None,
            // A quote inside a word is an apostrophe.
            None if matches!(byte, b'"' | b'\'') && blank => {
                quote = Some(byte);
            }
            None if byte == sign => {
                out.push((from, at));
                (from, blank) = (at + 1, true);
                at += 1;
                if out.len() > MOST {
                    return None;
                }
                continue;
            }
            _ => {}
        }
        blank &= byte == b' ';
        at += 1;
    }
    out.push((from, line.1));
    quote.is_none().then_some(())
}

/// Lines of cells below a line of names.
fn rows(text: &str, work: &mut Work, visit: &mut impl FnMut(Place, Place)) {
    let bytes = text.as_bytes();
    let Work { names, row } = work;
    // The sign between the cells of the table at work.
    let mut table = None;
    let mut begin = 0;
    for end in memchr::memchr_iter(b'\n', bytes).chain([bytes.len()]) {
        let line = (begin, end);
        begin = end + 1;
        if let Some(sign) = table {
            if cut(bytes, line, sign, row).is_some() && row.len() == names.len() {
                for (cell, name) in row.iter().zip(&*names) {
                    let cell = bare(text, *cell);
                    if cell.0 < cell.1 {
                        visit(cell, *name);
                    }
                }
                continue;
            }
            table = None;
        }
        // Names are short, and there are few.
        if end - line.0 > NAME * 64 {
            continue;
        }
        let own = bytes.get(line.0..end).unwrap_or(&[]);
        for sign in [b',', b';', b'\t', b'|'] {
            if memchr::memchr_iter(sign, own).take(LEAST - 1).count() < LEAST - 1
                || cut(bytes, line, sign, names).is_none()
            {
                continue;
            }
            for name in &mut *names {
                *name = bare(text, *name);
            }
            if names.iter().all(|name| is_name(text, *name)) {
                table = Some(sign);
                break;
            }
        }
    }
}

static INSERT: LazyLock<[memmem::Finder<'static>; 2]> =
    LazyLock::new(|| ["INSERT INTO ", "insert into "].map(memmem::Finder::new));
static COPY: LazyLock<memmem::Finder<'static>> = LazyLock::new(|| memmem::Finder::new("COPY "));

/// `INSERT INTO t (a, b) VALUES (…), (…)`, and `COPY t (a, b) FROM stdin;` with rows.
fn statements(text: &str, visit: &mut impl FnMut(Place, Place)) {
    let bytes = text.as_bytes();
    for finder in &*INSERT {
        let mut done = 0;
        for word in finder.find_iter(bytes) {
            if word >= done
                && let Some(end) = insert(text, word, visit)
            {
                done = end;
            }
        }
    }
    let mut done = 0;
    for word in COPY.find_iter(bytes) {
        if word >= done
            && let Some(end) = copy(text, word, visit)
        {
            done = end;
        }
    }
}

/// Whether a keyword in either case stands at a byte.
fn keyword(bytes: &[u8], at: usize, word: &[u8]) -> bool {
    bytes
        .get(at..at + word.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(word))
}

/// The names in brackets after a table's name, and where they end.
fn columns(text: &str, at: usize) -> Option<(Vec<Place>, usize)> {
    let bytes = text.as_bytes();
    let head = bytes.get(at..(at + 200).min(bytes.len()))?;
    let open = at + memchr::memchr(b'(', head)? + 1;
    let own = bytes.get(open..(open + NAME * 64).min(bytes.len()))?;
    let close = open + memchr::memchr(b')', own)?;
    let mut names = Vec::new();
    cut(bytes, (open, close), b',', &mut names)?;
    for name in &mut names {
        *name = bare(text, *name);
    }
    names
        .iter()
        .all(|name| is_name(text, *name))
        .then_some((names, close + 1))
}

fn skip(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
        at += 1;
    }
    at
}

fn insert(text: &str, word: usize, visit: &mut impl FnMut(Place, Place)) -> Option<usize> {
    let bytes = text.as_bytes();
    let (names, end) = columns(text, word)?;
    let mut at = skip(bytes, end);
    if !keyword(bytes, at, b"values") {
        return None;
    }
    at += "values".len();
    loop {
        at = skip(bytes, at);
        if bytes.get(at) != Some(&b'(') {
            return Some(at);
        }
        let (end, closed) = tuple(text, at + 1, &names, visit);
        at = skip(bytes, end);
        if !closed || bytes.get(at) != Some(&b',') {
            return Some(at);
        }
        at += 1;
    }
}

/// The values up to a closing bracket: where that ends, or where the text or a value
/// too long to be one does, and whether it closed.
fn tuple(
    text: &str,
    mut at: usize,
    names: &[Place],
    visit: &mut impl FnMut(Place, Place),
) -> (usize, bool) {
    let bytes = text.as_bytes();
    let mut names = names.iter();
    let mut from = at;
    let mut quoted = false;
    let mut depth = 0u32;
    while let Some(&byte) = bytes.get(at)
        && at - from < VALUE
    {
        match byte {
            b'\\' if quoted => at += 1,
            // Two of them are one, and do no harm.
            b'\'' => quoted = !quoted,
            _ if quoted => {}
            b'(' => depth += 1,
            b')' if depth > 0 => depth -= 1,
            sign @ (b',' | b')') if depth == 0 => {
                let cell = bare(text, (from, at));
                if let Some(name) = names.next()
                    && cell.0 < cell.1
                {
                    visit(cell, *name);
                }
                from = at + 1;
                if sign == b')' {
                    return (from, true);
                }
            }
            _ => {}
        }
        at += 1;
    }
    (at.min(bytes.len()), false)
}

fn copy(text: &str, word: usize, visit: &mut impl FnMut(Place, Place)) -> Option<usize> {
    let bytes = text.as_bytes();
    let (names, end) = columns(text, word)?;
    let at = skip(bytes, end);
    if !keyword(bytes, at, b"from stdin") {
        return None;
    }
    let mut begin = at + memchr::memchr(b'\n', bytes.get(at..)?)? + 1;
    let mut row = Vec::new();
    while let Some(rest) = bytes.get(begin..).filter(|rest| !rest.is_empty()) {
        let end = begin + memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let mut from = begin;
        row.clear();
        for tab in memchr::memchr_iter(b'\t', bytes.get(begin..end)?) {
            row.push((from, begin + tab));
            from = begin + tab + 1;
        }
        row.push((from, end));
        if row.len() != names.len() {
            break;
        }
        for (cell, name) in row.iter().zip(&names) {
            if cell.0 < cell.1 {
                visit(*cell, *name);
            }
        }
        begin = end + 1;
    }
    Some(begin)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(&str, &str)> {
        let mut out = Vec::new();
        cells(text, true, &mut Work::default(), |(a, b), (c, d)| {
            out.push((text.get(c..d).unwrap_or(""), text.get(a..b).unwrap_or("")));
        });
        out
    }

    #[test]
    fn rows_below_names() {
        assert_eq!(
            found("see:\nid,login,\"date of birth\"\n7,\"jdoe, 84\",1981-05-03\r\nend"),
            [
                ("id", "7"),
                ("login", "jdoe, 84"),
                ("date of birth", "1981-05-03")
            ]
        );
        assert_eq!(found("a;b\n1;2"), []);
        assert_eq!(found("Hello, dear, friend\nall is well"), []);
        assert_eq!(
            found("id\tname\tplate\n1\tO'Neil\t\n"),
            [("id", "1"), ("name", "O'Neil")]
        );
    }

    #[test]
    fn statements_name_their_columns() {
        assert_eq!(
            found("insert into u (id, `login`) VALUES (1, 'it''s'),\n (2, f('a', 3)), (3"),
            [
                ("id", "1"),
                ("login", "it''s"),
                ("id", "2"),
                ("login", "f('a', 3)")
            ]
        );
        assert_eq!(
            found("COPY public.u (id, dob) FROM stdin;\n1\t1981-05-03\n\\.\n"),
            [("id", "1"), ("dob", "1981-05-03")]
        );
        assert_eq!(found("INSERT INTO u VALUES (1, 2)"), []);
        assert_eq!(found("insert into (("), []);
    }
}
