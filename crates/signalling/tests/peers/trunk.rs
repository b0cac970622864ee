//! The edge of a trunk: kamailio, which asks for a password and records its route.

use std::path::Path;
use std::process::Stdio;

use signalling::Trunk;
use signalling::cause::Mechanism;
use signalling::events::{By, Kind};
use tokio::process::{Child, Command};

use super::rig::{Rig, free_port, listening, settings, trunk};
use super::sipp::{ACK, Far, TAKE, pick_up, relayed, say, told_goodbye};

/// A running edge in front of a far end.
struct Edge {
    port: u16,
    child: Child,
}

impl Edge {
    /// Ends it with its children, which a kill would leave behind.
    fn stop(&self) {
        let Some(id) = self.child.id() else { return };
        let asked = std::process::Command::new("kill").args(["-TERM", &id.to_string()]).status();
        assert!(asked.is_ok_and(|status| status.success()), "it is asked to end");
    }

    async fn start(folder: &Path, far: u16) -> Self {
        let port = free_port();
        let text = format!(
            r#"#!KAMAILIO
debug=1
log_stderror=yes
fork=no
children=1
disable_tcp=yes
auto_aliases=no
listen=udp:127.0.0.1:{port}
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "siputils.so"
loadmodule "auth.so"
request_route {{
  if (method == "OPTIONS") {{ sl_send_reply("200", "OK"); exit; }}
  if (has_totag()) {{
    if (loose_route()) {{ t_relay(); exit; }}
    if (method == "ACK" && t_check_trans()) {{ t_relay(); }}
    exit;
  }}
  if (method == "CANCEL") {{ if (t_check_trans()) {{ t_relay(); }} exit; }}
  if (!method == "INVITE") {{ sl_send_reply("405", "No"); exit; }}
  if (!pv_proxy_authenticate("edge.test", "opensesame", "0")) {{
    proxy_challenge("edge.test", "1");
    exit;
  }}
  consume_credentials();
  record_route();
  $du = "sip:127.0.0.1:{far}";
  t_relay();
}}
"#
        );
        let file = folder.join("kamailio.cfg");
        std::fs::write(&file, text).expect("settings are written");
        let log = std::fs::File::create(folder.join("kamailio.log")).expect("a log");
        let child = Command::new("kamailio")
            .args(["-D", "-E", "-m", "32", "-M", "8", "-Y"])
            .args([folder.as_os_str(), "-f".as_ref(), file.as_os_str()])
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a second hand on the log"))
            .stderr(log)
            .spawn()
            .expect("kamailio is installed; ./test --setup brings it");
        listening(port).await;
        Self { port, child }
    }
}

impl Drop for Edge {
    fn drop(&mut self) {
        self.stop();
    }
}

fn named(name: &str, port: u16, password: &str) -> Trunk {
    let credentials = Some(("engine".to_owned(), password.to_owned()));
    Trunk { credentials, ping_ms: 200, ..trunk(name, port) }
}

#[tokio::test]
async fn a_trunk_that_asks_for_a_password_gets_it_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let rings = relayed(&say("180 Ringing", ""));
    let picks_up = relayed(&pick_up("far", 8, "127.0.0.1"));
    let far =
        Far::start(folder.path(), "far", &[TAKE, &rings, &picks_up, ACK, &told_goodbye()]).await;
    let edge = Edge::start(folder.path(), far.port).await;
    let trunks = vec![named("right", edge.port, "opensesame"), named("wrong", edge.port, "sesame")];
    let mut rig = Rig::with_phone(settings(trunks)).await;
    rig.until(|event| event.kind == Kind::TrunkUp).await;
    rig.dial("wrong", 10_000).await;
    let call = rig.end_of("wrong").await;
    let (by, cause) = call.ended.expect("it ended");
    assert_eq!((by, cause.mechanism, cause.status), (By::Far, Mechanism::Account, Some(407)));
    rig.dial("right", 10_000).await;
    rig.call("right", |kind| *kind == Kind::Bridged).await;
    rig.engine.hang_up("right").await.expect("it is hung up");
    let call = rig.end_of("right").await;
    assert_eq!(call.ended.map(|(_, cause)| cause.mechanism), Some(Mechanism::Answered));
    far.content().await;
}

#[tokio::test]
async fn a_trunk_that_goes_away_is_down_and_not_dialled() {
    let folder = tempfile::tempdir().expect("a folder");
    let edge = Edge::start(folder.path(), 9).await;
    let mut rig = Rig::with_phone(settings(vec![named("edge", edge.port, "")])).await;
    rig.until(|event| event.kind == Kind::TrunkUp).await;
    edge.stop();
    rig.until(|event| event.kind == Kind::TrunkDown).await;
    let refused = rig.engine.dial(super::rig::wish("edge", 1_000, None)).await;
    assert_eq!(refused, Err(signalling::Refusal::TrunkDown));
}
