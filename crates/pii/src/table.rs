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
        markup(text, work, &mut visit);
    }
}

/// Whether a text between two places is a column's name.
fn is_name(text: &str, (start, end): Place) -> bool {
    let name = text.get(start..end).unwrap_or("");
    (1..=NAME).contains(&name.len())
        && name.starts_with(char::is_alphabetic)
        && name.chars().all(|ch| {
            ch.is_alphanumeric()
                || matches!(
                    ch,
                    '_' | '-' | ' ' | '.' | '/' | '(' | ')' | '\'' | '’' | '°' | '#'
                )
        })
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

/// The sign of a table whose cells two blanks and more part.
const BLANKS: u8 = b' ';

/// The cells of a line that two blanks and more part.
fn aligned(bytes: &[u8], line: Place, out: &mut Vec<Place>) -> Option<()> {
    out.clear();
    let (mut at, mut from) = (line.0, line.0);
    while at < line.1 {
        let blanks = bytes[at..line.1]
            .iter()
            .take_while(|byte| **byte == b' ')
            .count();
        if blanks >= 2 || blanks == 1 && at + 1 == line.1 {
            if from < at {
                out.push((from, at));
            }
            from = at + blanks;
            if out.len() > MOST {
                return None;
            }
        }
        at += blanks.max(1);
    }
    if from < line.1 {
        out.push((from, line.1));
    }
    Some(())
}

/// The cells of a line by the sign between them.
fn by(bytes: &[u8], line: Place, sign: u8, out: &mut Vec<Place>) -> Option<()> {
    match sign {
        BLANKS => aligned(bytes, line, out),
        // A Markdown row has one at both ends.
        b'|' => {
            let own = bytes.get(line.0..line.1)?;
            let lead = own.iter().take_while(|byte| **byte == b' ').count();
            let tail = own
                .iter()
                .rev()
                .take_while(|byte| matches!(byte, b' ' | b'\r'))
                .count();
            if lead + tail + 2 <= own.len()
                && own[lead] == b'|'
                && own[own.len() - tail - 1] == b'|'
            {
                cut(bytes, (line.0 + lead + 1, line.1 - tail - 1), sign, out)
            } else {
                cut(bytes, line, sign, out)
            }
        }
        _ => cut(bytes, line, sign, out),
    }
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
            if by(bytes, line, sign, row).is_some() && row.len() == names.len() {
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
        for sign in [b',', b';', b'\t', b'|', BLANKS] {
            if memchr::memchr_iter(sign, own).take(LEAST - 1).count() < LEAST - 1
                || by(bytes, line, sign, names).is_none()
                || names.len() < LEAST
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

/// Elements that lay out a page and say nothing of what is in them.
const LAYOUT: &[&str] = &[
    "a",
    "article",
    "b",
    "blockquote",
    "body",
    "br",
    "button",
    "caption",
    "code",
    "div",
    "em",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "html",
    "i",
    "label",
    "li",
    "main",
    "nav",
    "ol",
    "option",
    "p",
    "pre",
    "script",
    "section",
    "select",
    "small",
    "span",
    "strong",
    "style",
    "sub",
    "sup",
    "table",
    "tbody",
    "text",
    "thead",
    "title",
    "tr",
    "tspan",
    "tt",
    "u",
    "ul",
    "value",
];

/// Longest name of an element, in bytes.
const ELEMENT: usize = 64;

/// `<th>IMEI</th> … <td>…</td>`, `<dt>Plate</dt><dd>…</dd>`, `<iban>…</iban>`: what the
/// markup of a page or a document calls its values.
fn markup(text: &str, work: &mut Work, visit: &mut impl FnMut(Place, Place)) {
    let bytes = text.as_bytes();
    if memmem::find(bytes, b"</").is_none() {
        return;
    }
    let Work { names, row } = work;
    names.clear();
    row.clear();
    // The names of this row, the term before a description, the cell's number.
    let mut term = None;
    let mut column = 0;
    let mut headed = false;
    let mut done = 0;
    for open in memchr::memchr_iter(b'<', bytes) {
        if open < done {
            continue;
        }
        let head = bytes.get(open + 1..(open + 1 + ELEMENT).min(bytes.len()));
        let Some(head) = head else { break };
        let closes = head.first() == Some(&b'/');
        let from = open + 1 + usize::from(closes);
        let own = bytes
            .get(from..(from + ELEMENT).min(bytes.len()))
            .unwrap_or(&[]);
        let length = own
            .iter()
            .take_while(|byte| {
                byte.is_ascii_alphanumeric()
                    || **byte >= 0x80
                    || matches!(byte, b'_' | b'-' | b'.' | b':')
            })
            .count();
        let Some(element) = text
            .get(from..from + length)
            .filter(|name| !name.is_empty())
        else {
            continue;
        };
        let is = |name: &str| element.eq_ignore_ascii_case(name);
        if is("tr") || is("table") {
            if closes && is("tr") && !headed && row.len() >= 2 && column == 0 {
                std::mem::swap(names, row);
            }
            if is("table") {
                names.clear();
            }
            row.clear();
            (column, headed) = (0, false);
            continue;
        }
        if closes {
            continue;
        }
        // What stands up to the next tag, if that closes the element.
        let Some(inner) = element_text(bytes, from + length) else {
            continue;
        };
        let after = bytes.get(inner.1 + 2..inner.1 + 2 + length);
        let closed = bytes.get(inner.1 + 1) == Some(&b'/')
            && after.is_some_and(|name| name.eq_ignore_ascii_case(element.as_bytes()));
        let value = bare(text, inner);
        if is("th") {
            row.push(value);
            term = Some(value);
            headed = column > 0;
        } else if is("dt") {
            term = Some(value);
        } else if is("td") {
            let name = if row.is_empty() {
                names.get(column).copied()
            } else {
                headed = true;
                row.last().copied()
            };
            column += 1;
            if let Some(name) = name.filter(|name| is_name(text, *name) && value.0 < value.1) {
                visit(value, name);
            }
        } else if is("dd") {
            if let Some(name) = term
                .take()
                .filter(|name| is_name(text, *name) && value.0 < value.1)
            {
                visit(value, name);
            }
        } else if closed && value.0 < value.1 && !LAYOUT.iter().any(|layout| is(layout)) {
            visit(value, (from, from + length));
        }
        if row.len() > MOST {
            row.clear();
        }
        done = inner.1;
    }
}

/// The text of the element whose name ends at a byte, up to the next tag.
fn element_text(bytes: &[u8], at: usize) -> Option<Place> {
    let rest = bytes.get(at..(at + 256).min(bytes.len()))?;
    let begin = at + memchr::memchr2(b'>', b'<', rest)?;
    if bytes.get(begin) != Some(&b'>') || bytes.get(begin.wrapping_sub(1)) == Some(&b'/') {
        return None;
    }
    let inner = bytes.get(begin + 1..(begin + 1 + VALUE).min(bytes.len()))?;
    let end = begin + 1 + memchr::memchr(b'<', inner)?;
    Some((begin + 1, end))
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
    fn tables_of_markup() {
        assert_eq!(
            found("| id | IMEI | plate |\n|---|---|---|\n| 7 | 35 | AB 1 |\n"),
            [
                ("id", "---"),
                ("IMEI", "---"),
                ("plate", "---"),
                ("id", "7"),
                ("IMEI", "35"),
                ("plate", "AB 1")
            ]
        );
        assert_eq!(
            found("name         born        town\nAnna Roth    1981-05-03  Bad Ems\n"),
            [
                ("name", "Anna Roth"),
                ("born", "1981-05-03"),
                ("town", "Bad Ems")
            ]
        );
        assert_eq!(
            found(
                "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td><b>x</b></td></tr><tr><td></td><td>2</td></tr></table>"
            ),
            [("a", "1"), ("b", "2")]
        );
        assert_eq!(
            found("<dl><dt>IBAN</dt><dd> DE1 </dd></dl><tr><th>c</th><td>3</td></tr>"),
            [("IBAN", "DE1"), ("c", "3")]
        );
        assert_eq!(
            found("<row><order_no>7</order_no><p>x</p><a/><b:imei x=\"1\">35</b:imei></row>"),
            [("order_no", "7"), ("b:imei", "35")]
        );
        assert_eq!(found("a < b and </ c > d"), []);
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
