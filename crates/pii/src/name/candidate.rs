//! What speaks for a run of capital words being a person, and the score of it.
//!
//! A tagger would score the same candidates. It reads no text.

/// What speaks for a run of words being a person's name.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Candidate {
    pub(super) words: u8,
    /// Given names that are no everyday word, place or product.
    pub(super) given: u8,
    /// Given names that are.
    pub(super) given_weak: u8,
    pub(super) surname: u8,
    pub(super) surname_common: u8,
    pub(super) unknown: u8,
    pub(super) initials: u8,
    /// The last word may be a surname; the first may be a given name.
    pub(super) last_surname: bool,
    pub(super) last_strong: bool,
    pub(super) last_unknown: bool,
    pub(super) first_given: bool,
    pub(super) first_surname: bool,
    pub(super) last_given: bool,
    /// It stands on a line of its own.
    pub(super) fills_line: bool,
    /// A surname in capitals, then a word that is not: "TANAKA Ichiro".
    pub(super) loud_surname: bool,
    pub(super) upper: bool,
    pub(super) titled: bool,
    pub(super) greeted: bool,
    pub(super) introduced: bool,
    /// A role stands before, or a verb of writing after; alone it tells little.
    pub(super) hinted: bool,
    /// An address in angle brackets or a birth follows.
    pub(super) pointed: bool,
    /// An initial with its point stands before the last word.
    pub(super) pointed_initial: bool,
    pub(super) closes: bool,
    pub(super) starts_sentence: bool,
    /// An organisation, a street or a number comes right after.
    pub(super) thing_follows: bool,
    pub(super) common_given: bool,
    /// Words of everyday language that no list has as a name.
    pub(super) everyday: u8,
    /// One word of five letters and more.
    pub(super) long: bool,
    /// One word of two letters.
    pub(super) short: bool,
    /// The first is a given name and a place, and nothing else.
    pub(super) first_place: bool,
}

impl Candidate {
    /// The score in hundredths.
    pub(super) fn score(&self) -> u8 {
        if self.words == 0 || (self.thing_follows && !self.titled) {
            return 0;
        }
        let several = self.words >= 2;
        let named = self.given + self.given_weak + self.surname > 0;
        if self.titled {
            return if self.everyday == self.words { 30 } else { 90 };
        }
        if self.introduced {
            return match (named, self.everyday) {
                (true, _) => 90,
                (false, 0) if several => 90,
                (false, 0) => 75,
                (false, _) => 20,
            };
        }
        if self.pointed {
            return match (named, self.everyday) {
                (true, 0) => 85,
                (true, _) if self.given > 0 => 75,
                (false, 0) if several => 75,
                _ => 20,
            };
        }
        if self.closes {
            return match (named || several, self.everyday) {
                (true, 0) => 80,
                (false, 0) => 60,
                _ if named => 60,
                _ => 20,
            };
        }
        if self.greeted {
            return if named { 80 } else { 60 };
        }
        if self.hinted
            && named
            && self.everyday == 0
            && !(self.upper && self.given == 0 && !several)
        {
            return if several { 85 } else { 60 };
        }
        if self.upper {
            // Log text shouts as well.
            return match (self.given, self.last_surname && self.last_strong) {
                (1.., true) if several => 70,
                (1.., _) if several && self.last_unknown && !self.starts_sentence => 55,
                (1, _) if !several && self.common_given && self.long => 52,
                _ => 0,
            };
        }
        if several {
            if self.first_given && self.given > 0 {
                return if self.last_surname || self.last_given {
                    88
                } else {
                    78
                };
            }
            if self.initials > 0
                && self.last_strong
                && usize::from(self.words) == usize::from(self.initials) + 1
            {
                return 72;
            }
            if self.pointed_initial
                && self.everyday == 0
                && (self.last_surname || self.last_unknown)
                && usize::from(self.words) <= usize::from(self.initials) + 2
            {
                return 56;
            }
            if self.loud_surname && self.everyday == 0 && self.words == 2 {
                return 62;
            }
            if self.fills_line
                && self.everyday == 0
                && self.given_weak + self.surname > 0
                && self.words <= 3
            {
                return 56;
            }
            if self.given_weak > 0 && self.last_strong {
                return 72;
            }
            if self.first_place && self.last_surname && !self.starts_sentence {
                return 58;
            }
            if self.first_surname && self.last_given && self.given > 0 {
                return 75;
            }
            if self.given > 0 {
                return 60;
            }
            if self.last_strong && self.unknown > 0 && !self.starts_sentence {
                return 60;
            }
            if self.surname_common >= 2 && self.last_strong && !self.starts_sentence {
                return 58;
            }
            return 30;
        }
        if self.common_given && self.given == 1 && !self.short {
            return if self.starts_sentence { 55 } else { 60 };
        }
        20
    }
}
