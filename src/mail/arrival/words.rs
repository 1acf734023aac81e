//! What the words of mail servers mean, in the languages and forms that are met with.

use super::model::{ReportKind, Status};
use crate::mail::address::EmailAddress;

/// Characters of a server's words that are kept.
const LONGEST: usize = 400;
/// Addresses of one report that are looked at.
const MOST_ADDRESSES: usize = 20;

/// The mailbox is full; someone may empty it.
const FULL: &[&str] = &[
    "mailbox full",
    "mailbox is full",
    "mailbox for user is full",
    "inbox is full",
    "over quota",
    "overquota",
    "quota exceeded",
    "exceeded storage",
    "exceeded the quota",
    "exceeds allowed message count",
    "out of storage",
    "insufficient storage",
    "not enough storage",
    "mailbox has exceeded",
    "mailbox size limit",
    "exceeded its limit",
    "postfach ist voll",
    "postfach voll",
    "boîte aux lettres pleine",
    "boite pleine",
    "quota dépassé",
    "buzón lleno",
    "buzon lleno",
    "переполнен",
    "邮箱已满",
    "邮箱容量已满",
    "邮箱空间不足",
    "空间已满",
    "容量不足",
    "郵箱已滿",
    "容量オーバー",
];

/// Nobody is reached by the address.
const GONE: &[&str] = &[
    "user unknown",
    "unknown user",
    "unknown or illegal",
    "unknown recipient",
    "recipient unknown",
    "unknown address",
    "unknown mailbox",
    "no such user",
    "no such recipient",
    "no such mailbox",
    "no such person",
    "no such address",
    "no such local user",
    "no mailbox here",
    "no mailbox found",
    "nobody here by that name",
    "user not found",
    "address not found",
    "recipient not found",
    "recipientnotfound",
    "user doesn't exist",
    "user does not exist",
    "account does not exist",
    "account that you tried to reach does not exist",
    "account has been disabled",
    "account is disabled",
    "account disabled",
    "account inactive",
    "account is inactive",
    "mailbox does not exist",
    "mailbox not found",
    "mailbox unavailable",
    "mailbox disabled",
    "mailbox is disabled",
    "is not a valid mailbox",
    "not a valid recipient",
    "not a known user",
    "invalid recipient",
    "invalid mailbox",
    "invalid address",
    "invalid user",
    "address does not exist",
    "address rejected",
    "recipient name is not recognized",
    "couldn't be found",
    "could not be found",
    "wasn't found at",
    "not listed in",
    "does not like recipient",
    "unrouteable address",
    "unroutable address",
    "host or domain name not found",
    "host not found",
    "domain not found",
    "domain does not exist",
    "couldn't find any host named",
    "no such domain",
    "unbekannter empfänger",
    "empfänger unbekannt",
    "empfängeradresse",
    "existiert nicht",
    "utilisateur inconnu",
    "destinataire inconnu",
    "adresse inconnue",
    "n'existe pas",
    "usuario desconocido",
    "no existe",
    "пользователь не найден",
    "не существует",
    "не найден",
    "收件人不存在",
    "用户不存在",
    "帐号不存在",
    "账号不存在",
    "地址不存在",
    "域名不存在",
    "不存在",
    "查无此人",
    "无此用户",
    "找不到收件人",
    "已被注销",
    "收件人地址错误",
    "使用者不存在",
    "宛先が見つかりません",
    "ユーザーが見つかりません",
];

/// A filter or a rule speaks, not the mailbox.
const RULE: &[&str] = &[
    "spam",
    "blocked using",
    "blacklist",
    "block list",
    "blocklist",
    "blocked by",
    "policy",
    "dmarc",
    "spf ",
    "dkim",
    "reputation",
    "banned",
    "content rejected",
    "message rejected",
    "virus",
    "message too large",
    "message size exceeds",
    "size limit exceeded",
    "too big",
    "not authorized",
    "unauthenticated",
    "relay access denied",
    "relaying denied",
    "垃圾邮件",
    "拒收",
    "反垃圾",
    "策略",
    "频率",
];

/// It is not given up yet.
const LATER: &[&str] = &[
    "will be retried",
    "will retry",
    "still trying",
    "will continue to try",
    "will keep trying",
    "has been delayed",
    "delivery delayed",
    "delayed mail",
    "not yet been delivered",
    "this is a warning message only",
    "you do not need to resend",
    "warning: message",
    "delivery is delayed",
    "zustellung verzögert",
    "sera de nouveau tent",
    "temporarily deferred",
    "try again later",
    "greylisted",
    "graylisted",
    "投递延迟",
    "延迟通知",
    "稍后重试",
    "继续尝试",
];

fn says(words: &str, phrases: &[&str]) -> bool {
    phrases.iter().any(|phrase| words.contains(phrase))
}

