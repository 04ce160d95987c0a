//! One pass over a text: from what the marks show to spans.
//!
//! A mark is only a question. Each is asked of the recogniser that it can begin,
//! which walks outwards from it and says how far it has looked, so that nothing
//! is read twice. What may be a disguise opens a window, whose plain reading
//! ([`crate::shadow`]) gets a pass of its own.
//!
//! It does not settle what overlaps; [`crate::scanner`] does.

use crate::chain;
use crate::class::Class;
use crate::lexicon::{Context, Surroundings, topic};
use crate::marks::{BATCH, BLOCK, Marks};
use crate::rules::{Rules, Slot};
use crate::scanner::{Inner, Span};
use crate::triggers::STATEMENT;
use crate::{address, date, email, phone, shadow, spoken, tld};

/// Bytes between a label and its value: `: `, ` number is `.
const LABEL: usize = 24;

/// The same, where nothing else stands between them.
const CLOSE: usize = 6;

/// Bytes around a disguise that are read plainly with it: what it may belong to,
/// and the words that speak for it.
const WINDOW: usize = 112;

/// Bytes around a word for `@` that an address may take.
const WORDED: usize = 160;

/// Bytes that a pattern may match in before its trigger, and after.
const BEFORE: usize = 256;
const AFTER: usize = 8192;
/// A pattern without anchors is run in steps, over the step and so much after it:
/// a search that finds little can cost the square of what it looks at.
const STEP: usize = 1024;
const REACH: usize = 2048;

/// Longest value of a setting, in bytes.
const SETTING: usize = 256;

/// Least length of a run that may be a key or a wallet, and the most that is
/// looked back for its beginning.
const LONG: usize = 16;
const LOOK_BACK: usize = 256;

/// What a pass fills and uses; kept between texts so that nothing is allocated.
#[derive(Default)]
pub(crate) struct Work {
    pub(crate) spans: Vec<Span>,
    pub(crate) windows: Vec<(usize, usize)>,
    pub(crate) context: Context,
    /// The marks of the blocks at work.
    batch: Option<Box<[Marks; BATCH]>>,
    mails: Vec<email::Match>,
    phones: Vec<phone::Match>,
    addresses: Vec<address::Match>,
    births: Vec<(usize, usize)>,
    groups: Vec<chain::Group>,
    /// Literals that are no other mark's, and their rules.
    literals: Vec<(usize, Option<u16>)>,
    /// Rules whose pattern has been searched for, and up to where.
    searched: Vec<(u16, usize)>,
    /// A statement may name the columns of what follows it.
    pub(crate) statement: bool,
    /// The first place where digits may be written as words.
    pub(crate) spoken: Option<usize>,
}

/// What a block has to know of the one before.
#[derive(Default)]
struct Carried {
    /// Where runs of one, two, four and eight of a key's characters end.
    keys: [u64; 4],
    /// Where runs of one to four capitals end.
    capitals: [u64; 4],
}

/// Where runs end that are longer by `shift`, of runs that are at least as long:
/// those of a block, and `before` of the one before it, which is replaced.
fn longer(run: u64, before: &mut u64, shift: u32) -> u64 {
    let earlier = run << shift | *before >> (64 - shift);
    *before = run;
    run & earlier
}

/// A pass in progress.
pub(crate) struct Pass<'a> {
    inner: &'a Inner,
    text: &'a str,
    /// Whose value the text is, by its name or path.
    field: &'a str,
    bytes: &'a [u8],
    work: &'a mut Work,
    /// Whether the text is a plain reading already.
    plain: bool,
    mails_to: usize,
    chains_to: usize,
    colons_to: usize,
    long_to: usize,
    window_to: usize,
    literals_to: usize,
    /// The next place that is asked for digits as words.
    spoken_at: usize,
}

impl<'a> Pass<'a> {
    pub(crate) fn new(
        inner: &'a Inner,
        text: &'a str,
        field: &'a str,
        plain: bool,
        work: &'a mut Work,
    ) -> Self {
        work.spans.clear();
        work.windows.clear();
        work.searched.clear();
        work.literals.clear();
        work.spoken = None;
        work.statement = false;
        work.context.reset(&inner.rules.lexicon, field);
        Self {
            inner,
            text,
            field,
            bytes: text.as_bytes(),
            work,
            plain,
            mails_to: 0,
            chains_to: 0,
            colons_to: 0,
            long_to: 0,
            window_to: 0,
            literals_to: 0,
            spoken_at: spoken::STRIDE / 2,
        }
    }

    pub(crate) fn run(mut self) {
        let mut batch = self.work.batch.take().unwrap_or_default();
        let mut base = 0;
        let mut carried = Carried::default();
        while let Some(rest) = self.bytes.get(base..).filter(|rest| !rest.is_empty()) {
            let prints = self.rules().words.prints();
            let count = self.inner.engine.mark(rest, prints, &mut batch);
            for marks in batch.iter().take(count) {
                self.block(marks, base, &mut carried);
                base += BLOCK;
            }
        }
        self.work.batch = Some(batch);
        // Last: what stands in a mail address that is found is no word for `@`.
        self.mails_to = 0;
        for index in 0..self.work.literals.len() {
            let (at, rule) = self.work.literals[index];
            self.literal(at, rule);
        }
        if !self.plain {
            self.patterns();
        }
        if !self.field.is_empty() {
            self.of_setting();
        }
    }

