-- Lists by category and by country walk these. By name they are also narrowed by what else the index holds,
-- without a look at the wide rows.
CREATE INDEX registrations_event_category ON registrations (event_id, category_id, created_at);
CREATE INDEX registrations_event_country ON registrations (event_id, COALESCE(country, ''), created_at);
DROP INDEX registrations_event_sort;
CREATE INDEX registrations_event_sort ON registrations (event_id, sort_key, created_at, category_id, state);

-- What the desk does to many people at once. Whom it concerns is fixed when it begins; each person is done in a
-- transaction of their own, which notes what came of it.
CREATE TABLE bulk_changes (
    id TEXT NOT NULL PRIMARY KEY,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    action TEXT NOT NULL,
    category_id TEXT NULL REFERENCES categories (id) ON DELETE SET NULL,
    priority INTEGER NOT NULL,
    people INTEGER NOT NULL,
    created_at TIMESTAMP NOT NULL,
    finished_at TIMESTAMP NULL
);
CREATE INDEX bulk_changes_event ON bulk_changes (event_id, created_at);
CREATE INDEX bulk_changes_user ON bulk_changes (user_id);
CREATE INDEX bulk_changes_category ON bulk_changes (category_id);
CREATE INDEX bulk_changes_open ON bulk_changes (created_at) WHERE finished_at IS NULL;
CREATE TABLE bulk_change_people (
    change_id TEXT NOT NULL REFERENCES bulk_changes (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    registration_id TEXT NOT NULL REFERENCES registrations (id) ON DELETE CASCADE,
    outcome TEXT NULL,
    PRIMARY KEY (change_id, position)
);
CREATE INDEX bulk_change_people_outcome ON bulk_change_people (change_id, outcome, position);
CREATE INDEX bulk_change_people_registration ON bulk_change_people (registration_id);
