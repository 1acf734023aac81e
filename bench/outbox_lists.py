"""Makes up an outbox, and times the pages that show it."""
import base64, csv, datetime, hashlib, http.client, io, json, random, sqlite3, subprocess, sys, time, urllib.parse, uuid

random.seed(11)
NOW = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
KINDS = {"confirmed": 22, "verify": 20, "mailing": 20, "seat_booked": 14, "change_notice": 12, "waitlisted": 6, "place_offered": 3, "slot_notice": 3}
STATES = {"sent": 960, "queued": 25, "failed": 6, "bounced": 4, "cancelled": 3, "draft": 2}
FAMILIES = [a + b for a in ("Okaf", "Lovel", "Hopp", "Zhan", "Garc", "Nwos", "Ivan", "Tana", "Schm", "Ross") for b in ("or", "ace", "er", "g", "ia", "u", "ov", "ka", "idt", "i")]
BODY = "A line of a mail that says something to somebody who is going to read it. " * 6
HTML = "<html><head></head><body>" + "<p style='margin:0'>A line of a mail that says something to somebody.</p>" * 25 + "</body></html>"


def subject_of(kind, number):
    if kind == "mailing":
        return f"Mailing number {number % 40}: shuttle buses"
    if kind == "seat_booked":
        return f"Your seat in session {number % 1000}"
    return {"verify": "Please confirm your address", "confirmed": "You are registered for the World Summit"}.get(kind, f"About the World Summit: {kind}")


def words(text):
    clean = "".join(sign if sign.isalnum() else " " for sign in text.lower())
    return sorted(set(clean.split()))


def rows(event, count):
    stamp = lambda at: at.strftime("%Y-%m-%d %H:%M:%S.%f")
    people = count // 10
    begin = NOW - datetime.timedelta(days=120)
    kinds, states = random.choices(list(KINDS), KINDS.values(), k=count), random.choices(list(STATES), STATES.values(), k=count)
    for number, (kind, state) in enumerate(zip(kinds, states)):
        at = begin + datetime.timedelta(days=119) * (number / count)
        milliseconds = int((at - datetime.datetime(1970, 1, 1)).total_seconds() * 1000)
        id = uuid.UUID(int=(milliseconds << 80) | (7 << 76) | ((number & 0xFFF) << 64) | (2 << 62) | random.getrandbits(62))
        person = random.randrange(people)
        name, domain = f"Ada{person} {FAMILIES[person % 100]}", f"domain{person % 997}.example"
        address, subject = f"person{person}@{domain}", subject_of(kind, number)
        # What waits is due later: it is looked at here, not sent.
        due = NOW + datetime.timedelta(days=30) if state == "queued" else at
        found = {"a": sorted({*words(name), address, domain, f"person{person}", domain.split(".")[0]}), "s": words(subject)}
        yield dict(
            id=str(id), event_id=event, kind=kind, recipient_name=name, recipient_address=address, recipient_key=address, recipient_domain=domain,
            language="en", subject=subject, body_text=BODY, body_html=HTML, attachments="[]", state=state, attempts=1 if state in ("sent", "failed", "bounced") else 0,
            due_at=stamp(due), created_at=stamp(at), sent_at=stamp(at) if state == "sent" else None, last_error="550 nobody here" if state == "failed" else None,
            lane=f"{0 if kind == 'verify' else 1}.{event}.{kind}", version=1, search_words=json.dumps(found),
            subject_key=base64.urlsafe_b64encode(hashlib.sha256(subject.encode()).digest()[:12]).decode(),
        )


def remember(path, all_rows, count):
    """Passes rows on, and keeps what the measurement asks for."""
    for number, row in enumerate(all_rows):
        if number == count // 2:
            json.dump({key: row[key] for key in ("id", "recipient_address", "recipient_name")}, open(path, "w"))
        yield row


def fill_sqlite(path, count, kept):
    db = sqlite3.connect(path)
    db.executescript("PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF; PRAGMA cache_size = -800000;")
    event = db.execute("SELECT id FROM events").fetchone()[0]
    all_rows = remember(kept, rows(event, count), count)
    first = next(all_rows)
    names = list(first)
    insert = f"INSERT INTO messages ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
    db.execute(insert, list(first.values()))
    db.executemany(insert, (list(row.values()) for row in all_rows))
    # What the job that brings words in does by the way: lists are measured as they stand a while later.
    for part, target in [("a", "'a:' || recipient_key"), ("s", "'s:' || subject_key")]:
        db.execute(f"INSERT INTO mail_words SELECT event_id, value, {target} FROM messages, json_each(search_words, '$.{part}') WHERE true ON CONFLICT DO NOTHING")
    db.execute("DELETE FROM mail_words_due")
    db.commit()
    db.execute("PRAGMA journal_mode = WAL")


