-- What an address wants no more of, each sort of mail to many by itself.
CREATE TABLE mail_refusals (
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    address_key TEXT NOT NULL,
    topic TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (event_id, address_key, topic)
);
INSERT INTO mail_refusals (event_id, address_key, topic, created_at)
SELECT event_id, address_key, 'mailing', created_at FROM mailing_refusals;
DROP TABLE mailing_refusals;

-- The link in each mail to many that does not belong to a mailing.
CREATE TABLE mail_choice_links (
    token_hash TEXT PRIMARY KEY NOT NULL,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    address_key TEXT NOT NULL,
    topic TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX mail_choice_links_address ON mail_choice_links (event_id, address_key);

-- Everything that one kind of people did, without naming one of them.
CREATE INDEX audit_entries_actor_kind ON audit_entries (event_id, actor_kind, at, id) WHERE is_chained;
