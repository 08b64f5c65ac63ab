//! Bytes to rows: encoding, delimiter and line ends are detected; text that cannot be decoded is refused, never repaired.

use std::borrow::Cow;

/// The largest file that is read.
pub const MAX_BYTES: usize = 50 * 1024 * 1024;

/// A file of comma-, semicolon- or tab-separated values. Cells are kept exactly as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub header: Vec<String>,
    /// Rows may hold more or fewer cells than the header; empty lines are left out.
    pub rows: Vec<Row>,
    /// `,`, `;` or a tab.
    pub delimiter: char,
    pub encoding: Encoding,
    pub line_end: LineEnd,
}

/// One record, which may span several lines of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The line of the file on which the record begins; the first line is 1.
    pub line: u64,
    pub cells: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    Utf8WithBom,
    Utf16Le,
    Utf16Be,
}

/// How the header line ends; later lines may differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineEnd {
    Lf,
    CrLf,
    Cr,
}

/// Why a file is not a table. Bytes are counted from 0, lines from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    #[error("the file has {0} bytes; the most that is read is {MAX_BYTES}")]
    TooLarge(usize),
    #[error("the file is empty")]
    Empty,
    #[error("line {line}, byte {byte}: this is not {expected} text; save the file as UTF-8 and try again")]
    Undecodable { line: u64, byte: usize, expected: &'static str },
    #[error("line {line}, byte {byte}: a zero byte cannot stand in text")]
    ZeroByte { line: u64, byte: usize },
    #[error("line {line}: a quoted cell of this row is never closed")]
    UnclosedQuote { line: u64 },
}

impl Table {
    /// Reads a whole file.
    ///
    /// # Errors
    /// When it is too large, empty, not text in the encoding that it shows, or ends inside a quoted cell.
    pub fn parse(bytes: &[u8]) -> Result<Self, TableError> {
        if bytes.len() > MAX_BYTES {
            return Err(TableError::TooLarge(bytes.len()));
        }
        let (text, encoding) = decode(bytes)?;
        let delimiter = delimiter(&text);
        let mut records = records(&text, delimiter)?.into_iter();
        let header = records.next().ok_or(TableError::Empty)?.cells;
        Ok(Self { header, rows: records.collect(), delimiter: char::from(delimiter), encoding, line_end: line_end(&text) })
    }
}

fn decode(bytes: &[u8]) -> Result<(Cow<'_, str>, Encoding), TableError> {
    let (text, encoding, unit, start) = match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => (decode_utf8(rest, 3)?, Encoding::Utf8WithBom, 1, 3),
        [0xFF, 0xFE, rest @ ..] => (decode_utf16(rest, 2, u16::from_le_bytes)?, Encoding::Utf16Le, 2, 2),
        [0xFE, 0xFF, rest @ ..] => (decode_utf16(rest, 2, u16::from_be_bytes)?, Encoding::Utf16Be, 2, 2),
        // Without a mark: a header begins with an ASCII letter or quote, so the zero half tells the order.
        [1..=0x7F, 0, ..] => (decode_utf16(bytes, 0, u16::from_le_bytes)?, Encoding::Utf16Le, 2, 0),
        [0, 1..=0x7F, ..] => (decode_utf16(bytes, 0, u16::from_be_bytes)?, Encoding::Utf16Be, 2, 0),
        _ => (decode_utf8(bytes, 0)?, Encoding::Utf8, 1, 0),
    };
    match text.find('\0') {
        Some(at) => {
            let byte = if unit == 1 { at } else { 2 * text[..at].encode_utf16().count() };
            Err(TableError::ZeroByte { line: 1 + count_lines(&text[..at]), byte: start + byte })
        }
        None => Ok((text, encoding)),
    }
}

fn decode_utf8(bytes: &[u8], start: usize) -> Result<Cow<'_, str>, TableError> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Cow::Borrowed(text)),
        Err(error) => {
            let (good, _) = bytes.split_at(error.valid_up_to());
            let line = 1 + count_lines(&String::from_utf8_lossy(good));
            Err(TableError::Undecodable { line, byte: start + good.len(), expected: "UTF-8" })
        }
    }
}

fn decode_utf16(bytes: &[u8], start: usize, join: fn([u8; 2]) -> u16) -> Result<Cow<'static, str>, TableError> {
    let (pairs, odd) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len());
    let mut at = start;
    for unit in char::decode_utf16(pairs.iter().map(|pair| join(*pair))) {
        let Ok(c) = unit else {
            return Err(TableError::Undecodable { line: 1 + count_lines(&text), byte: at, expected: "UTF-16" });
        };
        text.push(c);
        at += 2 * c.len_utf16();
    }
    if odd.is_empty() { Ok(Cow::Owned(text)) } else { Err(TableError::Undecodable { line: 1 + count_lines(&text), byte: at, expected: "UTF-16" }) }
}

/// The separator that the header uses most, outside quotes.
fn delimiter(text: &str) -> u8 {
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    let mut quoted = false;
    for byte in text.trim_start_matches(['\r', '\n']).bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\r' | b'\n' if !quoted => break,
            _ if quoted => {}
            _ => counts.iter_mut().filter(|(candidate, _)| *candidate == byte).for_each(|(_, count)| *count += 1),
        }
    }
    let most = counts.iter().map(|(_, count)| *count).max();
    counts.iter().find(|(_, count)| Some(*count) == most).map_or(b',', |(candidate, _)| *candidate)
}

fn line_end(text: &str) -> LineEnd {
    match text.find(['\r', '\n']).map(|at| &text[at..]) {
        Some(end) if end.starts_with("\r\n") => LineEnd::CrLf,
        Some(end) if end.starts_with('\r') => LineEnd::Cr,
        _ => LineEnd::Lf,
    }
}

