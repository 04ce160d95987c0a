//! Stores of Amazon S3's protocol.
//!
//! Every bucket that is listed or named: its objects are listed in pages, chosen by a
//! keyed hash of their names, so that copies give the same, and read from their
//! beginning by ranged `GET`s. A record is what lies in an object (`objects`). An object
//! is read whole or not: its records come together, so that a sample of objects has no
//! bounds. Requests are signed where a secret is given (`sign`), which itself is never
//! sent; redirects are not followed.

mod list;
mod sign;

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::time::SystemTime;

use super::credential::Credential;
use super::objects;
use super::profile::Looker;
use super::report::{Container, Method, Objects};
use super::source::{Found, Source, Wanted};
use super::url::escaped;
use crate::date;
use crate::transport::{Answer, Failure, Request, Session};
use crate::xml;
use sign::{EMPTY, Signer};

/// Buckets of one store.
const BUCKETS: usize = 1000;
/// Bytes of an object that are read.
const PART: usize = 8 << 20;
/// Bytes of an object that is read whole or not at all; an answer may have 32 MiB.
const WHOLE: usize = 30 << 20;
/// Where nobody says otherwise.
const REGION: &str = "us-east-1";

/// See the module.
pub(crate) struct S3;

impl Source for S3 {
    const PRODUCTS: &'static [&'static str] = &["s3"];
    const ASKS: &'static str = "GET /, of each bucket GET ?list-type=2 in pages, and of objects GET of the first 8 MiB (of the whole, up to 30 MiB, where only that can be read); signed where a key is given";
    const SIGNS: bool = true;

    async fn read(
        session: &mut Session<'_>,
        looker: &mut Looker<'_>,
        wanted: &Wanted,
    ) -> Result<Found, Failure> {
        let mut reader = Reader {
            session,
            looker,
            wanted,
            region: REGION.to_owned(),
        };
        reader.store().await
    }
}

struct Reader<'r, 't, 's> {
    session: &'r mut Session<'t>,
    looker: &'r mut Looker<'s>,
    wanted: &'r Wanted,
    /// Which the signature names; the store may ask for another.
    region: String,
}

