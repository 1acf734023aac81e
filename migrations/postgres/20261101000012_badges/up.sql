-- A ticket counts only while it carries this number: raising it makes every earlier code invalid.
ALTER TABLE registrations ADD COLUMN ticket_serial INTEGER NOT NULL DEFAULT 0;

-- What the badges of an event look like, as JSON.
CREATE TABLE badge_designs (
    event_id TEXT PRIMARY KEY NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    facts TEXT NOT NULL,
    version INTEGER NOT NULL,
    updated_at TIMESTAMP NOT NULL
);

-- People whose badges are printed together. Fixed when it is made: whoever is confirmed while the
-- printer runs is not marked as printed.
CREATE TABLE badge_batches (
    id TEXT PRIMARY KEY NOT NULL,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    people INTEGER NOT NULL,
    created_by TEXT NULL REFERENCES users (id) ON DELETE SET NULL,
    created_at TIMESTAMP NOT NULL,
    marked_at TIMESTAMP NULL
);
CREATE INDEX badge_batches_event ON badge_batches (event_id, created_at);

-- `content` is a hash of what the badge showed.
CREATE TABLE badge_batch_people (
    batch_id TEXT NOT NULL REFERENCES badge_batches (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    registration_id TEXT NOT NULL REFERENCES registrations (id) ON DELETE CASCADE,
    content TEXT NOT NULL,
    PRIMARY KEY (batch_id, position)
);
CREATE INDEX badge_batch_people_registration ON badge_batch_people (registration_id);

ALTER TABLE badge_prints ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE badge_prints ADD COLUMN content TEXT NOT NULL DEFAULT '';
