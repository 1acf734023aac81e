//! Asking the DNS for TXT records, which is all that a check of mail needs (RFC 1035).

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UdpSocket};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(4);
const TXT: u16 = 16;
const INTERNET: u16 = 1;

/// Why there is no answer.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum NoAnswer {
    /// The server said nothing, or could not be reached.
    #[error("the name server {0} does not answer")]
    Silent(SocketAddr),
    /// It said something that makes no sense, or that it failed.
    #[error("the name server {0} could not find out")]
    Failed(SocketAddr),
    /// The name can't be asked for.
    #[error("{0} is no name of the DNS")]
    NoName(String),
}

/// The name server of this machine.
pub(super) fn server_of_machine() -> SocketAddr {
    let text = std::fs::read_to_string("/etc/resolv.conf").unwrap_or_default();
    let address = text.lines().filter_map(|line| line.trim().strip_prefix("nameserver")).find_map(|rest| {
        // A link-local address has a zone behind %, which can be left to the system's own resolver only.
        rest.trim().parse::<IpAddr>().ok()
    });
    SocketAddr::new(address.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST)), 53)
}

/// The texts that stand at a name; none where the name does not exist.
pub(super) async fn texts(server: SocketAddr, name: &str) -> Result<Vec<String>, NoAnswer> {
    let id: u16 = rand::random();
    let question = question(id, name).ok_or_else(|| NoAnswer::NoName(name.to_owned()))?;
    let silent = |_| NoAnswer::Silent(server);
    let answer =
        tokio::time::timeout(PATIENCE, over_udp(server, &question)).await.map_err(|_| NoAnswer::Silent(server))?;
    let mut answer = answer.map_err(silent)?;
    if answer.get(2).is_some_and(|flags| flags & 0b10 != 0) {
        // Cut off: the whole comes over TCP.
        let whole = tokio::time::timeout(PATIENCE, over_tcp(server, &question)).await;
        answer = whole.map_err(|_| NoAnswer::Silent(server))?.map_err(silent)?;
    }
    read(id, &answer).ok_or(NoAnswer::Failed(server))
}

async fn over_udp(server: SocketAddr, question: &[u8]) -> std::io::Result<Vec<u8>> {
    let own: SocketAddr = if server.is_ipv4() { ([0, 0, 0, 0], 0).into() } else { ([0_u16; 8], 0).into() };
    let socket = UdpSocket::bind(own).await?;
    socket.connect(server).await?;
    socket.send(question).await?;
    let mut buffer = vec![0; 4096];
    loop {
        let length = socket.recv(&mut buffer).await?;
        // Whatever answers another question is passed over.
        if buffer[..length].get(..2) == question.get(..2) {
            buffer.truncate(length);
            return Ok(buffer);
        }
    }
}

async fn over_tcp(server: SocketAddr, question: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(server).await?;
    let length = u16::try_from(question.len()).unwrap_or_default().to_be_bytes();
    stream.write_all(&[&length, question].concat()).await?;
    let mut length = [0; 2];
    stream.read_exact(&mut length).await?;
    let mut answer = vec![0; usize::from(u16::from_be_bytes(length))];
    stream.read_exact(&mut answer).await?;
    Ok(answer)
}

/// A question for the texts at a name.
fn question(id: u16, name: &str) -> Option<Vec<u8>> {
    // Recursion wanted, one question.
    let mut message = [id.to_be_bytes(), [1, 0], [0, 1], [0, 0], [0, 0], [0, 0]].concat();
    for label in name.trim_end_matches('.').split('.') {
        let length = u8::try_from(label.len()).ok().filter(|length| (1..64).contains(length) && label.is_ascii())?;
        message.push(length);
        message.extend_from_slice(label.as_bytes());
    }
    message.push(0);
    message.extend_from_slice(&TXT.to_be_bytes());
    message.extend_from_slice(&INTERNET.to_be_bytes());
    (message.len() < 300).then_some(message)
}

