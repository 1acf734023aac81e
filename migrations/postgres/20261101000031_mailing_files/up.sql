-- Files that go out with a mailing. The bytes stand in the folder of files under the name `kept_as`;
-- a copy of a mailing names the same.
CREATE TABLE mailing_files (
    id TEXT PRIMARY KEY NOT NULL,
    mailing_id TEXT NOT NULL REFERENCES mailings (id) ON DELETE CASCADE,
    kept_as TEXT NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX mailing_files_mailing ON mailing_files (mailing_id);
CREATE INDEX mailing_files_kept ON mailing_files (kept_as);

-- Who else is named as having got the same mail, as JSON: each of them gets one of their own.
ALTER TABLE messages ADD COLUMN copies TEXT NOT NULL DEFAULT '[]';
