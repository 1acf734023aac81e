-- What every registration of an event obeys.
CREATE TABLE attendance_rules (
    event_id TEXT PRIMARY KEY NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    speaker_category_id TEXT NULL REFERENCES categories (id) ON DELETE SET NULL,
    most_bookings INTEGER NULL,
    refuses_overlap BOOLEAN NOT NULL,
    sealed_days INTEGER NOT NULL,
    version INTEGER NOT NULL,
    updated_at TIMESTAMP NOT NULL
);

CREATE TABLE zones (
    id TEXT PRIMARY KEY NOT NULL,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    position INTEGER NOT NULL
);
CREATE UNIQUE INDEX zones_event_code ON zones (event_id, code);

ALTER TABLE categories ADD COLUMN needs_approval BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE categories ADD COLUMN officers_needed INTEGER NOT NULL DEFAULT 1;
ALTER TABLE categories ADD COLUMN has_waiting_list BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE categories ADD COLUMN shows_rank BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE categories ADD COLUMN offer_hours INTEGER NOT NULL DEFAULT 48;
ALTER TABLE categories ADD COLUMN offers_until TIMESTAMP NULL;
ALTER TABLE categories ADD COLUMN needs_code BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE categories ADD COLUMN address_rules TEXT NOT NULL DEFAULT '[]';
ALTER TABLE categories ADD COLUMN zones TEXT NOT NULL DEFAULT '[]';
ALTER TABLE categories ADD COLUMN days TEXT NOT NULL DEFAULT '[]';
ALTER TABLE categories ADD COLUMN may_transfer BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE categories ADD COLUMN may_book BOOLEAN NOT NULL DEFAULT TRUE;

-- Questions of the registration form. Retired ones keep their answers.
CREATE TABLE questions (
    id TEXT PRIMARY KEY NOT NULL,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    code TEXT NOT NULL,
    kind TEXT NOT NULL,
    stage TEXT NOT NULL,
    label TEXT NOT NULL,
    help TEXT NOT NULL,
    options TEXT NOT NULL,
    is_required BOOLEAN NOT NULL,
    only_if TEXT NULL,
    answer_until TIMESTAMP NULL,
    seen_by TEXT NOT NULL,
    is_identity BOOLEAN NOT NULL,
    is_sealed BOOLEAN NOT NULL,
    position INTEGER NOT NULL,
    version INTEGER NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    retired_at TIMESTAMP NULL
);
CREATE UNIQUE INDEX questions_event_code ON questions (event_id, code);

CREATE TABLE category_questions (
    category_id TEXT NOT NULL REFERENCES categories (id) ON DELETE CASCADE,
    question_id TEXT NOT NULL REFERENCES questions (id) ON DELETE CASCADE,
    PRIMARY KEY (category_id, question_id)
);
CREATE INDEX category_questions_question ON category_questions (question_id);

