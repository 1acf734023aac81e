ALTER TABLE messages DROP COLUMN copies;
DROP TABLE mailing_files;
