//! Web domains, and which of them say nothing about whose they are.

/// Mail providers that give an address to anybody: sharing one of these is no evidence.
const FREE_MAIL: [&str; 36] = [
    "mail.ru",
    "bk.ru",
    "inbox.ru",
    "list.ru",
    "internet.ru",
    "xmail.ru",
    "yandex.ru",
    "ya.ru",
    "yandex.com",
    "yandex.by",
    "yandex.kz",
    "yandex.ua",
    "narod.ru",
    "rambler.ru",
    "lenta.ru",
    "autorambler.ru",
    "myrambler.ru",
    "ro.ru",
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "hotmail.com",
    "live.com",
    "live.ru",
    "msn.com",
    "yahoo.com",
    "icloud.com",
    "me.com",
    "aol.com",
    "gmx.de",
    "gmx.net",
    "web.de",
    "t-online.de",
    "proton.me",
    "protonmail.com",
    "ukr.net",
];

/// Places where many unrelated organisations have their page: social networks, maps, site builders.
/// An address below a builder's domain is told apart by one more label; a network's is not at all.
const SHARED_HOSTS: [&str; 30] = [
    "vk.com",
    "vk.ru",
    "ok.ru",
    "t.me",
    "telegram.me",
    "facebook.com",
    "instagram.com",
    "youtube.com",
    "rutube.ru",
    "dzen.ru",
    "linkedin.com",
    "wa.me",
    "taplink.cc",
    "2gis.ru",
    "google.com",
    "yandex.ru",
    "avito.ru",
    "hh.ru",
    "ucoz.ru",
    "ucoz.net",
    "narod.ru",
    "tilda.ws",
    "wixsite.com",
    "wordpress.com",
    "blogspot.com",
    "github.io",
    "business.site",
    "mskobr.ru",
    "nethouse.ru",
    "livejournal.com",
];

/// Second-level labels under which anybody may register, as in `co.uk` or `msk.ru`.
const PUBLIC_SECOND_LEVEL: [&str; 16] = [
    "co", "com", "org", "net", "gov", "edu", "ac", "msk", "spb", "nov", "pp", "in", "ltd", "plc",
    "me", "mil",
];

/// Whether a mail domain gives addresses to anybody.
#[must_use]
pub fn is_free_mail(domain: &str) -> bool {
    FREE_MAIL.contains(&domain)
}

/// Where an organisation stands on the web.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WebDomain {
    host: String,
    registrable: String,
    shared: bool,
}

impl WebDomain {
    /// The whole host in lower case without `www.`, such as `shop.example.ru`.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The part somebody registered, such as `example.ru`. Known public second levels (`co.uk`,
    /// `msk.ru`) and site builders count as such; the full public suffix list is not consulted.
    #[must_use]
    pub fn registrable(&self) -> &str {
        &self.registrable
    }

    /// Whether the host alone says nothing about whose page it is, as with a social network, a
    /// mail provider or the front page of a site builder.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.shared
    }
}

/// Why a text is not a web domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebDomainProblem {
    /// Nothing but blanks, dashes and other signs.
    #[error("empty")]
    Empty,
    /// A blank, a comma or a semicolon within: several addresses, to be split first.
    #[error("several values")]
    Several,
    /// It is a mail address.
    #[error("a mail address")]
    MailAddress,
    /// No dot, an empty or overlong label, an impossible character, or a number at the end.
    #[error("not a domain")]
    NotADomain,
}

impl WebDomainProblem {
    /// A stable machine code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Several => "several",
            Self::MailAddress => "mail_address",
            Self::NotADomain => "not_a_domain",
        }
    }
}

/// Reads a web address or a bare domain: scheme, `www.`, port, path and closing dot are dropped.
/// Domains in Cyrillic are kept in Cyrillic; they are not turned into their `xn--` form.
pub fn web_domain(text: &str) -> Result<WebDomain, WebDomainProblem> {
    host_of(&trimmed(text).to_lowercase()).map(of_host)
}

