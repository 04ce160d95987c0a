//! Exchanges that are played instead of had: those of the rules, and a fuzzer's.

use std::collections::BTreeSet;

use super::{endpoint, protocol_of};
use crate::rule::{LoadError, Rule, Rules};
use crate::transport::{Limits, Mock, Session};
use crate::verdict::Verdict;

/// Plays every mock exchange of every rule.
///
/// # Errors
/// All exchanges that come to something else than they expect.
pub fn verify(rules: &Rules) -> Result<(), LoadError> {
    let fail = |rule: &Rule, message: String| LoadError {
        file: format!("rules/probes/{}.yaml", rule.id),
        message,
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build();
    let mut wrong = Vec::new();
    for rule in &rules.rules {
        let runtime = runtime
            .as_ref()
            .map_err(|error| fail(rule, format!("no runtime: {error}")))?;
        let mut said = BTreeSet::new();
        for (name, mock) in &rule.mocks {
            let mut session = Session::mock(
                Mock::new(mock.script()).with_containers(&mock.containers),
                Limits::default(),
            );
            let hint = std::slice::from_ref(&rule.id);
            let finding = runtime.block_on(endpoint(&mut session, rules, hint));
            said.extend(finding.notes.iter().cloned());
            let expect = &mock.expect;
            let found = finding.product.as_deref().map(protocol_of) == Some(rule.product());
            let says = |start: &str| finding.notes.iter().any(|note| note.starts_with(start));
            let differs = |wanted: Option<u64>, got: Option<u64>| wanted.is_some() && wanted != got;
            if finding.verdict != expect.verdict
                || found != expect.product
                || (expect.version.is_some() && expect.version != finding.version)
                || differs(expect.records, finding.holds.records)
                || differs(expect.bytes, finding.holds.bytes)
                || differs(expect.containers, finding.holds.containers)
                || !expect.notes.iter().all(|note| says(note))
                || expect.no_notes.iter().any(|note| says(note))
            {
                wrong.push((
                    rule,
                    format!("the mock exchange {name} comes to {finding:?}"),
                ));
            }
        }
        // What is said of a version is seen to be said.
        for note in rule.notes.iter().filter(|note| !said.contains(&note.says)) {
            wrong.push((rule, format!("no mock exchange comes to: {}", note.says)));
        }
    }
    let Some((rule, _)) = wrong.first() else {
        return Ok(());
    };
    let list: Vec<&str> = wrong.iter().map(|(_, message)| message.as_str()).collect();
    Err(fail(rule, list.join("\n")))
}

/// Judges a server that says these turns on its first connection, as if told
/// which rule to try: for fuzzers, which have no server. `None` for an id that no
/// rule has.
#[doc(hidden)]
pub fn play(id: &str, turns: Vec<Vec<u8>>) -> Option<Verdict> {
    let rules = Rules::embedded();
    let rule = rules.rules.iter().find(|rule| rule.id == id)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .ok()?;
    let script = crate::transport::mock::Script::Turns(vec![turns]);
    let mut session = Session::mock(Mock::new(script), Limits::default());
    let hint = std::slice::from_ref(&rule.id);
    Some(
        runtime
            .block_on(endpoint(&mut session, rules, hint))
            .verdict,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_tell_their_mock_exchanges_apart() {
        if let Err(error) = verify(Rules::embedded()) {
            panic!("{error}");
        }
    }

    proptest::proptest! {
        #![proptest_config(proptest::test_runner::Config::with_cases(200))]
        /// Whatever comes, nothing panics, and random bytes open nothing.
        #[test]
        fn bytes_that_nobody_wrote(
            product in 0..Rules::embedded().rules.len(),
            turns in proptest::collection::vec(proptest::collection::vec(proptest::prelude::any::<u8>(), 0..60), 0..5),
        ) {
            let rules = Rules::embedded();
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_time()
                .build()
                .expect("a runtime");
            let mock = Mock::new(crate::transport::mock::Script::Turns(vec![turns]));
            let mut session = Session::mock(mock, Limits::default());
            let hint = [rules.rules[product].id.clone()];
            let finding = runtime.block_on(endpoint(&mut session, rules, &hint));
            proptest::prop_assert_ne!(finding.verdict, Verdict::Open);
        }

        /// The same from exchanges that are real but for some bytes.
        #[test]
        fn exchanges_with_wrong_bytes(
            product in 0..Rules::embedded().rules.len(),
            which in 0..100_usize,
            changes in proptest::collection::vec((0..400_usize, proptest::prelude::any::<u8>()), 1..6),
        ) {
            let rules = Rules::embedded();
            let rule = &rules.rules[product];
            let mocks: Vec<_> = rule.mocks.values().collect();
            let mut script = mocks[which % mocks.len()].script();
            if let crate::transport::mock::Script::Turns(connections) = &mut script {
                let mut turns: Vec<&mut u8> = connections.iter_mut().flatten().flatten().collect();
                for (at, byte) in changes {
                    let count = turns.len().max(1);
                    if let Some(old) = turns.get_mut(at % count) {
                        **old = byte;
                    }
                }
            }
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_time()
                .build()
                .expect("a runtime");
            let mut session = Session::mock(Mock::new(script), Limits::default());
            let hint = std::slice::from_ref(&rule.id);
            let _ = runtime.block_on(endpoint(&mut session, rules, hint));
        }
    }
}
