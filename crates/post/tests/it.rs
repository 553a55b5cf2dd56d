//! Letters handed over for real: to a mail server on the loopback, and into a folder.
#![expect(clippy::expect_used, reason = "a test that cannot go on says so")]

use std::path::PathBuf;
use std::time::Duration;

use calendar::Instant;
use ids::RecordId;
use ledger::jobs::Failure;
use ledger::outbox::{Carrier as _, Line, Mail, MailAddress, Message, PhoneNumber, Text};
use post::{Folder, Letters, Login, Post, PostError, Security, Sender, Server, ServerSettings};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What a server answers to a command; nothing ends the connection.
type Answer = fn(&str) -> &'static str;

fn sender() -> Sender {
    Sender { name: Line::parse("Hill School \u{2013} Infants").expect("a line"), address: address("office@hill.school.example") }
}

fn address(text: &str) -> MailAddress {
    MailAddress::parse(text).expect("an address")
}

fn letter() -> Message {
    let text = "There is something to read.\n.\nhttps://schoolgate.hill.school.example/\n".to_owned();
    Message::Mail(Mail { to: address("dsl@hill.school.example"), subject: Line::parse("Ein Gru\u{df}").expect("a line"), text })
}

fn now() -> Instant {
    "2026-11-24T10:00:00Z".parse().expect("a time")
}

fn id() -> RecordId {
    RecordId::named("a letter")
}

async fn carry(post: &Post, message: &Message) -> Result<(), Failure> {
    tokio::time::timeout(Duration::from_secs(60), post.carry(message, id(), now())).await.expect("an answer in time")
}

/// A mail server for one connection. `answer` says what it answers to a command; what it was told comes back at the end.
async fn server(answer: Answer) -> (u16, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let talk = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.expect("a connection");
        converse(stream, answer).await
    });
    (port, talk)
}

async fn converse(stream: TcpStream, answer: Answer) -> Vec<String> {
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    let mut told = Vec::new();
    let mut is_in_letter = false;
    writer.write_all(b"220 mail.example\r\n").await.expect("written");
    while let Ok(Some(line)) = lines.next_line().await {
        told.push(line.clone());
        if is_in_letter && line != "." {
            continue;
        }
        let reply = answer(&line);
        is_in_letter = reply.starts_with("354");
        if reply.is_empty() || writer.write_all(format!("{reply}\r\n").as_bytes()).await.is_err() {
            break;
        }
    }
    told
}

fn takes_all(command: &str) -> &'static str {
    match command.split([' ', ':']).next().unwrap_or_default() {
        "EHLO" => "250-mail.example\r\n250 8BITMIME",
        "DATA" => "354 go on",
        "QUIT" => "221 bye",
        _ => "250 ok",
    }
}

fn by_mail(port: u16, security: Security) -> Post {
    let settings = ServerSettings { host: "127.0.0.1".to_owned(), port: Some(port), security, login: None };
    Post::new(sender(), Letters::Server(Server::new(settings).expect("a server")))
}

#[tokio::test]
async fn a_letter_reaches_the_server_whole() {
    let (port, talk) = server(takes_all).await;
    let post = by_mail(port, Security::None);
    assert_eq!(carry(&post, &letter()).await, Ok(()));
    drop(post);
    let told = talk.await.expect("the conversation");
    let is_told = |line: &str| assert!(told.iter().any(|told| told == line), "{line} in {told:#?}");
    is_told("RCPT TO:<dsl@hill.school.example>");
    is_told("To: dsl@hill.school.example");
    is_told("Date: Tue, 24 Nov 2026 10:00:00 +0000");
    is_told(&format!("Message-ID: <{}@hill.school.example>", id()));
    is_told("Auto-Submitted: auto-generated");
    is_told("There is something to read.");
    is_told("..");
    assert!(told.iter().any(|line| line.starts_with("MAIL FROM:<office@hill.school.example>")), "{told:#?}");
    assert!(told.iter().any(|line| line.starts_with("Subject: Ein =?utf-8?b?")), "{told:#?}");
}