fn records(text: &str, delimiter: u8) -> Result<Vec<Row>, TableError> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    let mut rows = Vec::new();
    let mut record = csv::StringRecord::new();
    let (mut line, mut counted) = (1, 0);
    while reader.read_record(&mut record).expect("a decoded text in memory has no read errors and no bad UTF-8") {
        // The csv crate counts a record from the end of the one before, empty lines and half of a CRLF included.
        let from = record.position().map_or(0, |position| usize::try_from(position.byte()).expect("no larger than the file"));
        let begin = from + text[from..].bytes().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        line += count_lines(&text[counted..begin]);
        counted = begin;
        rows.push(Row { line, cells: record.iter().map(str::to_owned).collect() });
    }
    if is_unclosed(&text[counted..], delimiter) { Err(TableError::UnclosedQuote { line }) } else { Ok(rows) }
}

/// Whether a further line would still belong to this last record.
fn is_unclosed(last: &str, delimiter: u8) -> bool {
    if !last.contains('"') {
        return false;
    }
    let probe = format!("{last}\nx");
    csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(probe.as_bytes()).records().count() < 2
}

/// Line ends in a text that does not begin or end between the two halves of a CRLF.
fn count_lines(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let ends = bytes.iter().enumerate().filter(|(at, byte)| **byte == b'\n' || (**byte == b'\r' && bytes.get(at + 1) != Some(&b'\n')));
    u64::try_from(ends.count()).expect("no larger than the file")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(table: &Table) -> Vec<u64> {
        table.rows.iter().map(|row| row.line).collect()
    }

    #[test]
    fn quotes_hold_delimiters_quotes_and_line_ends() {
        let table = Table::parse(b"a,b\r\n\"1,\"\"x\"\"\r\ny\",2\r\n\r\n3,4\r\n").expect("a table");
        assert_eq!(table.rows[0].cells, ["1,\"x\"\r\ny", "2"]);
        assert_eq!((lines(&table), table.line_end, table.delimiter), (vec![2, 5], LineEnd::CrLf, ','));
    }

    #[test]
    fn every_line_end_counts_once() {
        for text in ["a,b\n1,2\n\n3,4", "a,b\r1,2\r\r3,4\r", "a,b\r\n1,2\r\n\r\n3,4\r\n"] {
            assert_eq!(lines(&Table::parse(text.as_bytes()).expect("a table")), [2, 4], "{text:?}");
        }
    }

    #[test]
    fn the_header_tells_the_delimiter() {
        let of = |text: &str| Table::parse(text.as_bytes()).expect("a table").delimiter;
        assert_eq!([of("\"a,b,c\";d\n"), of("a\tb\n1,2"), of("one\n"), of("a,b;c,d")], [';', '\t', ',', ',']);
    }

    #[test]
    fn utf16_is_read_with_and_without_its_mark() {
        let text = "Title,Vendor\nTasse\u{2028}grün 😀,\u{a0}x\n";
        let le: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let be: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let marked = [&[0xFF, 0xFE], le.as_slice()].concat();
        for (bytes, encoding) in [(marked, Encoding::Utf16Le), (le, Encoding::Utf16Le), (be, Encoding::Utf16Be)] {
            let table = Table::parse(&bytes).expect("a table");
            assert_eq!(
                (table.encoding, table.rows[0].cells[0].as_str(), table.rows[0].cells[1].as_str()),
                (encoding, "Tasse\u{2028}grün 😀", "\u{a0}x")
            );
        }
    }

    #[test]
    fn what_cannot_be_decoded_is_named_by_line_and_byte() {
        assert_eq!(Table::parse(b"a,b\r\nx,caf\xE9\r\n"), Err(TableError::Undecodable { line: 2, byte: 10, expected: "UTF-8" }));
        assert_eq!(Table::parse(b"\xEF\xBB\xBFa\n\xFF"), Err(TableError::Undecodable { line: 2, byte: 5, expected: "UTF-8" }));
        assert_eq!(Table::parse(b"\xFF\xFEa\0\n\0\x00\xD8"), Err(TableError::Undecodable { line: 2, byte: 6, expected: "UTF-16" }));
        assert_eq!(Table::parse(b"a,b\nx,\0"), Err(TableError::ZeroByte { line: 2, byte: 6 }));
    }

    #[test]
    fn an_unclosed_quote_does_not_swallow_the_rest() {
        assert_eq!(Table::parse(b"a,b\n1,2\n\"3,4\n5,6\n"), Err(TableError::UnclosedQuote { line: 3 }));
        assert!(Table::parse(b"a,b\n1,\"2\"").is_ok());
    }

    #[test]
    fn nothing_and_too_much_are_refused() {
        assert_eq!(Table::parse(b""), Err(TableError::Empty));
        assert_eq!(Table::parse(b"\xEF\xBB\xBF\n\n"), Err(TableError::Empty));
        assert_eq!(Table::parse(&vec![b'a'; MAX_BYTES + 1]), Err(TableError::TooLarge(MAX_BYTES + 1)));
    }

    #[test]
    fn cells_are_not_trimmed_and_rows_may_be_ragged() {
        let table = Table::parse("\u{feff}a,b\n x ,\u{a0}y,z\n1\n".as_bytes()).expect("a table");
        assert_eq!((table.encoding, table.header[0].as_str()), (Encoding::Utf8WithBom, "a"));
        assert_eq!(table.rows[0].cells, [" x ", "\u{a0}y", "z"]);
        assert_eq!(table.rows[1].cells, ["1"]);
    }
}