/// A web address without what is often around it.
pub(crate) fn trimmed(text: &str) -> &str {
    text.trim().trim_matches(['"', '\'', '<', '>'])
}

/// The host in a web address, which is in small letters and has nothing around it.
pub(crate) fn host_of(lower: &str) -> Result<&str, WebDomainProblem> {
    if !lower.contains(char::is_alphanumeric) {
        return Err(WebDomainProblem::Empty);
    }
    let rest = lower.split_once("://").map_or(lower, |(_, rest)| rest);
    let rest = rest.trim_start_matches('/');
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or("").trim();
    if rest.contains(|c: char| c.is_whitespace() || matches!(c, ',' | ';')) {
        return Err(WebDomainProblem::Several);
    }
    if authority.contains('@') {
        return Err(WebDomainProblem::MailAddress);
    }
    let host = authority.split(':').next().unwrap_or("").trim_end_matches('.');
    let host = host.strip_prefix("www.").unwrap_or(host);
    if is_domain(host) { Ok(host) } else { Err(WebDomainProblem::NotADomain) }
}

/// The web domain of a host that is known to be well formed.
pub(super) fn of_host(host: &str) -> WebDomain {
    let (registrable, shared) = registrable(host);
    WebDomain { host: host.to_owned(), registrable: registrable.to_owned(), shared }
}

/// What of a host somebody registered, and whether it says nothing about whose it is.
pub(crate) fn registrable(host: &str) -> (&str, bool) {
    let mut labels = host.rsplit('.');
    let (top, second) = (labels.next().unwrap_or(""), labels.next().unwrap_or(""));
    let has_more = labels.next().is_some();
    let below_public = has_more && top.len() <= 3 && PUBLIC_SECOND_LEVEL.contains(&second);
    let below_shared = has_more && SHARED_HOSTS.contains(&tail(host, 2));
    let registrable = tail(host, if below_public || below_shared { 3 } else { 2 });
    (registrable, SHARED_HOSTS.contains(&registrable) || is_free_mail(registrable))
}

/// The last labels of a host; all of it where there are fewer.
fn tail(host: &str, labels: usize) -> &str {
    host.rmatch_indices('.').nth(labels - 1).map_or(host, |(at, _)| &host[at + 1..])
}

/// Two or more labels of letters, digits and inner hyphens, the last of them not a number.
pub(super) fn is_domain(host: &str) -> bool {
    if host.is_ascii() { is_ascii_domain(host.as_bytes()) } else { is_any_domain(host) }
}

/// The same of any letters.
fn is_any_domain(host: &str) -> bool {
    let label_fits = |label: &str| {
        (1..=63).contains(&label.chars().count())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
    };
    let Some((_, top)) = host.rsplit_once('.') else { return false };
    host.len() <= 253
        && host.split('.').all(label_fits)
        && top.chars().count() >= 2
        && top.chars().any(char::is_alphabetic)
}

/// The same of letters in ASCII, as nearly all are: label by label, a byte at a time.
fn is_ascii_domain(host: &[u8]) -> bool {
    let fits = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let label_fits = |label: &[u8]| {
        (1..=63).contains(&label.len())
            && label[0] != b'-'
            && label[label.len() - 1] != b'-'
            && label.iter().all(fits)
    };
    let top = host.iter().rev().take_while(|byte| **byte != b'.').count();
    (2..host.len()).contains(&top)
        && host.len() <= 253
        && host[host.len() - top..].iter().any(u8::is_ascii_alphabetic)
        && host.split(|byte| *byte == b'.').all(label_fits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_domain_in_ascii_is_one_either_way(
            host in "[a1._-]{0,8}|[a-z0-9]{1,3}(\\.[a-z_0-9-]{0,3}){0,3}",
        ) {
            prop_assert_eq!(is_ascii_domain(host.as_bytes()), is_any_domain(&host));
        }
    }
}
