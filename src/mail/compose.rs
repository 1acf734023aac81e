//! From a row of the outbox to the message on the wire (RFC 5322, MIME).

use super::arrival::return_path::Signer;
use super::dkim;
use super::model::{Attachment, OutboxMessage};
use super::transport::Parcel;
use base64::Engine;
use lettre::message::header::{ContentDisposition, ContentId, ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment as Part, Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};
use std::time::SystemTime;

/// The message can't be put together, which trying again will not mend.
#[derive(Debug, thiserror::Error)]
pub enum ComposeError {
    /// The address in the row is none.
    #[error("the recipient's address is not valid")]
    Address,
    /// A part's type or content is not right.
    #[error("the part {0} is not valid")]
    Part(String),
    /// The library refused.
    #[error(transparent)]
    Lettre(#[from] lettre::error::Error),
    /// It could not be signed.
    #[error("the message can't be signed: {0}")]
    Unsigned(#[from] dkim::key::KeyError),
}

/// Puts the message together. The Message-ID is the row's id at `domain`, the same in every
/// attempt, so that a mail sent twice after a crash is known as one. Failures are reported to the return path,
/// to the sender where there is none. Where the settings name a key, the whole is signed.
///
/// # Errors
/// When the row can't become a message.
pub fn compose(
    message: &OutboxMessage,
    from: &Mailbox,
    domain: &str,
    return_path: Option<&ReturnPath>,
    dkim: Option<&dkim::Signer>,
) -> Result<Parcel, ComposeError> {
    let address: Address = message.recipient_address.parse().map_err(|_| ComposeError::Address)?;
    let name = Some(one_line(&message.recipient_name)).filter(|name| !name.is_empty());
    let mut builder = Message::builder()
        .from(from.clone())
        .to(Mailbox::new(name, address.clone()))
        .subject(message.subject.as_str())
        .message_id(Some(format!("<{}@{domain}>", message.id)))
        .date(SystemTime::from(message.created_at.to_chrono()));
    for copied in &message.copies {
        let name = Some(one_line(&copied.name)).filter(|name| !name.is_empty());
        let address = copied.address.parse().map_err(|_| ComposeError::Address)?;
        builder = builder.cc(Mailbox::new(name, address));
    }
    // RFC 3834: vacation answers must not reply to this.
    for (header, value) in [("Auto-Submitted", "auto-generated"), ("Content-Language", message.language.as_str())] {
        builder = builder.raw_header(HeaderValue::new(HeaderName::new_from_ascii_str(header), value.to_owned()));
    }
    if let Some(url) = &message.unsubscribe {
        // RFC 8058: one post, no page, no sign-in.
        for (header, value) in [
            ("List-Unsubscribe", format!("<{url}>")),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()),
        ] {
            builder = builder.raw_header(HeaderValue::new(HeaderName::new_from_ascii_str(header), value));
        }
    }
    let sent = builder.multipart(body(message)?)?;
    let sender = return_path.map_or_else(|| from.email.clone(), |path| path.signer.sign(&path.base, message.id));
    let content = sent.formatted();
    let content = match dkim {
        Some(signer) => signer.sign(&content)?,
        None => content,
    };
    Ok(Parcel { from: sender, to: address, name: message.id.to_string(), content })
}

/// A name without line ends and other signs that no header holds: the library panics over them.
fn one_line(name: &str) -> String {
    let words = name.split(|sign: char| sign.is_control() || sign.is_whitespace());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Where mail comes back to.
#[derive(Clone, Debug)]
pub struct ReturnPath {
    /// `mail.return_path`.
    pub base: Address,
    /// Signs it for each message.
    pub signer: Signer,
}

/// `mixed( alternative( text, related( html, pictures ), calendar ), files )`, without the layers
/// that are not needed.
fn body(message: &OutboxMessage) -> Result<MultiPart, ComposeError> {
    let mut alternative = MultiPart::alternative().singlepart(SinglePart::plain(message.body_text.clone()));
    let pictures: Vec<&Attachment> = message.attachments.iter().filter(|part| part.content_id.is_some()).collect();
    let html = SinglePart::html(message.body_html.clone());
    if pictures.is_empty() {
        alternative = alternative.singlepart(html);
    } else {
        let mut related = MultiPart::related().singlepart(html);
        for picture in pictures {
            related = related.singlepart(inline(picture)?);
        }
        alternative = alternative.multipart(related);
    }
    for calendar in message.attachments.iter().filter(|part| part.alternative) {
        let single = SinglePart::builder().header(content_type(calendar)?).body(content(calendar)?);
        alternative = alternative.singlepart(single);
    }
    let files: Vec<&Attachment> =
        message.attachments.iter().filter(|part| part.content_id.is_none() && !part.alternative).collect();
    if files.is_empty() {
        return Ok(alternative);
    }
    let mut mixed = MultiPart::mixed().multipart(alternative);
    for file in files {
        mixed = mixed.singlepart(Part::new(file.name.clone()).body(content(file)?, content_type(file)?));
    }
    Ok(mixed)
}

fn inline(picture: &Attachment) -> Result<SinglePart, ComposeError> {
    let id = picture.content_id.as_deref().unwrap_or_default();
    Ok(SinglePart::builder()
        .header(content_type(picture)?)
        .header(ContentDisposition::inline_with_name(&picture.name))
        .header(ContentId::from(format!("<{id}>")))
        .body(content(picture)?))
}

fn content_type(part: &Attachment) -> Result<ContentType, ComposeError> {
    ContentType::parse(&part.media_type).map_err(|_| ComposeError::Part(part.name.clone()))
}

fn content(part: &Attachment) -> Result<Vec<u8>, ComposeError> {
    base64::engine::general_purpose::STANDARD.decode(&part.content).map_err(|_| ComposeError::Part(part.name.clone()))
}
