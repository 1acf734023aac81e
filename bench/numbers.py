"""Makes up many registrations and scans, and times the pages that count them."""
import csv, datetime, http.client, io, random, sqlite3, subprocess, sys, time, urllib.parse, uuid

random.seed(7)
NOW = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
STATES = {"confirmed": 70, "applied": 5, "unverified": 3, "waitlisted": 5, "cancelled": 8, "expired": 6, "rejected": 3}
SOURCES = {"form": 70, "code": 15, "delegation": 10, "desk": 5}


def weighted(choices, weights, count):
    return random.choices(choices, weights, k=count)


def tables(event, count):
    """Rows of each table, as the columns name them."""
    stamp = lambda at: at.strftime("%Y-%m-%d %H:%M:%S.%f")
    made = stamp(NOW)
    categories = [str(uuid.uuid4()) for _ in range(8)]
    yield "categories", [dict(id=id, event_id=event, code=f"kind-{n}", name=f'{{"en":"Kind {n}"}}', description="{}", includes="{}", capacity=count, taken=0, badge_color="#1f4e9e", position=n, version=1, created_at=made, updated_at=made) for n, id in enumerate(categories)]
    countries = [chr(65 + n // 26) + chr(65 + n % 26) for n in range(120)]
    organisations = [f"Organisation number {n} of somewhere" for n in range(20_000)]
    picks = zip(
        weighted(categories, [40, 20, 10, 8, 8, 6, 5, 3], count), weighted(list(STATES), STATES.values(), count),
        weighted(countries, [1 / (n + 1) for n in range(120)], count), weighted(organisations, [1 / (n + 5) ** 0.7 for n in range(20_000)], count),
        weighted(list(SOURCES), SOURCES.values(), count), weighted(["en", "zh"], [6, 4], count),
    )
    people, present = [], []
    for n, (category, state, country, organisation, source, language) in enumerate(picks):
        at = NOW - datetime.timedelta(seconds=random.betavariate(1.2, 2) * 90 * 86400 + 4 * 86400)
        is_over, address = state in ("cancelled", "expired", "rejected"), f"person{n}@example.org"
        came = state == "confirmed" and n % 3 == 0
        people.append(dict(
            id=str(uuid.uuid4()), event_id=event, category_id=category, code=f"N{n:07}", state=state, email=address, email_key=address,
            given_name="Ada", family_name=f"Family{n}", native_name="", organisation=organisation, position="Director of a department", country=country,
            language=language, search_key="x" * 120, sort_key=f"family{n} ada", privacy_accepted_at=stamp(at), confirmed_at=stamp(at) if state == "confirmed" else None,
            ended_at=stamp(at + datetime.timedelta(days=3)) if is_over else None, calendar_sequence=0, version=1, created_at=stamp(at), updated_at=stamp(at),
            answers='{"diet":"none"}', source=source, came_at=made if came else None,
        ))
        if came:
            present.append(people[-1]["id"])
    yield "registrations", people
    gates = [str(uuid.uuid4()) for _ in range(6)]
    yield "gates", [dict(id=id, event_id=event, code=f"gate-{n}", name=f'{{"en":"Gate {n}"}}', entry="counted", categories="[]", days="[]", is_main=True, inside=0, position=n, version=1, created_at=made, updated_at=made) for n, id in enumerate(gates)]
    yield "scans", [dict(
        id=str(uuid.uuid4()), event_id=event, gate_id=random.choice(gates), registration_id=random.choice(present), direction="in", result=weighted(["in", "already-in"], [9, 1], 1)[0],
        was_offline=False, scanned_at=stamp(NOW - datetime.timedelta(seconds=random.random() * 3 * 86400)), received_at=made,
    ) for _ in range(count // 2)]
    hour = NOW.replace(minute=0, second=0, microsecond=0)
    yield "form_openings", [dict(event_id=event, hour=stamp(hour - datetime.timedelta(hours=n)), source=source, openings=random.randrange(1, 90)) for n in range(90 * 24) for source in ("direct", "site", "newsletter")]


def fill_sqlite(path, count):
    db = sqlite3.connect(path)
    today = NOW.date()
    db.execute("UPDATE events SET starts_on = ?, ends_on = ?", (str(today - datetime.timedelta(days=3)), str(today)))
    event = db.execute("SELECT id FROM events").fetchone()[0]
    for table, rows in tables(event, count):
        columns = list(rows[0])
        db.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})", [[row[name] for name in columns] for row in rows])
    db.commit()


def fill_postgres(name, count):
    psql = lambda *arguments, **options: subprocess.run(["psql", "-q", "-At", name, *arguments], check=True, capture_output=True, text=True, **options).stdout.strip()
    today = NOW.date()
    psql("-c", f"UPDATE events SET starts_on = '{today - datetime.timedelta(days=3)}', ends_on = '{today}'")
    event = psql("-c", "SELECT id FROM events")
    for table, rows in tables(event, count):
        text = io.StringIO()
        csv.writer(text).writerows([["\\N" if value is None else value for value in row.values()] for row in rows])
        psql("-c", f"COPY {table} ({', '.join(rows[0])}) FROM STDIN (FORMAT csv, NULL '\\N')", input=text.getvalue())


def measure(name, address, password):
    server = http.client.HTTPConnection(address)
    form = urllib.parse.urlencode({"email": "bench@example.org", "password": password})
    server.request("POST", "/login", form, {"content-type": "application/x-www-form-urlencoded"})
    answer = server.getresponse()
    answer.read()
    cookie = answer.getheader("set-cookie").split(";")[0]
    month = f"from={NOW.date() - datetime.timedelta(days=30)}"
    for what, path in [("numbers", "/numbers"), ("one category", "/numbers?category=kind-0"), ("a month", f"/numbers?{month}"), ("overview", "")]:
        times = []
        for _ in range(15):
            begun = time.perf_counter()
            server.request("GET", f"/organizer/summit{path}", headers={"cookie": cookie})
            answer = server.getresponse()
            body = answer.read()
            times.append(time.perf_counter() - begun)
            assert answer.status == 200, answer.status
        times.sort()
        print(f"{name}, {what}: median {times[7] * 1000:.0f} ms, slowest {times[-1] * 1000:.0f} ms, {len(body) // 1024} kB (wanted 100 ms)")


if sys.argv[1] == "sqlite":
    fill_sqlite(sys.argv[2], int(sys.argv[3]))
elif sys.argv[1] == "postgres":
    fill_postgres(sys.argv[2], int(sys.argv[3]))
else:
    measure(*sys.argv[2:5])
