"""Prepares people, tickets, a gate and devices in a database; then scans them as many devices would."""
import base64, datetime, hashlib, http.client, json, pathlib, secrets, sqlite3, subprocess, sys, tempfile, threading, time, uuid

NOW = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M:%S.%f")
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


def base45(data):
    text = ""
    for at in range(0, len(data), 2):
        chunk = data[at : at + 2]
        value = int.from_bytes(chunk, "big")
        for _ in range(len(chunk) + 1):
            text += ALPHABET[value % 45]
            value //= 45
    return text


def insert(db, table, row):
    columns = ", ".join(row)
    db.execute(f"INSERT INTO {table} ({columns}) VALUES ({', '.join('?' * len(row))})", list(row.values()))


class Signer:
    def __init__(self, folder):
        self.folder, self.key = folder, folder / "key.pem"
        subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", self.key], check=True, capture_output=True)
        der = lambda *more: subprocess.run(["openssl", "pkey", "-in", self.key, "-outform", "DER", *more], check=True, capture_output=True).stdout
        self.secret, self.public = der()[-32:], der("-pubout")[-32:]

    def ticket(self, registration):
        payload = b"\x01" + hashlib.sha256(self.public).digest()[:8] + registration.bytes + b"\x09delegates"
        message = self.folder / "message"
        message.write_bytes(b"plenary ticket\0" + payload)
        command = ["openssl", "pkeyutl", "-sign", "-inkey", self.key, "-rawin", "-in", message]
        return "PT1:" + base45(payload + subprocess.run(command, check=True, capture_output=True).stdout)


def prepare(path, output, devices, rate, seconds):
    db = sqlite3.connect(path)
    event = db.execute("SELECT id FROM events").fetchone()[0]
    category, gate = str(uuid.uuid4()), str(uuid.uuid4())
    stamps = {"version": 1, "created_at": NOW, "updated_at": NOW}
    text = json.dumps({"en": "Delegates"})
    insert(db, "categories", {"id": category, "event_id": event, "code": "delegates", "name": text, "description": "{}", "includes": "{}", "taken": 0, "badge_color": "#1f4e9e", "position": 1, **stamps})
    insert(db, "gates", {"id": gate, "event_id": event, "code": "main", "name": text, "entry": "once", "categories": "[]", "days": "[]", "is_main": 1, "inside": 0, "position": 1, **stamps})
    tokens = [secrets.token_urlsafe(24) for _ in range(devices)]
    for token in tokens:
        insert(db, "devices", {"id": str(uuid.uuid4()), "event_id": event, "name": "bench", "token_hash": hashlib.sha256(token.encode()).hexdigest(), "created_at": NOW})
    with tempfile.TemporaryDirectory() as folder:
        signer = Signer(pathlib.Path(folder))
        encode = lambda data: base64.b64encode(data).decode()
        insert(db, "event_keys", {"event_id": event, "public_key": encode(signer.public), "secret_key": encode(signer.secret), "created_at": NOW})
        tickets = []
        for number in range(devices * rate * seconds // 2):
            id = uuid.uuid4()
            address = f"{id}@example.org"
            insert(db, "registrations", {"id": str(id), "event_id": event, "category_id": category, "code": id.hex[:12].upper(), "state": "confirmed", "email": address, "email_key": address, "given_name": "Ada", "family_name": str(number), "native_name": "", "organisation": "", "position": "", "language": "en", "search_key": "ada", "sort_key": str(number), "privacy_accepted_at": NOW, "confirmed_at": NOW, "calendar_sequence": 0, **stamps})
            tickets.append(signer.ticket(id))
    db.commit()
    pathlib.Path(output).write_text(json.dumps({"gate": gate, "tokens": tokens, "tickets": tickets}))


def scan(address, prepared, rate, seconds):
    data = json.loads(pathlib.Path(prepared).read_text())
    times, results, errors = [], {}, []

    def device(number, token):
        connection = http.client.HTTPConnection(address, timeout=10)
        began = time.perf_counter() + number / len(data["tokens"]) / rate
        for turn in range(rate * seconds):
            time.sleep(max(0, began + turn / rate - time.perf_counter()))
            # Each ticket comes at two devices about the same time.
            at = (number // 2 * rate * seconds + turn) % len(data["tickets"])
            body = json.dumps({"scans": [{"id": str(uuid.uuid4()), "gate": data["gate"], "direction": "in", "text": data["tickets"][at]}]})
            start = time.perf_counter()
            connection.request("POST", "/checkin/summit/scans", body, {"cookie": f"plenary_door={token}", "content-type": "application/json"})
            answer = connection.getresponse()
            content = answer.read()
            times.append(time.perf_counter() - start)
            if answer.status != 200:
                errors.append(answer.status)
            else:
                result = json.loads(content)["scans"][0].get("result", "error")
                results[result] = results.get(result, 0) + 1

    threads = [threading.Thread(target=device, args=pair) for pair in enumerate(data["tokens"])]
    began = time.perf_counter()
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    took = time.perf_counter() - began
    times.sort()
    at = lambda share: times[min(len(times) - 1, int(len(times) * share))] * 1000
    print(f"{len(times)} scans of {len(threads)} devices in {took:.1f} s, {len(errors)} errors, {results}")
    print(f"from request to answer: median {at(0.5):.1f} ms, 95 of 100 within {at(0.95):.1f} ms, 99 within {at(0.99):.1f} ms, slowest {times[-1] * 1000:.1f} ms")
    if errors or results.get("in") != len(data["tickets"]):
        sys.exit("bench: a scan failed, or a ticket was not let in exactly once")


if sys.argv[1] == "prepare":
    prepare(sys.argv[2], sys.argv[3], *map(int, sys.argv[4:7]))
else:
    scan(sys.argv[2], sys.argv[3], *map(int, sys.argv[4:6]))
