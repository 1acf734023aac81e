CREATE TABLE messages (
    id TEXT PRIMARY KEY NOT NULL,
    event_id TEXT NULL REFERENCES events (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    registration_id TEXT NULL REFERENCES registrations (id) ON DELETE SET NULL,
    user_id TEXT NULL REFERENCES users (id) ON DELETE SET NULL,
    recipient_name TEXT NOT NULL,
    recipient_address TEXT NOT NULL,
    language TEXT NOT NULL,
    subject TEXT NOT NULL,
    body_text TEXT NOT NULL,
    body_html TEXT NOT NULL,
    attachments TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    due_at TIMESTAMP NOT NULL,
    lease_id TEXT NULL,
    lease_until TIMESTAMP NULL,
    last_error TEXT NULL,
    created_at TIMESTAMP NOT NULL,
    sent_at TIMESTAMP NULL
);
CREATE INDEX messages_due ON messages (due_at) WHERE state = 'queued';
CREATE INDEX messages_leased ON messages (lease_until) WHERE state = 'sending';
CREATE INDEX messages_event ON messages (event_id, created_at);
CREATE INDEX messages_registration ON messages (registration_id);

CREATE TABLE message_attempts (
    id TEXT PRIMARY KEY NOT NULL,
    message_id TEXT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    attempt INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    detail TEXT NOT NULL,
    at TIMESTAMP NOT NULL
);
CREATE INDEX message_attempts_message ON message_attempts (message_id, attempt);

CREATE TABLE recurring_jobs (
    name TEXT PRIMARY KEY NOT NULL,
    due_at TIMESTAMP NOT NULL,
    lease_id TEXT NULL,
    lease_until TIMESTAMP NULL,
    finished_at TIMESTAMP NULL,
    last_error TEXT NULL
);

CREATE TABLE audit_entries (
    id TEXT PRIMARY KEY NOT NULL,
    event_id TEXT NULL REFERENCES events (id) ON DELETE CASCADE,
    at TIMESTAMP NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id TEXT NULL,
    action TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE INDEX audit_entries_event ON audit_entries (event_id, at);
CREATE INDEX audit_entries_subject ON audit_entries (subject_kind, subject_id, at);
