//! Who does something, when, and under which idempotency key.
//!
//! `begin!(act)` opens the transaction of an action. When the key was seen before with the same
//! request, the action returns what it returned then and nothing happens twice; with another
//! request the key is refused. The receipt is written by [`Tx::finish`] in the same transaction as
//! the effect, so a crash keeps both or neither.

use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use super::{Db, Tx};
use crate::vals;
use crate::values::{Error, Instant, OrgId, Outcome, UserId};

/// One thing being done.
#[derive(Clone)]
pub struct Act {
    /// Where it is written.
    pub db: Db,
    /// The firm.
    pub org: OrgId,
    /// Who does it; `None` for the product itself.
    pub actor: Option<UserId>,
    /// When.
    pub now: Instant,
    /// The request's key and the digest of its body; `None` where repeating is harmless.
    pub key: Option<Key>,
}

/// An idempotency key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// What the client sent: 1 to 100 characters.
    pub text: String,
    /// SHA-256 of what the request asks for.
    pub request_digest: String,
}

impl Key {
    /// A key for a request with that method, path and body.
    pub fn new(text: impl Into<String>, request: &[&[u8]]) -> Self {
        let mut digest = Sha256::new();
        for part in request {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part);
        }
        Self { text: text.into(), request_digest: hex::encode(digest.finalize()) }
    }
}

/// What is noted when the action is done.
pub(super) struct Receipt {
    org: OrgId,
    actor: String,
    key: String,
}

/// How an action's transaction begins.
pub enum Begun<T> {
    /// It is new: do it.
    Fresh(Box<Tx>),
    /// It was done before; this was the answer.
    Done(T),
}

/// Opens an action's transaction, or returns the answer it gave the first time.
#[macro_export]
macro_rules! begin {
    ($act:expr) => {
        match $act.begin().await? {
            $crate::storage::Begun::Fresh(tx) => *tx,
            $crate::storage::Begun::Done(answer) => return Ok(answer),
        }
    };
}

impl Act {
    /// The product itself acting, once per `key`.
    pub fn by_product(db: &Db, org: OrgId, now: Instant, key: impl Into<String>) -> Self {
        let key = Some(Key::new(key, &[]));
        Self { db: db.clone(), org, actor: None, now, key }
    }

    /// The same act under a key of its own, for an action that is made of several.
    #[must_use]
    pub fn part(&self, name: &str) -> Self {
        let key = self.key.as_ref().map(|key| Key {
            text: format!("{}/{name}", key.text),
            request_digest: key.request_digest.clone(),
        });
        Self { key, ..self.clone() }
    }

    /// Opens the transaction; see the module.
    pub async fn begin<T: DeserializeOwned>(&self) -> Outcome<Begun<T>> {
        let mut tx = self.db.begin().await?;
        let Some(key) = &self.key else { return Ok(Begun::Fresh(Box::new(tx))) };
        let actor = self.actor.map(|a| a.to_string()).unwrap_or_default();
        let is_new = tx
            .run(
                "insert into receipts \
                 (org_id, actor, request_key, request_digest, answer, made_at) \
                 values ($1, $2, $3, $4, '', $5) \
                 on conflict (org_id, actor, request_key) do nothing",
                vals![self.org, &actor, &key.text, &key.request_digest, self.now],
            )
            .await?
            == 1;
        if is_new {
            tx.receipt = Some(Receipt { org: self.org, actor, key: key.text.clone() });
            return Ok(Begun::Fresh(Box::new(tx)));
        }
        let done = self.find_done(&mut tx).await?;
        done.map(Begun::Done).ok_or_else(|| Error::failure("a receipt that is there is not found"))
    }

    /// What the action answered the first time, where its key was seen before; another request
    /// under it is refused. For what must stand even where the rest of the action does not.
    pub async fn find_done<T: DeserializeOwned>(&self, tx: &mut Tx) -> Outcome<Option<T>> {
        let Some(key) = &self.key else { return Ok(None) };
        let actor = self.actor.map(|a| a.to_string()).unwrap_or_default();
        let found = tx
            .maybe(
                "select request_digest, answer from receipts \
                 where org_id = $1 and actor = $2 and request_key = $3",
                vals![self.org, &actor, &key.text],
            )
            .await?;
        let Some(row) = found else { return Ok(None) };
        if row.text("request_digest")? != key.request_digest {
            return Err(Error::KeyReused);
        }
        serde_json::from_str(&row.text("answer")?).map(Some).map_err(Error::failure)
    }
}

impl Tx {
    /// Notes the answer under the key and commits.
    pub async fn finish<T: Serialize>(mut self, answer: T) -> Outcome<T> {
        if let Some(receipt) = self.receipt.take() {
            let text = serde_json::to_string(&answer).map_err(Error::failure)?;
            self.run(
                "update receipts set answer = $1 \
                 where org_id = $2 and actor = $3 and request_key = $4",
                vals![text, receipt.org, receipt.actor, receipt.key],
            )
            .await?;
        }
        self.commit().await?;
        Ok(answer)
    }
}
