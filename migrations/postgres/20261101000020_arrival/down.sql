DROP TABLE message_reports;
DROP TABLE address_marks;
DROP TABLE mail_keys;
DROP INDEX messages_recipient;
ALTER TABLE messages DROP COLUMN recipient_key;
