//! Requests and responses, read from a datagram and written into one (RFC 3261 §7).

use std::fmt::Write as _;

use super::address::{NameAddress, Uri, parameter};

/// The longest datagram that is looked at. UDP carries no more, and no softphone sends it.
const DATAGRAM_MAX: usize = 65_535;
/// Headers of one message; beyond that it is an attack and not a call.
const HEADERS_MAX: usize = 200;

/// What a request asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Method {
    /// Opens a session, or changes one.
    Invite,
    /// Says that the final answer to an INVITE has come.
    Ack,
    /// Ends a session.
    Bye,
    /// Takes an INVITE back.
    Cancel,
    /// Says where an extension is.
    Register,
    /// Asks whether somebody is there.
    Options,
    /// Anything else, as written.
    Other(String),
}

impl Method {
    fn read(text: &str) -> Option<Self> {
        let is_token = !text.is_empty() && text.bytes().all(is_token);
        Some(match text {
            "INVITE" => Self::Invite,
            "ACK" => Self::Ack,
            "BYE" => Self::Bye,
            "CANCEL" => Self::Cancel,
            "REGISTER" => Self::Register,
            "OPTIONS" => Self::Options,
            other if is_token => Self::Other(other.to_owned()),
            _ => return None,
        })
    }

    /// The method as it stands in a message.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Invite => "INVITE",
            Self::Ack => "ACK",
            Self::Bye => "BYE",
            Self::Cancel => "CANCEL",
            Self::Register => "REGISTER",
            Self::Options => "OPTIONS",
            Self::Other(text) => text,
        }
    }
}

fn is_token(c: u8) -> bool {
    c.is_ascii_alphanumeric() || b"-.!%*_+`'~".contains(&c)
}

/// The headers of a message in their order, compact names written out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers(Vec<(String, String)>);

impl Headers {
    /// The first header of a name, whatever its case.
    pub fn first(&self, name: &str) -> Option<&str> {
        let is_named = |(key, _): &&(String, String)| key.eq_ignore_ascii_case(name);
        self.0.iter().find(is_named).map(|(_, text)| text.as_str())
    }

    /// Every header of a name, in order, as they were written.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let is_named = move |(key, _): &&(String, String)| key.eq_ignore_ascii_case(name);
        self.0.iter().filter(is_named).map(|(_, text)| text.as_str())
    }

    /// Adds a header at the end. Line breaks in it become spaces.
    pub fn push(&mut self, name: &str, text: impl Into<String>) {
        let text = text.into().replace(['\r', '\n'], " ");
        self.0.push((name.to_owned(), text));
    }

    /// Adds every header of a name that `other` has.
    pub fn copy(&mut self, name: &str, other: &Self) {
        for text in other.all(name) {
            self.push(name, text);
        }
    }

    /// Replaces every header of a name by one.
    pub fn set(&mut self, name: &str, text: impl Into<String>) {
        self.0.retain(|(key, _)| !key.eq_ignore_ascii_case(name));
        self.push(name, text);
    }

    /// `From`, `To` or the first `Contact`, read as an address.
    pub fn address(&self, name: &str) -> Option<NameAddress> {
        NameAddress::read(split_outside(self.first(name)?, ',').next()?)
    }

    /// The single addresses of a header that may repeat, in order (`Record-Route`).
    pub fn addresses(&self, name: &str) -> Vec<String> {
        let lists = self.all(name).flat_map(|text| split_outside(text, ','));
        lists.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()).collect()
    }

    /// Number and method of `CSeq`.
    pub fn cseq(&self) -> Option<(u32, &str)> {
        let (number, method) = self.first("CSeq")?.split_once(|c: char| c.is_ascii_whitespace())?;
        Some((number.parse().ok()?, method.trim()))
    }

    /// The branch of the topmost `Via`.
    pub fn branch(&self) -> Option<&str> {
        parameter(split_outside(self.first("Via")?, ',').next()?, "branch")
    }

    /// `Call-ID`.
    pub fn call_id(&self) -> Option<&str> {
        self.first("Call-ID")
    }

    /// The tag of `From` or `To`.
    pub fn tag(&self, name: &str) -> Option<String> {
        self.address(name)?.tag().map(str::to_owned)
    }
}

/// What somebody asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// What is asked for.
    pub method: Method,
    /// Of whom, as written: some peers leave the host out, and they are matched by their dialog.
    pub uri: String,
    /// Everything else that is said.
    pub headers: Headers,
    /// The body, mostly a description of media.
    pub body: Vec<u8>,
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The status, 100 to 699.
    pub status: u16,
    /// The phrase behind it.
    pub reason: String,
    /// Everything else that is said.
    pub headers: Headers,
    /// The body, mostly a description of media.
    pub body: Vec<u8>,
}

/// One datagram of SIP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// A request.
    Request(Request),
    /// A response.
    Response(Response),
}

impl Message {
    /// Reads a datagram. `None` for what is no message, among it keep-alives of blank lines, and
    /// for one without what every message must have: `Via`, `From`, `To`, `Call-ID`, `CSeq`.
    pub fn read(datagram: &[u8]) -> Option<Self> {
        if datagram.len() > DATAGRAM_MAX {
            return None;
        }
        let (head, rest) = halves(datagram)?;
        // A name in another encoding must not cost the headers below it.
        let head = String::from_utf8_lossy(head);
        let mut lines = head.split('\n').map(|line| line.trim_end_matches('\r'));
        let first = lines.next()?;
        let headers = read_headers(lines)?;
        let body = body_of(&headers, rest)?;
        headers.first("Via")?;
        headers.address("From")?;
        headers.address("To")?;
        headers.call_id().filter(|id| !id.is_empty() && id.len() <= 256)?;
        let (_, method) = headers.cseq()?;
        if let Some(status) = first.strip_prefix("SIP/2.0 ") {
            let (code, reason) = status.split_once(' ').unwrap_or((status, ""));
            let status = code.parse().ok().filter(|code| (100..700).contains(code))?;
            let reason = reason.trim().replace('\r', " ");
            return Some(Self::Response(Response { status, reason, headers, body }));
        }
        let line = first.strip_suffix(" SIP/2.0")?;
        let (name, uri) = line.split_once(' ')?;
        let uri = uri.trim().to_owned();
        let is_same = name == method && !uri.contains(char::is_whitespace);
        let method = Method::read(name).filter(|_| is_same)?;
        Some(Self::Request(Request { method, uri, headers, body }))
    }
}

