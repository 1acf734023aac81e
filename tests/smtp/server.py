"""A real mail server (aiosmtpd) that behaves as the recipient's name says.

Prints its port, then a line of JSON for each message that it was sent. It ends when its standard
input is closed.

    refuse@…       refused for good
    defer-once@…   put off once, then taken
    defer@…        always put off
    rate-once@…    told once that there are too many, then taken
    cut@…          the wire is cut after the message has come, once; the copy counts as received
    slow@…         answers only after several seconds
"""
import argparse, asyncio, base64, json, ssl, sys

from aiosmtpd.smtp import SMTP

seen = {}


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        name = address.split("@")[0]
        seen[address] = seen.get(address, 0) + 1
        if name == "refuse":
            return "550 5.1.1 nobody here by that name"
        if name == "defer" or (name == "defer-once" and seen[address] == 1):
            return "451 4.7.1 come back later"
        if name == "rate-once" and seen[address] == 1:
            return "450 4.7.1 too many messages to this domain, slow down"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        name = envelope.rcpt_tos[0].split("@")[0]
        if name == "slow":
            await asyncio.sleep(5)
        print(json.dumps({
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "tls": session.ssl is not None,
            "session": id(session),
            "data": base64.b64encode(envelope.content).decode(),
        }), flush=True)
        if name == "cut" and seen[envelope.rcpt_tos[0]] == 1:
            server.transport.abort()
            await asyncio.sleep(3600)
        return "250 2.0.0 taken"


async def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--port", type=int, default=0)
    arguments.add_argument("--cert")
    arguments.add_argument("--key")
    chosen = arguments.parse_args()
    context = None
    if chosen.cert:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(chosen.cert, chosen.key)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(Handler(), enable_SMTPUTF8=True, tls_context=context, require_starttls=False),
        "127.0.0.1", chosen.port)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


try:
    asyncio.run(main())
except KeyboardInterrupt:
    pass
