//! The agent's phone: baresip, which answers by itself and says a tone of 440 Hz.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;

use tokio::process::{Child, Command};

use super::ports::free_port;
use super::tone;

/// The tone that the agent says.
pub const TONE: f64 = 440.0;

/// A running phone. It ends with its value.
pub struct Phone {
    _child: Child,
}

impl Phone {
    /// Starts a phone that registers as 1001 with a password, for so many seconds at a time.
    pub fn start(folder: &Path, registrar: SocketAddr, password: &str, seconds: u32) -> Self {
        let home = folder.join("baresip");
        std::fs::create_dir_all(&home).expect("a folder is made");
        let says = home.join("says.wav");
        tone::write_wav(&says, &tone::samples(TONE, 60));
        let port = free_port();
        let config = format!(
            "sip_listen 127.0.0.1:{port}\nnet_interface 127.0.0.1\n\
             audio_source aufile,{}\naudio_alert aufile,{}\n\
             audio_srate 8000\naudio_channels 1\n\
             module_path /usr/lib/baresip/modules\nmodule g711.so\n\
             module aufile.so\nmodule_tmp account.so\nmodule_app menu.so\n",
            says.display(),
            home.join("alert.wav").display(),
        );
        std::fs::write(home.join("config"), config).expect("settings are written");
        let account = format!(
            "<sip:1001@{registrar}>;auth_user=1001;auth_pass={password};answermode=auto;\
             regint={seconds};audio_codecs=pcma,pcmu\n"
        );
        std::fs::write(home.join("accounts"), account).expect("an account is written");
        let log = std::fs::File::create(home.join("log")).expect("a log is made");
        let child = Command::new("baresip")
            .arg("-f")
            .arg(&home)
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a second hand on the log"))
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .expect("baresip is installed; ./test --setup brings it");
        Self { _child: child }
    }
}
