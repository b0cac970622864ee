//! Far ends: sipp, with a scenario made of steps.

use std::path::Path;
use std::process::Stdio;

use tokio::process::{Child, Command};

use super::ports::{PATIENCE, free_port, listening};

/// A running far end. It ends with its value.
pub struct Far {
    /// Where it takes calls.
    pub port: u16,
    child: Child,
}

/// Takes the INVITE and keeps what later steps refer to.
pub const TAKE: &str = r#"
<recv request="INVITE" rrs="true"><action>
  <ereg regexp=".*" search_in="hdr" header="CSeq:" assign_to="cseq"/>
  <ereg regexp=".*" search_in="hdr" header="From:" assign_to="from"/>
  <ereg regexp=".*" search_in="hdr" header="To:" assign_to="to"/>
  <ereg regexp=".*" search_in="hdr" header="Via:" assign_to="via"/>
</action></recv>
<Reference variables="cseq,from,to,via"/>"#;

/// Takes the ACK.
pub const ACK: &str = r#"<recv request="ACK"/>"#;

/// Takes the CANCEL and says OK to it.
pub fn cancelled() -> String {
    format!("<recv request=\"CANCEL\"/>{}", answer_as("200 OK", "[last_CSeq:]", ""))
}

/// Answers the INVITE with a status, with more headers.
pub fn say(status: &str, more: &str) -> String {
    answer_as(status, "CSeq:[$cseq]", more)
}

fn answer_as(status: &str, cseq: &str, more: &str) -> String {
    let to = if status.starts_with("100") { "" } else { ";tag=far[call_number]" };
    format!(
        "<send><![CDATA[\n\nSIP/2.0 {status}\nVia:[$via]\nFrom:[$from]\nTo:[$to]{to}\n\
         [last_Call-ID:]\n{cseq}\nContact: <sip:[local_ip]:[local_port]>\n{more}\
         Content-Length: 0\n\n]]></send>"
    )
}

/// Answers with sound in a law by its payload type, at an address, as a phone with a tag.
pub fn pick_up(tag: &str, payload_type: u8, ip: &str) -> String {
    describe("200 OK", tag, payload_type, ip)
}

/// A status with a description of sound.
pub fn describe(status: &str, tag: &str, payload_type: u8, ip: &str) -> String {
    let name = if payload_type == 8 { "PCMA" } else { "PCMU" };
    format!(
        "<send><![CDATA[\n\nSIP/2.0 {status}\nVia:[$via]\nFrom:[$from]\nTo:[$to];tag={tag}\n\
         [last_Call-ID:]\nCSeq:[$cseq]\nContact: <sip:[local_ip]:[local_port]>\n\
         Content-Type: application/sdp\nContent-Length: [len]\n\nv=0\n\
         o=far 1 1 IN IP4 127.0.0.1\ns=-\nc=IN IP4 {ip}\nt=0 0\n\
         m=audio [rtpstream_audio_port] RTP/AVP {payload_type}\n\
         a=rtpmap:{payload_type} {name}/8000\n\n]]></send>"
    )
}

/// A step that answers through proxies: each finds its own line again.
pub fn relayed(step: &str) -> String {
    step.replace("Via:[$via]", "[last_Via:]\n[last_Record-Route:]")
}

/// Says a tone out of a file of bare octets.
pub fn speak(file: &Path, payload_type: u8) -> String {
    let name = if payload_type == 8 { "PCMA" } else { "PCMU" };
    let file = file.display();
    format!(
        "<nop><action><exec rtp_stream=\"{file},-1,{payload_type},{name}/8000\"/></action></nop>"
    )
}

/// Waits, in milliseconds: how long a far end takes is part of a scenario.
pub fn pause(ms: u32) -> String {
    format!("<pause milliseconds=\"{ms}\"/>")
}

/// Says goodbye to an address.
pub fn goodbye(uri: &str, tag: &str) -> String {
    format!(
        "<send retrans=\"500\"><![CDATA[\n\nBYE {uri} SIP/2.0\n\
         Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch]\n\
         From:[$to];tag={tag}\nTo:[$from]\n[last_Call-ID:]\nCSeq: 7 BYE\n\
         Max-Forwards: 70\nReason: Q.850;cause=16\nContent-Length: 0\n\n]]></send>"
    )
}

/// Takes a status.
pub fn hear(status: u16) -> String {
    format!("<recv response=\"{status}\"/>")
}

