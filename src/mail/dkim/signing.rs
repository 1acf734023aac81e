//! The signature of one mail: `relaxed/relaxed`, over every header that a reader sees.

use super::key::{KeyError, SigningKey};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::digest::{SHA256, digest};

/// What is signed where a mail has it. RFC 8058 wants both headers of unsubscribing among them.
const SIGNED: [&str; 13] = [
    "From",
    "To",
    "Cc",
    "Subject",
    "Date",
    "Message-ID",
    "Reply-To",
    "MIME-Version",
    "Content-Type",
    "Content-Language",
    "Auto-Submitted",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
];
/// Named once more than they occur: nobody can add a second one under the signature.
const ALONE: [&str; 4] = ["From", "To", "Subject", "Date"];
/// Characters of the signature on one line.
const LINE: usize = 72;

/// Signs mails with one key for one domain.
pub struct Signer {
    domain: String,
    selector: String,
    key: SigningKey,
}

impl Signer {
    /// A signer whose public key is published at `selector._domainkey.domain`.
    #[must_use]
    pub fn new(domain: String, selector: String, key: SigningKey) -> Self {
        Self { domain, selector, key }
    }

    /// The domain that signs.
    #[must_use]
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// Where receivers look for the public key.
    #[must_use]
    pub fn record_name(&self) -> String {
        format!("{}._domainkey.{}", self.selector, self.domain)
    }

    /// What must stand there.
    #[must_use]
    pub fn record(&self) -> String {
        self.key.record()
    }

    /// The mail with its signature in front.
    ///
    /// # Errors
    /// When the system has no random numbers.
    pub fn sign(&self, mail: &[u8]) -> Result<Vec<u8>, KeyError> {
        let (head, body) = halves(mail);
        let headers = headers_of(head);
        let mut names: Vec<&str> = Vec::new();
        let mut signed = Vec::new();
        for name in SIGNED {
            // Of several, the last counts first; mails of ours have each once.
            if let Some(header) = headers.iter().rev().find(|header| is_named(header, name)) {
                signed.extend(relaxed_header(header));
                names.push(name);
            }
        }
        names.extend(ALONE);
        let body_hash = STANDARD.encode(digest(&SHA256, &relaxed_body(body)));
        let unsigned = format!(
            "DKIM-Signature: v=1; a={}; c=relaxed/relaxed; d={}; s={};\r\n\th={};\r\n\tbh={body_hash};\r\n\tb=",
            self.key.algorithm(),
            self.domain,
            self.selector,
            names.join(":\r\n\t "),
        );
        let mut own = relaxed_header(unsigned.as_bytes());
        own.truncate(own.len() - 2);
        signed.extend(own);
        let signature = STANDARD.encode(self.key.sign(&signed)?);
        let mut whole = unsigned.into_bytes();
        for (number, line) in signature.as_bytes().chunks(LINE).enumerate() {
            if number > 0 {
                whole.extend_from_slice(b"\r\n\t ");
            }
            whole.extend_from_slice(line);
        }
        whole.extend_from_slice(b"\r\n");
        whole.extend_from_slice(mail);
        Ok(whole)
    }
}

/// Head and body, without the empty line between.
fn halves(mail: &[u8]) -> (&[u8], &[u8]) {
    match mail.windows(4).position(|four| four == b"\r\n\r\n") {
        Some(at) => (&mail[..at + 2], &mail[at + 4..]),
        None => (mail, &[]),
    }
}

/// The headers of a head, each with its continuation lines.
fn headers_of(head: &[u8]) -> Vec<&[u8]> {
    let mut headers = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while let Some(end) = head[at..].windows(2).position(|two| two == b"\r\n").map(|found| at + found + 2) {
        at = end;
        if !matches!(head.get(end), Some(b' ' | b'\t')) {
            headers.push(&head[start..end]);
            start = end;
        }
    }
    headers
}

