//! What a wording may be, and that nothing filled in becomes more than words.

use super::filling::{Filled, fill};
use super::markup::read;
use super::model::{Filling, Placeholder, Problem, Sort, Source};
use proptest::prelude::*;

const KNOWN: &[Placeholder] = &[
    Placeholder { name: "name", sort: Sort::Words },
    Placeholder { name: "room", sort: Sort::Words },
    Placeholder { name: "link", sort: Sort::Address },
    Placeholder { name: "ticket", sort: Sort::Part },
];

fn source(subject: &str, body: &str) -> Source {
    Source { subject: subject.to_owned(), body: body.to_owned() }
}

fn filled(body: &str, name: &str, room: &str) -> Filled {
    let wording = read(&source("Dear {{name}}", body), KNOWN, &[]).expect("a wording");
    let values: Vec<Filling> = wording
        .mentions
        .iter()
        .map(|mentioned| match mentioned.name {
            "name" => Filling::Words(name.to_owned()),
            "room" => Filling::Words(room.to_owned()),
            "link" => Filling::Words("https://summit.example/r/1".to_owned()),
            _ => Filling::Part { html: "<img>".to_owned(), text: String::new() },
        })
        .collect();
    fill(&wording, &values)
}

#[test]
fn both_bodies_come_from_one_source() {
    for (body, text, html) in [
        ("Dear {{name}},", "Dear Ada,\n", "<p>Dear <bdi>Ada</bdi>,</p>\n"),
        (
            "**{{ name }}**\n{{room}}",
            "Ada\nHall 1\n",
            "<p><strong><bdi>Ada</bdi></strong><br>\n<bdi>Hall 1</bdi></p>\n",
        ),
        ("- one\n- {{room}}", "* one\n* Hall 1\n", "<ul><li>one</li>\n<li><bdi>Hall 1</bdi></li>\n</ul>\n"),
        ("3. one\n4. two", "3. one\n4. two\n", "<ol start=\"3\"><li>one</li>\n<li>two</li>\n</ol>\n"),
        ("{{ticket}}", "\n", "<img>"),
        (
            "See [the page](https://a.example/?q={{room}}).",
            "See the page (https://a.example/?q=Hall%201).\n",
            "<p>See <a href=\"https://a.example/?q=Hall%201\" style=\"color:#1f4f8b\">the page</a>.</p>\n",
        ),
        ("a <b>bold</b> word", "a <b>bold</b> word\n", "<p>a &lt;b&gt;bold&lt;/b&gt; word</p>\n"),
        ("![a picture](https://spy.example/1.png)", "a picture\n", "<p>a picture</p>\n"),
    ] {
        let filled = filled(body, "Ada", "Hall 1");
        assert_eq!((filled.text.as_str(), filled.html.as_str()), (text, html), "{body}");
        assert_eq!(filled.subject, "Dear Ada");
    }
    let button = filled("[Open]({{link}})", "Ada", "");
    assert_eq!(button.text, "Open\nhttps://summit.example/r/1\n");
    assert!(button.html.contains("class=\"go\" href=\"https://summit.example/r/1\""), "{}", button.html);
    let quote = filled("> {{room}}", "Ada", "first\nsecond");
    assert_eq!(quote.text, "> first\n> second\n");
    assert!(filled("*Quiet {{room}}*", "Ada", "Hall").html.contains("class=\"soft\""));
}

#[test]
fn a_line_without_value_is_left_out() {
    for (body, text) in [
        ("Room: {{room}}\n\nBye", "Bye\n"),
        ("{{name}}\nRoom: {{room}}", "Ada\n"),
        ("The reason:\n{{room}}\n\nBye", "Bye\n"),
        ("- {{room}}\n- kept", "* kept\n"),
        ("> {{room}}\n\nBye", "Bye\n"),
        ("{{room}}", "\n"),
    ] {
        assert_eq!(filled(body, "Ada", "").text, text, "{body}");
    }
}

#[test]
fn what_is_wrong_is_said_with_its_line() {
    let wrong = |subject: &str, body: &str| read(&source(subject, body), KNOWN, &["link"]).expect_err("refused");
    let missing = Problem::Missing { name: "link" };
    assert_eq!(wrong("S", "Hello"), vec![missing.clone()]);
    assert_eq!(wrong("", "{{link}}"), vec![Problem::NoSubject]);
    assert_eq!(wrong("S", " "), vec![Problem::NoBody, missing]);
    assert_eq!(wrong("{{nam}}", "{{link}}"), vec![Problem::Unknown { name: "nam".into(), line: 0 }]);
    assert_eq!(wrong("S", "{{link}}\n\n{{nobody}}"), vec![Problem::Unknown { name: "nobody".into(), line: 3 }]);
    assert_eq!(wrong("S", "{{link}}\n{{name"), vec![Problem::Open { line: 2 }]);
    assert_eq!(wrong("{{ticket}}", "{{link}}"), vec![Problem::Misplaced { name: "ticket".into(), line: 0 }]);
    assert_eq!(wrong("S", "Your {{ticket}} {{link}}"), vec![Problem::Misplaced { name: "ticket".into(), line: 0 }]);
    assert_eq!(wrong("S", "{{link}} [x](javascript:alert)"), vec![Problem::Link { to: "javascript:alert".into() }]);
    assert_eq!(wrong("S", "{{link}} [x]({{name}})"), vec![Problem::Link { to: "{{name}}".into() }]);
    assert_eq!(wrong(&"x".repeat(201), "{{link}}"), vec![Problem::TooLong]);
}

proptest! {
    /// Whatever a value holds, it adds no header, leaves no element or attribute, and runs nothing.
    #[test]
    fn no_value_becomes_more_than_words(value in any::<String>(), lines in "[\\r\\n{}<>\"'*_\\[\\]()#>a-z]{0,40}") {
        let body = "Dear {{name}},\n\n# {{room}}\n\n- *{{name}}* [{{room}}](https://a.example/{{name}}?b={{room}})\n\n> {{name}}";
        let plain = filled(body, "x", "y");
        let hostile = filled(body, &format!("{value}x"), &format!("{lines}y"));
        prop_assert!(!hostile.subject.chars().any(char::is_control));
        let tags = |html: &str| {
            let mut tags = Vec::new();
            for part in html.split('<').skip(1) {
                tags.push(part.split(['>', ' ']).next().unwrap_or_default().to_owned());
            }
            tags.retain(|tag| tag != "br");
            tags
        };
        prop_assert_eq!(tags(&plain.html), tags(&hostile.html));
        // The link still leads to the same host and path level, with one parameter.
        let href = hostile.html.split("href=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
        let marks = [("&#x27;", "'"), ("&quot;", "\""), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")];
        let address = marks.iter().fold(href.to_owned(), |text, (mark, sign)| text.replace(mark, sign));
        let url = url::Url::parse(&address).expect("an address");
        prop_assert_eq!(url.host_str(), Some("a.example"));
        prop_assert_eq!(url.query_pairs().count(), 1);
    }

    /// No source makes reading panic, and what is read can be filled in.
    #[test]
    fn any_source_is_read_or_refused(subject in ".{0,60}", body in "[ \\n*_>#`!\\-\\[\\](){}a-z0-9<&\u{E000}\u{E001}]{0,300}") {
        if let Ok(wording) = read(&source(&subject, &body), KNOWN, &[]) {
            let values = vec![Filling::Words("v".to_owned()); wording.mentions.len()];
            let _ = fill(&wording, &values);
        }
    }
}
