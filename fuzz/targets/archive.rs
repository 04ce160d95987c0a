//! Any bytes as an archive: members are read without a panic and without end, and
//! what is written without a change reads the same.
#![no_main]

use std::io::{self, Read};
use std::sync::Arc;

use celador_formats::archive::{Archive, ArchiveError, Holds};
use celador_formats::{Budget, Format, Limits, open};
use libfuzzer_sys::fuzz_target;

const LIMITS: Limits = Limits {
    ratio: 100,
    free: 1 << 20,
    depth: 3,
};

/// Name and content of each member, and the archive written again.
fn again(data: &[u8], zip: bool) -> Result<(Vec<(String, Vec<u8>)>, Vec<u8>), ArchiveError> {
    let budget = Budget::new(LIMITS);
    budget.add_packed(data.len() as u64);
    let mut archive = if zip {
        Archive::zip(Arc::new(data.to_vec()))?
    } else {
        Archive::tar(data)
    };
    let mut writer = archive.writer();
    let (mut members, mut out) = (Vec::new(), Vec::new());
    while let Some(member) = archive.next_member()? {
        let mut content = Vec::new();
        if member.holds == Holds::Document {
            let reader = archive.content(&member, LIMITS)?;
            budget.unpacked(reader).read_to_end(&mut content)?;
        }
        if !matches!(member.holds, Holds::Unread(_)) {
            writer.keep(&member, &mut content.as_slice(), &mut out)?;
            members.push((member.name, content));
        }
    }
    writer.finish(archive.tail(), &mut out)?;
    Ok((members, out))
}

fuzz_target!(|data: &[u8]| {
    let Ok(opened) = open(data, "", LIMITS) else {
        return;
    };
    let zip = match opened.format {
        Ok(Format::Zip) => true,
        Ok(Format::Tar) => false,
        // The reader of whatever else it is has a target of its own.
        _ => {
            let _ = io::copy(&mut opened.reader.take(1 << 20), &mut io::sink());
            return;
        }
    };
    if let Ok((members, out)) = again(data, zip) {
        match again(&out, zip) {
            Ok((same, third)) => {
                assert_eq!(members, same, "members stay");
                assert_eq!(out, third, "and so do bytes");
            }
            // An archive of nothing is no tar archive.
            Err(error) => panic!("what was written is not read: {error}"),
        }
    }
});
