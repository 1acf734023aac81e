INSERT INTO mail_words (event_id, word, target)
SELECT messages.event_id, one.word, 'a:' || messages.recipient_key
FROM mail_words_due JOIN messages ON messages.id = mail_words_due.message_id,
    json_array_elements_text(messages.search_words::json -> 'a') AS one (word)
UNION SELECT messages.event_id, one.word, 's:' || messages.subject_key
FROM mail_words_due JOIN messages ON messages.id = mail_words_due.message_id,
    json_array_elements_text(messages.search_words::json -> 's') AS one (word)
ON CONFLICT DO NOTHING;
DROP TABLE mail_words_due;
CREATE OR REPLACE FUNCTION write_mail_words() RETURNS trigger AS $$
BEGIN
    INSERT INTO mail_words (event_id, word, target)
    SELECT NEW.event_id, one.word, 'a:' || NEW.recipient_key FROM json_array_elements_text(NEW.search_words::json -> 'a') AS one (word)
    UNION ALL
    SELECT NEW.event_id, one.word, 's:' || NEW.subject_key FROM json_array_elements_text(NEW.search_words::json -> 's') AS one (word)
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$ LANGUAGE plpgsql;
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
