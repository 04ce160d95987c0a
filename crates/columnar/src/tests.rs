//! Reading and writing of files made here, whole and damaged.

use std::sync::Arc;

use celador_formats::{Edit, rewrite_text};
use parquet::data_type::{
    ByteArray, ByteArrayType, DataType, DoubleType, FixedLenByteArray, FixedLenByteArrayType,
    Int32Type, Int64Type,
};
use parquet::file::writer::SerializedFileWriter;

use super::*;
use parquet::schema::parser::parse_message_type;

/// Two row groups: a column that must be there, a list with nulls, and numbers.
fn file() -> Vec<u8> {
    let schema = "message m { required binary name (UTF8);
        optional group tags (LIST) { repeated group list { optional binary element (UTF8); } }
        required int32 n; optional binary raw; }";
    let schema = Arc::new(parse_message_type(schema).expect("a schema"));
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, Arc::default()).expect("memory");
    let texts = |all: &[&[u8]]| all.iter().map(|text| ByteArray::from(*text)).collect();
    for _ in 0..2 {
        let mut group = writer.next_row_group().expect("memory");
        let columns: [(Vec<ByteArray>, &[i16], &[i16]); 4] = [
            (texts(&[b"a x", b"", b"Jos\xe9 x"]), &[], &[]),
            (texts(&[b"t1 x", b"t3"]), &[3, 2, 0, 3], &[0, 1, 0, 0]),
            (Vec::new(), &[], &[]),
            (texts(&[b"\0x", b"r x"]), &[1, 0, 1], &[]),
        ];
        for (values, def, rep) in columns {
            let mut column = group.next_column().expect("memory").expect("a column");
            if values.is_empty() {
                let numbers = column.typed::<parquet::data_type::Int32Type>();
                numbers.write_batch(&[7, 8, 9], None, None).expect("memory");
            } else {
                let levels = |levels: &'static [i16]| (!levels.is_empty()).then_some(levels);
                let bytes = column.typed::<ByteArrayType>();
                bytes
                    .write_batch(&values, levels(def), levels(rep))
                    .expect("memory");
            }
            column.close().expect("memory");
        }
        group.close().expect("memory");
    }
    writer.into_inner().expect("memory")
}

/// All texts, and how many rows and values of bytes.
fn read(bytes: Vec<u8>) -> Result<(Vec<String>, u64, u64), ParquetError> {
    let mut parquet = Parquet::new(Table::from_bytes(bytes)?);
    let (mut found, mut count, mut binary) = (Vec::new(), 0, 0);
    while let Some(rows) = parquet.next_rows()? {
        count += rows.count;
        binary += rows.binary;
        found.extend(
            rows.cells()
                .map(|cell| format!("{} {} {}", cell.record, cell.field, cell.text)),
        );
    }
    Ok((found, count, binary))
}