/// What each refusal leads to: tried again, or given up.
#[tokio::test]
async fn a_refusal_is_lasting_or_passing() {
    fn knows_nobody(command: &str) -> &'static str {
        if command.starts_with("RCPT") { "550 no such user <dsl@hill.school.example>" } else { takes_all(command) }
    }
    fn is_busy(command: &str) -> &'static str {
        if command.starts_with("MAIL") { "451 busy" } else { takes_all(command) }
    }
    fn goes_away(command: &str) -> &'static str {
        if command == "DATA" { "" } else { takes_all(command) }
    }
    let cases: [(Answer, Failure); 3] = [
        (knows_nobody, Failure::lasting("the mail server refuses it for good").numbered(550)),
        (is_busy, Failure::passing("the mail server refuses it for now").numbered(451)),
        (goes_away, Failure::passing("the mail server cannot be reached")),
    ];
    for (answer, expected) in cases {
        let (port, talk) = server(answer).await;
        assert_eq!(carry(&by_mail(port, Security::None), &letter()).await, Err(expected));
        talk.await.expect("the conversation");
    }
}

#[tokio::test]
async fn without_encryption_nothing_is_said() {
    let (port, talk) = server(takes_all).await;
    let failure = carry(&by_mail(port, Security::StartTls), &letter()).await.expect_err("refused");
    assert!(!failure.is_final(), "{failure}");
    let told = talk.await.expect("the conversation");
    assert!(told.iter().all(|line| !line.starts_with("MAIL") && !line.contains("dsl@")), "{told:?}");
}

#[tokio::test]
async fn a_wrong_password_is_tried_again_and_not_shown() {
    fn refuses(command: &str) -> &'static str {
        match command.split(' ').next().unwrap_or_default() {
            "EHLO" => "250-mail.example\r\n250 AUTH PLAIN",
            "AUTH" => "535 no",
            _ => takes_all(command),
        }
    }
    let (port, talk) = server(refuses).await;
    let login = Some(Login { user: "school".to_owned(), password: "hunter2".to_owned() });
    let settings = ServerSettings { host: "127.0.0.1".to_owned(), port: Some(port), security: Security::None, login };
    assert!(!format!("{settings:?}").contains("hunter2"));
    let post = Post::new(sender(), Letters::Server(Server::new(settings).expect("a server")));
    assert!(!format!("{post:?}").contains("hunter2"));
    let expected = Failure::passing("the mail server does not take our user and password").numbered(535);
    assert_eq!(carry(&post, &letter()).await, Err(expected));
    talk.await.expect("the conversation");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_tried_again() {
    let (port, talk) = server(takes_all).await;
    talk.abort();
    let _ = talk.await;
    assert_eq!(carry(&by_mail(port, Security::None), &letter()).await, Err(Failure::passing("the mail server cannot be reached")));
}

#[tokio::test]
async fn another_machine_is_spoken_to_in_secret_only() {
    let settings = |host: &str, security| ServerSettings { host: host.to_owned(), port: None, security, login: None };
    let error = Server::new(settings("mail.school.example", Security::None)).expect_err("refused");
    assert!(matches!(error, PostError::Plain { .. }), "{error}");
    for security in [Security::StartTls, Security::Tls] {
        assert!(Server::new(settings("mail.school.example", security)).is_ok());
    }
}

#[tokio::test]
async fn a_letter_is_a_file_in_a_folder_and_the_same_file_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let post = Post::new(sender(), Letters::Folder(Folder::new(folder.path().to_owned())));
    for _ in 0..2 {
        assert_eq!(carry(&post, &letter()).await, Ok(()));
    }
    let files: Vec<PathBuf> = std::fs::read_dir(folder.path()).expect("the folder").map(|file| file.expect("a file").path()).collect();
    assert_eq!(files, [folder.path().join(format!("{}.eml", id()))]);
    let text = std::fs::read_to_string(&files[0]).expect("a letter");
    assert!(text.contains("\r\n\r\nThere is something to read."), "{text}");
}

#[tokio::test]
async fn a_folder_that_is_gone_is_tried_again() {
    let post = Post::new(sender(), Letters::Folder(Folder::new("nowhere/at/all".into())));
    assert_eq!(carry(&post, &letter()).await, Err(Failure::passing("the folder for letters is not there")));
}

#[tokio::test]
async fn what_has_no_carrier_waits_and_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let post = Post::new(sender(), Letters::Folder(Folder::new(folder.path().to_owned())));
    let text = Text { to: PhoneNumber::parse("+441632960123").expect("a number"), text: Line::parse("Please look").expect("a line") };
    let expected = Failure::passing("nothing is set up that sends text messages");
    assert_eq!(carry(&post, &Message::Text(text)).await, Err(expected));
}
