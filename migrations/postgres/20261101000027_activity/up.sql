-- Whose mail a mark was about stood in the log by its address, which nobody could erase there.
UPDATE audit_entries SET subject_kind = 'event', subject_id = COALESCE(event_id, '') WHERE subject_kind = 'address';

-- What happened can't be rewritten unseen: links chain the entries one after the other. They point to no row, so that an entry
-- that was taken away is missed.
CREATE TABLE audit_links (
    position INTEGER PRIMARY KEY NOT NULL,
    entry_id TEXT NOT NULL,
    salt TEXT NULL,
    detail_hash TEXT NOT NULL,
    hash TEXT NOT NULL
);
CREATE UNIQUE INDEX audit_links_entry ON audit_links (entry_id);

-- An entry is written with one index by which it waits. The indexes that answer questions take it in when it is chained.
ALTER TABLE audit_entries ADD COLUMN is_chained BOOLEAN NOT NULL DEFAULT FALSE;
DROP INDEX audit_entries_event;
CREATE INDEX audit_entries_waiting ON audit_entries (event_id, at, id) WHERE NOT is_chained;
CREATE INDEX audit_entries_event ON audit_entries (event_id, at, id) WHERE is_chained;
CREATE INDEX audit_entries_kind ON audit_entries (event_id, subject_kind, at, id) WHERE is_chained;
CREATE INDEX audit_entries_action ON audit_entries (event_id, action, at, id) WHERE is_chained;
CREATE INDEX audit_entries_actor ON audit_entries (event_id, actor_kind, actor_id, at, id) WHERE is_chained;