/// Writes a file again as `edit` has it.
fn rewrite(
    bytes: Vec<u8>,
    subject: Option<&str>,
    edit: &mut dyn FnMut(&Value<'_>, &mut Vec<u8>) -> Becomes,
) -> Result<Vec<u8>, ParquetError> {
    let table = Table::from_bytes(bytes)?;
    let mut batches = table.batches(subject);
    table.write(Vec::new(), &mut || {
        let mut batch = batches.next_batch()?;
        if let Some(batch) = &mut batch {
            batch.edit(&mut |value, out| Ok::<_, ParquetError>(edit(value, out)))?;
        }
        Ok::<_, ParquetError>(batch)
    })
}

fn without_x(value: &Value<'_>, out: &mut Vec<u8>) -> Becomes {
    let places = value.text.match_indices('x');
    let edits: Vec<_> = places
        .map(|(at, _)| Edit {
            value: 0,
            range: at..at + 1,
            with: "[Y]",
        })
        .collect();
    rewrite_text(value.raw, &edits, out).expect("in order");
    if edits.is_empty() {
        Becomes::Same
    } else {
        Becomes::Written
    }
}

#[test]
fn reads_rows_and_writes_them_back() {
    let (found, count, binary) = read(file()).expect("whole");
    let group = |first: usize| {
        [
            (0, "name", "a x"),
            (0, "tags[]", "t1 x"),
            (0, "n", "7"),
            (1, "name", ""),
            (1, "n", "8"),
            (2, "name", "José x"),
            (2, "tags[]", "t3"),
            (2, "n", "9"),
            (2, "raw", "r x"),
        ]
        .map(|(row, field, text)| format!("{} {field} {text}", row + first))
    };
    let want = [group(1), group(4)].concat();
    assert_eq!((&found, count, binary), (&want, 6, 2));
    let same = rewrite(file(), None, &mut |_, _| Becomes::Same).expect("memory");
    assert_eq!(read(same).expect("whole"), (want.clone(), 6, 2));
    let out = rewrite(file(), None, &mut without_x).expect("memory");
    // What was replaced is in no statistic either, and the byte that is not UTF-8 stays.
    let has = |part: &[u8]| memchr::memmem::find(&out, part).is_some();
    assert!(!has(b" x") && has(b"Jos\xe9 [Y]"));
    let edited: Vec<_> = want.iter().map(|line| line.replace('x', "[Y]")).collect();
    assert_eq!(read(out).expect("whole"), (edited, 6, 2));
}

#[test]
fn subjects_are_those_of_the_row() {
    let mut seen = Vec::new();
    rewrite(file(), Some("n"), &mut |value, _| {
        seen.push(format!("{} {} {}", value.record, value.text, value.subject));
        Becomes::Same
    })
    .expect("memory");
    let want = [
        "1 a x 7",
        "2  8",
        "3 José x 9",
        "1 t1 x 7",
        "3 t3 9",
        "1 7 7",
    ];
    assert_eq!(seen.get(..6).expect("values"), want);
}

#[test]
fn numbers_become_numbers_or_null() {
    for (field, becomes, text, want) in [
        ("i", Becomes::Written, "-5", Some("-5")),
        ("i", Becomes::Written, "[PHONE]", None),
        ("i", Becomes::Written, "007", None),
        ("i", Becomes::Written, "9223372036854775808", None),
        ("i", Becomes::Null, "", Some("")),
        ("small", Becomes::Written, "127", Some("127")),
        ("small", Becomes::Written, "128", None),
        (
            "u",
            Becomes::Written,
            "18446744073709551615",
            Some("18446744073709551615"),
        ),
        ("u", Becomes::Written, "-1", None),
        ("d", Becomes::Written, "612000111", Some("612000111")),
        ("d", Becomes::Null, "", Some("")),
        ("day", Becomes::Written, "1984-05-06", Some("1984-05-06")),
        ("day", Becomes::Written, "1984", None),
        (
            "money",
            Becomes::Written,
            "-99999999999999999999",
            Some("-99999999999999999999"),
        ),
        ("money", Becomes::Written, "100000000000000000000", None),
        ("must", Becomes::Written, "1", Some("1")),
        ("must", Becomes::Null, "", None),
    ] {
        let written = rewrite(numbers(), None, &mut |value, out| {
            if value.field == field && value.record == 2 {
                out.extend_from_slice(text.as_bytes());
                return becomes;
            }
            Becomes::Same
        });
        let all = |change: Option<&str>| -> Vec<String> {
            let rows = [1, 3]
                .map(|row| (row, None))
                .into_iter()
                .chain([(2, change)]);
            let mut all: Vec<_> = rows
                .flat_map(|(row, change)| {
                    NUMBERS.map(|(name, old)| {
                        let text = match change {
                            Some(text) if name == field => text,
                            _ => old,
                        };
                        format!("{row} {name} {text}")
                    })
                })
                .filter(|line| !line.ends_with(' '))
                .collect();
            all.sort();
            all
        };
        match (written, want) {
            (Ok(written), Some(want)) => {
                let mut found = read(written).expect("whole").0;
                found.sort();
                assert_eq!(found, all(Some(want)), "{field} {text}");
            }
            (Err(ParquetError::Unfit { column }), None) => assert_eq!(column, field),
            (written, want) => panic!("{field} {text} {want:?} {:?}", written.map(|_| ())),
        }
    }
    let mut found = read(numbers()).expect("whole").0;
    found.retain(|line| line.starts_with("2 "));
    assert_eq!(found.len(), NUMBERS.len());
}

const NUMBERS: [(&str, &str); 7] = [
    ("i", "-34612000111"),
    ("small", "7"),
    ("u", "18446744073709551614"),
    ("d", "34612000222"),
    ("day", "1984-05-07"),
    ("money", "-34612000333"),
    ("must", "612000444"),
];

fn put<T: DataType, W: std::io::Write + Send>(
    group: &mut parquet::file::writer::SerializedRowGroupWriter<'_, W>,
    value: T::T,
    is_there: bool,
) {
    let mut column = group.next_column().expect("memory").expect("a column");
    let values = [value.clone(), value.clone(), value];
    let def = is_there.then_some(&[1_i16, 1, 1][..]);
    let typed = column.typed::<T>();
    typed.write_batch(&values, def, None).expect("memory");
    column.close().expect("memory");
}

/// Three rows of the same numbers, and in a column of its own a number with a fraction.
fn numbers() -> Vec<u8> {
    let schema = "message m { optional int64 i; optional int32 small (INT_8);
        optional int64 u (UINT_64); optional double d; optional int32 day (DATE);
        optional fixed_len_byte_array(9) money (DECIMAL(20,0)); required int32 must;
        required double part; }";
    let schema = Arc::new(parquet::schema::parser::parse_message_type(schema).expect("a schema"));
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, Arc::default()).expect("memory");
    let mut group = writer.next_row_group().expect("memory");
    put::<Int64Type, _>(&mut group, -34_612_000_111, true);
    put::<Int32Type, _>(&mut group, 7, true);
    put::<Int64Type, _>(&mut group, -2, true);
    put::<DoubleType, _>(&mut group, 34_612_000_222.0, true);
    put::<Int32Type, _>(&mut group, 5240, true);
    let money = (-34_612_000_333_i128).to_be_bytes();
    let money = FixedLenByteArray::from(money[7..].to_vec());
    put::<FixedLenByteArrayType, _>(&mut group, money, true);
    put::<Int32Type, _>(&mut group, 612_000_444, false);
    put::<DoubleType, _>(&mut group, 0.5, false);
    group.close().expect("memory");
    writer.into_inner().expect("memory")
}

