//! Reading the ClientHello that opens a TLS connection, without decrypting anything: whom the browser asks for.
//!
//! The bytes stay in the caller's buffer, so that they can be sent on to the origin or handed to our own TLS end, unchanged. A
//! hello may come in any number of segments and be cut into any number of records (RFC 8446, 5.1). What an origin might read
//! otherwise than we do is refused, since the origin would then serve a host that nobody judged.

use std::collections::HashSet;
use std::time::Duration;

use filter::Host;
use tls_parser::{
    SNIType, TlsExtension, parse_tls_extension_alpn_content, parse_tls_extension_sni_content, parse_tls_handshake_client_hello,
};
use tokio::io::{AsyncRead, AsyncReadExt as _};

/// Most bytes read in search of a whole ClientHello, record headers included. Browsers send under 2 KiB; the key shares of
/// post-quantum exchanges may double that.
pub const MAX_HELLO: usize = 64 * 1024;
/// How long a client may take over its whole ClientHello.
pub const HELLO_TIME: Duration = Duration::from_secs(10);

/// Most bytes in a record that is not encrypted (RFC 8446, 5.1).
const MAX_RECORD: usize = 1 << 14;
const RECORD_HEADER: usize = 5;
const HANDSHAKE_HEADER: usize = 4;
const HANDSHAKE_RECORD: u8 = 22;
const CLIENT_HELLO: u8 = 1;

/// RFC 6066, 3.
const SERVER_NAME: u16 = 0;
/// RFC 7301, 3.1.
const ALPN: u16 = 16;
/// RFC 9849, 5.
const ENCRYPTED_CLIENT_HELLO: u16 = 0xfe0d;

/// What came first on a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hello {
    /// A ClientHello, with what it shows to everybody on the way.
    Tls {
        /// The host asked for. An address here ([`Host::is_address`]) breaks RFC 6066; it is for the caller to judge.
        server_name: Option<Host>,
        /// Whether there is an encrypted inner hello, or the grease that browsers send in its place: nobody can tell which.
        ech: bool,
        /// The protocols offered inside, in order of preference (`h2`, `http/1.1`).
        alpn: Vec<Box<[u8]>>,
    },
    /// Something else than TLS, as the first bytes show.
    NotTls,
    /// A ClientHello that is, or says it will be, longer than [`MAX_HELLO`].
    TooLong,
    /// TLS, but broken or to be read in two ways. The text says what is wrong, and nothing of what was sent.
    Malformed(&'static str),
    /// The client closed or broke off before its ClientHello was whole.
    Closed,
    /// The client took longer than [`HELLO_TIME`].
    TimedOut,
}

/// How far a parse came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// Undecided until more bytes come.
    NeedMore,
    /// Decided; more bytes do not change it.
    Done(Hello),
}

/// Reads until the first bytes of a connection are known for what they are. All that was read is in `buffer` afterwards, and a
/// little may follow the hello; what `buffer` holds before counts as read. Never fails: each end is a [`Hello`].
pub async fn peek_hello<S: AsyncRead + Unpin>(stream: &mut S, buffer: &mut Vec<u8>) -> Hello {
    tokio::time::timeout(HELLO_TIME, read_hello(stream, buffer)).await.unwrap_or(Hello::TimedOut)
}

async fn read_hello<S: AsyncRead + Unpin>(stream: &mut S, buffer: &mut Vec<u8>) -> Hello {
    let mut collector = Collector::default();
    loop {
        if let Progress::Done(hello) = collector.advance(buffer) {
            return hello;
        }
        let mut chunk = [0; 2048];
        match stream.read(&mut chunk).await {
            Ok(0) | Err(_) => return Hello::Closed,
            Ok(count) => buffer.extend(chunk.iter().take(count)),
        }
    }
}

/// What the first bytes of a connection are. The same for the same bytes, however they came.
pub fn parse_hello(bytes: &[u8]) -> Progress {
    Collector::default().advance(bytes)
}

/// Puts the first handshake message together from its records. Goes over no record twice, so that a client that sends single
/// bytes makes no more work than others.
#[derive(Default)]
struct Collector {
    /// Bytes of whole records that were taken.
    taken: usize,
    message: Vec<u8>,
}

impl Collector {
    /// Goes on with all bytes so far, of which those given before are the beginning.
    fn advance(&mut self, bytes: &[u8]) -> Progress {
        match self.collect(bytes) {
            Ok(Some(body)) => Progress::Done(read_body(body).unwrap_or_else(Hello::Malformed)),
            Ok(None) => Progress::NeedMore,
            Err(end) => Progress::Done(end),
        }
    }

