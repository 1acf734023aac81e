//! Tables as people make them: odd separators, encodings, dates as numbers, workbooks, and bombs.

use plenary::db::UtcTime;
use plenary::i18n::Lang;
use plenary::interchange::model::{FileFormat, ImportedProgramme};
use plenary::interchange::{Fault, Limits, Problem, ReadError, ReadOptions, read};
use std::io::Write;

fn options() -> ReadOptions {
    ReadOptions {
        fallback_timezone: Some(chrono_tz::Tz::Asia__Shanghai),
        fallback_language: Some(Lang::EN),
        ..ReadOptions::default()
    }
}

fn reads(bytes: &[u8]) -> ImportedProgramme {
    read(bytes, &options()).unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(bytes)))
}

fn at(text: &str) -> UtcTime {
    chrono::DateTime::parse_from_rfc3339(text).expect(text).to_utc().into()
}

type Told = (String, Option<String>, Option<(UtcTime, UtcTime)>);

/// Title, room, start and end of each session.
fn told(file: &ImportedProgramme) -> Vec<Told> {
    let title =
        |texts: &plenary::i18n::Localized| texts.iter().next().map_or(String::new(), |(_, text)| text.to_owned());
    file.sessions
        .iter()
        .map(|session| {
            let slot = session.slots.first();
            (title(&session.title), slot.and_then(|slot| slot.room.clone()), slot.map(|slot| (slot.start, slot.end)))
        })
        .collect()
}

fn opening() -> Told {
    let slot = (at("2027-04-13T09:00:00+08:00"), at("2027-04-13T10:30:00+08:00"));
    ("Opening".to_owned(), Some("Hall".to_owned()), Some(slot))
}

#[test]
fn a_table_is_read_however_a_spreadsheet_wrote_it() {
    for table in [
        "title_en,room,start,end\nOpening,Hall,2027-04-13T09:00,2027-04-13T10:30\n",
        "\u{feff}title_en,room,start,end\r\nOpening,Hall,2027-04-13 09:00,2027-04-13 10:30\r\n\r\n,,,\r\n",
        "Title EN;Room;Start;End\n\"Opening\";\"Hall\";13.04.2027 09:00;13.04.2027 10:30\n;;;\n",
        "Title\tRoom\tDate\tStart\tEnd\nOpening\tHall\t2027/4/13\t9:00\t10:30\n",
        "title,room,date,start,minutes\nOpening,Hall,2027-04-13,09:00,90\n",
        "title,room,start,end\nOpening,Hall,46490.375,46490.4375\n",
        "title;room;date;start;end\nOpening;Hall;46490;0,375;0,4375\n",
    ] {
        assert_eq!(told(&reads(table.as_bytes())), [opening()], "{table}");
    }
}

#[test]
fn what_is_no_utf8_is_read_as_what_it_looks_like_and_said() {
    let (chinese, _, _) = encoding_rs::GB18030
        .encode("title,room,start,end\n世界互联网大会开幕式,主会场,2027-04-13 09:00,2027-04-13 10:30\n");
    let file = reads(&chinese);
    assert_eq!(told(&file)[0].0, "世界互联网大会开幕式");
    assert!(file.warnings.iter().any(|note| note.problem == Problem::EncodingGuessed && note.value == "gb18030"));
    let (western, _, _) = encoding_rs::WINDOWS_1252
        .encode("title;room;start;end\nOuverture à l’été;Café;2027-04-13 09:00;2027-04-13 10:30\n");
    let file = reads(&western);
    assert_eq!(told(&file)[0].0, "Ouverture à l’été");
    let sixteen: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(
            "title\troom\tstart\tend\n开幕\tHall\t2027-04-13 09:00\t2027-04-13 10:30"
                .encode_utf16()
                .flat_map(u16::to_le_bytes),
        )
        .collect();
    assert_eq!(told(&reads(&sixteen))[0].0, "开幕");
}

#[test]
fn what_a_row_gets_wrong_is_told_with_its_place_and_the_session_is_kept() {
    let table = "title,room,date,start,end,colour\nLate,Hall,2027-04-13,23:00,01:00,red\n\nOdd,Hall,,half past nine,,\nNo time,,,,,\n";
    let file = reads(table.as_bytes());
    let told = told(&file);
    assert_eq!(told[0].2, Some((at("2027-04-13T23:00:00+08:00"), at("2027-04-14T01:00:00+08:00"))), "over midnight");
    assert_eq!((told[1].0.as_str(), told[1].2), ("Odd", None));
    assert_eq!(told[2].0, "No time");
    let problems: Vec<(Problem, &str)> = file.warnings.iter().map(|note| (note.problem, note.value.as_str())).collect();
    assert!(problems.contains(&(Problem::BadTime, "half past nine")), "{problems:?}");
    assert!(problems.contains(&(Problem::Unused, "colour")), "{problems:?}");
    assert!(file.warnings.iter().any(|note| note.problem == Problem::BadTime && note.place.starts_with("row ")));
}