    /// The value of a field that is called as a setting is: `login`, `password`. Its
    /// rules are asked as if both stood in a line.
    fn of_setting(&mut self) {
        let rules = self.rules();
        let Some((_, owners)) = rules.keys.before(self.field, self.field.len()) else {
            return;
        };
        if self.text.len() > SETTING || self.text.contains('\n') {
            return;
        }
        let name = self.field.rsplit('.').next().unwrap_or(self.field);
        let line = format!("{name}: {}", self.text);
        let lead = line.len() - self.text.len();
        for &index in owners {
            let rule = rules.rule(index);
            let found = rule
                .pattern
                .as_ref()
                .and_then(|pattern| pattern.captures(&line));
            let Some(value) = found.as_ref().and_then(|found| found.name("value")) else {
                continue;
            };
            if value.start() >= lead
                && !rule.placeholder(value.as_str())
                && rule.checks(value.as_str().as_bytes())
            {
                let (start, end) = (value.start() - lead, value.end() - lead);
                let score = rule.plain_score(b"", false);
                self.push(start, end, rule.class, score, index);
            }
        }
    }

    fn block(&mut self, marks: &Marks, base: usize, carried: &mut Carried) {
        // Runs of sixteen and more: bits whose fifteen predecessors are set too.
        let key = marks.digit | marks.alpha | marks.joint;
        let long = carried
            .keys
            .iter_mut()
            .zip([1, 2, 4, 8])
            .fold(key, |run, (before, shift)| longer(run, before, shift));
        each(marks.at, base, |at| {
            self.sign(at);
            let rules = self.rules();
            rules
                .words
                .sign(self.bytes, at, |rule| self.literal(at, Some(rule)));
        });
        each(marks.at_word, base, |at| self.at_word(at));
        let mut digits = marks.digit;
        while digits != 0 {
            let at = base + digits.trailing_zeros() as usize;
            digits &= digits - 1;
            if at >= self.chains_to {
                self.digits(at);
            }
            if self.chains_to >= base + BLOCK {
                break;
            }
            digits &= !0u64 << (self.chains_to.saturating_sub(base)).min(63);
        }
        each(marks.assign, base, |at| self.assign(at));
        each(long, base, |at| {
            if at >= self.long_to {
                self.long(at);
            }
        });
        self.capitals(marks, base, carried);
        each(marks.escape, base, |at| {
            let words = &self.rules().words;
            words.bracket(self.bytes, at, |rule| self.literal(at, Some(rule)));
            if !self.plain && at >= self.window_to && shadow::is_escape(self.bytes, at) {
                self.window(at);
            }
        });
        each(marks.literal, base, |at| {
            if at >= self.literals_to
                && let Some((length, rule)) = self.rules().words.rest(self.bytes, at)
            {
                self.literals_to = at + length;
                self.work.literals.push((at, rule));
            }
        });
        self.high(marks.high, base);
        while self.spoken_at < base + BLOCK {
            let letters = marks.alpha | marks.high;
            if self.work.spoken.is_none()
                && spoken::may(self.text, letters, marks.high, base, self.spoken_at)
            {
                self.work.spoken = Some(self.spoken_at);
            }
            self.spoken_at += spoken::STRIDE;
        }
    }

    /// Characters beyond ASCII.
    #[inline(never)]
    fn high(&mut self, mut high: u64, base: usize) {
        let words = &self.rules().words;
        while high != 0 {
            let at = base + high.trailing_zeros() as usize;
            high &= high - 1;
            // The rest of a character of the last block.
            let Some(ch) = self.text.get(at..).and_then(|tail| tail.chars().next()) else {
                continue;
            };
            words.wide(self.bytes, at, ch, |at, rule| self.literal(at, rule));
            let done = at + ch.len_utf8() - base;
            high &= if done < BLOCK { !0 << done } else { 0 };
            // Most are letters of Western Europe.
            let western = matches!(ch, '\u{c0}'..='\u{ff}');
            if !western && !self.plain && shadow::harmless(self.text, at).is_none() {
                self.window(at);
            }
        }
    }

    /// A literal of a rule's pattern, or a word for `@`.
    #[inline(never)]
    fn literal(&mut self, at: usize, rule: Option<u16>) {
        match rule {
            None if at >= self.mails_to => self.worded(at),
            Some(STATEMENT) => self.work.statement = true,
            Some(index) => {
                let longest = self.rules().rule(index).longest.unwrap_or(AFTER).min(AFTER);
                let searched = &mut self.work.searched;
                let place = searched.iter().position(|(rule, _)| *rule == index);
                let place = place.unwrap_or_else(|| {
                    searched.push((index, 0));
                    searched.len() - 1
                });
                // The last search has read every match that this one could.
                if let Some((_, to)) = searched.get_mut(place) {
                    if at + longest <= *to {
                        return;
                    }
                    *to = at + longest;
                }
                // The character on either side, for a word's border.
                let before = (longest + 4).min(BEFORE);
                self.pattern(index, at.saturating_sub(before), at, longest + 4);
            }
            None => {}
        }
    }

