//! PDF: the text of each page.
//!
//! The order of a page's text is that of its drawing. What a font does not map to
//! characters cannot be read, and a page without text may be a picture; both are told.

use lopdf::{Document, LoadOptions};

use crate::{Cell, Collector, OfficeError, Texts, guarded};

const WHAT: &str = "PDF document";
/// The most bytes that one stream of a document unpacks to, and that all pages do.
const MAX_STREAM: usize = 32 << 20;
const MAX_PAGES: usize = 10_000;

/// Reads a document; texts of more than `limit` bytes are an error.
pub fn pdf(bytes: &[u8], limit: usize) -> Result<Texts, OfficeError> {
    let mut out = Collector::new(limit);
    let read = guarded(|| pages(bytes, &mut out));
    read.unwrap_or(Err(OfficeError::Damaged(WHAT)))?;
    Ok(out.texts)
}

fn pages(bytes: &[u8], out: &mut Collector) -> Result<(), OfficeError> {
    let options = LoadOptions {
        max_decompressed_size: Some(MAX_STREAM),
        ..LoadOptions::default()
    };
    let document =
        Document::load_mem_with_options(bytes, options).map_err(|error| match error {
            lopdf::Error::InvalidPassword | lopdf::Error::Decryption(_) => OfficeError::Encrypted,
            _ => OfficeError::Damaged(WHAT),
        })?;
    if document.is_encrypted() {
        return Err(OfficeError::Encrypted);
    }
    let pages = document.get_pages();
    if pages.is_empty() {
        return Err(OfficeError::Damaged(WHAT));
    }
    let (mut silent, mut broken) = (Vec::new(), Vec::new());
    for number in pages.keys().take(MAX_PAGES) {
        out.texts.records += 1;
        let chunks = guarded(|| document.extract_text_chunks_with_limit(&[*number], MAX_STREAM));
        let mut text = String::new();
        let mut is_broken = chunks.is_none();
        for chunk in chunks.into_iter().flatten() {
            match chunk {
                Ok(chunk) => text.push_str(&chunk),
                Err(_) => is_broken = true,
            }
        }
        if is_broken || text.contains("?Identity-H Unimplemented?") {
            broken.push(*number);
        }
        if text.trim().is_empty() {
            if !is_broken {
                silent.push(*number);
            }
            continue;
        }
        out.push(Cell {
            record: u64::from(*number),
            field: String::new(),
            name: String::new(),
            text,
        })?;
    }
    if pages.len() > MAX_PAGES {
        out.unread(format!("pages after {MAX_PAGES}"));
    }
    if !silent.is_empty() {
        out.unread(format!(
            "pages without text, which may be pictures: {}",
            listed(&silent)
        ));
    }
    if !broken.is_empty() {
        out.unread(format!(
            "pages of which a font or the content is not understood: {}",
            listed(&broken)
        ));
    }
    Ok(())
}

fn listed(pages: &[u32]) -> String {
    let mut out: Vec<String> = pages.iter().take(20).map(u32::to_string).collect();
    if pages.len() > 20 {
        out.push(format!("and {} more", pages.len() - 20));
    }
    out.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_pdf_is_an_error() {
        for bytes in [
            &b""[..],
            b"%PDF-1.4\n",
            b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF",
        ] {
            assert!(pdf(bytes, 1 << 20).is_err());
        }
    }
}
