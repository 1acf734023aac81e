DROP INDEX audit_entries_actor;
DROP INDEX audit_entries_action;
DROP INDEX audit_entries_kind;
DROP INDEX audit_entries_event;
DROP INDEX audit_entries_waiting;
ALTER TABLE audit_entries DROP COLUMN is_chained;
CREATE INDEX audit_entries_event ON audit_entries (event_id, at);
DROP TABLE audit_links;