    fn rules(&self) -> &'a Rules {
        &self.inner.rules
    }

    fn push(&mut self, start: usize, end: usize, class: Class, score: u8, rule: u16) {
        if start < end && score > 0 {
            self.work.spans.push(Span {
                start,
                end,
                class,
                score,
                rule,
            });
        }
    }

    fn coded(&self, name: &str) -> u16 {
        self.inner.coded(name)
    }

    /// An `@`.
    #[inline(never)]
    fn sign(&mut self, at: usize) {
        if at < self.mails_to {
            return;
        }
        let text = self.text;
        if let Some(found) = email::at_sign(text, at, &mut self.surroundings(0)) {
            // A sign out of brackets may be prose: the domain's end must be known.
            let end = self.text.get(at..found.end).unwrap_or("");
            let end = end.rsplit(['.', ' ', '\n']).next().unwrap_or("");
            if self.plain && found.rule == "email" && !tld::known(end) {
                return;
            }
            self.mails_to = found.end;
            let rule = self.coded(found.rule);
            self.push(found.start, found.end, Class::Email, found.score, rule);
        }
    }

    /// The first sign of ` at `, `_at_` or `-at-`.
    #[inline(never)]
    fn at_word(&mut self, at: usize) {
        let sign = self.bytes.get(at);
        if sign != Some(&b' ') {
            let joined = self.bytes.get(at + 3) == sign && shadow::is_joined_at(self.bytes, at);
            if joined && !self.plain {
                self.window(at);
            } else if !joined && self.bytes.get(at + 3) == sign && at >= self.mails_to {
                self.worded(at);
            }
            return;
        }
        if !matches!(self.bytes.get(at + 3), Some(b' ' | b'\n')) {
            return;
        }
        let after = self.bytes.get(at + 4..).unwrap_or(&[]);
        let after = after.get(..after.len().min(72)).unwrap_or(&[]);
        let dotted = after.windows(3).any(|three| match three {
            [b'.', next, _] => next.is_ascii_alphanumeric(),
            [b' ' | b'[' | b'(', b'.', _]
            | [b'd' | b'D', b'o' | b'O', b't' | b'T']
            | [
                b'p' | b'P',
                b'u' | b'U' | b'o' | b'O',
                b'n' | b'N' | b'i' | b'I',
            ]
            | [b'k' | b'K', b'r' | b'R', b'o' | b'O'] => true,
            _ => false,
        });
        if dotted && at >= self.mails_to {
            self.worded(at);
        }
    }

    fn worded(&mut self, at: usize) {
        let from = floor(self.text, at.saturating_sub(WORDED)).max(self.mails_to);
        let to = floor(self.text, (at + WORDED).min(self.text.len()));
        let Some(slice) = self.text.get(from..to) else {
            return;
        };
        let mut mails = std::mem::take(&mut self.work.mails);
        mails.clear();
        email::with_words(
            slice,
            at.saturating_sub(from),
            &mut self.surroundings(from),
            &mut mails,
        );
        for found in &mails {
            let rule = self.coded(found.rule);
            self.mails_to = from + found.end;
            self.push(
                from + found.start,
                from + found.end,
                Class::Email,
                found.score,
                rule,
            );
        }
        self.work.mails = mails;
    }

    /// The first digit that nothing has looked at.
    #[inline(never)]
    fn digits(&mut self, at: usize) {
        let bytes = self.bytes;
        self.after_ideograph(at);
        let alone = lone(bytes, at);
        if alone > 0 {
            self.chains_to = at + alone;
            return;
        }
        if let Some(end) = instant_end(bytes, at) {
            self.chains_to = end;
            self.colons_to = self.colons_to.max(end);
            self.birth(at, at + 13);
            return;
        }
        if let Some(end) = guid_end(bytes, at) {
            self.chains_to = end;
            return;
        }
        let mut groups = std::mem::take(&mut self.work.groups);
        chain::around(self.text, at, &mut groups);
        let Some((first, last)) = groups.first().zip(groups.last()) else {
            // A group that is too long, or a part of a word.
            self.chains_to = at + word_length(bytes, at);
            self.work.groups = groups;
            return;
        };
        let (start, end, last) = (first.start, last.end, last.start);
        // Where the first group with a digit begins: a word may stand before it.
        let number = groups
            .iter()
            .find(|group| bytes[group.start..group.end].iter().any(u8::is_ascii_digit))
            .map_or(start, |group| group.start);
        self.chains_to = end.max(at + 1);
        let mut total = 0;
        let mut count = 0;
        let mut letter_o = false;
        for byte in bytes.get(start..end).unwrap_or(&[]) {
            total += usize::from(byte.is_ascii_alphanumeric());
            count += usize::from(byte.is_ascii_digit());
            letter_o |= byte | 0x20 == b'o';
        }
        // An address is nothing else.
        // Each run of digits may begin one: the chain may have a word before (`IP`).
        let mut taken = false;
        for group in &groups {
            let before = |back: usize| group.start.checked_sub(back).and_then(|at| bytes.get(at));
            let goes_on = match before(1) {
                Some(b'.' | b':') => true,
                // A sign, unless something stands before it.
                Some(b'-') => before(2).is_some_and(u8::is_ascii_alphanumeric),
                _ => false,
            };
            let begins = bytes.get(group.start).is_some_and(u8::is_ascii_digit)
                || matches!(group.end - group.start, 2 | 4)
                    && bytes[group.start..group.end]
                        .iter()
                        .all(u8::is_ascii_hexdigit);
            if !begins || goes_on {
                continue;
            }
            let first = group.start <= number;
            if total >= 4 && matches!(bytes.get(group.end), Some(b'.' | b'-')) {
                taken |= self.network(group.start, end) && first;
            }
            if let Some(length) = address::loose_quad(self.text, group.start) {
                let rule = self.coded("ipv4");
                let last = group.start + length;
                self.push(group.start, last, Class::IpAddress, 85, rule);
                self.chains_to = self.chains_to.max(last);
                taken |= last >= end && first;
            }
        }
        if total >= 5 && !taken && !is_instant(bytes, start, end) {
            self.identifiers(&groups);
            if count >= 7 && self.inner.wants(Class::Phone) {
                self.phone(start, end);
            }
        }
        // "(0782)-667580": the area's code alone is a chain.
        let bracketed = count < 7 && bytes.get(end) == Some(&b')');
        if bracketed && count >= 2 && self.inner.wants(Class::Phone) {
            self.phone(start, end);
        }
        if date::may(bytes, &groups, number, end) {
            self.birth(number, end);
        }
        if bytes.get(end..end + 2) == Some(&[0xc2, 0xb0]) {
            // Not the word before it, as in `GPS 40°`.
            self.degrees(last);
        }
        if letter_o && !self.plain && chain::has_letter_o(bytes, start, end) {
            self.window(at);
        }
        self.work.groups = groups;
    }

    /// Numbers that ideographs begin, such as a Japanese plate's.
    fn after_ideograph(&mut self, at: usize) {
        let head = self.bytes.get(..at).unwrap_or(&[]);
        let ([.., 0x80..=0xff] | [.., 0x80..=0xff, b' ']) = head else {
            return;
        };
        let before = self.text.get(..at).unwrap_or("").trim_end_matches(' ');
        let han = |ch: char| matches!(u32::from(ch), 0x2e80..=0x9fff | 0xf900..=0xfaff | 0x20000..);
        if at - before.len() <= 1 && before.chars().next_back().is_some_and(han) {
            for &rule in &self.rules().ideographic {
                self.pattern(rule, at.saturating_sub(24), at, 64);
            }
        }
    }

    /// Dotted quads, dashed hardware addresses and coordinates.
    /// Whether one of them is all there is.
    #[inline(never)]
    fn network(&mut self, start: usize, end: usize) -> bool {
        let bytes = self.bytes;
        let part = |byte: &&u8| byte.is_ascii_hexdigit() || matches!(**byte, b'.' | b'-');
        let before = bytes.get(start.saturating_sub(18)..start).unwrap_or(&[]);
        let left = before.iter().rev().take_while(part).count();
        let run = bytes.get(start - left..).unwrap_or(&[]);
        let length = run.iter().take(64).take_while(part).count();
        let (run, rest) = run.split_at(length);
        let count = |sign: u8| run.split(|byte| *byte == sign).count() - 1;
        let (dots, dashes) = (count(b'.'), count(b'-'));
        let pair = dots >= 1 && matches!(rest, [b',', ..] | [0xc2, 0xb0, ..]);
        if dots == 1 && dashes == 0 && left == 0 && length == end - start {
            self.lone_coordinate(start, end);
        }
        if dots < 3 && !(dots == 2 && length >= 14) && dashes < 5 && !pair {
            return false;
        }
        // Coordinates are a pair; an address is all in its run.
        let beyond = if pair { 48 } else { 8 };
        let from = floor(self.text, (start - left).saturating_sub(8));
        let to = (start - left + length).max(end) + beyond;
        let to = floor(self.text, to.min(self.text.len()));
        let before = self.work.spans.len();
        self.addresses(from, to, start, end);
        let found = self.work.spans.get(before..).unwrap_or(&[]);
        found
            .iter()
            .any(|span| span.start <= start && span.end >= end)
    }

    /// `40°26′46″N 79°58′56″W`.
    fn degrees(&mut self, start: usize) {
        if let Some((start, end)) = address::degrees(self.text, start) {
            self.chains_to = self.chains_to.max(end);
            let rule = self.coded("coordinates");
            self.push(start, end, Class::Coordinates, 90, rule);
        }
    }

    /// `"lat": 40.41678`: one of the two numbers of coordinates, right after its name.
    fn lone_coordinate(&mut self, start: usize, end: usize) {
        let bytes = self.bytes;
        let signed = matches!(
            start.checked_sub(1).and_then(|at| bytes.get(at)),
            Some(b'-' | b'+')
        );
        let start = start - usize::from(signed);
        let number = self.text.get(start..end).unwrap_or("");
        let decimals = number.split_once('.').map_or(0, |(_, tail)| tail.len());
        let fits = number
            .parse::<f64>()
            .is_ok_and(|value| value.abs() <= 180.0);
        if !fits || !(3..=12).contains(&decimals) {
            return;
        }
        let near = self
            .work
            .context
            .before(&self.inner.rules.lexicon, self.text, start);
        if near.distance(topic::PLACE).is_some_and(|far| far <= CLOSE) {
            let rule = self.coded("coordinates");
            self.push(start, end, Class::Coordinates, 80, rule);
        }
    }

    fn addresses(&mut self, from: usize, to: usize, start: usize, end: usize) {
        let Some(slice) = self.text.get(from..to) else {
            return;
        };
        let mut found = std::mem::take(&mut self.work.addresses);
        found.clear();
        address::find(slice, &mut self.surroundings(from), &mut found);
        for one in &found {
            let (first, last) = (from + one.start, from + one.end);
            // What touches the window's border may be longer.
            let whole = (first > from || from == 0) && (last < to || to == self.text.len());
            if whole && first < end && last > start {
                let rule = self.coded(one.rule);
                self.push(first, last, one.class, one.score, rule);
            }
        }
        self.work.addresses = found;
    }

    /// Rules with shapes.
    #[inline(never)]
    fn identifiers(&mut self, groups: &[chain::Group]) {
        let rules = self.rules();
        let (text, bytes) = (self.text, self.bytes);
        let work = &mut *self.work;
        let (context, spans) = (&mut work.context, &mut work.spans);
        let dates = chain::dates(bytes, groups);
        let begins = groups.first().map_or(0, |group| group.start);
        // A word speaks of the first number after it, not of a later one.
        let number = |from: usize, to: usize| {
            let between = bytes.get(from..to).unwrap_or(&[]);
            between.iter().any(u8::is_ascii_digit)
        };
        let spent = |start: usize, far: usize| number(start.saturating_sub(far), start);
        for first in 0..groups.len() {
            chain::from_group(text, groups, first, |candidate| {
                let length = candidate.canonical.len();
                let Some(shapes) = rules.shapes(length, candidate.digits) else {
                    return;
                };
                let fits = |slot: &Slot| slot.fits(candidate.digits);
                if !shapes.alone.iter().any(fits) && !shapes.named.iter().any(fits) {
                    return;
                }
                let (start, end) = (candidate.start, candidate.end);
                let cut = |date: &(usize, usize)| start < date.1 && date.0 < end;
                let holds = |date: &(usize, usize)| start < date.0 && date.1 < end;
                if dates.iter().any(|date| cut(date) && !holds(date)) {
                    return;
                }
                let near = context.near(&rules.lexicon, text, start, end);
                let printed = bytes.get(start..end).unwrap_or(&[]);
                // But all of its digits that are chained.
                let against = || {
                    let against = near.against();
                    against.filter(|far| !number(start.saturating_sub(*far), begins))
                };
                let mut known = None;
                let called = if near.may_any(&shapes.owners) {
                    shapes.named.as_slice()
                } else {
                    &[]
                };
                let called = called.iter().filter(|slot| near.may(slot.rule));
                for slot in shapes.alone.iter().chain(called) {
                    if !fits(slot) {
                        continue;
                    }
                    let rule = rules.rule(slot.rule);
                    // Most are told by their check digits.
                    let accepted = rule.accepts(candidate.canonical, printed);
                    if !accepted && (rule.unchecked_score == 0 || !near.may(slot.rule)) {
                        continue;
                    }
                    let against = *known.get_or_insert_with(against);
                    let label = near
                        .distance(slot.rule)
                        .filter(|far| against.is_none_or(|other| *far <= other));
                    let label = label.filter(|far| {
                        !rule.needs_context()
                            || !spent(start, *far)
                                && near
                                    .after(slot.rule)
                                    .is_none_or(|place| speaks_back(bytes, end, place))
                    });
                    let mut score = 0;
                    if accepted {
                        score = match label {
                            Some(far) => rule
                                .context_score
                                .saturating_sub(u8::try_from(far / 16).unwrap_or(5)),
                            None if against.is_some()
                                || chain::in_a_longer_code(bytes, candidate) =>
                            {
                                0
                            }
                            None => rule.plain_score(printed, is_column(bytes, start, end)),
                        };
                    }
                    let score = if score > 0 {
                        score
                    } else if rule.unchecked_score > 0
                        && label.is_some_and(|far| {
                            far <= LABEL
                                && !spent(start, far)
                                && rule.is_printed_like(candidate.canonical, printed, far <= CLOSE)
                        })
                        && !chain::in_a_longer_code(bytes, candidate)
                    {
                        rule.unchecked_score
                    } else {
                        0
                    };
                    if score > 0 {
                        spans.push(Span {
                            start,
                            end,
                            class: rule.class,
                            score,
                            rule: slot.rule,
                        });
                    }
                }
            });
        }
    }

    #[inline(never)]
    fn phone(&mut self, start: usize, end: usize) {
        let text = self.text;
        let mut found = std::mem::take(&mut self.work.phones);
        found.clear();
        let expected = &self.inner.regions;
        phone::find(
            text,
            start..end,
            &mut self.surroundings(0),
            expected,
            &mut found,
        );
        for one in &found {
            if one.start < end && one.end > start {
                self.chains_to = self.chains_to.max(one.end);
                let rule = self.coded(one.rule);
                self.push(one.start, one.end, Class::Phone, one.score, rule);
            }
        }
        self.work.phones = found;
    }

    /// The context words of the text from a byte on.
    fn surroundings(&mut self, base: usize) -> Surroundings<'_> {
        Surroundings {
            context: &mut self.work.context,
            lexicon: &self.inner.rules.lexicon,
            text: self.text,
            base,
        }
    }

    #[inline(never)]
    fn birth(&mut self, start: usize, end: usize) {
        // Only what stands before it counts.
        let lexicon = &self.inner.rules.lexicon;
        let near = self.work.context.before(lexicon, self.text, start);
        let told = near.distance(topic::BIRTH).filter(|far| *far <= 48);
        // "am 22.12.1957 geboren", "1957年12月22日生まれ".
        let tail = self.text.get(end..).unwrap_or("");
        let tail = tail.trim_start_matches([' ', '日']);
        let born = tail.starts_with("geboren") || tail.starts_with("生まれ");
        let Some(distance) = told.or(born.then_some(0)) else {
            return;
        };
        // The word speaks of the first value after it: "born 1 May 1980, seen on…".
        let word = start.saturating_sub(distance);
        let taken = |span: &Span| span.start >= word && span.end <= start && span.score >= 50;
        if self.work.spans.iter().rev().take(4).any(taken) {
            return;
        }
        let from = floor(self.text, start.saturating_sub(24));
        let to = floor(self.text, (end + 32).min(self.text.len()));
        let Some(slice) = self.text.get(from..to) else {
            return;
        };
        let mut births = std::mem::take(&mut self.work.births);
        births.clear();
        date::dates(slice, &mut births);
        for &(first, last) in &births {
            let (first, last) = (from + first, from + last);
            if first < end && last > start {
                self.chains_to = self.chains_to.max(last);
                let rule = self.coded("date-of-birth");
                self.push(first, last, Class::DateOfBirth, 90, rule);
            }
        }
        self.work.births = births;
    }

    /// A `:` or `=`: an address with colons, a URL, or a setting.
    #[inline(never)]
    fn assign(&mut self, at: usize) {
        let bytes = self.bytes;
        let byte = bytes.get(at);
        // As after most keys of JSON, and in most prose.
        let ends = matches!(
            bytes.get(at + 1..at + 3),
            Some([b' ' | b'"' | b'\n' | b'[' | b'{', _] | [b't' | b'n', b'r' | b'u'])
        );
        let begins = at > 0 && matches!(bytes.get(at - 1), Some(b'"' | b' ' | b'g'..=b'z'));
        if byte == Some(&b':') && at >= self.colons_to && !(ends && begins) {
            let part = |byte: &u8| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.');
            let before = bytes.get(at.saturating_sub(48)..at).unwrap_or(&[]);
            let after = bytes.get(at + 1..bytes.len().min(at + 49)).unwrap_or(&[]);
            let left = before.iter().rev().take_while(|byte| part(byte)).count();
            let right = after.iter().take_while(|byte| part(byte)).count();
            let (start, end) = (at - left, at + 1 + right);
            let run = bytes.get(start..end).unwrap_or(&[]);
            let colons = run.split(|byte| *byte == b':').count() - 1;
            // A path of a program: `Vec::new`.
            let inner = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
            let inner = inner(run.first())
                && inner(start.checked_sub(1).and_then(|at| bytes.get(at)))
                || inner(run.last()) && inner(bytes.get(end));
            if inner {
                // Nothing that is an address.
            } else if colons >= 5 || run.windows(2).any(|pair| pair == b"::") {
                let from = floor(self.text, start.saturating_sub(4));
                let to = floor(self.text, (end + 4).min(self.text.len()));
                self.addresses(from, to, start, end);
            }
            self.colons_to = end;
            let scheme = at > 0 && bytes[at - 1].is_ascii_alphanumeric();
            if scheme && bytes.get(at + 1..at + 3) == Some(b"//") {
                for &rule in &self.rules().urls {
                    let from = floor(self.text, at.saturating_sub(24));
                    self.pattern(rule, from, at, 1024);
                }
            }
        }
        if !self.plain
            && byte == Some(&b'=')
            && at >= self.window_to
            && shadow::is_quoted(bytes, at)
        {
            self.window(at);
        }
        let rules = self.rules();
        if let Some((start, owners)) = rules.keys.before(self.text, at) {
            for &rule in owners {
                self.pattern(rule, start, at, 512);
            }
        }
    }

    /// The sixteenth character of a run that may be a key.
    #[inline(never)]
    fn long(&mut self, at: usize) {
        let bytes = self.bytes;
        let part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        let mut start = at + 1 - LONG;
        while start > 0 && at - start < LOOK_BACK && part(bytes[start - 1]) {
            start -= 1;
        }
        let mut end = at;
        while end < bytes.len() && part(bytes[end]) {
            end += 1;
        }
        self.long_to = end;
        let rules = self.rules();
        if rules.starts.is_empty() || end - start == GUID && guid_end(bytes, start).is_some() {
            return;
        }
        // A token may begin after a `.` or `-` that is not its own.
        let mut begin = start;
        loop {
            let token = bytes.get(begin..end).unwrap_or(&[]);
            for rule in rules.starts.of(token) {
                self.start(rule, begin);
            }
            let next = token
                .iter()
                .take(LOOK_BACK)
                .position(|byte| matches!(byte, b'.' | b'-'));
            match next {
                Some(sign) if begin - start < LOOK_BACK => begin += sign + 1,
                _ => break,
            }
            if end - begin < LONG {
                break;
            }
        }
        self.wrapped(start, end);
    }

    /// A long token that a line's end breaks.
    fn wrapped(&mut self, start: usize, end: usize) {
        let bytes = self.bytes;
        let gap = match bytes.get(end..) {
            Some([b'\n', ..]) => 1,
            Some([b'\r', b'\n', ..]) => 2,
            _ => return,
        };
        let from = end + gap;
        let more = bytes
            .get(from..)
            .unwrap_or(&[])
            .iter()
            .take(LOOK_BACK)
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
            .count();
        if !(LONG / 2..LOOK_BACK).contains(&more) || end - start > LOOK_BACK {
            return;
        }
        let (Some(head), Some(tail)) =
            (self.text.get(start..end), self.text.get(from..from + more))
        else {
            return;
        };
        // What either line holds alone was found already.
        let joined = [head, tail].concat();
        let rules = self.rules();
        for index in rules.starts.of(joined.as_bytes()) {
            let rule = rules.rule(index);
            let Some(pattern) = &rule.start else { continue };
            let Some(captures) = pattern.captures(&joined) else {
                continue;
            };
            let Some(found) = captures.name("value").or_else(|| captures.get(0)) else {
                continue;
            };
            let (first, last) = (found.start(), found.end());
            if first < head.len()
                && last > head.len()
                && !rule.placeholder(found.as_str())
                && rule.checks(found.as_str().as_bytes())
            {
                let score = rule.plain_score(b"", false);
                self.push(start + first, last + start + gap, rule.class, score, index);
            }
        }
    }

    /// Three capitals and more may begin a literal; eight are a bank's code or a
    /// passport's that has no digit.
    fn capitals(&mut self, marks: &Marks, base: usize, carried: &mut Carried) {
        let capital = marks.alpha & !marks.small;
        let [one, two, three, four] = &mut carried.capitals;
        let second = capital << 2 | *one >> 62;
        let pair = longer(capital, one, 1);
        let triple = pair & second;
        let third = triple & !(triple << 1 | *three >> 63);
        *three = triple;
        let run = longer(longer(pair, two, 2), four, 2);
        if triple == 0 {
            return;
        }
        let words = &self.rules().words;
        each(third, base, |third| {
            let mut at = third - 2;
            while self.bytes.get(at).is_some_and(u8::is_ascii_uppercase) {
                words.capitals(self.bytes, at, |rule| self.literal(at, rule));
                at += 1;
            }
        });
        if run == 0 {
            return;
        }
        let mut done = 0;
        each(run, base, |at| {
            if at < done {
                return;
            }
            let start = at
                - self
                    .bytes
                    .get(at.saturating_sub(12)..at)
                    .unwrap_or(&[])
                    .iter()
                    .rev()
                    .take_while(|byte| byte.is_ascii_alphanumeric())
                    .count();
            let length = word_length(self.bytes, start);
            done = start + length;
            if matches!(length, 8 | 9 | 11) {
                let groups = [chain::Group {
                    start,
                    end: done,
                    joined: false,
                }];
                self.identifiers(&groups);
            }
        });
    }

    /// A user's patterns.
    fn patterns(&mut self) {
        let rules = self.rules();
        if let Some(anchors) = &rules.anchors {
            for anchor in anchors.find_overlapping_iter(self.text) {
                let rule = rules.anchored[anchor.pattern().as_usize()];
                let from = anchor.start().saturating_sub(BEFORE);
                self.pattern(rule, from, anchor.start(), AFTER);
            }
        }
        for &rule in &rules.free {
            self.everywhere(rule);
        }
    }

    /// Runs a rule's pattern over the whole text.
    fn everywhere(&mut self, index: u16) {
        let rule = self.rules().rule(index);
        let Some(pattern) = &rule.pattern else { return };
        let text = self.text;
        // Where the next match may begin.
        let mut at = 0;
        let mut step = 0;
        while step < text.len() {
            let next = floor(text, step + STEP);
            let to = floor(text, next + REACH);
            let head = text.get(..to).unwrap_or("");
            while at < next
                && let Some(captures) = pattern.captures_at(head, at)
                && let Some(whole) = captures.get(0)
                && whole.start() < next
            {
                at = whole.end();
                if whole.is_empty() {
                    at += head
                        .get(at..)
                        .and_then(|rest| rest.chars().next())
                        .map_or(1, char::len_utf8);
                } else {
                    self.matched(index, &captures, 0);
                }
            }
            at = at.max(next);
            step = next;
        }
    }

    /// Runs a rule's pattern from `from` to `after` bytes behind `at`.
    fn pattern(&mut self, index: u16, from: usize, at: usize, after: usize) {
        let rule = self.rules().rule(index);
        let Some(pattern) = &rule.pattern else { return };
        if rule.needs_context() {
            let near = self
                .work
                .context
                .near(&self.inner.rules.lexicon, self.text, at, at);
            if !near.has(index) {
                return;
            }
        }
        let from = floor(self.text, from);
        let to = floor(self.text, at.saturating_add(after).min(self.text.len()));
        // Each place is searched once for a rule, however many triggers it has.
        let last = self.work.spans.iter().rev().take(8);
        let from = match last.clone().find(|span| span.rule == index) {
            Some(last) if last.end > at => return,
            Some(last) => from.max(last.end),
            None => from,
        };
        let Some(slice) = self.text.get(from..to) else {
            return;
        };
        // Groups need memory: only what matches is asked for them.
        if !pattern.is_match(slice) {
            return;
        }
        for captures in pattern.captures_iter(slice) {
            // The group named `value`, where only a part is the secret.
            self.matched(index, &captures, from);
        }
    }

    /// Runs a rule's pattern on a token that has one of its beginnings.
    fn start(&mut self, index: u16, at: usize) {
        let rule = self.rules().rule(index);
        let Some(pattern) = &rule.start else { return };
        let to = floor(self.text, (at + AFTER).min(self.text.len()));
        let Some(slice) = self.text.get(at..to) else {
            return;
        };
        if !pattern.is_match(slice) {
            return;
        }
        if let Some(captures) = pattern.captures(slice) {
            self.matched(index, &captures, at);
        }
    }

    /// What a rule's pattern found, counted from `from`.
    fn matched(&mut self, index: u16, captures: &regex::Captures<'_>, from: usize) {
        let rule = self.rules().rule(index);
        // The group named `value`, where only a part is the secret.
        let Some(found) = captures.name("value").or_else(|| captures.get(0)) else {
            return;
        };
        if rule.placeholder(found.as_str()) || !rule.checks(found.as_str().as_bytes()) {
            return;
        }
        let (start, end) = (from + found.start(), from + found.end());
        let near = !rule.context.is_empty()
            && self
                .work
                .context
                .near(&self.inner.rules.lexicon, self.text, start, end)
                .has(index);
        let score = if near {
            rule.context_score
        } else {
            rule.plain_score(b"", false)
        };
        self.push(start, end, rule.class, score, index);
    }

    /// Opens a window, or widens the last one.
    #[inline(never)]
    fn window(&mut self, at: usize) {
        let start = border_before(self.text, at.saturating_sub(WINDOW));
        let end = border_after(self.text, (at + WINDOW).min(self.text.len()));
        self.window_to = at + WINDOW / 2;
        match self.work.windows.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ => self.work.windows.push((start, end)),
        }
    }
}

