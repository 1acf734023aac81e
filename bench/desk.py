"""Makes up many registrations in several scripts, and times the desk's list and its files."""
import csv, datetime, http.client, io, json, random, sqlite3, subprocess, sys, threading, time, unicodedata, urllib.parse, uuid

random.seed(11)
NOW = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
STATES = {"confirmed": 70, "applied": 5, "unverified": 3, "waitlisted": 5, "cancelled": 8, "expired": 6, "rejected": 3}
SOURCES = {"form": 70, "code": 15, "delegation": 10, "desk": 5}
GIVEN = ["Ada", "José", "Marie", "Łukasz", "Zoë", "Ahmed", "Nguyễn", "Søren", "Olga", "John", "Priya", "Kwame"]
FAMILY = ["Müller", "Álvarez", "Lovelace", "Kowalski", "Haddad", "O’Neill", "Dvořák", "Nguyen", "Ivanova", "Smith", "Rao", "Mensah"]
# Family names and given names as they are written, and in Latin letters as lists sort them.
HAN_FAMILY = [("李", "li"), ("王", "wang"), ("张", "zhang"), ("陈", "chen"), ("欧阳", "ouyang"), ("刘", "liu"), ("赵", "zhao")]
HAN_GIVEN = [("小龙", "xiaolong"), ("伟", "wei"), ("娜", "na"), ("建国", "jianguo"), ("芳", "fang"), ("明月", "mingyue"), ("志强", "zhiqiang")]
ARABIC = ["سميرة حداد", "أحمد منصور", "فاطمة الزهراء", "خالد العتيبي", "ليلى يوسف"]
CYRILLIC = ["Ольга Иванова", "Дмитрий Соколов", "Елена Петрова"]
QUESTIONS = [("diet", "one_choice", "Diet", ["none", "vegan", "halal", "kosher"]), ("visa", "yes_no", "Visa needed", []), ("topics", "choices", "Topics", [f"t{n}" for n in range(12)]), ("title", "short_text", "Title of your talk", [])]


def stamp(at):
    return at.strftime("%Y-%m-%d %H:%M:%S.%f")


def key(*parts):
    folded = unicodedata.normalize("NFKD", " ".join(part for part in parts if part))
    return " ".join("".join(c for c in folded if not unicodedata.combining(c)).lower().split())


def person(n):
    kind = n % 10
    if kind < 3:
        (family, latin_family), (given, latin_given) = random.choice(HAN_FAMILY), random.choice(HAN_GIVEN)
        return given, family, family + given, f"{latin_family} {latin_given}", family + given
    given, family = random.choice(GIVEN), f"{random.choice(FAMILY)}{'' if kind < 6 else '-' + random.choice(FAMILY)}"
    native = random.choice(ARABIC) if kind == 8 else random.choice(CYRILLIC) if kind == 9 else ""
    return given, family, native, key(family, given), ""