    fn collect(&mut self, bytes: &[u8]) -> Result<Option<&[u8]>, Hello> {
        while !is_whole(&self.message)? {
            let rest = bytes.get(self.taken..).unwrap_or_default();
            let Some(length) = record_length(rest, self.taken == 0)? else { return Ok(None) };
            let end = RECORD_HEADER + length;
            if self.taken + end > MAX_HELLO {
                return Err(Hello::TooLong);
            }
            let Some(record) = rest.get(RECORD_HEADER..end) else { return Ok(None) };
            self.message.extend(record);
            self.taken += end;
        }
        Ok(self.message.get(HANDSHAKE_HEADER..))
    }
}

/// How long the record at the start of `bytes` is, header not counted; none while its header is not whole.
fn record_length(bytes: &[u8], is_first: bool) -> Result<Option<usize>, Hello> {
    let foreign = if is_first { Hello::NotTls } else { Hello::Malformed("another record stands between the parts of the ClientHello") };
    match *bytes {
        [kind, ..] if kind != HANDSHAKE_RECORD => Err(foreign),
        // All versions of TLS have 3 here; what follows says little (RFC 8446, 5.1).
        [_, major, ..] if major != 3 => Err(foreign),
        [_, _, _, high, low, ..] => match usize::from(u16::from_be_bytes([high, low])) {
            0 => Err(Hello::Malformed("a record of the ClientHello is empty")),
            length if length > MAX_RECORD => Err(Hello::Malformed("a record of the ClientHello is longer than TLS allows")),
            length => Ok(Some(length)),
        },
        _ => Ok(None),
    }
}

/// Whether a ClientHello is there with its last byte.
fn is_whole(message: &[u8]) -> Result<bool, Hello> {
    match *message {
        [kind, ..] if kind != CLIENT_HELLO => Err(Hello::Malformed("the first message is no ClientHello")),
        [_, high, middle, low, ref body @ ..] => {
            let length = u32::from_be_bytes([0, high, middle, low]) as usize;
            if length > MAX_HELLO {
                return Err(Hello::TooLong);
            }
            if body.len() > length {
                return Err(Hello::Malformed("more follows in the record of the ClientHello"));
            }
            Ok(body.len() == length)
        }
        _ => Ok(false),
    }
}

fn read_body(body: &[u8]) -> Result<Hello, &'static str> {
    let (rest, contents) = parse_tls_handshake_client_hello(body).map_err(|_| "the ClientHello is not built as one")?;
    if !rest.is_empty() {
        return Err("something follows the extensions of the ClientHello");
    }
    let (mut server_name, mut alpn, mut seen) = (None, Vec::new(), HashSet::new());
    let mut extensions = contents.ext.unwrap_or_default();
    while let [kind_high, kind_low, high, low, ref rest @ ..] = *extensions {
        let kind = u16::from_be_bytes([kind_high, kind_low]);
        let length = usize::from(u16::from_be_bytes([high, low]));
        let (data, after) = rest.split_at_checked(length).ok_or(BAD_EXTENSIONS)?;
        // RFC 8446, 4.2. Of two names, one reader may take the first and another the last.
        if !seen.insert(kind) {
            return Err("an extension of the ClientHello stands there twice");
        }
        match kind {
            SERVER_NAME => server_name = Some(read_server_name(data)?),
            ALPN => alpn = read_alpn(data)?,
            _ => {}
        }
        extensions = after;
    }
    if !extensions.is_empty() {
        return Err(BAD_EXTENSIONS);
    }
    Ok(Hello::Tls { server_name, ech: seen.contains(&ENCRYPTED_CLIENT_HELLO), alpn })
}

const BAD_EXTENSIONS: &str = "the extensions of the ClientHello are cut off";

fn read_server_name(data: &[u8]) -> Result<Host, &'static str> {
    const WRONG: &str = "the server name is no host";
    let (_, extension) = parse_tls_extension_sni_content(data).map_err(|_| WRONG)?;
    let TlsExtension::SNI(names) = extension else { return Err(WRONG) };
    // The parser passes over what it cannot read at the end of a list, so the lengths are added up: list, kind, name.
    let [(SNIType::HostName, name)] = names[..] else { return Err("there is not exactly one server name") };
    if data.len() != 2 + 1 + 2 + name.len() {
        return Err("there is not exactly one server name");
    }
    let name = std::str::from_utf8(name).map_err(|_| WRONG)?;
    let host = Host::parse(name).map_err(|_| WRONG)?;
    // A browser's parser reads many spellings as one host (`%61.example`, `0x7f.1`), an origin compares letters.
    if name.strip_suffix('.').unwrap_or(name).eq_ignore_ascii_case(host.as_str()) { Ok(host) } else { Err(WRONG) }
}

fn read_alpn(data: &[u8]) -> Result<Vec<Box<[u8]>>, &'static str> {
    match parse_tls_extension_alpn_content(data) {
        Ok((_, TlsExtension::ALPN(names))) => Ok(names.into_iter().map(Box::from).collect()),
        _ => Err("the list of protocols in the ClientHello is broken"),
    }
}

#[cfg(test)]
mod tests;