/// Calls for every bit of a mask.
fn each(mut mask: u64, base: usize, mut visit: impl FnMut(usize)) {
    while mask != 0 {
        visit(base + mask.trailing_zeros() as usize);
        mask &= mask - 1;
    }
}

/// The length of a word, which is read no farther than matters.
fn word_length(bytes: &[u8], at: usize) -> usize {
    bytes
        .get(at..)
        .unwrap_or(&[])
        .iter()
        .take(BLOCK)
        .take_while(|byte| byte.is_ascii_alphanumeric())
        .count()
}

/// Whether a candidate is lines of a column of numbers: it has a line's end
/// inside, and begins its first line and ends its last.
fn is_column(bytes: &[u8], start: usize, end: usize) -> bool {
    let printed = bytes.get(start..end).unwrap_or(&[]);
    let first = start == 0 || bytes.get(start - 1) == Some(&b'\n');
    let last = matches!(bytes.get(end), None | Some(b'\n' | b'\r'));
    first && last && printed.contains(&b'\n')
}

/// Whether a word after a value can speak of it, and not of what follows: "A12
/// is my passport", but not "A12; passport: B34".
fn speaks_back(bytes: &[u8], end: usize, word: (usize, usize)) -> bool {
    let between = bytes.get(end..word.0).unwrap_or(&[]);
    let after = bytes.get(word.1..).unwrap_or(&[]);
    let after = after.get(..after.len().min(16)).unwrap_or(&[]);
    !between
        .iter()
        .any(|byte| matches!(byte, b';' | b',' | b'.' | b'\n'))
        && !after
            .iter()
            .any(|byte| byte.is_ascii_digit() || matches!(byte, b':' | b'='))
}