/// The texts of an answer; `None` where it makes no sense or says that the server failed.
fn read(id: u16, answer: &[u8]) -> Option<Vec<String>> {
    let number = |at: usize| Some(u16::from_be_bytes([*answer.get(at)?, *answer.get(at + 1)?]));
    if number(0)? != id || answer.get(2)? & 0x80 == 0 {
        return None;
    }
    // 0: here it is. 3: there is no such name.
    match answer.get(3)? & 0x0f {
        0 => {}
        3 => return Some(Vec::new()),
        _ => return None,
    }
    let (questions, answers) = (number(4)?, number(6)?);
    let mut at = 12;
    for _ in 0..questions {
        at = after_name(answer, at)? + 4;
    }
    let mut texts = Vec::new();
    for _ in 0..answers {
        at = after_name(answer, at)?;
        let (kind, length) = (number(at)?, usize::from(number(at + 8)?));
        let data = answer.get(at + 10..at + 10 + length)?;
        if kind == TXT {
            texts.push(text_of(data)?);
        }
        at += 10 + length;
    }
    Some(texts)
}

/// Where a name ends; it may end in a pointer to another place.
fn after_name(answer: &[u8], mut at: usize) -> Option<usize> {
    loop {
        match *answer.get(at)? {
            0 => return Some(at + 1),
            length if length & 0xc0 == 0xc0 => return Some(at + 2),
            length if length & 0xc0 == 0 => at += 1 + usize::from(length),
            _ => return None,
        }
    }
}

/// A text in pieces of at most 255 octets, put together.
fn text_of(mut data: &[u8]) -> Option<String> {
    let mut text = Vec::new();
    while let Some((length, rest)) = data.split_first() {
        text.extend_from_slice(rest.get(..usize::from(*length))?);
        data = &rest[usize::from(*length)..];
    }
    Some(String::from_utf8_lossy(&text).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(records: &[(u16, &[u8])]) -> Vec<u8> {
        let mut message = question(7, "s._domainkey.summit.example").expect("a question");
        message[2] = 0x81;
        message[7] = u8::try_from(records.len()).expect("few");
        for (kind, data) in records {
            message.extend_from_slice(&[0xc0, 12]);
            message.extend_from_slice(&kind.to_be_bytes());
            message.extend_from_slice(&[0, 1, 0, 0, 0, 60]);
            message.extend_from_slice(&u16::try_from(data.len()).expect("short").to_be_bytes());
            message.extend_from_slice(data);
        }
        message
    }

    #[test]
    fn texts_are_put_together_and_others_passed_over() {
        let whole = answer(&[(5, b"\x01a\x00"), (TXT, b"\x03v=D\x04KIM1"), (TXT, b"\x01x")]);
        assert_eq!(read(7, &whole), Some(vec!["v=DKIM1".to_owned(), "x".to_owned()]));
        assert_eq!(read(8, &whole), None, "the answer to another question");
        let mut none = answer(&[]);
        none[3] = 3;
        assert_eq!(read(7, &none), Some(Vec::new()));
        none[3] = 2;
        assert_eq!(read(7, &none), None, "the server failed");
    }

    #[test]
    fn nothing_that_comes_back_makes_it_fail() {
        let whole = answer(&[(TXT, b"\x03abc")]);
        for end in 0..whole.len() {
            assert_eq!(read(7, &whole[..end]), None, "cut at {end}");
        }
        for at in 0..whole.len() {
            for octet in [0, 0x3f, 0x80, 0xc0, 0xff] {
                let mut odd = whole.clone();
                odd[at] = octet;
                let _ = read(7, &odd);
            }
        }
    }

    #[test]
    fn names_that_are_none_are_not_asked_for() {
        for name in ["", "a..b", &"x".repeat(64), &"abcdefghi.".repeat(40)] {
            assert_eq!(question(1, name), None, "{name}");
        }
    }
}
