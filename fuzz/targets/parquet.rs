//! Any bytes as a Parquet file: rows are read, columns changed and written, and what
//! is written is read again, within bounds.
//!
//! The library beneath panics on some footers, which the crate catches; only its own
//! panics, and those that it lets out, are failures here.
#![no_main]

use celador_columnar::{Becomes, Parquet, ParquetError, Table};
use libfuzzer_sys::fuzz_target;

/// Rows that are read of one file: a few bytes may stand for very many.
const MOST: u64 = 1 << 16;

/// Texts of a file, in order.
fn texts(bytes: Vec<u8>) -> Result<Vec<String>, ParquetError> {
    let mut parquet = Parquet::new(Table::from_bytes(bytes)?);
    let (mut all, mut rows) = (Vec::new(), 0);
    while let Some(some) = parquet.next_rows()? {
        rows += some.count;
        if rows > MOST {
            break;
        }
        all.extend(
            some.cells()
                .map(|cell| format!("{} {}", cell.field, cell.text)),
        );
    }
    Ok(all)
}

/// The file with every second value changed.
fn changed(bytes: Vec<u8>) -> Result<Option<Vec<u8>>, ParquetError> {
    let table = Table::from_bytes(bytes)?;
    if table.rows() > MOST {
        return Ok(None);
    }
    let mut batches = table.batches(None);
    let mut count = 0_u64;
    let out = table.write(Vec::new(), &mut || {
        let mut batch = batches.next_batch()?;
        if let Some(batch) = &mut batch {
            batch.edit(&mut |value, out| {
                count += 1;
                Ok::<_, ParquetError>(if count % 2 == 0 {
                    Becomes::Same
                } else if value.holds("[X]") {
                    out.extend_from_slice(b"[X]");
                    Becomes::Written
                } else if value.is_nullable() {
                    Becomes::Null
                } else {
                    Becomes::Same
                })
            })?;
        }
        Ok::<_, ParquetError>(batch)
    })?;
    Ok(Some(out))
}

/// A panic of the library that is caught is an answer; one that gets out ends the
/// fuzzer all the same.
fn forgive_the_library() {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let ours = info.location().is_none_or(|place| {
            place.file().contains("crates/") || place.file().starts_with("targets/")
        });
        if ours {
            before(info);
        }
    }));
}

fuzz_target!(init: forgive_the_library(), |data: &[u8]| {
    let _ = texts(data.to_vec());
    if let Ok(Some(out)) = changed(data.to_vec()) {
        // The levels may be nonsense that only a reader of rows would see.
        let _ = texts(out);
    }
});