/// How many digits, four at most, stand for themselves, as most do in prose and
/// JSON: nothing that could join them is near. 0 where something may be.
fn lone(bytes: &[u8], at: usize) -> usize {
    let head = bytes.get(..at).unwrap_or(&[]);
    let bracket = head.last() == Some(&b'(');
    let alone = match head {
        [.., b':' | b',' | b'"' | b'(' | b'['] | [] => true,
        [.., before, b' '] => before.is_ascii_lowercase() || matches!(before, b':' | b',' | b'.'),
        // "planner-10"
        [.., first, second, b'-'] => first.is_ascii_lowercase() && second.is_ascii_lowercase(),
        _ => false,
    };
    if !alone {
        return 0;
    }
    let tail = bytes.get(at..).unwrap_or(&[]);
    let tail = tail.get(..tail.len().min(8)).unwrap_or(&[]);
    let count = tail.iter().take_while(|byte| byte.is_ascii_digit()).count();
    // A year may be a date's.
    if count > 4 || count == 4 && matches!(tail, [b'1', b'9', ..] | [b'2', b'0', ..]) {
        return 0;
    }
    let ends = match tail.get(count..).unwrap_or(&[]) {
        [b')', ..] => count <= 2 || !bracket,
        rest => matches!(
            rest,
            [] | [b',' | b'"' | b'}' | b']' | b':', ..]
                // But not before a word for a dot.
                | [b' ', b'a'..=b'c' | b'e'..=b'j' | b'l'..=b'o' | b'q'..=b'z', b'a'..=b'z', ..]
        ),
    };
    if ends { count } else { 0 }
}

