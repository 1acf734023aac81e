-- People who were added from a table and are still to get the mail with their link.
CREATE TABLE untold_registrations (
    registration_id TEXT NOT NULL PRIMARY KEY REFERENCES registrations (id) ON DELETE CASCADE,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX untold_registrations_created ON untold_registrations (created_at);
