DROP INDEX audit_entries_actor_kind;
DROP TABLE mail_choice_links;
CREATE TABLE mailing_refusals (
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    address_key TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (event_id, address_key)
);
INSERT INTO mailing_refusals (event_id, address_key, created_at)
SELECT event_id, address_key, created_at FROM mail_refusals WHERE topic = 'mailing';
DROP TABLE mail_refusals;
