"""Makes up a category with free places, two quotas and people who wait, and times the job that offers the places."""
import csv, datetime, io, re, sqlite3, subprocess, sys, time, uuid

NOW = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)


def stamp(at):
    return at.strftime("%Y-%m-%d %H:%M:%S.%f")


def tables(event, places):
    """Rows of each table, as the columns name them."""
    made, category = stamp(NOW), str(uuid.uuid4())
    yield "categories", [dict(id=category, event_id=event, code="guest", name='{"en":"Guest"}', description="{}", includes="{}", capacity=places, taken=0, has_waiting_list=True, badge_color="#1f4e9e", position=1, version=1, created_at=made, updated_at=made)]
    quotas = [str(uuid.uuid4()) for _ in range(2)]
    yield "quotas", [dict(id=id, event_id=event, code=f"quota-{n}", name=f'{{"en":"Quota {n}"}}', capacity=places, taken=0, position=n, version=1, created_at=made, updated_at=made) for n, id in enumerate(quotas)]
    yield "quota_categories", [dict(quota_id=id, category_id=category) for id in quotas]
    people = []
    for n in range(places * 3):
        at, address = stamp(NOW - datetime.timedelta(days=2) + datetime.timedelta(seconds=n)), f"person{n}@example.org"
        people.append(dict(
            id=str(uuid.uuid4()), event_id=event, category_id=category, code=f"W{n:07}", state="waitlisted", email=address, email_key=address, given_name="Ada", family_name=f"Family{n}",
            native_name="", organisation="An organisation", position="", country="KE", language="en" if n % 2 else "zh", search_key=address, sort_key=f"family{n}", privacy_accepted_at=at,
            priority=n % 3, waits_since=at, calendar_sequence=0, version=1, created_at=at, updated_at=at,
        ))
    yield "registrations", people


def fill_sqlite(path, places):
    db = sqlite3.connect(path)
    event = db.execute("SELECT id FROM events").fetchone()[0]
    for table, rows in tables(event, places):
        columns = list(rows[0])
        db.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})", [[row[name] for name in columns] for row in rows])
    db.commit()


def psql(name, *arguments, **options):
    return subprocess.run(["psql", "-q", "-At", name, *arguments], check=True, capture_output=True, text=True, **options).stdout.strip()


def fill_postgres(name, places):
    event = psql(name, "-c", "SELECT id FROM events")
    for table, rows in tables(event, places):
        text = io.StringIO()
        csv.writer(text).writerows([["\\N" if value is None else value for value in row.values()] for row in rows])
        psql(name, "-c", f"COPY {table} ({', '.join(rows[0])}) FROM STDIN (FORMAT csv, NULL '\\N')", input=text.getvalue())


def count(kind, name):
    query = "SELECT count(*) FROM registrations WHERE state = 'offered'"
    if kind == "postgres":
        return int(psql(name, "-c", query))
    db = sqlite3.connect(f"file:{name}?mode=ro", uri=True)
    return db.execute(query).fetchone()[0]


def measure(name, places, log, kind, database):
    ran = lambda: [int(found) for line in open(log) if "registration.hand-on" in line for found in re.findall(r"milliseconds=(\d+)", re.sub(r"\x1b\[[0-9;]*m", "", line))]
    until = time.monotonic() + 60
    while time.monotonic() < until and not (count(kind, database) == places and ran()):
        time.sleep(0.2)
    offered = count(kind, database)
    assert offered == places, f"{offered} offers, not {places}"
    took = max(ran()) / 1000
    print(f"{name}: {places:,} places offered to {places:,} of {places * 3:,} who wait in {took:.2f} s (wanted 2) {'ok' if took <= 2 else 'BELOW'}")


if sys.argv[1] == "sqlite":
    fill_sqlite(sys.argv[2], int(sys.argv[3]))
elif sys.argv[1] == "postgres":
    fill_postgres(sys.argv[2], int(sys.argv[3]))
else:
    measure(sys.argv[2], int(sys.argv[3]), *sys.argv[4:7])
