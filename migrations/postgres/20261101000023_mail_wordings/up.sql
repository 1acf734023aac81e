-- How an event words its mails. A wording that was given up keeps its row, so that versions only grow.
CREATE TABLE mail_wordings (
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    language TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    is_default BOOLEAN NOT NULL,
    version INTEGER NOT NULL,
    updated_by TEXT NULL REFERENCES users (id) ON DELETE SET NULL,
    updated_at TIMESTAMP NOT NULL,
    PRIMARY KEY (event_id, kind, language)
);
