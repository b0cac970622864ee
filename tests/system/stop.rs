//! The program ends when it is asked to, whatever is open.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use crate::server::{Home, Person, Server, found};

/// A firm in a fresh database, and its people.
fn founded(home: &Home) -> Vec<Person> {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let db = home.open().await;
        let (_, people) = found(&db).await;
        db.close().await;
        people
    })
}

/// Sends the head of a request and leaves the connection open.
fn begin(server: &Server, head: &str) -> BufReader<TcpStream> {
    let address = server.origin.strip_prefix("http://").expect("an address");
    let mut stream = TcpStream::connect(address).expect("it listens");
    let patience = Some(Duration::from_secs(60));
    stream.set_read_timeout(patience).expect("a connection");
    stream.write_all(head.as_bytes()).expect("it listens");
    BufReader::new(stream)
}

#[test]
fn a_termination_ends_open_streams_and_then_the_program() {
    let home = Home::sqlite();
    let people = founded(&home);
    let person = people.first().expect("somebody");
    let server = Server::start(&home.database);
    let head = format!(
        "GET /live?topics=user:{} HTTP/1.1\r\nHost: localhost\r\nCookie: {}\r\n\r\n",
        person.id,
        person.cookie()
    );
    let mut stream = begin(&server, &head);
    let mut lines = stream.by_ref().lines().map(|line| line.expect("a line"));
    assert_eq!(lines.next().as_deref(), Some("HTTP/1.1 200 OK"));
    assert!(lines.any(|line| line.starts_with("data:")), "the stream is open");
    assert!(server.terminate().success(), "a clean end");
    let mut rest = String::new();
    stream.read_to_string(&mut rest).expect("the stream ends");
    assert!(rest.ends_with("0\r\n\r\n"), "it was ended, not cut off: {rest:?}");
}

#[test]
fn a_request_that_never_ends_does_not_hold_the_program() {
    let home = Home::sqlite();
    founded(&home);
    let server = Server::start(&home.database);
    let head = "POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\
        Content-Type: application/x-www-form-urlencoded\r\n\r\nlogin=";
    let stalled = begin(&server, head);
    assert!(server.terminate().success(), "a clean end");
    drop(stalled);
}

#[test]
fn it_ends_though_nobody_reads_its_log_any_more() {
    let home = Home::sqlite();
    founded(&home);
    let server = Server::start_unheard(&home.database);
    assert!(server.terminate().success(), "a clean end");
}