def tables(event, count):
    """Rows of each table, as the columns name them."""
    made = stamp(NOW)
    categories = [str(uuid.uuid4()) for _ in range(8)]
    questions = {code: str(uuid.uuid4()) for code, *_ in QUESTIONS}
    asked = [dict(
        id=questions[code], event_id=event, code=code, kind=kind, stage="apply", label=json.dumps({"en": label}), help="{}",
        options=json.dumps({"choices": [{"code": choice, "label": {"en": choice.capitalize()}} for choice in choices]}),
        is_required=False, seen_by="desk", is_identity=False, is_sealed=False, position=n, version=1, created_at=made, updated_at=made,
    ) for n, (code, kind, label, choices) in enumerate(QUESTIONS)]
    countries = ["CN", "GB", "ES", "LB", "US", "FR", "DE", "RU", "IN", "BR", "JP", "KE", "PL", "CZ", "NG", "EG", "SA", "VN", "KR", "MX"]
    organisations = [f"Organisation number {n} of somewhere" for n in range(20_000)]
    weighted = lambda choices, weights: random.choices(choices, weights, k=count)
    picks = zip(
        weighted(categories, [40, 20, 10, 8, 8, 6, 5, 3]), weighted(list(STATES), STATES.values()), weighted(countries, [1 / (n + 1) for n in range(20)]),
        weighted(organisations, [1 / (n + 5) ** 0.7 for n in range(20_000)]), weighted(list(SOURCES), SOURCES.values()), weighted(["none", "vegan", "halal", "kosher"], [70, 20, 8, 2]),
    )
    people = []
    # Ids sort by the time they were made, as those of the program do.
    ats = sorted(NOW - datetime.timedelta(seconds=random.betavariate(1.2, 2) * 90 * 86400) for _ in range(count))
    for n, (at, (category, state, country, organisation, source, diet)) in enumerate(zip(ats, picks)):
        is_over, address = state in ("cancelled", "expired", "rejected"), f"person{n}@example.org"
        given, family, native, sort_key, joined = person(n)
        answers = {questions["diet"]: diet, questions["visa"]: "yes" if n % 3 == 0 else "no"}
        if n % 2:
            answers[questions["topics"]] = random.sample(QUESTIONS[2][3], 2)
        if n % 5 == 0:
            answers[questions["title"]] = f"On the governance of matter number {n}"
        code = f"N{n:07}"
        people.append(dict(
            id=f"{int(at.timestamp() * 1000):012x}"[:8] + "-" + f"{int(at.timestamp() * 1000):012x}"[8:] + f"-7{n % 4096:03x}-8{n // 4096 % 4096:03x}-{random.getrandbits(48):012x}",
            event_id=event, category_id=category, code=code, state=state, email=address, email_key=address, given_name=given, family_name=family, native_name=native,
            organisation=organisation, position="Director of a department", country=country, language="zh" if joined else "en", search_key=key(family, given, joined, native, address, code, organisation),
            sort_key=sort_key, privacy_accepted_at=stamp(at), confirmed_at=stamp(at) if state == "confirmed" else None, ended_at=stamp(at + datetime.timedelta(days=3)) if is_over else None,
            calendar_sequence=0, version=1, created_at=stamp(at), updated_at=stamp(at), answers=json.dumps(answers, separators=(",", ":")), source=source,
            came_at=made if state == "confirmed" and n % 3 == 0 else None,
        ))
    holds = ("unverified", "applied", "confirmed")
    taken = {id: sum(1 for row in people if row["category_id"] == id and row["state"] in holds) for id in categories}
    yield "categories", [dict(id=id, event_id=event, code=f"kind-{n}", name=f'{{"en":"Kind {n}"}}', description="{}", includes="{}", capacity=count, taken=taken[id], badge_color="#1f4e9e", position=n, version=1, created_at=made, updated_at=made) for n, id in enumerate(categories)]
    yield from [("questions", asked), ("registrations", people)]


def fill_sqlite(path, count):
    db = sqlite3.connect(path)
    event = db.execute("SELECT id FROM events").fetchone()[0]
    for table, rows in tables(event, count):
        columns = list(rows[0])
        db.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})", [[row[name] for name in columns] for row in rows])
    db.commit()


def fill_postgres(name, count):
    psql = lambda *arguments, **options: subprocess.run(["psql", "-q", "-At", name, *arguments], check=True, capture_output=True, text=True, **options).stdout.strip()
    event = psql("-c", "SELECT id FROM events")
    for table, rows in tables(event, count):
        text = io.StringIO()
        csv.writer(text).writerows([["\\N" if value is None else value for value in row.values()] for row in rows])
        psql("-c", f"COPY {table} ({', '.join(rows[0])}) FROM STDIN (FORMAT csv, NULL '\\N')", input=text.getvalue())


class Desk:
    def __init__(self, address, password):
        self.server = http.client.HTTPConnection(address)
        form = urllib.parse.urlencode({"email": "bench@example.org", "password": password})
        self.server.request("POST", "/login", form, {"content-type": "application/x-www-form-urlencoded"})
        answer = self.server.getresponse()
        answer.read()
        self.cookie = answer.getheader("set-cookie").split(";")[0]

    def post(self, path, form):
        headers = {"cookie": self.cookie, "content-type": "application/x-www-form-urlencoded"}
        self.server.request("POST", f"/organizer/summit/registrations{path}", urllib.parse.urlencode(form), headers)
        return self.server.getresponse()

    def get(self, path):
        self.server.request("GET", f"/organizer/summit/registrations{path}", headers={"cookie": self.cookie})
        answer = self.server.getresponse()
        assert answer.status == 200, (path, answer.status)
        return answer


def memory(pid):
    """Kilobytes that a process holds now, without what of the database it has mapped."""
    return next(int(line.split()[1]) for line in open(f"/proc/{pid}/status") if line.startswith("RssAnon"))