/// What stands before the blank line, and what after it.
fn halves(datagram: &[u8]) -> Option<(&[u8], &[u8])> {
    let mark = b"\r\n\r\n";
    let at = datagram.windows(mark.len()).position(|four| four == mark)?;
    Some((&datagram[..at], &datagram[at + mark.len()..]))
}

/// The body is as long as it says, or as the datagram when it says nothing (RFC 3261 §18.3).
fn body_of(headers: &Headers, rest: &[u8]) -> Option<Vec<u8>> {
    let Some(length) = headers.first("Content-Length") else { return Some(rest.to_vec()) };
    let length: usize = length.trim().parse().ok()?;
    Some(rest.get(..length)?.to_vec())
}

fn read_headers<'a>(lines: impl Iterator<Item = &'a str>) -> Option<Headers> {
    let mut headers = Headers::default();
    for line in lines {
        if line.starts_with([' ', '\t']) {
            // A line that goes on (RFC 3261 §7.3.1).
            let (_, text) = headers.0.last_mut()?;
            text.push(' ');
            text.push_str(&line.trim().replace('\r', " "));
            continue;
        }
        let (name, text) = line.split_once(':')?;
        let name = name.trim_end();
        if name.is_empty() || !name.bytes().all(is_token) || headers.0.len() == HEADERS_MAX {
            return None;
        }
        headers.push(written_out(name), text.trim());
    }
    Some(headers)
}

/// The long form of a compact name (RFC 3261 §7.3.3).
fn written_out(name: &str) -> &str {
    match name {
        "v" | "V" => "Via",
        "f" | "F" => "From",
        "t" | "T" => "To",
        "i" | "I" => "Call-ID",
        "m" | "M" => "Contact",
        "l" | "L" => "Content-Length",
        "c" | "C" => "Content-Type",
        "k" | "K" => "Supported",
        other => other,
    }
}

/// Splits where a sign stands outside quotes and angle brackets.
pub fn split_outside(text: &str, sign: char) -> impl Iterator<Item = &str> {
    let (mut is_quoted, mut is_escaped, mut depth) = (false, false, 0_i32);
    text.split(move |c: char| {
        if is_escaped {
            is_escaped = false;
            return false;
        }
        match c {
            '\\' if is_quoted => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            '<' if !is_quoted => depth += 1,
            '>' if !is_quoted => depth -= 1,
            c => return c == sign && !is_quoted && depth <= 0,
        }
        false
    })
}

fn written(first: &str, headers: &Headers, body: &[u8]) -> Vec<u8> {
    let mut text = format!("{first}\r\n");
    let is_length = |name: &str| name.eq_ignore_ascii_case("Content-Length");
    for (name, value) in headers.0.iter().filter(|(name, _)| !is_length(name)) {
        // Writing to a text cannot fail.
        let _ = write!(text, "{name}: {value}\r\n");
    }
    let _ = write!(text, "Content-Length: {}\r\n\r\n", body.len());
    let mut bytes = text.into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

impl Request {
    /// The request as a datagram.
    pub fn to_bytes(&self) -> Vec<u8> {
        let first = format!("{} {} SIP/2.0", self.method.as_str(), self.uri);
        written(&first, &self.headers, &self.body)
    }

    /// The address that is asked, where it is one.
    pub fn target(&self) -> Option<Uri> {
        Uri::read(&self.uri)
    }

    /// An answer that goes back the way the request came (RFC 3261 §8.2.6), without a body. The
    /// tag is added to `To` where it has none; a provisional 100 has none.
    pub fn answer(&self, status: u16, tag: &str) -> Response {
        let mut headers = Headers::default();
        headers.copy("Via", &self.headers);
        headers.copy("From", &self.headers);
        let to = self.headers.first("To").unwrap_or_default();
        if status == 100 || self.headers.tag("To").is_some() {
            headers.push("To", to);
        } else {
            headers.push("To", format!("{to};tag={tag}"));
        }
        headers.copy("Call-ID", &self.headers);
        headers.copy("CSeq", &self.headers);
        headers.copy("Record-Route", &self.headers);
        Response { status, reason: phrase(status).to_owned(), headers, body: Vec::new() }
    }
}

impl Response {
    /// The response as a datagram.
    pub fn to_bytes(&self) -> Vec<u8> {
        let first = format!("SIP/2.0 {} {}", self.status, self.reason);
        written(&first, &self.headers, &self.body)
    }

    /// True below 200: something else follows.
    pub fn is_provisional(&self) -> bool {
        self.status < 200
    }

    /// True for 200 to 299.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

fn phrase(status: u16) -> &'static str {
    match status {
        100 => "Trying",
        200 => "OK",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        423 => "Interval Too Brief",
        480 => "Temporarily Unavailable",
        481 => "Call/Transaction Does Not Exist",
        486 => "Busy Here",
        488 => "Not Acceptable Here",
        500 => "Server Internal Error",
        503 => "Service Unavailable",
        _ => "Answer",
    }
}

#[cfg(test)]
mod tests;
