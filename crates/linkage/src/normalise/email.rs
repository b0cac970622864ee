//! Mail addresses.

use super::domain::{WebDomain, is_domain, is_free_mail, of_host};
use super::letters::{mixes_alphabets, push_lower};

/// A mail address that is right in form.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Email {
    local: String,
    domain: String,
}

impl Email {
    /// The part in front of the @, as it was written.
    #[must_use]
    pub fn local(&self) -> &str {
        &self.local
    }

    /// The part behind the @, in lower case.
    #[must_use]
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// The address to write to: the domain is in lower case, the local part as it was written.
    #[must_use]
    pub fn address(&self) -> String {
        format!("{}@{}", self.local, self.domain)
    }

    /// The address to compare by: all in lower case, since no provider in use tells cases apart.
    #[must_use]
    pub fn key(&self) -> String {
        [&self.local.to_lowercase(), "@", &self.domain].concat()
    }

    /// Whether the provider gives addresses to anybody.
    #[must_use]
    pub fn is_free_mail(&self) -> bool {
        is_free_mail(&self.domain)
    }

    /// The domain as a web domain; `None` for a free provider, whose domain says nothing.
    #[must_use]
    pub fn web_domain(&self) -> Option<WebDomain> {
        Some(of_host(&self.domain)).filter(|domain| !domain.is_shared())
    }
}

/// Why a text is not a mail address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmailProblem {
    /// Nothing but blanks, dashes and other signs.
    #[error("empty")]
    Empty,
    /// There is no @.
    #[error("no at sign")]
    NoAt,
    /// More than one address, to be split first.
    #[error("several values")]
    Several,
    /// The part in front of the @ is empty, too long or has characters that do not belong.
    #[error("bad local part")]
    Local,
    /// What stands behind the @ is not a domain.
    #[error("bad domain")]
    Domain,
    /// Latin and Cyrillic letters within one word: one of them was typed in the wrong layout.
    #[error("mixed alphabets")]
    MixedAlphabets,
}

impl EmailProblem {
    /// A stable machine code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::NoAt => "no_at",
            Self::Several => "several",
            Self::Local => "local",
            Self::Domain => "domain",
            Self::MixedAlphabets => "mixed_alphabets",
        }
    }
}

/// Reads one mail address.
///
/// `mailto:`, `<…>` with a name in front, quotes and closing punctuation are dropped. The syntax is
/// the one in use (letters, digits and `.!#$%&'*+/=?^_{|}~-` in front of the @), not the whole of
/// RFC 5321: quoted local parts and address literals are refused. That the address exists is not
/// checked.
pub fn email(text: &str) -> Result<Email, EmailProblem> {
    let (local, domain) = match plain_halves(text) {
        Some(halves) => halves,
        None => halves(text)?,
    };
    let domain = domain.to_lowercase();
    let mixes = || local.split('.').chain(domain.split('.')).any(mixes_alphabets);
    if !(local.is_ascii() && domain.is_ascii()) && mixes() {
        return Err(EmailProblem::MixedAlphabets);
    }
    if !is_local(local) {
        return Err(EmailProblem::Local);
    }
    if !is_domain(&domain) {
        return Err(EmailProblem::Domain);
    }
    Ok(Email { local: local.to_owned(), domain })
}

/// Puts the [`Email::key`] of one mail address behind another text; answers whether it is one.
pub(crate) fn push_email_key(text: &str, key: &mut String) -> bool {
    if let Some((local, domain)) = plain_halves(text) {
        let is_one = is_local(local) && is_domain(domain);
        if is_one {
            push_lower(text, key);
        }
        return is_one;
    }
    let found = email(text);
    found.iter().for_each(|email| key.push_str(&email.key()));
    found.is_ok()
}

/// What is in front of the @ and what is behind it, where there is nothing to be dropped and every
/// letter is of ASCII.
fn plain_halves(text: &str) -> Option<(&str, &str)> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"@.!#$%&'*+/=?^_`{|}~-".contains(&byte);
    let [first, .., last] = text.as_bytes() else { return None };
    if !first.is_ascii_alphanumeric() || !last.is_ascii_alphanumeric() || !text.bytes().all(fits) {
        return None;
    }
    text.split_once('@').filter(|(_, domain)| !domain.contains('@'))
}

/// What is in front of the @ and what is behind it, without what is often around an address.
fn halves(text: &str) -> Result<(&str, &str), EmailProblem> {
    let text = text.trim();
    if !text.contains(char::is_alphanumeric) {
        return Err(EmailProblem::Empty);
    }
    let inner = match (text.rfind('<'), text.rfind('>')) {
        (Some(open), Some(close)) if open < close => &text[open + 1..close],
        _ => text,
    };
    let inner = inner.trim_matches(|c: char| c.is_whitespace() || "\"'<>.,;:()".contains(c));
    let bare = match inner.get(..7) {
        Some(scheme) if scheme.eq_ignore_ascii_case("mailto:") => &inner[7..],
        _ => inner,
    };
    match bare.split_once('@') {
        None => Err(EmailProblem::NoAt),
        Some((_, domain)) if domain.contains('@') => Err(EmailProblem::Several),
        Some(halves) => Ok(halves),
    }
}

fn is_local(local: &str) -> bool {
    let fits = |c: char| c.is_alphanumeric() || "!#$%&'*+/=?^_`{|}~-.".contains(c);
    (1..=64).contains(&local.len())
        && local.chars().all(fits)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.as_bytes().windows(2).any(|two| two == b"..")
}
