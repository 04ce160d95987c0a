//! An XML answer as a tree that JSON pointers reach into.
//!
//! An element becomes the list of its namesakes: `/ListBucketResult/0/Key/3` is
//! the fourth key. An element without children is its text. Attributes, prefixes
//! and processing instructions are left out; a document type makes the answer no
//! answer, so no entity of a server's own is ever expanded.

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::{Map, Value};

const MAX_DEPTH: usize = 32;

/// `None` for anything that is no well-formed XML, or nests too deep.
pub(crate) fn tree(bytes: &[u8]) -> Option<Value> {
    let text = std::str::from_utf8(bytes)
        .ok()?
        .trim_start_matches('\u{feff}');
    let mut reader = Reader::from_str(text);
    let mut stack: Vec<(String, Map<String, Value>, String)> = Vec::new();
    let mut root = Map::new();
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => {
                if stack.len() >= MAX_DEPTH {
                    return None;
                }
                let name = std::str::from_utf8(start.local_name().into_inner())
                    .ok()?
                    .to_owned();
                stack.push((name, Map::new(), String::new()));
            }
            Event::Empty(start) => {
                let name = std::str::from_utf8(start.local_name().into_inner())
                    .ok()?
                    .to_owned();
                let parent = stack
                    .last_mut()
                    .map_or(&mut root, |(_, children, _)| children);
                add(parent, name, Value::String(String::new()));
            }
            Event::End(_) => {
                let (name, children, text) = stack.pop()?;
                let value = if children.is_empty() {
                    Value::String(text)
                } else {
                    Value::Object(children)
                };
                let parent = stack
                    .last_mut()
                    .map_or(&mut root, |(_, children, _)| children);
                add(parent, name, value);
            }
            Event::Text(text) => {
                let decoded = text.decode().ok()?;
                match stack.last_mut() {
                    Some((_, _, inside)) => inside.push_str(&decoded),
                    None if decoded.trim().is_empty() => {}
                    None => return None,
                }
            }
            // One of the five of XML itself, or a character by its number; others
            // would be of a document type, which there is none.
            Event::GeneralRef(name) => {
                let (_, _, inside) = stack.last_mut()?;
                let decoded = name.decode().ok()?;
                if let Some(letter) = name.resolve_char_ref().ok()? {
                    inside.push(letter);
                } else {
                    inside.push_str(quick_xml::escape::resolve_predefined_entity(&decoded)?);
                }
            }
            Event::DocType(_) => return None,
            Event::Eof => {
                return (stack.is_empty() && root.len() == 1).then_some(Value::Object(root));
            }
            _ => {}
        }
    }
}

fn add(parent: &mut Map<String, Value>, name: String, value: Value) {
    if let Value::Array(list) = parent
        .entry(name)
        .or_insert_with(|| Value::Array(Vec::new()))
    {
        list.push(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_become_lists_and_tricks_become_nothing() {
        let check = |text: &str, pointer: &str, expect: Option<&str>| {
            let found = tree(text.as_bytes());
            let found = found.as_ref().and_then(|tree| tree.pointer(pointer));
            assert_eq!(found.and_then(Value::as_str), expect, "{text}");
        };
        let list =
            "<?xml version=\"1.0\"?>\n<s:L xmlns:s='u'><B><N>a</N></B><B><N>b</N></B><E/></s:L>";
        check(list, "/L/0/B/1/N/0", Some("b"));
        check(list, "/L/0/E/0", Some(""));
        check("<L><K>a&amp;b&#233;</K></L>", "/L/0/K/0", Some("a&b\u{e9}"));
        check("<L><K>a&mine;</K></L>", "/L/0/K/0", None);
        check("<!DOCTYPE l [<!ENTITY x 'aaaa'>]><L>&x;</L>", "/L/0", None);
        check("<L><B></L>", "/L/0/B/0", None);
        check("<L>", "/L/0", None);
        check("words", "/L/0", None);
        assert_eq!(tree("<a>".repeat(100_000).as_bytes()), None);
    }
}
