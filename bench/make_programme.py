"""Writes a made-up programme of 1,000 sessions in 20 rooms over 4 days into the file named."""
import datetime, sys, uuid

DAYS, ROOMS, PER_ROOM = 4, 20, 13
WORDS = "water bridge lantern harbour signal canal garden meadow river archive weaver compass orchard beacon thread market ferry cloud tower village".split()
out = ["<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "<schedule>", "<generator name=\"plenary-bench\" version=\"1\"/>", "<version>1</version>",
       "<conference><acronym>summit</acronym><title>Summit of Measures</title><start>2027-05-03</start><end>2027-05-06</end><days>4</days>"
       "<timeslot_duration>00:05</timeslot_duration><time_zone_name>Asia/Shanghai</time_zone_name></conference>"]
number = 0
for day in range(DAYS):
    date = datetime.date(2027, 5, 3) + datetime.timedelta(days=day)
    out.append(f'<day index="{day + 1}" date="{date}" start="{date}T08:00:00+08:00" end="{date}T23:00:00+08:00">')
    for room in range(ROOMS):
        out.append(f'<room name="Hall {room + 1}">')
        for slot in range(PER_ROOM):
            if number == 1000:
                break
            number += 1
            start = datetime.datetime.combine(date, datetime.time(8)) + datetime.timedelta(minutes=60 * slot)
            one, two, three = (WORDS[(number * step) % len(WORDS)] for step in (3, 7, 11))
            guid = uuid.uuid5(uuid.NAMESPACE_URL, f"plenary-bench-{number}")
            out.append(
                f'<event guid="{guid}" id="{number}"><date>{start.isoformat()}+08:00</date><start>{start:%H:%M}</start><duration>00:45</duration>'
                f'<room>Hall {room + 1}</room><slug>summit-{number}</slug><url>https://example.org/{number}</url>'
                f'<title>The {one}, the {two} and the {three}, part {number}</title><subtitle/><track>Forum {room % 12 + 1}</track><type>panel</type><language>en</language>'
                f'<abstract>How a {one} meets a {two}: what {number} towns learned about {three} work.</abstract><description/>'
                f'<persons><person id="{number % 400 + 1}">Speaker {number % 400 + 1}</person></persons><links/><attachments/></event>')
        out.append("</room>")
    out.append("</day>")
out.append("</schedule>")
open(sys.argv[1], "w", encoding="utf-8").write("\n".join(out) + "\n")