def measure(name, address, password, pid):
    desk = Desk(address, password)
    first = desk.get("?view=all").read().decode()
    option = lambda text, label: text.split(f">{label}<")[0].rsplit('value="', 1)[1].split('"')[0].replace("&#x2f;", "/")
    category, diet, common = option(first, "Kind 3"), option(first, "Kosher"), option(first, "None")
    after = first
    for _ in range(20):
        link = after.split('rel="next"')[1].split('href="')[1].split('"')[0].replace("&amp;", "&").replace("&#x2f;", "/")
        after = desk.get("?" + link.split("?", 1)[1]).read().decode()
    deep = link.split("?", 1)[1]
    day = lambda back: (NOW - datetime.timedelta(days=back)).date().isoformat()
    quoted = urllib.parse.quote
    pages = [
        ("everybody", "?view=all"), ("everybody, a deep page", "?" + deep), ("by name", "?sort=name"), ("by category", "?sort=category"), ("by country", "?sort=country"),
        ("search, Latin", "?q=lovelace"), ("search, two words", "?q=dvorak+ada"), ("search, one person", "?q=person77777"), ("search, Chinese", f"?q={quoted('欧阳小龙')}"),
        ("search, Arabic", f"?q={quoted('سميرة')}"), ("search, nobody", "?q=zzzz"), ("state", "?state=waitlisted"), ("category", f"?category={category}"), ("country", "?country=KE"),
        ("country and name order", "?country=KE&sort=name"), ("rare answer", f"?answer={diet}"), ("frequent answer", f"?answer={common}"), ("frequent answer by name", f"?answer={common}&sort=name"),
        ("two days", f"?from={day(31)}&until={day(30)}"), ("two days by name", f"?from={day(31)}&until={day(30)}&sort=name"), ("a month by name", f"?from={day(60)}&until={day(30)}&sort=name"),
        ("state, category and a month by name", f"?state=confirmed&category={category}&from={day(60)}&until={day(30)}&sort=name"), ("not come yet, by name", "?came=no&sort=name"),
    ]
    for what, path in pages:
        times = []
        for _ in range(21):
            begun = time.perf_counter()
            desk.get(path).read()
            times.append((time.perf_counter() - begun) * 1000)
        times.sort()
        print(f"{name}, {what}: median {times[10]:.1f} ms, 95 of 100 within {times[19]:.1f} ms (wanted 50) {'ok' if times[19] <= 50 else 'BELOW'}", flush=True)
    for ending in ("csv", "xlsx", "json"):
        before, peak, is_done = memory(pid), [0], threading.Event()

        def watch():
            while not is_done.wait(0.01):
                peak[0] = max(peak[0], memory(pid))

        watcher = threading.Thread(target=watch)
        watcher.start()
        begun, size, rows = time.perf_counter(), 0, 0
        answer = desk.get(f".{ending}?view=all&sort=name")
        while piece := answer.read(1 << 16):
            size += len(piece)
            rows += piece.count(b"\n")
        took = time.perf_counter() - begun
        is_done.set()
        watcher.join()
        count = int(sys.argv[6]) if len(sys.argv) > 6 else 100_000
        rate = count / took
        print(f"{name}, {count:,} as {ending.upper()}: {rate:,.0f} rows a second (wanted 50,000) {'ok' if rate >= 50_000 else 'BELOW'}, {size / 1e6:.1f} MB, memory {before / 1024:.0f} MB before and {peak[0] / 1024:.0f} MB at most", flush=True)
    cancel_many(name, desk)


def cancel_many(name, desk):
    """Cancels everybody of one country from the list: until the browser has its answer, and until all are done."""
    page = desk.get("?country=ES").read().decode()
    hidden = lambda text, field: text.split(f'name="{field}" value="')[1].split('"')[0].replace("&amp;", "&").replace("&#x2f;", "/")
    form = dict(action="cancel", whom="all", query=hidden(page, "query"), made_by=hidden(page, "made_by"))
    preview = desk.post("/bulk", form)
    form |= dict(people=hidden(preview.read().decode(), "people"), confirmed="on")
    begun = time.perf_counter()
    answer = desk.post("/bulk", form)
    answer.read()
    answered = time.perf_counter() - begun
    result = answer.getheader("location").split("/registrations", 1)[1]
    while "The rest is being done" in (text := desk.get(result).read().decode()):
        time.sleep(0.5)
    took = time.perf_counter() - begun
    print(f"{name}, cancelling {int(form['people']):,} people with their mails: an answer after {answered:.1f} s, all done after {took:.0f} s ({text.split('Done: ')[1].split('.<')[0]})", flush=True)


if sys.argv[1] == "sqlite":
    fill_sqlite(sys.argv[2], int(sys.argv[3]))
elif sys.argv[1] == "postgres":
    fill_postgres(sys.argv[2], int(sys.argv[3]))
else:
    measure(*sys.argv[2:6])