/// Where an instant ends that begins at a byte: `2024-05-12T10:33:21.5Z`.
fn instant_end(bytes: &[u8], at: usize) -> Option<usize> {
    let text = bytes.get(at..)?;
    let head = text.get(..19)?;
    let signs = [head[4], head[7], head[10], head[13], head[16]];
    if !matches!(signs, [b'-', b'-', b'T' | b' ', b':', b':']) {
        return None;
    }
    let digit = |index: &usize| head[*index].is_ascii_digit();
    if ![0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18]
        .iter()
        .all(digit)
        || at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || matches!(bytes[at - 1], b'-' | b'.'))
    {
        return None;
    }
    let digits = |from: usize| {
        let rest = text.get(from..).unwrap_or(&[]);
        rest.iter()
            .take(12)
            .take_while(|byte| byte.is_ascii_digit())
            .count()
    };
    let mut end = 19;
    if matches!(text.get(end), Some(b'.' | b',')) && digits(end + 1) > 0 {
        end += 1 + digits(end + 1);
    }
    match text.get(end..) {
        Some([b'Z' | b'z', ..]) => end += 1,
        Some([b'+' | b'-', _, _, b':', ..]) if digits(end + 1) == 2 && digits(end + 4) == 2 => {
            end += 6;
        }
        Some([b'+' | b'-', ..]) if digits(end + 1) == 4 => end += 5,
        _ => {}
    }
    let goes_on = text.get(end).is_some_and(u8::is_ascii_alphanumeric);
    (!goes_on).then_some(at + end)
}

