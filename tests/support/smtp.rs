//! A real mail server for tests: see tests/smtp/server.py.

use base64::Engine;
use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

/// A running mail server; ends when dropped.
pub(crate) struct SmtpServer {
    pub(crate) port: u16,
    received: Arc<(Mutex<Vec<Received>>, Condvar)>,
    child: Child,
    stdin: Option<ChildStdin>,
}

/// A message as the server got it.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) tls: bool,
    pub(crate) session: i64,
    pub(crate) data: String,
}

impl Received {
    /// The value of a header that stands on one line.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let head = self.data.split("\r\n\r\n").next().unwrap_or_default();
        head.lines().find_map(|line| line.strip_prefix(&format!("{name}: "))).map(str::trim_end)
    }
}

/// The Python that has aiosmtpd: Debian's own, or whichever is first on the path.
fn python() -> &'static str {
    let has = |python: &str| {
        Command::new(python).args(["-c", "import aiosmtpd"]).output().is_ok_and(|output| output.status.success())
    };
    ["/usr/bin/python3", "python3"].into_iter().find(|python| has(python)).expect(
        "aiosmtpd is missing, the mail server that tests deliver to: install it (Debian: apt-get install python3-aiosmtpd)",
    )
}

impl SmtpServer {
    /// Starts on a free port.
    pub(crate) fn start() -> Self {
        Self::launch(&["--port".to_owned(), "0".to_owned()])
    }

    /// Starts on this port.
    pub(crate) fn start_on(port: u16) -> Self {
        Self::launch(&["--port".to_owned(), port.to_string()])
    }

    /// Starts with STARTTLS and this certificate.
    pub(crate) fn start_with_tls(cert: &std::path::Path, key: &std::path::Path) -> Self {
        Self::launch(&["--cert".to_owned(), cert.display().to_string(), "--key".to_owned(), key.display().to_string()])
    }

    fn launch(arguments: &[String]) -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/smtp/server.py");
        let mut child = Command::new(python())
            .arg(script)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the mail server starts");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let port = lines.next().expect("a first line").expect("readable").trim().parse().expect("its port");
        let received = Arc::new((Mutex::new(Vec::new()), Condvar::new()));
        let inbox = Arc::clone(&received);
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let value: serde_json::Value = serde_json::from_str(&line).expect("a message as JSON");
                let data = base64::engine::general_purpose::STANDARD
                    .decode(value["data"].as_str().expect("data"))
                    .expect("Base64");
                let message = Received {
                    from: value["from"].as_str().expect("a sender").to_owned(),
                    to: value["to"][0].as_str().expect("a recipient").to_owned(),
                    tls: value["tls"].as_bool().expect("yes or no"),
                    session: value["session"].as_i64().expect("a number"),
                    data: String::from_utf8(data).expect("UTF-8"),
                };
                inbox.0.lock().expect("whole").push(message);
                inbox.1.notify_all();
            }
        });
        let stdin = child.stdin.take();
        Self { port, received, child, stdin }
    }

    /// Waits until so many messages have come, and gives them all.
    pub(crate) fn wait_for(&self, count: usize) -> Vec<Received> {
        let guard = self.received.0.lock().expect("whole");
        let (guard, timeout) = self
            .received
            .1
            .wait_timeout_while(guard, Duration::from_secs(30), |messages| messages.len() < count)
            .expect("whole");
        assert!(!timeout.timed_out(), "{} of {count} messages came", guard.len());
        guard.clone()
    }

    /// What has come so far.
    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.0.lock().expect("whole").clone()
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        drop(self.stdin.take());
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