impl Reader<'_, '_, '_> {
    async fn store(&mut self) -> Result<Found, Failure> {
        let mut found = Found::default();
        if let Some(why) = self.unfit() {
            found.refused = Some(why.to_owned());
            return Ok(found);
        }
        let mut buckets: Vec<String> = self.session.containers().to_vec();
        let answer = self.get("/", "", None).await?;
        let tree = xml::tree(&answer.body).unwrap_or_default();
        let listed = &tree["ListAllMyBucketsResult"][0];
        if answer.status == 200 && !listed.is_null() {
            let all = listed["Buckets"][0]["Bucket"].as_array();
            buckets.extend(
                all.into_iter()
                    .flatten()
                    .filter_map(|bucket| bucket["Name"][0].as_str())
                    .map(str::to_owned),
            );
            if listed["ContinuationToken"].is_array() {
                found.missing.push("the list of buckets goes on".to_owned());
            }
        } else if answer.status == 200 && !tree["ListBucketResult"].is_null() {
            // The host's name is the bucket's.
            buckets = vec![String::new()];
        } else if buckets.is_empty() {
            found.refused = Some(format!("the list of buckets {}", why(&answer)));
            return Ok(found);
        } else {
            found.missing.push(format!(
                "buckets that were not named: the list of them {}",
                why(&answer)
            ));
        }
        buckets.sort_unstable();
        buckets.dedup();
        if buckets.len() > BUCKETS {
            found.missing.push(format!("more than {BUCKETS} buckets"));
        }
        for name in buckets.iter().take(BUCKETS) {
            let shown = if name.is_empty() {
                "(the host's)".to_owned()
            } else {
                self.looker.shown(name)
            };
            let mut container = Container::new("bucket", shown);
            if name == "." || name == ".." || name.contains('/') {
                container.stopped_by = Some("its name cannot be asked for".to_owned());
            } else if let Err(failure) = self.bucket(name, &mut container).await {
                container.stopped_by = Some(failure.to_string());
            }
            found.containers.push(container);
        }
        Ok(found)
    }

    /// Why no request can be signed with what was given.
    fn unfit(&self) -> Option<&'static str> {
        match self.session.credential(self.session.tls) {
            Ok(Some(Credential::Password { user, .. })) => (user.is_empty()
                || !user
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte)))
            .then_some("the user is no access key's id"),
            Ok(Some(Credential::ApiKey(_) | Credential::Bearer(_))) => {
                Some("it takes an access key's id as --user and its secret as --password")
            }
            Ok(Some(Credential::Certificate) | None) => None,
            Err(why) => Some(why),
        }
    }

    async fn bucket(&mut self, name: &str, container: &mut Container) -> Result<(), Failure> {
        let mut objects = Objects::default();
        let listed = self.list(name, &mut objects).await;
        let (chosen, list_ended) = match listed {
            Ok(Ok(listed)) => listed,
            Ok(Err(why)) => {
                container.stopped_by = Some(why);
                return Ok(());
            }
            Err(failure) => {
                container.stopped_by = Some(failure.to_string());
                return Ok(());
            }
        };
        // Where there are more objects than records are read, each may be one.
        let goal = if objects.listed > self.wanted.records {
            self.wanted.sample
        } else {
            self.wanted.records
        };
        let mut stopped = list_ended;
        for key in chosen.into_values() {
            if container.profile.examined >= goal {
                break;
            }
            match self.object(name, &key, goal, container, &mut objects).await {
                Ok(()) => {}
                Err(failure) if failure.is_final() => {
                    stopped = Some(failure.to_string());
                    break;
                }
                Err(failure) => *objects.unread.entry(failure.to_string()).or_default() += 1,
            }
        }
        let unread: u64 = objects.unread.values().sum();
        if objects.all_listed && objects.read == objects.listed {
            container.method = Method::Whole;
            container.records = Some(container.profile.examined);
        } else if container.profile.examined > 0 {
            container.method = Method::Unbounded(
                "objects were chosen by a hash of their names, and records of one object are often alike",
            );
        }
        if stopped.is_none() && unread > 0 {
            stopped = Some(format!("{unread} objects could not be read"));
        }
        container.stopped_by = stopped;
        container.objects = Some(objects);
        Ok(())
    }

    /// Reads one object's records.
    async fn object(
        &mut self,
        bucket: &str,
        key: &str,
        goal: u64,
        container: &mut Container,
        objects: &mut Objects,
    ) -> Result<(), Failure> {
        let mut unread = |why: String| *objects.unread.entry(why).or_default() += 1;
        // Some servers and proxies take such a path for another one.
        if key.split('/').any(|part| part == "." || part == "..") {
            unread("its name cannot be asked for".to_owned());
            return Ok(());
        }
        let path = format!("{}/{}", at(bucket), escaped(key, b"/"));
        let mut asked = PART;
        let mut answer = self.get(&path, "", Some(asked)).await?;
        if let Some(size) = whole(&answer) {
            asked = size;
            answer = self.get(&path, "", Some(asked)).await?;
        }
        let cut = match answer.status {
            // At 416 there is no first byte.
            200 | 416 => false,
            206 if answer.body.len() > asked => {
                unread("more was sent than was asked for".to_owned());
                return Ok(());
            }
            206 => {
                total(&answer).is_none_or(|total| total > answer.body.len() as u64)
                    && (answer.body.len() == asked || total(&answer).is_some())
            }
            _ => {
                unread(format!("it {}", why(&answer)));
                return Ok(());
            }
        };
        let body = if answer.status == 416 {
            &[][..]
        } else {
            &answer.body
        };
        let mut full = false;
        let looker = std::cell::RefCell::new(&mut *self.looker);
        let outcome = objects::records(
            body,
            key,
            cut,
            &mut |names| {
                let mut looker = looker.borrow_mut();
                names.iter().all(|name| looker.classes_of(name).is_empty())
            },
            &mut |record| {
                if container.profile.examined >= goal {
                    full = true;
                    return ControlFlow::Break(());
                }
                looker.borrow_mut().look(record, &mut container.profile);
                ControlFlow::Continue(())
            },
        );
        let Some(format) = outcome.format else {
            unread(outcome.trouble.unwrap_or_default());
            return Ok(());
        };
        *objects.formats.entry(format).or_default() += 1;
        if let Some(trouble) = outcome.trouble {
            *objects
                .unread
                .entry(format!("not to its end: {trouble}"))
                .or_default() += 1;
        } else if cut || full {
            objects.cut += 1;
        } else {
            objects.read += 1;
        }
        Ok(())
    }

    /// An answer to a request, signed where a secret is given; of an object its first
    /// bytes.
    async fn get(
        &mut self,
        path: &str,
        query: &str,
        first: Option<usize>,
    ) -> Result<Answer, Failure> {
        self.wanted.pace().await;
        let answer = self.send(path, query, first).await?;
        if matches!(answer.status, 400 | 403)
            && let Some(region) = region(&answer)
            && region != self.region
        {
            self.region = region;
            return self.send(path, query, first).await;
        }
        Ok(answer)
    }

    async fn send(
        &mut self,
        path: &str,
        query: &str,
        first: Option<usize>,
    ) -> Result<Answer, Failure> {
        let mut request = Request::get(&if query.is_empty() {
            path.to_owned()
        } else {
            format!("{path}?{query}")
        });
        let range = first.map(|first| format!("bytes=0-{}", first - 1));
        if let Ok(Some(Credential::Password { user, secret })) =
            self.session.credential(self.session.tls)
        {
            let time = now();
            let host = self.session.authority();
            let mut signed = vec![("host", host.as_str())];
            if let Some(range) = &range {
                signed.push(("range", range));
            }
            signed.extend([("x-amz-content-sha256", EMPTY), ("x-amz-date", &time)]);
            let signer = Signer {
                access: user,
                secret: secret.text(),
                region: &self.region,
                service: "s3",
            };
            let authorization = signer.authorization(path, query, &signed, &time);
            request
                .headers
                .push(("Authorization".to_owned(), authorization));
            for (name, value) in signed.into_iter().skip(1) {
                request.headers.push((name.to_owned(), value.to_owned()));
            }
        } else if let Some(range) = range {
            request.headers.push(("range".to_owned(), range));
        }
        self.session.fetch_stored(&request).await
    }
}

