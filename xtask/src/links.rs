//! Relative links in the Markdown files lead to a file or heading that exists.
//!
//! Links to other sites are not followed: a test must not fail because a server
//! elsewhere is down.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::report::Outcome;
use crate::root::{command, root, stdout};

/// Fails on a relative link that leads nowhere.
pub(crate) fn check() -> Result<Outcome> {
    if !root().join(".git").exists() {
        return Ok(Outcome::Skipped("not a git checkout".to_owned()));
    }
    let listed = stdout(command("git").args([
        "ls-files",
        "--cached",
        "--others",
        "--exclude-standard",
        "-z",
        "*.md",
    ]))?;
    let mut pages = BTreeMap::new();
    for name in String::from_utf8(listed)?.split_terminator('\0') {
        let path = root().join(name);
        // A file that is deleted and not yet committed is listed too.
        if path.is_file() {
            let text = fs::read_to_string(&path).with_context(|| format!("cannot read {name}"))?;
            pages.insert(PathBuf::from(name), Page::read(&text));
        }
    }
    let exists = |path: &Path| root().join(path).exists();
    let broken = broken_links(&pages, exists);
    if !broken.is_empty() {
        bail!("links that lead nowhere:\n  {}", broken.join("\n  "));
    }
    let links: usize = pages.values().map(|page| page.links.len()).sum();
    Ok(Outcome::passed(format!(
        "{links} relative links in {} Markdown files",
        pages.len()
    )))
}

/// What of a Markdown file matters here.
#[derive(Debug, Default, PartialEq, Eq)]
struct Page {
    /// Relative links with the line they stand on.
    links: Vec<(usize, String)>,
    /// The fragments by which its headings are linked.
    anchors: Vec<String>,
}

impl Page {
    fn read(text: &str) -> Self {
        let mut page = Self::default();
        let mut fence: Option<&str> = None;
        for (number, line) in (1..).zip(text.lines()) {
            let start = line.trim_start();
            if let Some(mark) = ["```", "~~~"]
                .into_iter()
                .find(|mark| start.starts_with(mark))
            {
                match fence {
                    None => fence = Some(mark),
                    Some(open) if open == mark => fence = None,
                    Some(_) => {}
                }
                continue;
            }
            if fence.is_some() {
                continue;
            }
            if let Some(heading) = heading(start) {
                let slug = slug(heading);
                let same = page
                    .anchors
                    .iter()
                    .filter(|anchor| **anchor == slug)
                    .count();
                page.anchors.push(if same == 0 {
                    slug
                } else {
                    format!("{slug}-{same}")
                });
            }
            let relative = targets(line)
                .into_iter()
                .filter(|target| !is_elsewhere(target));
            page.links.extend(relative.map(|target| (number, target)));
        }
        page
    }
}

/// The text of an ATX heading.
fn heading(line: &str) -> Option<&str> {
    let text = line.trim_start_matches('#');
    let level = line.len() - text.len();
    (1..=6)
        .contains(&level)
        .then(|| text.strip_prefix(' '))
        .flatten()
        .map(str::trim)
}

/// The fragment that GitHub and mdBook give a heading: lower case, blanks to
/// hyphens, and of everything else only letters, digits, `-` and `_`.
fn slug(heading: &str) -> String {
    heading
        .chars()
        .filter_map(|c| match c {
            ' ' => Some('-'),
            '-' | '_' => Some(c),
            c if c.is_alphanumeric() => Some(c),
            _ => None,
        })
        .flat_map(char::to_lowercase)
        .collect()
}

/// The targets of inline links, images and reference definitions on a line,
/// code spans left out.
fn targets(line: &str) -> Vec<String> {
    // Every second piece between backticks is code.
    let prose: Vec<&str> = line.split('`').step_by(2).collect();
    let prose = prose.join("`");
    let mut found: Vec<String> = prose
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(')').map(|(target, _)| target))
        .map(first_word)
        .collect();
    if let Some((label, target)) = prose.split_once("]: ")
        && label.starts_with('[')
        && !label.starts_with("[^")
    {
        found.push(first_word(target));
    }
    found
}