def fill_postgres(name, count, kept):
    psql = lambda *arguments: subprocess.run(["psql", "-q", "-At", name, *arguments], check=True, capture_output=True, text=True).stdout.strip()
    event = psql("-c", "SELECT id FROM events")
    all_rows = remember(kept, rows(event, count), count)
    first = next(all_rows)
    # A million rows in one transaction are no measure of triggers that see a few hundred: what they keep is made at once.
    copy = subprocess.Popen(["psql", "-q", name, "-c", "SET session_replication_role = replica", "-c", f"COPY messages ({', '.join(first)}) FROM STDIN (FORMAT csv, NULL '\\N')"], stdin=subprocess.PIPE, text=True)
    writer = csv.writer(copy.stdin)
    for row in [first]:
        writer.writerow(["\\N" if value is None else value for value in row.values()])
    writer.writerows(["\\N" if value is None else value for value in row.values()] for row in all_rows)
    copy.stdin.close()
    assert copy.wait() == 0
    psql("-c", "INSERT INTO mail_counts SELECT event_id, kind, state, 0, count(*) FROM messages GROUP BY 1, 2, 3")
    for part, target in [("a", "'a:' || recipient_key"), ("s", "'s:' || subject_key")]:
        psql("-c", f"INSERT INTO mail_words SELECT DISTINCT event_id, json_array_elements_text(search_words::json -> '{part}'), {target} FROM messages ON CONFLICT DO NOTHING")


def measure(name, address, password, kept):
    known = json.load(open(kept))
    server = http.client.HTTPConnection(address)
    form = urllib.parse.urlencode({"email": "bench@example.org", "password": password})
    server.request("POST", "/login", form, {"content-type": "application/x-www-form-urlencoded"})
    answer = server.getresponse()
    answer.read()
    cookie = answer.getheader("set-cookie").split(";")[0]
    mail, q = "/organizer/summit/mail", lambda text: "?q=" + urllib.parse.quote(text)
    pages = [("first page", mail), ("deep page", f"{mail}?before={known['id']}")]
    pages += [(f"tab {state}", f"{mail}?state={state}") for state in (*STATES, "sending")]
    pages += [
        ("deep in sent", f"{mail}?state=sent&before={known['id']}"), ("one kind", f"{mail}?kind=waitlisted"), ("kind and state", f"{mail}?kind=slot_notice&state=failed"),
        ("whole address", mail + q(known["recipient_address"])), ("beginning of an address", mail + q(known["recipient_address"][:9])),
        ("name", mail + q(known["recipient_name"])), ("family name of a thousand", mail + q("lovelace")), ("domain", mail + q("domain13.example")),
        ("rare subject", mail + q("number 17 shuttle")), ("subject of everybody", mail + q("summit")), ("failed of a common word", mail + q("summit") + "&state=failed"),
        ("nothing", mail + q("nobodyhasthisname")), ("one message", f"{mail}/{known['id']}"),
    ]
    worst = 0
    for what, path in pages:
        times = []
        for _ in range(40):
            begun = time.perf_counter()
            server.request("GET", path, headers={"cookie": cookie})
            answer = server.getresponse()
            body = answer.read()
            times.append((time.perf_counter() - begun) * 1000)
            assert answer.status == 200, (answer.status, path)
        times.sort()
        worst = max(worst, times[37])
        print(f"{name}, {what}: median {times[20]:.1f} ms, 95 of 100 within {times[37]:.1f} ms, {body.count(b'<tr><td>')} rows{'' if times[37] <= 50 else ' BELOW'}")
    print(f"{name}: worst page within {worst:.1f} ms (wanted 50)")


if sys.argv[1] == "sqlite":
    fill_sqlite(sys.argv[2], int(sys.argv[3]), sys.argv[4])
elif sys.argv[1] == "postgres":
    fill_postgres(sys.argv[2], int(sys.argv[3]), sys.argv[4])
else:
    measure(*sys.argv[2:6])
