DROP TABLE bulk_change_people;
DROP TABLE bulk_changes;
DROP INDEX registrations_event_sort;
CREATE INDEX registrations_event_sort ON registrations (event_id, sort_key);
DROP INDEX registrations_event_country;
DROP INDEX registrations_event_category;
