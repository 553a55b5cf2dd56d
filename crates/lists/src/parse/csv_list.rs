//! CSV with a header: a column `domain`, `host` or `url`, and perhaps `category` or `categories`.

use std::io::{self, BufRead};

use filter::target::{Target, TargetError, UrlPrefix};

use super::{Pattern, Sink, Skip, lines};

/// Reads a table. `domain` names a host with all below it, `host` a host alone, `url` the pages that begin so (the host alone where
/// it has no path). The first of these columns that is not empty counts. Several categories in one field are parted by `;`.
///
/// A row is one line: a field that holds a newline is reported as left out.
///
/// # Errors
/// Only what `input` itself returns.
pub fn read(input: &mut dyn BufRead, sink: &mut dyn Sink) -> io::Result<()> {
    let mut header: Option<Result<Columns, Skip>> = None;
    lines::each(input, sink, |sink, number, text| {
        if text.trim().is_empty() || text.starts_with('#') {
            return;
        }
        let fields = fields(text);
        match (&header, fields) {
            (None, fields) => {
                let columns = fields.and_then(|fields| Columns::of(&fields));
                if let Err(why) = columns {
                    sink.skip(number, why, text);
                }
                header = Some(columns);
            }
            (Some(Ok(columns)), Ok(fields)) => row(sink, number, text, *columns, &fields),
            (Some(Ok(_)), Err(why)) => sink.skip(number, why, text),
            (Some(Err(_)), _) => sink.skip(number, Skip::Syntax("a row under a header that is not known"), text),
        }
    })
}

/// Places of the columns that are read.
#[derive(Debug, Clone, Copy)]
struct Columns {
    domain: Option<usize>,
    host: Option<usize>,
    url: Option<usize>,
    category: Option<usize>,
}

impl Columns {
    fn of(header: &csv::StringRecord) -> Result<Self, Skip> {
        let find = |names: &[&str]| header.iter().position(|name| names.iter().any(|wanted| name.trim().eq_ignore_ascii_case(wanted)));
        let columns =
            Self { domain: find(&["domain"]), host: find(&["host"]), url: find(&["url"]), category: find(&["category", "categories"]) };
        match columns {
            Self { domain: None, host: None, url: None, .. } => Err(Skip::Syntax("no column is called domain, host or url")),
            columns => Ok(columns),
        }
    }
}

/// Whether a line is a header that [`read`] knows.
pub(super) fn is_header(text: &str) -> bool {
    text.contains(',') && fields(text).is_ok_and(|fields| Columns::of(&fields).is_ok())
}

fn fields(text: &str) -> Result<csv::StringRecord, Skip> {
    if !text.bytes().filter(|byte| *byte == b'"').count().is_multiple_of(2) {
        return Err(Skip::Syntax("a quotation mark that is not closed on the line"));
    }
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).buffer_capacity(text.len().max(16)).from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    match reader.read_record(&mut record) {
        Ok(true) => Ok(record),
        Ok(false) | Err(_) => Err(Skip::Syntax("not a row of a table")),
    }
}

fn row(sink: &mut dyn Sink, number: u32, text: &str, columns: Columns, fields: &csv::StringRecord) {
    let field = |column: Option<usize>| column.and_then(|at| fields.get(at)).map(str::trim).filter(|field| !field.is_empty());
    let parsed = if let Some(domain) = field(columns.domain) {
        Pattern::below(domain)
    } else if let Some(host) = field(columns.host) {
        Pattern::exact(host)
    } else if let Some(address) = field(columns.url) {
        url(address)
    } else {
        Err(Skip::Syntax("a row that names no host"))
    };
    let pattern = match parsed {
        Ok(pattern) => pattern,
        Err(why) => return sink.skip(number, why, text),
    };
    let labels: Vec<_> =
        field(columns.category).into_iter().flat_map(|all| all.split(';')).map(str::trim).filter(|label| !label.is_empty()).collect();
    if labels.is_empty() {
        return sink.entry(number, None, pattern);
    }
    for label in labels {
        sink.entry(number, Some(label), pattern.clone());
    }
}

fn url(address: &str) -> Result<Pattern, Skip> {
    match UrlPrefix::parse(address) {
        Ok(url) => Ok(Pattern::Url(url)),
        Err(TargetError::NoPath) => Target::parse(address).map(|target| Pattern::Exact(target.host)).map_err(Skip::Target),
        Err(why) => Err(Skip::Target(why)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::testing::Found;

    fn found(text: &str) -> Found {
        let mut found = Found::default();
        read(&mut text.as_bytes(), &mut found).expect("reading");
        found
    }

    #[test]
    fn columns_by_name_in_any_order() {
        let found = found(
            "# ours\nNote,Categories,DOMAIN,url\n\"a, quoted\",games; chat,a.example,\n,,b.example\n,news,,https://c.example/Page\n,,,https://d.example\n",
        );
        assert_eq!(
            found.entries(),
            ["3 games: *.a.example", "3 chat: *.a.example", "4 *.b.example", "5 news: =c.example/page", "6 =d.example"]
        );
    }

    #[test]
    fn odd_rows_are_reported_and_the_rest_read() {
        let found =
            found("host,category\na.example,games,too,many\n,games\n\"open,games\nbad host,games\nb.example\n\"he said \"\"hi\"\"\",x\n");
        assert_eq!(found.entries(), ["2 games: =a.example", "6 =b.example"]);
        assert_eq!(
            found.skips(),
            [
                "3 not understood: a row that names no host: ,games",
                "4 not understood: a quotation mark that is not closed on the line: \"open,games",
                "5 not a host: the text is not a host name or an address: bad host,games",
                "7 not a host: the text is not a host name or an address: \"he said \"\"hi\"\"\",x",
            ]
        );
    }

    #[test]
    fn a_table_without_such_a_column_is_refused_row_by_row() {
        assert_eq!(
            found("name,colour\nx,y\n").skips(),
            [
                "1 not understood: no column is called domain, host or url: name,colour",
                "2 not understood: a row under a header that is not known: x,y",
            ]
        );
    }
}