/// A dictionary's value stands for more bytes than may be held at once.
#[test]
fn what_a_dictionary_stands_for_is_bounded() {
    let schema = Arc::new(
        parse_message_type("message m { repeated binary name (UTF8); }").expect("a schema"),
    );
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, Arc::default()).expect("memory");
    let mut group = writer.next_row_group().expect("memory");
    let mut column = group.next_column().expect("memory").expect("a column");
    let large = ByteArray::from("x".repeat(100_000).into_bytes());
    let rows = 4000;
    // Rows of no value, one and two.
    let (mut def, mut rep) = (Vec::new(), Vec::new());
    for row in 0..rows {
        let levels: &[(i16, i16)] = [&[(0, 0)][..], &[(1, 0)], &[(1, 0), (1, 1)]][row % 3];
        def.extend(levels.iter().map(|level| level.0));
        rep.extend(levels.iter().map(|level| level.1));
    }
    let values = vec![large; def.iter().filter(|level| **level == 1).count()];
    let typed = column.typed::<ByteArrayType>();
    typed
        .write_batch(&values, Some(&def), Some(&rep))
        .expect("memory");
    column.close().expect("memory");
    group.close().expect("memory");
    let file = writer.into_inner().expect("memory");
    assert!(file.len() < 1 << 20);
    let table = Table::from_bytes(file.clone()).expect("whole");
    let mut parquet = Parquet::new(table.clone());
    let (mut count, mut found) = (0, Vec::new());
    while let Some(rows) = parquet.next_rows().expect("whole") {
        count += rows.count;
        let sum: usize = rows.cells().map(|cell| cell.text.len()).sum();
        assert!(sum < 4 << 20, "{sum}");
        found.extend(rows.cells().map(|cell| cell.record));
    }
    let want: Vec<u64> = (0..rows as u64)
        .flat_map(|row| std::iter::repeat_n(row + 1, usize::try_from(row % 3).expect("small")))
        .collect();
    assert_eq!((count, &found), (rows as u64, &want));
    let (mut batches, mut seen) = (table.batches(None), Vec::new());
    let out = table.write(Vec::new(), &mut || {
        let mut batch = batches.next_batch()?;
        if let Some(batch) = &mut batch {
            let mut sum = 0;
            batch.edit(&mut |value, out| {
                sum += value.text.len();
                seen.push(value.record);
                out.extend_from_slice(b"y");
                Ok::<_, ParquetError>(Becomes::Written)
            })?;
            assert!(sum < 8 << 20, "{sum}");
        }
        Ok::<_, ParquetError>(batch)
    });
    assert_eq!(seen, want);
    let (found, count, _) = read(out.expect("memory")).expect("whole");
    let want: Vec<_> = want.iter().map(|row| format!("{row} name y")).collect();
    assert_eq!((found, count), (want, rows as u64));
}

