DROP INDEX scans_event_time;
CREATE INDEX scans_event_time ON scans (event_id, scanned_at);
DROP INDEX registrations_event_created;
CREATE INDEX registrations_event_created ON registrations (event_id, created_at);
DROP INDEX registrations_ended;
DROP INDEX registrations_organisation;
DROP INDEX registrations_numbers;