CREATE TABLE consent_texts (
    question_id TEXT NOT NULL REFERENCES questions (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    body TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (question_id, number)
);

-- Places beside those of categories: total on site, hotel, a choice of a question.
CREATE TABLE quotas (
    id TEXT PRIMARY KEY NOT NULL,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    capacity INTEGER NOT NULL,
    taken INTEGER NOT NULL,
    question_id TEXT NULL REFERENCES questions (id) ON DELETE CASCADE,
    choice TEXT NULL,
    position INTEGER NOT NULL,
    version INTEGER NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    CHECK (taken >= 0),
    CHECK (taken <= capacity)
);
CREATE UNIQUE INDEX quotas_event_code ON quotas (event_id, code);
CREATE INDEX quotas_question ON quotas (question_id);

CREATE TABLE quota_categories (
    quota_id TEXT NOT NULL REFERENCES quotas (id) ON DELETE CASCADE,
    category_id TEXT NOT NULL REFERENCES categories (id) ON DELETE CASCADE,
    PRIMARY KEY (quota_id, category_id)
);
CREATE INDEX quota_categories_category ON quota_categories (category_id);

CREATE TABLE delegations (
    id TEXT PRIMARY KEY NOT NULL,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    country TEXT NULL,
    contact_name TEXT NOT NULL,
    contact_email TEXT NOT NULL,
    contact_email_key TEXT NOT NULL,
    language TEXT NOT NULL,
    note TEXT NOT NULL,
    closes_at TIMESTAMP NULL,
    version INTEGER NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX delegations_event_code ON delegations (event_id, code);
CREATE INDEX delegations_contact ON delegations (event_id, contact_email_key);

CREATE TABLE delegation_quotas (
    delegation_id TEXT NOT NULL REFERENCES delegations (id) ON DELETE CASCADE,
    category_id TEXT NOT NULL REFERENCES categories (id) ON DELETE CASCADE,
    capacity INTEGER NOT NULL,
    taken INTEGER NOT NULL,
    PRIMARY KEY (delegation_id, category_id),
    CHECK (taken >= 0),
    CHECK (taken <= capacity)
);

CREATE TABLE delegation_links (
    id TEXT PRIMARY KEY NOT NULL,
    token_hash TEXT NOT NULL,
    delegation_id TEXT NOT NULL REFERENCES delegations (id) ON DELETE CASCADE,
    created_at TIMESTAMP NOT NULL,
    used_at TIMESTAMP NULL,
    revoked_at TIMESTAMP NULL
);
CREATE UNIQUE INDEX delegation_links_token_hash ON delegation_links (token_hash);
CREATE INDEX delegation_links_delegation ON delegation_links (delegation_id);

CREATE TABLE invitation_codes (
    id TEXT PRIMARY KEY NOT NULL,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    category_id TEXT NOT NULL REFERENCES categories (id) ON DELETE CASCADE,
    code TEXT NOT NULL,
    code_key TEXT NOT NULL,
    batch TEXT NOT NULL,
    uses INTEGER NOT NULL,
    used INTEGER NOT NULL,
    is_reserved BOOLEAN NOT NULL,
    skips_approval BOOLEAN NOT NULL,
    email TEXT NULL,
    language TEXT NULL,
    prefill TEXT NOT NULL,
    expires_at TIMESTAMP NULL,
    sent_at TIMESTAMP NULL,
    revoked_at TIMESTAMP NULL,
    version INTEGER NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    CHECK (used >= 0),
    CHECK (used <= uses)
);
CREATE UNIQUE INDEX invitation_codes_event_key ON invitation_codes (event_id, code_key);
CREATE INDEX invitation_codes_event_created ON invitation_codes (event_id, created_at);
CREATE INDEX invitation_codes_expiry ON invitation_codes (expires_at);

ALTER TABLE registrations ADD COLUMN honorific TEXT NOT NULL DEFAULT '';
ALTER TABLE registrations ADD COLUMN name_order TEXT NOT NULL DEFAULT 'given_first';
ALTER TABLE registrations ADD COLUMN nationality TEXT NULL;
ALTER TABLE registrations ADD COLUMN answers TEXT NOT NULL DEFAULT '{}';
ALTER TABLE registrations ADD COLUMN photo_id TEXT NULL;
ALTER TABLE registrations ADD COLUMN name_key TEXT NOT NULL DEFAULT '';
ALTER TABLE registrations ADD COLUMN document_key TEXT NULL;
ALTER TABLE registrations ADD COLUMN birth_key TEXT NULL;
ALTER TABLE registrations ADD COLUMN source TEXT NOT NULL DEFAULT 'form';
ALTER TABLE registrations ADD COLUMN code_id TEXT NULL REFERENCES invitation_codes (id) ON DELETE SET NULL;
ALTER TABLE registrations ADD COLUMN delegation_id TEXT NULL REFERENCES delegations (id) ON DELETE SET NULL;
ALTER TABLE registrations ADD COLUMN delegation_rank INTEGER NOT NULL DEFAULT 0;
ALTER TABLE registrations ADD COLUMN is_head BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE registrations ADD COLUMN speaker_id TEXT NULL REFERENCES speakers (id) ON DELETE SET NULL;
ALTER TABLE registrations ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;
ALTER TABLE registrations ADD COLUMN waits_since TIMESTAMP NULL;
ALTER TABLE registrations ADD COLUMN offered_until TIMESTAMP NULL;
ALTER TABLE registrations ADD COLUMN asked_at TIMESTAMP NULL;
ALTER TABLE registrations ADD COLUMN approved_at TIMESTAMP NULL;
ALTER TABLE registrations ADD COLUMN is_watched BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE registrations ADD COLUMN came_at TIMESTAMP NULL;
ALTER TABLE registrations ADD COLUMN merged_into TEXT NULL;
ALTER TABLE registrations ADD COLUMN remark TEXT NOT NULL DEFAULT '';
ALTER TABLE registrations ADD COLUMN screened_at TIMESTAMP NULL;
CREATE INDEX registrations_waiting ON registrations (category_id, state, priority, waits_since);
CREATE INDEX registrations_offered ON registrations (offered_until);
CREATE INDEX registrations_document ON registrations (event_id, document_key);
CREATE INDEX registrations_name ON registrations (event_id, name_key);
CREATE INDEX registrations_birth ON registrations (event_id, birth_key);
CREATE INDEX registrations_unscreened ON registrations (event_id) WHERE screened_at IS NULL;
CREATE INDEX registrations_asked ON registrations (event_id) WHERE asked_at IS NOT NULL;
CREATE INDEX registrations_watched ON registrations (event_id) WHERE is_watched;
CREATE INDEX registrations_code ON registrations (code_id);
CREATE INDEX registrations_delegation ON registrations (delegation_id, delegation_rank);
CREATE INDEX registrations_speaker ON registrations (speaker_id);

-- Places of quotas that a registration holds, so that exactly these are given back.
CREATE TABLE held_places (
    registration_id TEXT NOT NULL REFERENCES registrations (id) ON DELETE CASCADE,
    quota_id TEXT NOT NULL REFERENCES quotas (id) ON DELETE CASCADE,
    PRIMARY KEY (registration_id, quota_id)
);
CREATE INDEX held_places_quota ON held_places (quota_id);

-- Answers that are encrypted with a key from the settings and deleted by themselves.
CREATE TABLE sealed_answers (
    registration_id TEXT NOT NULL REFERENCES registrations (id) ON DELETE CASCADE,
    question_id TEXT NOT NULL REFERENCES questions (id) ON DELETE CASCADE,
    key_id TEXT NOT NULL,
    sealed TEXT NOT NULL,
    delete_at TIMESTAMP NULL,
    updated_at TIMESTAMP NOT NULL,
    PRIMARY KEY (registration_id, question_id)
);
CREATE INDEX sealed_answers_delete ON sealed_answers (delete_at);
CREATE INDEX sealed_answers_key ON sealed_answers (key_id);

-- Uploads that answer a question; without a registration until the form is sent.
CREATE TABLE answer_files (
    id TEXT PRIMARY KEY NOT NULL,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    registration_id TEXT NULL REFERENCES registrations (id) ON DELETE CASCADE,
    question_id TEXT NULL REFERENCES questions (id) ON DELETE SET NULL,
    token_hash TEXT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    digest TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX answer_files_registration ON answer_files (registration_id);
CREATE INDEX answer_files_event ON answer_files (event_id, created_at);

-- What officers decided, and what they and applicants wrote. An approval counts while that of another officer is awaited.
CREATE TABLE reviews (
    id TEXT PRIMARY KEY NOT NULL,
    registration_id TEXT NOT NULL REFERENCES registrations (id) ON DELETE CASCADE,
    user_id TEXT NULL REFERENCES users (id) ON DELETE SET NULL,
    decision TEXT NOT NULL,
    reason TEXT NOT NULL,
    note TEXT NOT NULL,
    counts BOOLEAN NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX reviews_registration ON reviews (registration_id, created_at);
CREATE INDEX reviews_pending ON reviews (registration_id) WHERE counts;

CREATE TABLE reason_templates (
    id TEXT PRIMARY KEY NOT NULL,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    decision TEXT NOT NULL,
    name TEXT NOT NULL,
    body TEXT NOT NULL,
    position INTEGER NOT NULL,
    version INTEGER NOT NULL
);
CREATE INDEX reason_templates_event ON reason_templates (event_id, position);

CREATE TABLE watch_lists (
    id TEXT PRIMARY KEY NOT NULL,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    entries INTEGER NOT NULL,
    created_by TEXT NULL REFERENCES users (id) ON DELETE SET NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX watch_lists_event ON watch_lists (event_id);

CREATE TABLE watch_entries (
    id TEXT PRIMARY KEY NOT NULL,
    list_id TEXT NOT NULL REFERENCES watch_lists (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    birth_date TEXT NULL,
    country TEXT NULL,
    note TEXT NOT NULL
);
CREATE INDEX watch_entries_list ON watch_entries (list_id);

-- Seats in sessions.
CREATE TABLE session_seats (
    session_id TEXT PRIMARY KEY NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    capacity INTEGER NOT NULL,
    taken INTEGER NOT NULL,
    opens_at TIMESTAMP NULL,
    closes_at TIMESTAMP NULL,
    has_waiting_list BOOLEAN NOT NULL,
    shows_rank BOOLEAN NOT NULL,
    offer_minutes INTEGER NOT NULL,
    categories TEXT NOT NULL,
    version INTEGER NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    CHECK (taken >= 0),
    CHECK (taken <= capacity)
);
CREATE INDEX session_seats_event ON session_seats (event_id);

CREATE TABLE session_guests (
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    registration_id TEXT NOT NULL REFERENCES registrations (id) ON DELETE CASCADE,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (session_id, registration_id)
);
CREATE INDEX session_guests_registration ON session_guests (registration_id);

CREATE TABLE bookings (
    id TEXT PRIMARY KEY NOT NULL,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    registration_id TEXT NOT NULL REFERENCES registrations (id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    priority INTEGER NOT NULL,
    waits_since TIMESTAMP NULL,
    offered_until TIMESTAMP NULL,
    came_at TIMESTAMP NULL,
    ended_at TIMESTAMP NULL,
    calendar_sequence INTEGER NOT NULL,
    version INTEGER NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX bookings_one_active ON bookings (session_id, registration_id) WHERE ended_at IS NULL;
CREATE INDEX bookings_registration ON bookings (registration_id);
CREATE INDEX bookings_session_state ON bookings (session_id, state, priority, waits_since);
CREATE INDEX bookings_offered ON bookings (offered_until);
CREATE INDEX bookings_event_state ON bookings (event_id, state);

-- Every offer of a place, with why this person got it and what came of it.
CREATE TABLE offers (
    id TEXT PRIMARY KEY NOT NULL,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    registration_id TEXT NOT NULL REFERENCES registrations (id) ON DELETE CASCADE,
    booking_id TEXT NULL REFERENCES bookings (id) ON DELETE CASCADE,
    reason TEXT NOT NULL,
    made_by TEXT NULL REFERENCES users (id) ON DELETE SET NULL,
    made_at TIMESTAMP NOT NULL,
    until TIMESTAMP NOT NULL,
    outcome TEXT NULL,
    ended_at TIMESTAMP NULL
);
CREATE INDEX offers_registration ON offers (registration_id, made_at);
CREATE INDEX offers_booking ON offers (booking_id);
CREATE INDEX offers_event ON offers (event_id, made_at);

-- The door.
CREATE TABLE gates (
    id TEXT PRIMARY KEY NOT NULL,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    entry TEXT NOT NULL,
    categories TEXT NOT NULL,
    zone_id TEXT NULL REFERENCES zones (id) ON DELETE SET NULL,
    session_id TEXT NULL REFERENCES sessions (id) ON DELETE SET NULL,
    days TEXT NOT NULL,
    opens_at TEXT NULL,
    closes_at TEXT NULL,
    is_main BOOLEAN NOT NULL,
    place_x INTEGER NULL,
    place_y INTEGER NULL,
    inside INTEGER NOT NULL,
    position INTEGER NOT NULL,
    version INTEGER NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX gates_event_code ON gates (event_id, code);

CREATE TABLE devices (
    id TEXT PRIMARY KEY NOT NULL,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    gate_id TEXT NULL REFERENCES gates (id) ON DELETE SET NULL,
    name TEXT NOT NULL,
    code_hash TEXT NULL,
    code_until TIMESTAMP NULL,
    token_hash TEXT NULL,
    created_by TEXT NULL REFERENCES users (id) ON DELETE SET NULL,
    created_at TIMESTAMP NOT NULL,
    seen_at TIMESTAMP NULL,
    revoked_at TIMESTAMP NULL
);
CREATE UNIQUE INDEX devices_code ON devices (code_hash);
CREATE UNIQUE INDEX devices_token ON devices (token_hash);
CREATE INDEX devices_event ON devices (event_id);

CREATE TABLE scans (
    id TEXT PRIMARY KEY NOT NULL,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    gate_id TEXT NULL REFERENCES gates (id) ON DELETE SET NULL,
    device_id TEXT NULL REFERENCES devices (id) ON DELETE SET NULL,
    user_id TEXT NULL REFERENCES users (id) ON DELETE SET NULL,
    registration_id TEXT NULL REFERENCES registrations (id) ON DELETE CASCADE,
    direction TEXT NOT NULL,
    result TEXT NOT NULL,
    was_offline BOOLEAN NOT NULL,
    conflict TEXT NULL,
    seen_conflict_at TIMESTAMP NULL,
    scanned_at TIMESTAMP NOT NULL,
    received_at TIMESTAMP NOT NULL
);
CREATE INDEX scans_event_time ON scans (event_id, scanned_at);
CREATE INDEX scans_gate_time ON scans (gate_id, scanned_at);
CREATE INDEX scans_registration ON scans (registration_id, scanned_at);

-- Who is where: one row for a registration at a gate, so that a scan needs no history.
CREATE TABLE presences (
    registration_id TEXT NOT NULL REFERENCES registrations (id) ON DELETE CASCADE,
    gate_id TEXT NOT NULL REFERENCES gates (id) ON DELETE CASCADE,
    is_inside BOOLEAN NOT NULL,
    entries INTEGER NOT NULL,
    first_at TIMESTAMP NOT NULL,
    last_at TIMESTAMP NOT NULL,
    last_scan TEXT NOT NULL,
    PRIMARY KEY (registration_id, gate_id)
);
CREATE INDEX presences_gate ON presences (gate_id, is_inside);

CREATE TABLE badge_prints (
    id TEXT PRIMARY KEY NOT NULL,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    registration_id TEXT NOT NULL REFERENCES registrations (id) ON DELETE CASCADE,
    printed_by TEXT NULL REFERENCES users (id) ON DELETE SET NULL,
    reason TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX badge_prints_registration ON badge_prints (registration_id, created_at);
CREATE INDEX badge_prints_event ON badge_prints (event_id, created_at);

CREATE TABLE saved_views (
    id TEXT PRIMARY KEY NOT NULL,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    is_shared BOOLEAN NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX saved_views_event ON saved_views (event_id);

-- How often the form was opened, by hour and where from; no person stands here.
CREATE TABLE form_openings (
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    hour TIMESTAMP NOT NULL,
    source TEXT NOT NULL,
    openings BIGINT NOT NULL,
    PRIMARY KEY (event_id, hour, source)
);