/// Takes a BYE and says OK to it.
pub fn told_goodbye() -> String {
    "<recv request=\"BYE\"/><send><![CDATA[\n\nSIP/2.0 200 OK\n[last_Via:]\n[last_From:]\n\
     [last_To:]\n[last_Call-ID:]\n[last_CSeq:]\nContent-Length: 0\n\n]]></send>"
        .to_owned()
}

/// A call to a number of the firm.
pub fn call(from: &str) -> String {
    r#"<send retrans="500"><![CDATA[

INVITE sip:74950000000@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch]
From: <sip:+79161234567@[local_ip]:[local_port]>;tag=customer[call_number]
To: <sip:74950000000@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:customer@[local_ip]:[local_port]>
Max-Forwards: 70
Content-Type: application/sdp
Content-Length: [len]

v=0
o=customer 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [media_ip]
t=0 0
m=audio [rtpstream_audio_port] RTP/AVP 8
a=rtpmap:8 PCMA/8000

]]></send>"#
        .replace("+79161234567", from)
}

/// What else a customer says of their call.
pub fn customer(method: &str, number: u32) -> String {
    let branch = if method == "CANCEL" || method == "ACK 1" { "[branch-3]" } else { "[branch]" };
    let method = method.split(' ').next().unwrap_or_default();
    let retrans = if method == "ACK" { "" } else { " retrans=\"500\"" };
    let (uri, to) = match method {
        "CANCEL" => ("sip:74950000000@[remote_ip]:[remote_port]", ""),
        _ => ("[next_url]", "[peer_tag_param]"),
    };
    format!(
        "<send{retrans}><![CDATA[\n\n{method} {uri} SIP/2.0\n\
         Via: SIP/2.0/UDP [local_ip]:[local_port];branch={branch}\n\
         From: <sip:+79161234567@[local_ip]:[local_port]>;tag=customer[call_number]\n\
         To: <sip:74950000000@[remote_ip]:[remote_port]>{to}\n[last_Call-ID:]\n\
         CSeq: {number} {method}\nMax-Forwards: 70\nContent-Length: 0\n\n]]></send>"
    )
}

/// Takes the answer, and keeps where the other end is.
pub const ANSWERED: &str = r#"<recv response="100"/><recv response="200" rrs="true"/>"#;

impl Far {
    /// Starts a far end that takes one call by these steps.
    pub async fn start(folder: &Path, name: &str, steps: &[&str]) -> Self {
        let port = free_port();
        Self::at(folder, name, port, steps).await
    }

    /// Starts a customer at a port who calls the engine by these steps.
    pub async fn calls(
        folder: &Path,
        port: u16,
        engine: std::net::SocketAddr,
        steps: &[&str],
    ) -> Self {
        let name = format!("customer-{port}");
        Self::run(folder, &name, (port, Some(engine)), steps).await
    }

    /// The same at a port.
    pub async fn at(folder: &Path, name: &str, port: u16, steps: &[&str]) -> Self {
        Self::run(folder, name, (port, None), steps).await
    }

    async fn run(
        folder: &Path,
        name: &str,
        (port, engine): (u16, Option<std::net::SocketAddr>),
        steps: &[&str],
    ) -> Self {
        let file = folder.join(format!("{name}.xml"));
        let text = format!(
            "<?xml version=\"1.0\" encoding=\"ISO-8859-1\" ?>\n<scenario name=\"{name}\">\n{}\n\
             </scenario>\n",
            steps.join("\n")
        );
        std::fs::write(&file, text).expect("a scenario is written");
        let media = free_port();
        let log = std::fs::File::create(folder.join(format!("{name}.log"))).expect("a log");
        let child = Command::new("sipp")
            .args(["-sf".as_ref(), file.as_os_str()])
            .args(["-i", "127.0.0.1", "-mi", "127.0.0.1", "-m", "1", "-nostdin"])
            .args(["-p", &port.to_string(), "-mp", &media.to_string()])
            .args(["-timeout", "30s", "-timeout_error", "-trace_err", "-trace_msg"])
            .args(engine.map(|place| place.to_string()))
            .env("TERM", "dumb")
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a second hand on the log"))
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .expect("sipp is installed; ./test --setup brings it");
        // A customer calls at once and may be through before it is looked for.
        if engine.is_none() {
            listening(port).await;
        }
        Self { port, child }
    }

    /// Waits until its scenario has been gone through to the end.
    pub async fn content(mut self) {
        let ended = tokio::time::timeout(PATIENCE, self.child.wait()).await;
        let status = ended.expect("the far end ends in time").expect("it is waited for");
        assert!(status.success(), "the far end saw what it did not expect: {status}");
    }
}
