//! Ports that nobody has, and programs that listen.

use std::net::{TcpListener, UdpSocket};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

/// How long anything is waited for before the test fails.
pub const PATIENCE: Duration = Duration::from_secs(15);

/// A port that nobody has, over UDP and TCP, with the three above it: a phone listens on two, sound
/// comes on two more. It is none of those that the system gives out, so that nobody takes it
/// meanwhile.
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let first = 20_000 + u16::try_from(std::process::id() % 2_500).unwrap_or(0) * 4;
    loop {
        let port = first + NEXT.fetch_add(4, Ordering::SeqCst) % 2_000;
        let is_free = |port| {
            UdpSocket::bind(("127.0.0.1", port)).is_ok()
                && TcpListener::bind(("127.0.0.1", port)).is_ok()
        };
        if (port..port + 4).all(is_free) {
            return port;
        }
    }
}

/// Waits until a program listens on a UDP port of loopback.
pub async fn listening(port: u16) {
    let mark = format!(":{port:04X} ");
    let is_open = || {
        let table = std::fs::read_to_string("/proc/net/udp").unwrap_or_default();
        table
            .lines()
            .any(|line| line.split_once(": ").is_some_and(|(_, l)| l[..14].contains(&mark)))
    };
    let wait = async {
        while !is_open() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(PATIENCE, wait).await.expect("a program listens in time");
}
