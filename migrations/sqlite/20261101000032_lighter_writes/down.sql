INSERT INTO mail_words (event_id, word, target)
SELECT messages.event_id, one.value, 'a:' || messages.recipient_key
FROM mail_words_due JOIN messages ON messages.id = mail_words_due.message_id, json_each(messages.search_words, '$.a') AS one WHERE true
ON CONFLICT DO NOTHING;
INSERT INTO mail_words (event_id, word, target)
SELECT messages.event_id, one.value, 's:' || messages.subject_key
FROM mail_words_due JOIN messages ON messages.id = mail_words_due.message_id, json_each(messages.search_words, '$.s') AS one WHERE true
ON CONFLICT DO NOTHING;
DROP TRIGGER mail_words_insert;
DROP TABLE mail_words_due;
CREATE TRIGGER mail_words_insert AFTER INSERT ON messages WHEN NEW.event_id IS NOT NULL AND NEW.search_words <> '{}' BEGIN
    INSERT INTO mail_words (event_id, word, target)
    SELECT NEW.event_id, value, 'a:' || NEW.recipient_key FROM json_each(NEW.search_words, '$.a') WHERE true
    ON CONFLICT DO NOTHING;
    INSERT INTO mail_words (event_id, word, target)
    SELECT NEW.event_id, value, 's:' || NEW.subject_key FROM json_each(NEW.search_words, '$.s') WHERE true
    ON CONFLICT DO NOTHING;
END;
DROP INDEX registrations_offered;
DROP INDEX registrations_document;
DROP INDEX registrations_birth;
DROP INDEX registrations_code;
DROP INDEX registrations_delegation;
DROP INDEX registrations_speaker;
DROP INDEX messages_speaker;
CREATE INDEX registrations_offered ON registrations (offered_until);
CREATE INDEX registrations_document ON registrations (event_id, document_key);
CREATE INDEX registrations_birth ON registrations (event_id, birth_key);
CREATE INDEX registrations_code ON registrations (code_id);
CREATE INDEX registrations_delegation ON registrations (delegation_id, delegation_rank);
CREATE INDEX registrations_speaker ON registrations (speaker_id);
CREATE INDEX messages_speaker ON messages (speaker_id);
CREATE INDEX registrations_category ON registrations (category_id, state);