/// The path of a bucket; empty for the one that the host is called by.
fn at(bucket: &str) -> String {
    if bucket.is_empty() {
        String::new()
    } else {
        format!("/{}", escaped(bucket, b""))
    }
}

/// Such as `20260101T000000Z`.
fn now() -> String {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let seconds = since.map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(0));
    date::text(seconds).replace(['-', ':'], "")
}

/// Bytes of an object that can be read whole or not at all, and is not too large for
/// that; of an answer with its first ones.
fn whole(answer: &Answer) -> Option<usize> {
    let ends = [&b"PAR1"[..], b"PK\x03\x04", b"%PDF-"]
        .iter()
        .any(|begin| answer.body.starts_with(begin));
    let size = usize::try_from(total(answer)?).ok()?;
    (ends && answer.status == 206 && size > answer.body.len() && size <= WHOLE).then_some(size)
}

/// Bytes of the whole object, of an answer with a part of it (RFC 9110, section 14.4).
fn total(answer: &Answer) -> Option<u64> {
    answer
        .header("content-range")?
        .rsplit_once('/')?
        .1
        .parse()
        .ok()
}

/// The region that a store asks requests to be signed for.
fn region(answer: &Answer) -> Option<String> {
    let tree = xml::tree(&answer.body)?;
    let error = &tree["Error"][0];
    let code = error["Code"][0].as_str()?;
    let region = error["Region"][0]
        .as_str()
        .or_else(|| answer.header("x-amz-bucket-region"))?;
    let fits = (1..=32).contains(&region.len())
        && region
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    (fits && matches!(code, "AuthorizationHeaderMalformed" | "InvalidRegion"))
        .then(|| region.to_owned())
}

/// Why an answer is none that was hoped for, in our words.
fn why(answer: &Answer) -> String {
    let tree = xml::tree(&answer.body).unwrap_or_default();
    let words = match tree["Error"][0]["Code"][0].as_str() {
        Some("AccessDenied" | "AllAccessDisabled") => "is refused",
        Some("InvalidAccessKeyId") => "is refused: the access key's id is not accepted",
        Some("SignatureDoesNotMatch") => "is refused: the secret is not accepted",
        Some("RequestTimeTooSkewed") => "is refused: this machine's clock is wrong, or the store's",
        Some("InvalidObjectState") => "lies in an archive and would have to be restored",
        Some("NoSuchBucket" | "NoSuchKey") => "is not there",
        Some("PermanentRedirect" | "TemporaryRedirect") => {
            "is at another address, which is not followed"
        }
        Some("SlowDown" | "ServiceUnavailable") => "is put off by the store",
        _ if matches!(answer.status, 401 | 403) => "is refused",
        _ => "is answered otherwise",
    };
    format!("{words} ({})", answer.status)
}

/// Chosen objects' names by their keyed hashes.
type Chosen = BTreeMap<u64, String>;
