//! Private links on team pages. Reading mail must not mean acting for its recipient, so their secrets are left out.

use crate::mail::model::MessageKind;
use crate::web::token::TOKEN_LENGTH;

/// What stands for a secret that comes back by itself when a draft is kept.
const MARK: char = '•';

/// Whether a message carries what lets its reader into an account of the team.
pub(super) fn opens_account(kind: MessageKind) -> bool {
    matches!(kind, MessageKind::TeamInvitation | MessageKind::PasswordReset | MessageKind::NewSignin)
}

fn is_secret(part: &str) -> bool {
    part.len() == TOKEN_LENGTH && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// Whether an address goes on with this sign.
fn is_of_token(sign: char) -> bool {
    sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_' | '\\')
}

fn replaced(text: &str, mut instead: impl FnMut(&str) -> String) -> String {
    let mut parts = Vec::new();
    for part in text.split('/') {
        let end = part.find(|sign: char| !is_of_token(sign)).unwrap_or(part.len());
        let (word, rest) = part.split_at(end);
        // In Markdown an underscore that means itself has a stroke before it.
        let plain = word.replace('\\', "");
        parts.push(if is_secret(&plain) { format!("{}{rest}", instead(word)) } else { part.to_owned() });
    }
    parts.join("/")
}

/// A text, HTML or header without its secrets.
pub(super) fn without(text: &str) -> String {
    replaced(text, |_| "…".to_owned())
}

/// A source whose secrets are marks, to be edited.
pub(super) fn hidden(source: &str) -> String {
    let mut number = 0;
    replaced(source, |_| {
        number += 1;
        format!("{MARK}{number}{MARK}")
    })
}

/// An edited source with the secrets of `known` where their marks stand.
pub(super) fn shown(edited: &str, known: &str) -> String {
    let mut secrets = Vec::new();
    replaced(known, |secret| {
        secrets.push(secret.to_owned());
        String::new()
    });
    let mut text = edited.to_owned();
    for (number, secret) in secrets.iter().enumerate() {
        text = text.replace(&format!("{MARK}{}{MARK}", number + 1), secret);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::Token;

    #[test]
    fn private_links_are_shown_without_their_secret() {
        let token = Token::new();
        let body = format!(
            "Open https://summit.example/s/r/{0}\nor <a href=\"https://summit.example/s/r/{0}/ticket?x\">https://summit.example/s/r/{0}</a> now",
            token.reveal()
        );
        assert_eq!(
            without(&body),
            "Open https://summit.example/s/r/…\nor <a href=\"https://summit.example/s/r/…/ticket?x\">https://summit.example/s/r/…</a> now"
        );
    }

    #[test]
    fn a_secret_comes_back_where_its_mark_was_left() {
        let (one, two) = (Token::new(), Token::new());
        let source = format!(
            "[Open](https://x.example/r/{})\n[https://x.example/s/{}](https://x.example/s/{})\n",
            one.reveal(),
            two.reveal().replace('_', "\\_"),
            two.reveal()
        );
        let hidden = hidden(&source);
        assert!(!hidden.contains(one.reveal()) && !hidden.contains(two.reveal()), "{hidden}");
        assert_eq!(shown(&hidden, &source), source);
        assert_eq!(shown("Only words and •9•\n", &source), "Only words and •9•\n");
    }
}
