DROP TABLE audit_entries;
DROP TABLE jobs;
DROP TABLE message_attempts;
DROP TABLE messages;