/// Length of a GUID.
const GUID: usize = 36;

/// Where the GUID ends that has a byte.
fn guid_end(bytes: &[u8], at: usize) -> Option<usize> {
    let part = |byte: &u8| byte.is_ascii_hexdigit() || *byte == b'-';
    let begins = !at
        .checked_sub(1)
        .and_then(|at| bytes.get(at))
        .is_some_and(part);
    let start = if begins {
        at
    } else {
        let head = bytes.get(at.saturating_sub(GUID)..at)?;
        at - head.iter().rev().take_while(|byte| part(byte)).count()
    };
    let guid: &[u8; GUID] = bytes.get(start..)?.first_chunk()?;
    if [guid[8], guid[13], guid[18], guid[23]] != [b'-'; 4] {
        return None;
    }
    let end = start + GUID;
    let goes_on = bytes
        .get(end)
        .is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'-');
    // All at once: where the first wrong one stands does not matter.
    let dashes = guid
        .iter()
        .fold(0, |count, byte| count + u8::from(*byte == b'-'));
    let digits = guid
        .iter()
        .fold(0, |count, byte| count + u8::from(byte.is_ascii_hexdigit()));
    let hex = dashes == 4 && digits == 32;
    (hex && !goes_on).then_some(end)
}

/// `2024-05-12T10:33:21`: an instant that a machine wrote.
fn is_instant(bytes: &[u8], start: usize, end: usize) -> bool {
    let Some(head) = bytes.get(start..end.min(start + 13)) else {
        return false;
    };
    chain::has_shape(head, b"9999-99-99T99")
        || chain::has_shape(head, b"9999-99-99 99") && bytes.get(end) == Some(&b':')
}

/// The greatest character border at or before a byte.
pub(crate) fn floor(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// A place at or before a byte that does not cut a word, if one is near.
fn border_before(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    let least = at.saturating_sub(64);
    let mut place = at;
    while place > least && !bytes[place - 1].is_ascii_whitespace() {
        place -= 1;
    }
    floor(text, place)
}

fn border_after(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    let most = (at + 64).min(text.len());
    let mut place = at;
    while place < most && !bytes[place].is_ascii_whitespace() {
        place += 1;
    }
    while !text.is_char_boundary(place) {
        place += 1;
    }
    place
}