/// What status, reply code and words together mean for a message that was not delivered.
///
/// A vague status is made precise by the words, and words about a full mailbox or a filter outweigh a status
/// that many servers use for everything.
#[must_use]
pub(super) fn judge(delayed: bool, status: Option<Status>, words: &str) -> ReportKind {
    let words = words.to_lowercase();
    let (status, code) = (most_precise(status, &words), reply_code(&words));
    if status.is_some_and(|status| (status.subject, status.detail) == (2, 2)) || says(&words, FULL) {
        return ReportKind::Delayed;
    }
    let is_for_now = match status {
        Some(status) => status.class == 4,
        None => code.is_some_and(|code| code < 500) || (code.is_none() && says(&words, LATER)),
    };
    if delayed || is_for_now {
        return ReportKind::Delayed;
    }
    let by_words = || {
        if says(&words, RULE) || !says(&words, GONE) { ReportKind::Refused } else { ReportKind::Bounced }
    };
    match status {
        // 5.1.7 and 5.1.8 are about the sender.
        Some(Status { subject: 1, detail: 7 | 8, .. }) => ReportKind::Refused,
        Some(
            Status { subject: 1, .. } | Status { subject: 2, detail: 1, .. } | Status { subject: 4, detail: 4, .. },
        ) => {
            if says(&words, RULE) && !says(&words, GONE) {
                ReportKind::Refused
            } else {
                ReportKind::Bounced
            }
        }
        _ => by_words(),
    }
}

/// The status given, or one of the same class in the words where the one given is vague.
fn most_precise(given: Option<Status>, words: &str) -> Option<Status> {
    let told = statuses(words);
    match given {
        Some(status) if status.is_vague() => {
            told.into_iter().find(|other| other.class == status.class && !other.is_vague()).or(given)
        }
        Some(_) => given,
        None => told.into_iter().next(),
    }
}

/// Every status in a text, such as 5.1.1 in "550 #5.1.1 User unknown"; parts of addresses and versions are none.
pub(super) fn statuses(text: &str) -> Vec<Status> {
    let mut found = Vec::new();
    for word in text.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '.')) {
        let parts: Vec<&str> = word.trim_matches('.').split('.').collect();
        let [class @ ("2" | "4" | "5"), subject, detail] = parts.as_slice() else { continue };
        let number = |text: &str| if text.len() <= 3 { text.parse::<u16>().ok() } else { None };
        if let (Ok(class), Some(subject), Some(detail)) = (class.parse(), number(subject), number(detail))
            && subject <= 7
        {
            found.push(Status { class, subject, detail });
        }
    }
    found
}

/// Words after which a number is a mail server's reply code.
const BEFORE_CODES: &[&str] = &["error", "code", "said", "smtp", "<<<", "status", "reply", "response"];

/// The first reply code of a mail server (RFC 5321): three digits at the start of a line or after a word that
/// leads to one, so that sizes and dates are none.
fn reply_code(words: &str) -> Option<u16> {
    words.lines().find_map(|line| {
        let mut before = "";
        line.split_whitespace().find_map(|word| {
            let leads =
                before.is_empty() || before.ends_with([':', ';', ',', '：', '，']) || BEFORE_CODES.contains(&before);
            before = word;
            let word = word.trim_start_matches(['(', '#', '[', '"', '\'', '：', '（']);
            let (code, rest) = word.split_at_checked(3)?;
            let code: u16 = code
                .parse()
                .ok()
                .filter(|_| leads && !rest.starts_with(|letter: char| letter.is_ascii_alphanumeric()))?;
            ((421..=471).contains(&code) || (500..=571).contains(&code)).then_some(code)
        })
    })
}

/// The mail addresses in a text, in order, each once.
pub(super) fn addresses(text: &str) -> Vec<EmailAddress> {
    let mut found: Vec<EmailAddress> = Vec::new();
    let ends = |letter: char| letter.is_whitespace() || "<>()[]\"',;:|，。；：、（）《》“”".contains(letter);
    for word in text.split(ends).filter(|word| word.contains('@')) {
        if let Ok(address) = word.trim_matches(['.', '!', '?', '=']).parse::<EmailAddress>()
            && !found.iter().any(|known| known.key() == address.key())
        {
            found.push(address);
            if found.len() == MOST_ADDRESSES {
                break;
            }
        }
    }
    found
}

/// Where a plain report goes on to quote the mail that it returns.
const QUOTES: &[&str] = &[
    "--- below this line is a copy",
    "------ this is a copy of",
    "----- original message -----",
    "-----original message-----",
    "--- the message returned",
    "----- message header follows",
    "----- unsent message follows",
    "included is a copy of the message",
    "a copy of the original message",
    "the original message was received",
    "original message follows",
    "message headers follow",
    "----- ursprüngliche nachricht -----",
    "-------- 原邮件",
    "------------------ 原始邮件",
    "原邮件信息",
    "原信附件",
];

/// A plain report without the mail that it returns.
pub(super) fn before_quote(text: &str) -> String {
    let mut kept = String::new();
    let mut headers = 0;
    for line in text.lines() {
        let small = line.trim().to_lowercase();
        if says(&small, QUOTES) && small != "the original message was received" && !small.contains(" was received at") {
            break;
        }
        // Two header lines in a row that only mail has: the quoted mail begins.
        let is_header = ["received: ", "return-path: ", "message-id: ", "mime-version: ", "content-type: "]
            .iter()
            .any(|name| small.starts_with(name));
        headers = if is_header { headers + 1 } else { 0 };
        if headers == 2 {
            break;
        }
        kept.push_str(line);
        kept.push('\n');
    }
    kept
}