/// The target without its title and angle brackets.
fn first_word(target: &str) -> String {
    let word = target.split_whitespace().next().unwrap_or_default();
    word.trim_matches(['<', '>']).to_owned()
}

fn is_elsewhere(target: &str) -> bool {
    target.contains("://") || target.starts_with("mailto:") || target.is_empty()
}

fn broken_links(pages: &BTreeMap<PathBuf, Page>, exists: impl Fn(&Path) -> bool) -> Vec<String> {
    let mut broken = Vec::new();
    for (file, page) in pages {
        for (line, target) in &page.links {
            let (path, anchor) = match target.split_once('#') {
                Some((path, anchor)) => (path, Some(anchor)),
                None => (target.as_str(), None),
            };
            let shown = file.display();
            let Some(path) = resolve(file, path) else {
                broken.push(format!(
                    "{shown}:{line}: {target} leads out of the repository"
                ));
                continue;
            };
            if !exists(&path) {
                broken.push(format!("{shown}:{line}: {target}: no such file"));
            } else if let (Some(anchor), Some(page)) = (anchor, pages.get(&path))
                && !page.anchors.iter().any(|known| known == anchor)
            {
                broken.push(format!("{shown}:{line}: {target}: no such heading"));
            }
        }
    }
    broken
}

/// The file that a link's path names, from the root; `None` outside of it.
fn resolve(from: &Path, link: &str) -> Option<PathBuf> {
    if link.is_empty() {
        return Some(from.to_owned());
    }
    let joined = match link.strip_prefix('/') {
        Some(absolute) => PathBuf::from(absolute),
        None => from.parent()?.join(link),
    };
    let mut path = PathBuf::new();
    for part in joined.components() {
        match part {
            Component::Normal(name) => path.push(name),
            Component::CurDir => {}
            Component::ParentDir => {
                if !path.pop() {
                    return None;
                }
            }
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two pages: `README.md` with the given text, and a fixed `docs/guide.md`
    /// beside a file `docs/a.png`.
    fn check(readme: &str, expected: &[&str]) {
        let guide = Page::read("# The guide\n\n## A & B: `c`\n\n## Same\n\n## Same\n");
        let pages = BTreeMap::from([
            (PathBuf::from("README.md"), Page::read(readme)),
            (PathBuf::from("docs/guide.md"), guide),
        ]);
        let files = ["README.md", "docs", "docs/guide.md", "docs/a.png"];
        let exists = |path: &Path| files.iter().any(|file| Path::new(file) == path);
        assert_eq!(broken_links(&pages, exists), expected);
    }

    #[test]
    fn good_links() {
        check(
            "[g](docs/guide.md) ![a](docs/a.png \"title\") [d](./docs) [r](docs/../README.md)\n\n[h]: docs/guide.md#same-1",
            &[],
        );
        check("[g](docs/guide.md#a--b-c) [self](#top)\n# Top", &[]);
    }

    #[test]
    fn links_elsewhere_and_in_code_are_not_followed() {
        check(
            "[x](https://example.org/none) `[y](none)` <mailto:a@example.org>\n```\n[z](none)\n```",
            &[],
        );
    }

    #[test]
    fn broken() {
        check(
            "\n[g](docs/gude.md)",
            &["README.md:2: docs/gude.md: no such file"],
        );
        check(
            "[g](docs/guide.md#none)",
            &["README.md:1: docs/guide.md#none: no such heading"],
        );
        check(
            "[g](../x)",
            &["README.md:1: ../x leads out of the repository"],
        );
        check(
            "```\n~~~\n```\n[g](none)",
            &["README.md:4: none: no such file"],
        );
    }
}
