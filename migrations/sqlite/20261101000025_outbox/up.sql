ALTER TABLE messages ADD COLUMN recipient_domain TEXT NOT NULL DEFAULT '';
-- Who waits with whom: whether somebody waits for it, the event and the kind. Claims go from lane to lane.
ALTER TABLE messages ADD COLUMN lane TEXT NOT NULL DEFAULT '';
-- A digest of the subject: the subjects of a summit are few.
ALTER TABLE messages ADD COLUMN subject_key TEXT NOT NULL DEFAULT '';
-- The words by which it is found, of the recipient ("a") and of the subject ("s"); see mail_words.
ALTER TABLE messages ADD COLUMN search_words TEXT NOT NULL DEFAULT '{}';
-- What a message that waits for review is edited from.
ALTER TABLE messages ADD COLUMN source TEXT NULL;
ALTER TABLE messages ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE messages ADD COLUMN copy_of TEXT NULL REFERENCES messages (id) ON DELETE SET NULL;
UPDATE messages SET
    recipient_domain = substr(recipient_key, instr(recipient_key, '@') + 1),
    lane = CASE WHEN kind IN ('verify', 'already_registered', 'team_invitation', 'password_reset', 'new_signin', 'speaker_withdrew', 'proposal_draft', 'proposal_received')
        THEN '0' ELSE '1' END || '.' || coalesce(event_id, '-') || '.' || kind;

DROP INDEX messages_due;
CREATE INDEX messages_lane ON messages (lane, due_at, recipient_domain, id, state) WHERE state = 'queued';
CREATE INDEX messages_state ON messages (event_id, state, id);
CREATE INDEX messages_kind ON messages (event_id, kind, state, id);
CREATE INDEX messages_subject ON messages (event_id, subject_key, state, id);
CREATE INDEX messages_copy ON messages (copy_of) WHERE copy_of IS NOT NULL;
CREATE INDEX message_attempts_outcome ON message_attempts (outcome, at);

-- How many messages there are of each event, kind and state. Triggers keep it, so that a list of a million says its
-- numbers at once. `shard` keeps writers apart where there are several.
CREATE TABLE mail_counts (
    event_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    shard INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    PRIMARY KEY (event_id, kind, state, shard)
) WITHOUT ROWID;

-- Words of recipients ("a:" and the address) and of subjects ("s:" and the digest), each of them once.
CREATE TABLE mail_words (
    event_id TEXT NOT NULL,
    word TEXT NOT NULL,
    target TEXT NOT NULL,
    PRIMARY KEY (event_id, word, target)
) WITHOUT ROWID;

-- Which kinds of an event wait for review, and when its mail does not leave. Hours in minutes since midnight.
CREATE TABLE mail_rules (
    event_id TEXT PRIMARY KEY NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    held TEXT NOT NULL,
    quiet_from INTEGER NULL,
    quiet_until INTEGER NULL,
    version INTEGER NOT NULL,
    updated_at TIMESTAMP NOT NULL
);

-- Where sending is paused: an event, or the installation where there is none.
CREATE TABLE mail_pauses (
    scope TEXT PRIMARY KEY NOT NULL,
    paused_at TIMESTAMP NOT NULL,
    paused_by TEXT NULL REFERENCES users (id) ON DELETE SET NULL
);

-- What left in this minute to a domain, or in all where there is none, and where the next one that waits fits in.
CREATE TABLE mail_paces (
    domain TEXT PRIMARY KEY NOT NULL,
    minute TIMESTAMP NOT NULL,
    taken INTEGER NOT NULL,
    next_minute TIMESTAMP NOT NULL,
    next_taken INTEGER NOT NULL,
    blocked_until TIMESTAMP NULL,
    detail TEXT NOT NULL
);

CREATE TRIGGER mail_counts_insert AFTER INSERT ON messages BEGIN
    INSERT INTO mail_counts (event_id, kind, state, shard, amount) VALUES (coalesce(NEW.event_id, ''), NEW.kind, NEW.state, 0, 1)
    ON CONFLICT (event_id, kind, state, shard) DO UPDATE SET amount = amount + 1;
END;
CREATE TRIGGER mail_counts_update AFTER UPDATE OF state ON messages WHEN NEW.state <> OLD.state BEGIN
    UPDATE mail_counts SET amount = amount - 1
    WHERE event_id = coalesce(OLD.event_id, '') AND kind = OLD.kind AND state = OLD.state AND shard = 0;
    INSERT INTO mail_counts (event_id, kind, state, shard, amount) VALUES (coalesce(NEW.event_id, ''), NEW.kind, NEW.state, 0, 1)
    ON CONFLICT (event_id, kind, state, shard) DO UPDATE SET amount = amount + 1;
END;
CREATE TRIGGER mail_counts_delete AFTER DELETE ON messages BEGIN
    UPDATE mail_counts SET amount = amount - 1
    WHERE event_id = coalesce(OLD.event_id, '') AND kind = OLD.kind AND state = OLD.state AND shard = 0;
END;
CREATE TRIGGER mail_words_insert AFTER INSERT ON messages WHEN NEW.event_id IS NOT NULL AND NEW.search_words <> '{}' BEGIN
    INSERT INTO mail_words (event_id, word, target)
    SELECT NEW.event_id, value, 'a:' || NEW.recipient_key FROM json_each(NEW.search_words, '$.a') WHERE true
    ON CONFLICT DO NOTHING;
    INSERT INTO mail_words (event_id, word, target)
    SELECT NEW.event_id, value, 's:' || NEW.subject_key FROM json_each(NEW.search_words, '$.s') WHERE true
    ON CONFLICT DO NOTHING;
END;

INSERT INTO mail_counts (event_id, kind, state, shard, amount)
SELECT coalesce(event_id, ''), kind, state, 0, count(*) FROM messages GROUP BY 1, 2, 3;
-- Of what was queued before, the address and the beginning of the name are enough to be found by.
INSERT INTO mail_words (event_id, word, target)
SELECT event_id, recipient_key, 'a:' || recipient_key FROM messages WHERE event_id IS NOT NULL AND recipient_key <> ''
UNION SELECT event_id, lower(recipient_name), 'a:' || recipient_key FROM messages WHERE event_id IS NOT NULL AND recipient_key <> '' AND recipient_name <> '';
