-- When a speaker, or somebody who helps them, first opened their page.
ALTER TABLE speakers ADD COLUMN opened_at TIMESTAMP NULL;

-- Invitations to take part, one for each speaker and session, or one without a session. `about` is the session's id or empty.
CREATE TABLE speaker_invitations (
    id TEXT PRIMARY KEY NOT NULL,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    speaker_id TEXT NOT NULL REFERENCES speakers (id) ON DELETE CASCADE,
    session_id TEXT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    about TEXT NOT NULL,
    words TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    -- Somebody else whom the speaker proposed when they declined, and what became of that.
    proposed_name TEXT NOT NULL,
    proposed_email TEXT NOT NULL,
    proposed_state TEXT NOT NULL,
    sent_at TIMESTAMP NOT NULL,
    answered_at TIMESTAMP NULL
);
CREATE UNIQUE INDEX speaker_invitations_once ON speaker_invitations (speaker_id, about);
CREATE INDEX speaker_invitations_event ON speaker_invitations (event_id, state);
CREATE INDEX speaker_invitations_session ON speaker_invitations (session_id);

-- What is to be done until when, and when reminders leave: values in JSON.
CREATE TABLE reminder_rules (
    event_id TEXT PRIMARY KEY NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    rules TEXT NOT NULL,
    version INTEGER NOT NULL,
    updated_at TIMESTAMP NOT NULL
);

-- Reminders that have left. One row for each kind, person and step is what keeps anybody from getting one twice.
CREATE TABLE reminders (
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    step TEXT NOT NULL,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    sent_at TIMESTAMP NOT NULL,
    PRIMARY KEY (kind, subject, step)
);
CREATE INDEX reminders_event ON reminders (event_id, kind);
