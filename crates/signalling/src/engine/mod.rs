//! The engine as it is used: a handle, and a stream of what happens.
//!
//! `settings` how it is set up · `core` the state, with `calling` and `ending` (what is wished for
//! and how it ends), `answers` and `requests` (what peers say) and `trunks` · `run` the task with
//! the socket · `sound` a task for each session. The core decides, the tasks carry.

mod answers;
mod calling;
mod core;
mod ending;
mod incoming;
mod leg;
mod requests;
mod run;
pub mod settings;
mod sound;
mod trunks;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::net::UdpSocket;
use tokio::sync::{mpsc, oneshot};

use crate::events::Event;
use settings::{Extension, Settings};

/// What peers may ask for.
const ALLOWED: &str = "INVITE, ACK, BYE, CANCEL, OPTIONS, REGISTER, INFO";

/// Milliseconds since 1970 UTC: what the events are dated by. Deadlines do not look at it.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// What happens, in order. Whoever does not read it in time lets memory grow.
pub type Events = mpsc::UnboundedReceiver<Event>;

/// A far leg that is wished for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dial {
    /// The id of the call, of the user's making. A dial with an id that was taken on before does
    /// nothing.
    pub call: String,
    /// The agent session it is for.
    pub session: String,
    /// The trunk it goes out by.
    pub trunk: String,
    /// The number: digits, with or without a plus before them.
    pub number: String,
    /// The number it comes from.
    pub caller_id: String,
    /// How long it may ring, in milliseconds.
    pub ring_ms: u64,
    /// The file to record into from the answer on; a new one.
    pub record: Option<PathBuf>,
}

/// A call that came in and is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Take {
    /// The id it was offered by.
    pub offered: String,
    /// The id it has from here on, of the user's making, which no call had before.
    pub call: String,
    /// The agent session it is for; it must be up and free.
    pub session: String,
    /// The file to record into; a new one.
    pub record: Option<PathBuf>,
}

/// What to do about the recording of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    /// Begin one in a new file. The call must be dialled and not over.
    Start(PathBuf),
    /// End it and close its file.
    Stop,
    /// Write silence from here on, as long as a card number is said.
    Pause,
    /// Write sound again.
    Resume,
}

/// How far a call is, for who lost its events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// This engine never took it on, or forgot it behind 20,000 later ones. After a restart no
    /// call is known and none is alive, since the sound went through the process.
    Unknown,
    /// Not answered yet.
    Ringing,
    /// Answered.
    Talking,
    /// Over.
    Over,
}

/// Why a wish was refused. Nothing was sent and nothing is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The id of the session is empty or in use.
    #[error("there is a session of this id")]
    SessionExists,
    /// The extension is not registered.
    #[error("the extension is not registered")]
    NotRegistered,
    /// There is no such session, or its phone has not answered.
    #[error("there is no session of this id that is up")]
    NoSession,
    /// The session has a far leg.
    #[error("the session has a far leg already")]
    SessionBusy,
    /// No trunk has this name.
    #[error("there is no trunk of this name")]
    NoTrunk,
    /// The trunk does not answer.
    #[error("the trunk does not answer")]
    TrunkDown,
    /// The number or the one it comes from is no number, or the call has no id.
    #[error("a number is digits, two to twenty of them, and a call has an id")]
    NotANumber,
    /// The number begins with none of the allowed prefixes.
    #[error("the number begins with no allowed prefix")]
    NumberNotAllowed,
    /// There is no call of this id that it could be done to.
    #[error("there is no such call under way")]
    NoCall,
    /// No port is free for its sound.
    #[error("no port is free for sound")]
    NoPort,
    /// The engine is gone.
    #[error("the engine has stopped")]
    Stopped,
}