/// One file in an archive: packed where `packs`.
fn archive(files: &[(&str, Vec<u8>)], packs: bool) -> Vec<u8> {
    let (mut out, mut list) = (Vec::new(), Vec::new());
    for (name, content) in files {
        let body = if packs {
            let mut packer = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
            packer.write_all(content).expect("packed");
            packer.finish().expect("packed")
        } else {
            content.clone()
        };
        let header = out.len() as u32;
        let method: u16 = if packs { 8 } else { 0 };
        let mut facts = Vec::new();
        facts.extend([20, 0, 0, 0]);
        facts.extend(method.to_le_bytes());
        facts.extend([0; 8]);
        facts.extend((body.len() as u32).to_le_bytes());
        facts.extend((content.len() as u32).to_le_bytes());
        facts.extend((name.len() as u16).to_le_bytes());
        facts.extend([0, 0]);
        out.extend(b"PK\x03\x04");
        out.extend(&facts);
        out.extend(name.as_bytes());
        out.extend(&body);
        list.extend(b"PK\x01\x02\x14\x00");
        list.extend(&facts);
        list.extend([0; 10]);
        list.extend(header.to_le_bytes());
        list.extend(name.as_bytes());
    }
    let (start, length, count) = (out.len() as u32, list.len() as u32, files.len() as u16);
    out.extend(&list);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(count.to_le_bytes());
    out.extend(count.to_le_bytes());
    out.extend(length.to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend([0, 0]);
    out
}

fn workbook(rows: &str, strings: &str, packs: bool) -> Vec<u8> {
    let book = r#"<workbook xmlns:r="r"><workbookPr/><sheets><sheet name="Sessions" sheetId="1" r:id="rId7"/></sheets></workbook>"#;
    let links = r#"<Relationships><Relationship Id="rId7" Target="worksheets/first.xml"/></Relationships>"#;
    let files = [
        ("xl/workbook.xml", book.into()),
        ("xl/_rels/workbook.xml.rels", links.into()),
        ("xl/sharedStrings.xml", format!("<sst>{strings}</sst>").into_bytes()),
        ("xl/worksheets/first.xml", format!("<worksheet><sheetData>{rows}</sheetData></worksheet>").into_bytes()),
    ];
    archive(&files, packs)
}

const HEAD: &str = r#"<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>Room</t></is></c><c r="D1" t="str"><v>start</v></c><c r="E1" t="inlineStr"><is><t>end</t></is></c></row>"#;
const STRINGS: &str = "<si><t>Title</t></si><si><r><t>Open</t></r><r><t>ing</t></r></si>";

#[test]
fn the_first_sheet_of_a_workbook_is_a_table() {
    let rows = format!(
        r#"{HEAD}<row r="2"></row><row r="5"><c r="A5" t="s"><v>1</v></c><c r="B5" t="inlineStr"><is><t>Hall</t></is></c><c r="D5"><v>46490.375</v></c><c r="E5"><v>46490.4375</v></c></row>"#
    );
    for packs in [false, true] {
        let file = reads(&workbook(&rows, STRINGS, packs));
        assert_eq!((file.format, told(&file)), (FileFormat::Xlsx, vec![opening()]));
    }
}

#[test]
fn a_hostile_workbook_is_refused_soon() {
    let refused = |bytes: &[u8]| -> ReadError { read(bytes, &options()).expect_err("refused") };
    let bomb = format!("{HEAD}<!--{}-->", " ".repeat(60 << 20));
    let packed = workbook(&bomb, STRINGS, true);
    assert!(packed.len() < 200_000);
    assert_eq!(refused(&packed).fault, Fault::TooLarge);
    let whole = workbook(HEAD, STRINGS, true);
    for cut in [4, 30, whole.len() / 2] {
        assert_eq!(refused(&whole[..cut]).fault, Fault::BrokenWorkbook, "cut at {cut}");
    }
    assert_eq!(refused(&archive(&[("word/document.xml", Vec::new())], false)).fault, Fault::BrokenWorkbook);
    let entity = archive(&[("xl/workbook.xml", b"<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>".to_vec())], false);
    assert_eq!(refused(&entity).fault, Fault::Entities);
    let few = ReadOptions { limits: Limits { sessions: 2, ..Limits::default() }, ..options() };
    let row = r#"<row><c t="inlineStr"><is><t>Again</t></is></c></row>"#;
    let many = workbook(&format!("{HEAD}{}", row.repeat(9)), STRINGS, true);
    assert_eq!(read(&many, &few).expect_err("too many").fault, Fault::TooManySessions);
}
