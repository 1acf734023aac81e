-- The address in the form that is compared. For what was queued before, small letters are near enough.
ALTER TABLE messages ADD COLUMN recipient_key TEXT NOT NULL DEFAULT '';
UPDATE messages SET recipient_key = lower(recipient_address);
CREATE INDEX messages_recipient ON messages (recipient_key, event_id, id, state, kind);

-- Secrets that every process of the installation must share.
CREATE TABLE mail_keys (
    name TEXT PRIMARY KEY NOT NULL,
    secret TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);

-- Addresses that do not work, or whose owner complained.
CREATE TABLE address_marks (
    address_key TEXT PRIMARY KEY NOT NULL,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL,
    message_id TEXT NULL REFERENCES messages (id) ON DELETE SET NULL,
    marked_at TIMESTAMP NOT NULL,
    cleared_at TIMESTAMP NULL,
    cleared_by TEXT NULL REFERENCES users (id) ON DELETE SET NULL
);
CREATE INDEX address_marks_message ON address_marks (message_id);

-- What came back about a message. The digest tells a report that comes twice.
CREATE TABLE message_reports (
    id TEXT PRIMARY KEY NOT NULL,
    message_id TEXT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    digest TEXT NOT NULL,
    kind TEXT NOT NULL,
    detail TEXT NOT NULL,
    received_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX message_reports_digest ON message_reports (message_id, digest);