/// The line of a plain report that says why, for people: the first with a status, a code or a known phrase.
pub(super) fn telling_line(text: &str) -> String {
    let tells = |line: &&str| {
        let small = line.to_lowercase();
        says(&small, FULL) || says(&small, GONE) || !statuses(&small).is_empty() || reply_code(&small).is_some()
    };
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
    one_line(lines().find(tells).or_else(|| lines().next()).unwrap_or_default())
}

/// Words in one line of bounded length, without control characters.
pub(super) fn one_line(words: &str) -> String {
    let plain: String = words.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(LONGEST).collect()
}

/// Subjects of failures that come without any structure.
const FAILURE_SUBJECTS: &[&str] = &[
    "failure notice",
    "undeliverable",
    "undelivered mail",
    "delivery status notification",
    "delivery failure",
    "delivery failed",
    "mail delivery failed",
    "mail delivery failure",
    "mail delivery system",
    "returned mail",
    "returned to sender",
    "message delivery failure",
    "mail system error",
    "warning: could not send",
    "delayed mail",
    "unzustellbar",
    "nicht zustellbar",
    "non remis",
    "non délivré",
    "échec de la remise",
    "no se puede entregar",
    "не доставлено",
    "недоставленное",
    "系统退信",
    "退信",
    "邮件投递失败",
    "未能送达",
    "无法送达",
    "投递状态",
    "傳送失敗",
    "配信不能",
];

/// Whether a subject says that a mail came back.
pub(super) fn is_failure_subject(subject: &str) -> bool {
    says(&subject.to_lowercase(), FAILURE_SUBJECTS)
}

/// Subjects of automatic answers.
const AWAY: &[&str] = &[
    "out of office",
    "out of the office",
    "automatic reply",
    "auto reply",
    "autoreply",
    "auto-reply",
    "auto response",
    "autoresponse",
    "on vacation",
    "away from",
    "abwesenheit",
    "automatische antwort",
    "réponse automatique",
    "absence du bureau",
    "respuesta automática",
    "fuera de la oficina",
    "risposta automatica",
    "автоответ",
    "автоматический ответ",
    "自动回复",
    "自動回覆",
    "自動返信",
    "不在のお知らせ",
];

/// Whether a subject says that a machine answers.
pub(super) fn is_away_subject(subject: &str) -> bool {
    says(&subject.to_lowercase(), AWAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_servers_are_understood() {
        let status = |text: &str| statuses(text).into_iter().next();
        for (delayed, given, words, expected) in [
            (
                false,
                "5.1.1",
                "smtp; 550 5.1.1 The email account that you tried to reach does not exist",
                ReportKind::Bounced,
            ),
            (false, "5.0.0", "smtp; 550 #5.1.0 Address rejected.", ReportKind::Bounced),
            (false, "5.0.0", "smtp; 550 rejected", ReportKind::Refused),
            (false, "5.2.2", "552 5.2.2 Mailbox full", ReportKind::Delayed),
            (false, "5.1.1", "550 5.1.1 user is over quota", ReportKind::Delayed),
            (false, "4.4.1", "connection timed out", ReportKind::Delayed),
            (true, "", "", ReportKind::Delayed),
            (false, "5.7.1", "550 5.7.1 blocked by our policy", ReportKind::Refused),
            (false, "5.7.26", "550-5.7.26 unauthenticated email is not accepted due to DMARC", ReportKind::Refused),
            (false, "5.3.4", "552 5.3.4 Message size exceeds fixed limit", ReportKind::Refused),
            (false, "5.4.4", "Host or domain name not found", ReportKind::Bounced),
            (false, "5.4.1", "550 5.4.1 Recipient address rejected: Access denied", ReportKind::Bounced),
            (false, "5.1.8", "501 5.1.8 Sender address rejected", ReportKind::Refused),
            (false, "", "550 User not found", ReportKind::Bounced),
            (false, "", "收件人邮件地址（x@qq.com）不存在", ReportKind::Bounced),
            (false, "", "对方邮箱已满", ReportKind::Delayed),
            (false, "", "Warning: message 1a-2b delayed 24 hours", ReportKind::Delayed),
            (false, "", "421 try again", ReportKind::Delayed),
            (false, "", "", ReportKind::Refused),
        ] {
            assert_eq!(judge(delayed, status(given), words), expected, "{given} {words}");
        }
    }

    #[test]
    fn numbers_of_versions_and_networks_are_no_status() {
        assert_eq!(statuses("Exim 4.96.2 at 10.5.1.1, host 5.1.1.1"), []);
        assert_eq!(statuses("(550 5.7.1)").len(), 1);
    }

    #[test]
    fn addresses_are_found_in_any_text() {
        let found = addresses("<ada@example.org>: no。收件人（李@例子.中国）, ada@Example.org");
        assert_eq!(
            found.iter().map(EmailAddress::key).collect::<Vec<_>>(),
            ["ada@example.org", "李@xn--fsqu00a.xn--fiqs8s"]
        );
    }
}
