DROP TABLE audit_entries;
DROP TABLE recurring_jobs;
DROP TABLE message_attempts;
DROP TABLE messages;