/// Why an engine did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The socket could not be had.
    #[error("the SIP socket cannot be opened")]
    Socket(#[from] std::io::Error),
    /// The system has no randomness.
    #[error("the system has no randomness")]
    Randomness(#[from] getrandom::Error),
    /// It listens on every address and was not told which one peers are to know.
    #[error("an engine that listens on every address must be told its public one")]
    NoAddress,
}

enum Command {
    OpenAgent { session: String, extension: String, reply: oneshot::Sender<Result<(), Refusal>> },
    CloseAgent { session: String, reply: oneshot::Sender<Result<(), Refusal>> },
    Dial { dial: Dial, reply: oneshot::Sender<Result<(), Refusal>> },
    Take { take: Take, reply: oneshot::Sender<Result<(), Refusal>> },
    Ring { call: String },
    TurnAway { call: String, status: u16 },
    HangUp { call: String, reply: oneshot::Sender<Result<(), Refusal>> },
    Record { call: String, record: Record, reply: oneshot::Sender<Result<(), Refusal>> },
    Progress { call: String, reply: oneshot::Sender<Progress> },
    Extensions(Vec<Extension>),
}

/// The handle of a running engine. When the last one is dropped, everything is hung up and the
/// engine ends.
#[derive(Clone)]
pub struct Engine {
    commands: mpsc::Sender<Command>,
    place: SocketAddr,
}

impl Engine {
    /// Starts an engine within the running runtime of tokio.
    ///
    /// # Errors
    /// The socket or the system refuses.
    pub async fn start(settings: Settings, clock: Clock) -> Result<(Self, Events), StartError> {
        let socket = UdpSocket::bind(settings.listen).await?;
        let bound = socket.local_addr()?;
        let ip = settings.public.unwrap_or(bound.ip());
        if ip.is_unspecified() {
            return Err(StartError::NoAddress);
        }
        let place = SocketAddr::new(ip, bound.port());
        let (commands, taken) = mpsc::channel(64);
        let (tell, events) = mpsc::unbounded_channel();
        let running = run::Running::new(settings, clock, (socket, place), taken, tell)?;
        tokio::spawn(running.run());
        Ok((Self { commands, place }, events))
    }

    /// Where peers find it.
    pub fn place(&self) -> SocketAddr {
        self.place
    }

    async fn ask<T>(
        &self,
        command: impl FnOnce(oneshot::Sender<T>) -> Command,
    ) -> Result<T, Refusal> {
        let (reply, answer) = oneshot::channel();
        self.commands.send(command(reply)).await.map_err(|_| Refusal::Stopped)?;
        answer.await.map_err(|_| Refusal::Stopped)
    }

    /// Calls the phone of an extension and keeps it for many far legs. What becomes of it is told
    /// under [`crate::events::Subject::Session`].
    ///
    /// # Errors
    /// The id is in use, the extension not registered, or no port free.
    pub async fn open_agent(&self, session: &str, extension: &str) -> Result<(), Refusal> {
        let (session, extension) = (session.to_owned(), extension.to_owned());
        self.ask(|reply| Command::OpenAgent { session, extension, reply }).await?
    }

    /// Ends an agent leg and the far leg it has.
    ///
    /// # Errors
    /// There is no such session.
    pub async fn close_agent(&self, session: &str) -> Result<(), Refusal> {
        let session = session.to_owned();
        self.ask(|reply| Command::CloseAgent { session, reply }).await?
    }

    /// Dials a far leg for an agent session; they are bridged when it answers. An id that was
    /// taken on before is answered with `Ok` and does nothing.
    ///
    /// # Errors
    /// See [`Refusal`]; a refused id may be used again.
    pub async fn dial(&self, dial: Dial) -> Result<(), Refusal> {
        self.ask(|reply| Command::Dial { dial, reply }).await?
    }

    /// Takes a call that was offered, for a session: it is answered and bridged at once.
    ///
    /// # Errors
    /// It waits no longer, its new id was used before, the session is not up or not free, or no
    /// port is free.
    pub async fn take(&self, take: Take) -> Result<(), Refusal> {
        self.ask(|reply| Command::Take { take, reply }).await?
    }

    /// Tells a call that was offered that somebody's phone rings for it.
    ///
    /// # Errors
    /// The engine is gone.
    pub async fn ring(&self, call: &str) -> Result<(), Refusal> {
        let call = call.to_owned();
        self.commands.send(Command::Ring { call }).await.map_err(|_| Refusal::Stopped)
    }

    /// Turns a call away that was offered: all are busy, or nobody is there. One that waits no
    /// longer needs none.
    ///
    /// # Errors
    /// The engine is gone.
    pub async fn turn_away(&self, call: &str, is_busy: bool) -> Result<(), Refusal> {
        let (call, status) = (call.to_owned(), if is_busy { 486 } else { 480 });
        let command = Command::TurnAway { call, status };
        self.commands.send(command).await.map_err(|_| Refusal::Stopped)
    }

    /// Ends a call, or takes it back while it rings.
    ///
    /// # Errors
    /// There is no such call under way.
    pub async fn hang_up(&self, call: &str) -> Result<(), Refusal> {
        let call = call.to_owned();
        self.ask(|reply| Command::HangUp { call, reply }).await?
    }

    /// Begins, ends, pauses or resumes the recording of a call. What becomes of it is told.
    ///
    /// # Errors
    /// There is no such call under way.
    pub async fn record(&self, call: &str, record: Record) -> Result<(), Refusal> {
        let call = call.to_owned();
        self.ask(|reply| Command::Record { call, record, reply }).await?
    }

    /// How far a call is.
    ///
    /// # Errors
    /// The engine is gone.
    pub async fn progress(&self, call: &str) -> Result<Progress, Refusal> {
        let call = call.to_owned();
        self.ask(|reply| Command::Progress { call, reply }).await
    }

    /// Replaces the phones that may register. One that is no more loses its registration; a leg
    /// it has goes on.
    ///
    /// # Errors
    /// The engine is gone.
    pub async fn set_extensions(&self, extensions: Vec<Extension>) -> Result<(), Refusal> {
        self.commands.send(Command::Extensions(extensions)).await.map_err(|_| Refusal::Stopped)
    }
}

/// Extensions as the registrar wants them.
fn secrets_of(extensions: Vec<Extension>) -> HashMap<String, String> {
    extensions.into_iter().map(|extension| (extension.name, extension.secret)).collect()
}
