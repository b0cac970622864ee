//! Dialogs: what two ends agreed to call their talk, and how each asks the other within it
//! (RFC 3261 §12).

use super::address::Uri;
use super::message::{Headers, Method, Request, Response};

/// A dialog that we began. Everything in it but the tags and counts is text that goes into
/// headers as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dialog {
    /// `Call-ID`, the same at both ends.
    pub call_id: String,
    /// Our tag, in our `From`.
    pub local_tag: String,
    /// Theirs; empty until an answer brought it.
    pub remote_tag: String,
    /// Our address.
    pub local: Uri,
    /// Theirs as we called it.
    pub remote: Uri,
    /// Where requests are addressed to: their `Contact` once it is known.
    pub target: String,
    /// The proxies between, in the order in which we pass them.
    pub routes: Vec<String>,
    /// The number of our last request.
    pub cseq: u32,
    remote_cseq: Option<u32>,
}

impl Dialog {
    /// The beginning of a dialog with `remote`.
    pub fn with(call_id: String, local_tag: String, local: Uri, remote: Uri) -> Self {
        let target = remote.to_string();
        let (remote_tag, routes) = (String::new(), Vec::new());
        Self {
            call_id,
            local_tag,
            remote_tag,
            local,
            remote,
            target,
            routes,
            cseq: 0,
            remote_cseq: None,
        }
    }

    /// The next request within the dialog, without a body. An ACK keeps the number of its INVITE.
    /// All routes are taken for loose ones (RFC 3261 §16.12).
    pub fn request(&mut self, method: Method, via: String) -> Request {
        if method != Method::Ack {
            self.cseq += 1;
        }
        let mut headers = Headers::default();
        headers.push("Via", via);
        for route in &self.routes {
            headers.push("Route", route.as_str());
        }
        headers.push("Max-Forwards", "70");
        headers.push("From", format!("<{}>;tag={}", self.local, self.local_tag));
        let tag = if self.remote_tag.is_empty() { "" } else { ";tag=" };
        headers.push("To", format!("<{}>{tag}{}", self.remote, self.remote_tag));
        headers.push("Call-ID", self.call_id.as_str());
        headers.push("CSeq", format!("{} {}", self.cseq, method.as_str()));
        Request { method, uri: self.target.clone(), headers, body: Vec::new() }
    }

    /// The dialog that an answer to our INVITE makes of this (RFC 3261 §12.1.2). An answer from a
    /// second phone makes another.
    #[must_use]
    pub fn made_by(&self, response: &Response) -> Self {
        let mut made = self.clone();
        made.remote_tag = response.headers.tag("To").unwrap_or_default();
        if let Some(contact) = response.headers.address("Contact") {
            made.target = contact.uri.to_string();
        }
        made.routes = response.headers.addresses("Record-Route");
        made.routes.reverse();
        made
    }

    /// True if a request from the other end belongs here: all three names agree.
    pub fn has(&self, request: &Request) -> bool {
        !self.remote_tag.is_empty()
            && request.headers.call_id() == Some(self.call_id.as_str())
            && request.headers.tag("To").as_deref() == Some(self.local_tag.as_str())
            && request.headers.tag("From").as_deref() == Some(self.remote_tag.as_str())
    }

    /// Notes the number of a request from the other end. False for one that is older than what
    /// came before (RFC 3261 §12.2.2).
    pub fn follows(&mut self, request: &Request) -> bool {
        let Some((number, _)) = request.headers.cseq() else { return false };
        let is_new = self.remote_cseq.is_none_or(|last| number > last);
        if is_new {
            self.remote_cseq = Some(number);
        }
        is_new
    }
}
