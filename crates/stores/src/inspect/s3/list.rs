//! The objects of a bucket, page by page.
//!
//! As many pages as are asked for at most, and no page twice: a store that repeats
//! itself, or goes on for ever, ends the list, and that is said. Names are looked at
//! and counted; those with the smallest keyed hashes are kept, no more than can be read.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Chosen, Objects, Reader, at, why};
use crate::inspect::url::escaped;
use crate::transport::Failure;
use crate::xml;

/// Objects that are kept to be read.
const KEPT: u64 = 20_000;
/// Pages of up to 1,000 names.
const PAGES: usize = 200;
/// Longest name that a store may give: twice S3's.
const NAME: usize = 2048;

impl Reader<'_, '_, '_> {
    /// The objects that are to be read, and what ended the list early; or why there is
    /// none.
    pub(super) async fn list(
        &mut self,
        bucket: &str,
        objects: &mut Objects,
    ) -> Result<Result<(Chosen, Option<String>), String>, Failure> {
        let keep = self.wanted.records.clamp(1, KEPT);
        let mut chosen = Chosen::new();
        let mut seen = BTreeSet::new();
        let mut after: Option<(String, Option<String>)> = None;
        for _ in 0..PAGES {
            // In order of the names, as they are signed.
            let query = match &after {
                None => "list-type=2&max-keys=1000".to_owned(),
                Some((_, Some(token))) => {
                    let token = escaped(token, b"");
                    format!("continuation-token={token}&list-type=2&max-keys=1000")
                }
                // Stores that know the first version alone go on from a marker.
                Some((last, None)) => {
                    let last = escaped(last, b"");
                    format!("list-type=2&marker={last}&max-keys=1000&start-after={last}")
                }
            };
            let path = match at(bucket) {
                path if path.is_empty() => "/".to_owned(),
                path => path,
            };
            let answer = match self.get(&path, &query, None).await {
                Ok(answer) => answer,
                Err(failure) if after.is_some() => {
                    return Ok(Ok((chosen, Some(failure.to_string()))));
                }
                Err(failure) => return Err(failure),
            };
            let tree = xml::tree(&answer.body).unwrap_or_default();
            let page = &tree["ListBucketResult"][0];
            if answer.status != 200 || !page.is_object() {
                let why = format!("the list of its objects {}", why(&answer));
                return Ok(if after.is_some() {
                    Ok((chosen, Some(why)))
                } else {
                    Err(why)
                });
            }
            let mut last = None;
            for entry in page["Contents"].as_array().into_iter().flatten() {
                let Some(key) = entry["Key"][0].as_str() else {
                    continue;
                };
                last = Some(key);
                self.take(key, entry, keep, &mut chosen, objects);
            }
            let goes_on = page["IsTruncated"][0] == "true";
            if !goes_on {
                objects.all_listed = true;
                return Ok(Ok((chosen, None)));
            }
            let token = page["NextContinuationToken"][0].as_str();
            let last = last
                .or_else(|| page["NextMarker"][0].as_str())
                .unwrap_or_default();
            // A page that ends where one has ended before leads nowhere.
            if !seen.insert(self.looker.key().hash(last.as_bytes())) {
                return Ok(Ok((
                    chosen,
                    Some("the list of its objects repeats itself".to_owned()),
                )));
            }
            after = Some((last.to_owned(), token.map(str::to_owned)));
        }
        let most = PAGES * 1000;
        Ok(Ok((
            chosen,
            Some(format!(
                "of its objects no more than the first {most} or so are listed"
            )),
        )))
    }

    fn take(
        &mut self,
        key: &str,
        entry: &Value,
        keep: u64,
        chosen: &mut Chosen,
        objects: &mut Objects,
    ) {
        objects.listed += 1;
        let size = entry["Size"][0].as_str().and_then(|size| size.parse().ok());
        objects.bytes = objects.bytes.saturating_add(size.unwrap_or(0));
        if key.len() > NAME {
            *objects
                .unread
                .entry("its name is longer than names are".to_owned())
                .or_default() += 1;
            return;
        }
        for class in self.looker.classes_of(key) {
            *objects.names.entry(class).or_default() += 1;
        }
        let hash = self.looker.key().hash(format!("object {key}").as_bytes());
        chosen.insert(hash, key.to_owned());
        if chosen.len() as u64 > keep {
            chosen.pop_last();
        }
    }
}
