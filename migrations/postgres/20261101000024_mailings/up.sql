-- Mails that organizers write to many people at once.
CREATE TABLE mailings (
    id TEXT PRIMARY KEY NOT NULL,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    audience TEXT NOT NULL,
    sources TEXT NOT NULL,
    timing TEXT NOT NULL,
    state TEXT NOT NULL,
    leaves_at TIMESTAMP NULL,
    version INTEGER NOT NULL,
    created_by TEXT NULL REFERENCES users (id) ON DELETE SET NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX mailings_event ON mailings (event_id, created_at);
CREATE INDEX mailings_due ON mailings (state, leaves_at);

-- Who got a mailing. One row for each address and thing it is about is what keeps anybody from getting it twice.
CREATE TABLE mailing_recipients (
    mailing_id TEXT NOT NULL REFERENCES mailings (id) ON DELETE CASCADE,
    address_key TEXT NOT NULL,
    about TEXT NOT NULL,
    message_id TEXT NULL REFERENCES messages (id) ON DELETE SET NULL,
    token_hash TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (mailing_id, address_key, about)
);
CREATE UNIQUE INDEX mailing_recipients_token ON mailing_recipients (token_hash);
CREATE INDEX mailing_recipients_message ON mailing_recipients (message_id);

-- Addresses that want no more mailings of an event.
CREATE TABLE mailing_refusals (
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    address_key TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (event_id, address_key)
);
