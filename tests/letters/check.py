"""Reads mails (.eml files) with parsers that others wrote and says what is wrong with them.

One argument: a JSON file {name, record, mails [{path, subject, name, to, id, language, unsubscribe, pictures}], spam}. Each mail must
parse without defects, hold text and HTML, say what it was to say, and carry a DKIM signature (dkimpy) that holds with the record that
the DNS would give, and no longer once anything is changed. With "spam", SpamAssassin must find less than two points, offline.
"""
import email
import email.policy
import json
import re
import subprocess
import sys

import dkim

STRICT = email.policy.SMTP.clone(raise_on_defect=True)
manifest = json.load(open(sys.argv[1], encoding="utf-8"))


def dns(name, timeout=5):
    asked = (name.decode() if isinstance(name, bytes) else name).rstrip(".")
    return manifest["record"].encode() if asked == manifest["name"] else None


def holds(octets):
    try:
        return dkim.DKIM(octets).verify(dnsfunc=dns)
    except dkim.DKIMException:
        return False


def check(expected):
    with open(expected["path"], "rb") as file:
        octets = file.read()
    assert b"\r\n" in octets and not re.search(rb"(?<!\r)\n|\r(?!\n)", octets), "lines end with CRLF"
    assert max(map(len, octets.split(b"\r\n"))) <= 998, "no line is longer than SMTP allows"
    head, _, body = octets.partition(b"\r\n\r\n")
    assert head.isascii(), "headers are ASCII"
    message = email.message_from_bytes(octets, policy=STRICT)
    squeezed = lambda text: " ".join(str(text).split())
    assert squeezed(message["Subject"]) == squeezed(expected["subject"]), message["Subject"]
    (to,) = message["To"].addresses
    assert (to.addr_spec, to.display_name) == (expected["to"], expected["name"]), to
    (sender,) = message["From"].addresses
    assert sender.addr_spec == "noreply@summit.example" and "世界峰会" in sender.display_name, sender
    assert message["Message-ID"] == expected["id"], message["Message-ID"]
    assert message["Date"].datetime.isoformat() == "2027-03-01T09:00:00+00:00", message["Date"]
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == expected["language"]
    assert message["MIME-Version"] == "1.0"
    assert "".join(message["List-Unsubscribe"].split()) == f"<{expected['unsubscribe']}>", message["List-Unsubscribe"]
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for name in ("From", "To", "Subject", "Date", "Message-ID", "DKIM-Signature"):
        assert len(message.get_all(name)) == 1, f"{name} stands once"
    texts = {}
    pictures = 0
    for part in message.walk():
        assert not part.defects, part.defects
        if part.is_multipart():
            continue
        content = part.get_content()
        if part.get_content_type() in ("text/plain", "text/html"):
            assert part.get_content_charset() == "utf-8"
            texts[part.get_content_type()] = content
        if part.get_content_maintype() == "image":
            pictures += 1
            assert part["Content-ID"] and part.get_content_disposition() == "inline"
    assert set(texts) == {"text/plain", "text/html"}, texts.keys()
    assert all(len(text.strip()) > 20 for text in texts.values())
    assert "{{" not in "".join(texts.values()) and "{%" not in "".join(texts.values())
    assert pictures == expected["pictures"]
    # The signature: it holds, over every header that a reader sees, and over nothing else.
    signature = dkim.DKIM(octets)
    assert signature.verify(dnsfunc=dns), "the signature holds"
    named = re.search(r"\bh=([^;]*);", str(message["DKIM-Signature"])).group(1)
    named = [name.strip().lower() for name in re.sub(r"\s", "", named).split(":")]
    for name in ("from", "to", "subject", "date", "message-id", "content-type", "list-unsubscribe", "list-unsubscribe-post"):
        assert name in named, f"{name} is signed: {named}"
    first_word = re.search(rb"\r\nSubject: ", octets).end()
    for what, changed in {
        "the subject": octets[:first_word] + b"X" + octets[first_word:],
        "the body": head + b"\r\n\r\n" + body.replace(b"\r\n\r\n", b"\r\n\r\nX", 1),
        "another sender": b"From: Somebody <else@example.org>\r\n" + octets,
        "another subject": b"Subject: Pay here\r\n" + octets,
    }.items():
        assert changed != octets and not holds(changed), f"{what} can be changed"
    # What relays do on the way does no harm.
    assert holds(b"Received: from a by b; Mon, 1 Mar 2027 09:00:01 +0000\r\n" + octets)
    assert holds(octets + b"\r\n\r\n"), "empty lines at the end"
    return octets


def spam(mails):
    """Scores of SpamAssassin, all mails in one go, without asking the network."""
    box = b""
    for octets in mails:
        lines = [b">" + line if line.startswith(b"From ") else line for line in octets.replace(b"\r\n", b"\n").split(b"\n")]
        box += b"From noreply@summit.example Mon Mar  1 09:00:00 2027\n" + b"\n".join(lines) + b"\n\n"
    command = ["spamassassin", "--local", "--mbox", "--cf=use_bayes 0", "--cf=use_auto_whitelist 0"]
    said = subprocess.run(command, input=box, capture_output=True, check=True).stdout
    # The program answers in an order of its own.
    scores = {}
    for answer in re.split(rb"(?m)^From noreply@summit\.example ", said)[1:]:
        status = re.search(rb"X-Spam-Status: \w+, score=(-?[\d.]+) required=[\d.]+\s+tests=([^\n]*(?:\n\s[^\n]*)*)", answer)
        scores[message_id(answer)] = (float(status.group(1)), b" ".join(status.group(2).split()).decode())
    assert len(scores) == len(mails), f"{len(scores)} scores for {len(mails)} mails"
    return [scores[message_id(octets)] for octets in mails]


def message_id(octets):
    return re.search(rb"(?mi)^Message-ID:\s*(<[^>]+>)", octets).group(1)


def main():
    read = []
    for expected in manifest["mails"]:
        try:
            read.append(check(expected))
        except Exception as problem:
            raise AssertionError(f"{expected['path']}: {problem!r}") from problem
    if manifest["spam"]:
        for expected, (score, tests) in zip(manifest["mails"], spam(read)):
            assert score < 2, f"{expected['path']}: {score} points: {tests}"
    print(f"{len(read)} mails")


main()
