-- Taking a place is the busiest moment of a summit, and each index is a write of its own. Indexes of columns that
-- nearly every registration leaves empty keep the filled ones only.
DROP INDEX registrations_offered;
DROP INDEX registrations_document;
DROP INDEX registrations_birth;
DROP INDEX registrations_code;
DROP INDEX registrations_delegation;
DROP INDEX registrations_speaker;
DROP INDEX messages_speaker;
CREATE INDEX registrations_offered ON registrations (offered_until) WHERE offered_until IS NOT NULL;
CREATE INDEX registrations_document ON registrations (event_id, document_key) WHERE document_key IS NOT NULL;
CREATE INDEX registrations_birth ON registrations (event_id, birth_key) WHERE birth_key IS NOT NULL;
CREATE INDEX registrations_code ON registrations (code_id) WHERE code_id IS NOT NULL;
CREATE INDEX registrations_delegation ON registrations (delegation_id, delegation_rank) WHERE delegation_id IS NOT NULL;
CREATE INDEX registrations_speaker ON registrations (speaker_id) WHERE speaker_id IS NOT NULL;
CREATE INDEX messages_speaker ON messages (speaker_id) WHERE speaker_id IS NOT NULL;
-- The one of the waiting list begins with the same columns.
DROP INDEX registrations_category;

-- Messages whose words are not in mail_words yet: a job brings them there, many at a time.
CREATE TABLE mail_words_due (
    message_id TEXT PRIMARY KEY NOT NULL,
    event_id TEXT NOT NULL
) WITHOUT ROWID;
DROP TRIGGER mail_words_insert;
CREATE TRIGGER mail_words_insert AFTER INSERT ON messages WHEN NEW.event_id IS NOT NULL AND NEW.search_words <> '{}' BEGIN
    INSERT INTO mail_words_due (message_id, event_id) VALUES (NEW.id, NEW.event_id);
END;
