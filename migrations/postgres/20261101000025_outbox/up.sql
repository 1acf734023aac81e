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
    recipient_domain = split_part(recipient_key, '@', 2),
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
-- numbers at once. `shard` keeps writers apart:
-- each counts in rows of its own, so that none waits for another's transaction.
CREATE TABLE mail_counts (
    event_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    shard INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    PRIMARY KEY (event_id, kind, state, shard)
);

-- Words are compared octet by octet, so that those with one beginning stand together.
-- Words of recipients ("a:" and the address) and of subjects ("s:" and the digest), each of them once.
CREATE TABLE mail_words (
    event_id TEXT NOT NULL,
    word TEXT COLLATE "C" NOT NULL,
    target TEXT NOT NULL,
    PRIMARY KEY (event_id, word, target)
);

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

CREATE FUNCTION count_message(of_event TEXT, of_kind TEXT, of_state TEXT, more INTEGER) RETURNS void AS $$
    INSERT INTO mail_counts (event_id, kind, state, shard, amount)
    VALUES (coalesce(of_event, ''), of_kind, of_state, pg_backend_pid() % 64, more)
    ON CONFLICT (event_id, kind, state, shard) DO UPDATE SET amount = mail_counts.amount + more
$$ LANGUAGE sql;
CREATE FUNCTION write_mail_counts() RETURNS trigger AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM count_message(OLD.event_id, OLD.kind, OLD.state, -1);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM count_message(NEW.event_id, NEW.kind, NEW.state, 1);
    END IF;
    RETURN NULL;
END $$ LANGUAGE plpgsql;
CREATE TRIGGER mail_counts_insert AFTER INSERT ON messages FOR EACH ROW EXECUTE FUNCTION write_mail_counts();
CREATE TRIGGER mail_counts_update AFTER UPDATE OF state ON messages FOR EACH ROW WHEN (NEW.state <> OLD.state)
    EXECUTE FUNCTION write_mail_counts();
CREATE TRIGGER mail_counts_delete AFTER DELETE ON messages FOR EACH ROW EXECUTE FUNCTION write_mail_counts();

CREATE FUNCTION write_mail_words() RETURNS trigger AS $$
BEGIN
    INSERT INTO mail_words (event_id, word, target)
    SELECT NEW.event_id, one.word, 'a:' || NEW.recipient_key FROM json_array_elements_text(NEW.search_words::json -> 'a') AS one (word)
    UNION ALL
    SELECT NEW.event_id, one.word, 's:' || NEW.subject_key FROM json_array_elements_text(NEW.search_words::json -> 's') AS one (word)
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$ LANGUAGE plpgsql;
CREATE TRIGGER mail_words_insert AFTER INSERT ON messages FOR EACH ROW
    WHEN (NEW.event_id IS NOT NULL AND NEW.search_words <> '{}') EXECUTE FUNCTION write_mail_words();

INSERT INTO mail_counts (event_id, kind, state, shard, amount)
SELECT coalesce(event_id, ''), kind, state, 0, count(*) FROM messages GROUP BY 1, 2, 3;
-- Of what was queued before, the address and the beginning of the name are enough to be found by.
INSERT INTO mail_words (event_id, word, target)
SELECT event_id, recipient_key, 'a:' || recipient_key FROM messages WHERE event_id IS NOT NULL AND recipient_key <> ''
UNION SELECT event_id, lower(recipient_name), 'a:' || recipient_key FROM messages WHERE event_id IS NOT NULL AND recipient_key <> '' AND recipient_name <> '';