#[test]
fn what_is_damaged_is_an_error_or_read() {
    let whole = file();
    for length in 0..whole.len() {
        assert!(read(whole[..length].to_vec()).is_err(), "{length}");
    }
    for at in 0..whole.len() {
        for bits in [0x01, 0x80, 0xff] {
            let mut bytes = whole.clone();
            bytes[at] ^= bits;
            let _ = read(bytes.clone());
            let _ = rewrite(bytes, None, &mut without_x);
        }
    }
}

/// A hundred texts in a dictionary. Its header is found by its kind, its sizes and how
/// many there are.
#[test]
fn a_dictionary_tells_no_more_values_than_it_has_bytes() {
    let schema = "message m { required binary name (UTF8); }";
    let schema = Arc::new(parse_message_type(schema).expect("a schema"));
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, Arc::default()).expect("memory");
    let mut group = writer.next_row_group().expect("memory");
    let mut column = group.next_column().expect("memory").expect("a column");
    let values: Vec<_> = (10..110)
        .map(|number| ByteArray::from(format!("{number:03}").as_str()))
        .collect();
    let texts = column.typed::<ByteArrayType>();
    texts.write_batch(&values, None, None).expect("memory");
    column.close().expect("memory");
    group.close().expect("memory");
    let bytes = writer.into_inner().expect("memory");
    assert_eq!(read(bytes.clone()).expect("whole").0.len(), 100);
    // 100 as it stands in the struct of a dictionary, and 8191 in as many bytes.
    let told = [0x4c, 0x15, 0xc8, 0x01];
    let at = bytes.windows(4).position(|four| four == told);
    let at = at.expect("a dictionary");
    let mut lying = bytes;
    lying[at + 2..at + 4].copy_from_slice(&[0xfe, 0x7f]);
    let table = Table::from_bytes(lying).expect("a footer");
    let checked = table.check_pages(0, &table.0.columns[0]);
    assert!(matches!(checked, Err(ParquetError::Damaged { .. })));
}

/// Few bytes that unpack to a large page in each of many columns.
#[test]
fn large_pages_of_many_columns_are_bounded_together() {
    use parquet::basic::{Compression, GzipLevel};
    use parquet::file::properties::WriterProperties;
    let file = |columns: usize| {
        let fields: Vec<_> = (0..columns)
            .map(|number| format!("required binary c{number} (UTF8);"))
            .collect();
        let schema = format!("message m {{ {} }}", fields.concat());
        let schema = Arc::new(parse_message_type(&schema).expect("a schema"));
        let properties = WriterProperties::builder()
            .set_compression(Compression::GZIP(GzipLevel::default()))
            .set_dictionary_enabled(false)
            .build();
        let mut writer =
            SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties)).expect("memory");
        let mut group = writer.next_row_group().expect("memory");
        while let Some(mut column) = group.next_column().expect("memory") {
            let text = ByteArray::from(vec![b'x'; 250 << 10]);
            let bytes = column.typed::<ByteArrayType>();
            bytes.write_batch(&[text], None, None).expect("memory");
            column.close().expect("memory");
        }
        group.close().expect("memory");
        writer.into_inner().expect("memory")
    };
    assert_eq!(read(file(4)).expect("within the bound").0.len(), 4);
    let wide = file(5);
    assert!(wide.len() < 20 << 10);
    assert!(matches!(
        read(wide.clone()),
        Err(ParquetError::Wide { group: 1 })
    ));
    // Column by column there is one at a time.
    assert!(rewrite(wide, None, &mut without_x).is_ok());
}