fn is_named(header: &[u8], name: &str) -> bool {
    let colon = header.iter().position(|byte| *byte == b':');
    colon.is_some_and(|colon| header[..colon].trim_ascii().eq_ignore_ascii_case(name.as_bytes()))
}

/// RFC 6376, 3.4.2: the name in small letters, lines joined, white space runs as one space.
fn relaxed_header(header: &[u8]) -> Vec<u8> {
    let colon = header.iter().position(|byte| *byte == b':').unwrap_or(0);
    let mut out = header[..colon].trim_ascii().to_ascii_lowercase();
    out.push(b':');
    let words = header[colon + 1..].split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    for (number, word) in words.enumerate() {
        if number > 0 {
            out.push(b' ');
        }
        out.extend_from_slice(word);
    }
    out.extend_from_slice(b"\r\n");
    out
}

/// RFC 6376, 3.4.4: white space runs as one space, none at a line's end, no empty lines at the end.
fn relaxed_body(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    let mut rest = body;
    while !rest.is_empty() {
        let end = rest.windows(2).position(|two| two == b"\r\n");
        let (line, after) = end.map_or((rest, &rest[rest.len()..]), |end| (&rest[..end], &rest[end + 2..]));
        let mut space = false;
        for byte in line {
            if matches!(byte, b' ' | b'\t') {
                space = true;
                continue;
            }
            if std::mem::take(&mut space) {
                out.push(b' ');
            }
            out.push(*byte);
        }
        out.extend_from_slice(b"\r\n");
        rest = after;
    }
    while out.ends_with(b"\r\n\r\n") {
        out.truncate(out.len() - 2);
    }
    if out == b"\r\n" {
        out.clear();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_and_bodies_come_to_the_forms_of_the_standard() {
        // The examples of RFC 6376, 3.4.5.
        assert_eq!(relaxed_header(b"A: X\r\n"), b"a:X\r\n");
        assert_eq!(relaxed_header(b"B : Y\t\r\n\tZ  \r\n"), b"b:Y Z\r\n");
        assert_eq!(relaxed_body(b" C \r\nD \t E\r\n\r\n\r\n"), b" C\r\nD E\r\n");
        for (body, relaxed) in [
            (&b""[..], &b""[..]),
            (b"\r\n", b""),
            (b"\r\n\r\n", b""),
            (b"x", b"x\r\n"),
            (b" \t\r\nx\r\n", b"\r\nx\r\n"),
        ] {
            assert_eq!(relaxed_body(body), relaxed, "{body:?}");
        }
    }

    #[test]
    fn a_head_is_taken_apart_with_its_folded_lines() {
        let (head, body) = halves(b"A: 1\r\nB: 2\r\n 3\r\n\r\nbody\r\n\r\n");
        assert_eq!(headers_of(head), [&b"A: 1\r\n"[..], b"B: 2\r\n 3\r\n"]);
        assert_eq!(body, b"body\r\n\r\n");
        assert!(is_named(b"subject : x\r\n", "Subject") && !is_named(b"Subjects: x\r\n", "Subject"));
    }

    #[test]
    fn every_reader_s_header_is_signed_and_none_can_be_added() {
        let key = SigningKey::read(&super::super::making::ed25519().expect("a key")).expect("readable");
        let signer = Signer::new("summit.example".to_owned(), "s1".to_owned(), key);
        let mail = b"From: a@summit.example\r\nSubject: Hello\r\nX-Other: 1\r\n\r\nText\r\n";
        let signed = String::from_utf8(signer.sign(mail).expect("signed")).expect("text");
        assert!(
            signed.starts_with("DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed; d=summit.example; s=s1;\r\n")
        );
        let names: String =
            signed.split("h=").nth(1).expect("names").split(';').next().expect("an end").split_whitespace().collect();
        assert_eq!(names, "From:Subject:From:To:Subject:Date");
        assert!(signed.ends_with(&String::from_utf8_lossy(mail).into_owned()), "the mail itself is as it was");
        assert!(signed.lines().all(|line| line.len() <= 120));
    }
}
