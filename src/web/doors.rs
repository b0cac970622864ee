//! Whether a link would open for the reader of a page. The answer is the routes' and the records';
//! here is only the question.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use crate::values::Outcome;

type Answered = Pin<Box<dyn Future<Output = Outcome<bool>> + Send>>;

/// Who answers; nobody before sign-in.
#[derive(Clone, Default)]
pub struct Doors(Option<Arc<dyn Fn(String) -> Answered + Send + Sync>>);

impl Doors {
    /// Doors that are answered for so.
    pub fn asking<A>(ask: impl Fn(String) -> A + Send + Sync + 'static) -> Self
    where
        A: Future<Output = Outcome<bool>> + Send + 'static,
    {
        Self(Some(Arc::new(move |path| Box::pin(ask(path)))))
    }
    /// True when the address opens. It is read apart: a page asks when its own reading is over.
    pub async fn open(&self, path: &str) -> Outcome<bool> {
        match &self.0 {
            Some(ask) => ask(path.to_owned()).await,
            None => Ok(false),
        }
    }
}

impl fmt::Debug for Doors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Doors")
    }
}
