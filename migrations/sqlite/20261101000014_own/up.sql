-- Places that pass to another person: offered until an instant, and ended in one of four ways.
CREATE TABLE transfers (
    id TEXT PRIMARY KEY NOT NULL,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    registration_id TEXT NOT NULL REFERENCES registrations (id) ON DELETE CASCADE,
    token_hash TEXT NOT NULL,
    given_name TEXT NOT NULL,
    family_name TEXT NOT NULL,
    email TEXT NOT NULL,
    language TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    until TIMESTAMP NOT NULL,
    outcome TEXT NULL,
    ended_at TIMESTAMP NULL,
    successor_id TEXT NULL REFERENCES registrations (id) ON DELETE SET NULL
);
CREATE UNIQUE INDEX transfers_token_hash ON transfers (token_hash);
CREATE UNIQUE INDEX transfers_one_open ON transfers (registration_id) WHERE ended_at IS NULL;
CREATE INDEX transfers_registration ON transfers (registration_id, created_at);
CREATE INDEX transfers_successor ON transfers (successor_id);
CREATE INDEX transfers_event ON transfers (event_id);
CREATE INDEX transfers_open ON transfers (until) WHERE ended_at IS NULL;

-- When somebody consented to which version of a text, and withdrew it. What was consented to with the registration itself has no row
-- until it changes.
CREATE TABLE consents (
    id TEXT PRIMARY KEY NOT NULL,
    registration_id TEXT NOT NULL REFERENCES registrations (id) ON DELETE CASCADE,
    question_id TEXT NOT NULL REFERENCES questions (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    given_at TIMESTAMP NOT NULL,
    withdrawn_at TIMESTAMP NULL
);
CREATE INDEX consents_registration ON consents (registration_id, given_at);
CREATE INDEX consents_question ON consents (question_id);

ALTER TABLE registrations ADD COLUMN erase_at TIMESTAMP NULL;
ALTER TABLE registrations ADD COLUMN erased_at TIMESTAMP NULL;
CREATE INDEX registrations_erase ON registrations (erase_at) WHERE erase_at IS NOT NULL;
