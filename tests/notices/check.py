"""Reads mails (.eml files) with parsers that others wrote and says what is in them, as JSON.

Each calendar part is read by icalendar and by vobject; where they disagree, that is said and we fail.
"""
import email
import email.policy
import json
import sys
from datetime import timezone

import icalendar
import vobject


def calendar(octets):
    text = octets.decode("utf-8")
    assert text.endswith("\r\n"), f"lines end with CRLF: {text[-40:]!r}"
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n")), "lines are folded"
    parsed = icalendar.Calendar.from_ical(text)
    events = [part for part in parsed.walk() if part.name == "VEVENT"]
    zones = [str(part["TZID"]) for part in parsed.walk() if part.name == "VTIMEZONE"]
    assert len(events) == 1, "one entry in a part"
    event = events[0]
    other = vobject.readOne(text)
    assert other.method.value == str(parsed["METHOD"])
    assert other.vevent.uid.value == str(event["UID"])
    assert other.vevent.sequence.value == str(event["SEQUENCE"])
    utc = lambda moment: moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert utc(other.vevent.dtstart.value) == utc(event["DTSTART"].dt), "both see the same beginning"
    assert utc(other.vevent.dtend.value) == utc(event["DTEND"].dt), "both see the same end"
    attendee = event["ATTENDEE"]
    return {
        "method": str(parsed["METHOD"]),
        "uid": str(event["UID"]),
        "sequence": int(event["SEQUENCE"]),
        "status": str(event["STATUS"]),
        "start": utc(event["DTSTART"].dt),
        "end": utc(event["DTEND"].dt),
        "summary": str(event["SUMMARY"]),
        "location": str(event.get("LOCATION", "")),
        "organizer": str(event["ORGANIZER"]),
        "attendee": str(attendee),
        "partstat": str(attendee.params.get("PARTSTAT", "")),
        "rsvp": str(attendee.params.get("RSVP", "")),
        "zones": zones,
        "zone": str(event["DTSTART"].params.get("TZID", "")),
        "stamped": "DTSTAMP" in event and "LAST-MODIFIED" in event,
    }


def shape(part):
    if part.is_multipart():
        return {part.get_content_type(): [shape(inner) for inner in part.iter_parts()]}
    return part.get_content_type()


def mail(path):
    with open(path, "rb") as file:
        # From bytes: reading the file as text would take the CRLF for LF.
        message = email.message_from_bytes(file.read(), policy=email.policy.default)
    found = []
    for part in message.walk():
        if part.get_content_type() in ("text/calendar", "application/ics"):
            octets = part.get_payload(decode=True)
            entry = calendar(octets)
            entry["type"] = part.get_content_type()
            entry["type_method"] = part["content-type"].params.get("method", "")
            entry["file"] = part.get_filename() or ""
            found.append(entry)
    return {
        "to": message["to"].addresses[0].addr_spec,
        "subject": str(message["subject"]),
        "unsubscribe": str(message.get("List-Unsubscribe", "")),
        "unsubscribe_post": str(message.get("List-Unsubscribe-Post", "")),
        "shape": shape(message),
        "entries": found,
    }


print(json.dumps([mail(path) for path in sys.argv[1:]]))
