-- Counting a hundred thousand registrations reads these indexes alone, never the wide rows.
CREATE INDEX registrations_numbers ON registrations
    (event_id, category_id, state, country, language, source, created_at, confirmed_at, came_at);
CREATE INDEX registrations_organisation ON registrations (event_id, organisation, category_id, ended_at, created_at);
CREATE INDEX registrations_ended ON registrations
    (event_id, ended_at, category_id, created_at, waits_since, confirmed_at) WHERE ended_at IS NOT NULL;
DROP INDEX registrations_event_created;
CREATE INDEX registrations_event_created ON registrations (event_id, created_at, category_id, state);
DROP INDEX scans_event_time;
CREATE INDEX scans_event_time ON scans (event_id, scanned_at, gate_id, result, registration_id);
