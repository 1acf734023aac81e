CREATE TABLE categories (
    id TEXT PRIMARY KEY NOT NULL,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    includes TEXT NOT NULL,
    capacity INTEGER NULL,
    taken INTEGER NOT NULL,
    opens_at TIMESTAMP NULL,
    closes_at TIMESTAMP NULL,
    access_code TEXT NULL,
    badge_color TEXT NOT NULL,
    position INTEGER NOT NULL,
    version INTEGER NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    CHECK (taken >= 0),
    CHECK (capacity IS NULL OR taken <= capacity)
);
CREATE UNIQUE INDEX categories_event_code ON categories (event_id, code);

CREATE TABLE registrations (
    id TEXT PRIMARY KEY NOT NULL,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    category_id TEXT NOT NULL REFERENCES categories (id),
    code TEXT NOT NULL,
    state TEXT NOT NULL,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    given_name TEXT NOT NULL,
    family_name TEXT NOT NULL,
    native_name TEXT NOT NULL,
    organisation TEXT NOT NULL,
    position TEXT NOT NULL,
    country TEXT NULL,
    language TEXT NOT NULL,
    search_key TEXT COLLATE "C" NOT NULL,
    sort_key TEXT COLLATE "C" NOT NULL,
    privacy_accepted_at TIMESTAMP NOT NULL,
    verify_by TIMESTAMP NULL,
    confirmed_at TIMESTAMP NULL,
    ended_at TIMESTAMP NULL,
    calendar_sequence INTEGER NOT NULL,
    version INTEGER NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX registrations_event_code ON registrations (event_id, code);
CREATE UNIQUE INDEX registrations_one_active ON registrations (event_id, email_key) WHERE ended_at IS NULL;
CREATE INDEX registrations_event_created ON registrations (event_id, created_at);
CREATE INDEX registrations_event_sort ON registrations (event_id, sort_key);
CREATE INDEX registrations_event_state ON registrations (event_id, state, created_at);
CREATE INDEX registrations_category ON registrations (category_id, state);
CREATE INDEX registrations_verify_by ON registrations (verify_by) WHERE verify_by IS NOT NULL;

CREATE TABLE registration_links (
    id TEXT PRIMARY KEY NOT NULL,
    token_hash TEXT NOT NULL,
    registration_id TEXT NOT NULL REFERENCES registrations (id) ON DELETE CASCADE,
    purpose TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NULL,
    used_at TIMESTAMP NULL,
    revoked_at TIMESTAMP NULL
);
CREATE UNIQUE INDEX registration_links_token_hash ON registration_links (token_hash);
CREATE INDEX registration_links_registration ON registration_links (registration_id);

CREATE TABLE idempotency_keys (
    scope TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    subject_id TEXT NULL,
    answer TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (scope, idempotency_key)
);
CREATE INDEX idempotency_keys_created ON idempotency_keys (created_at);
