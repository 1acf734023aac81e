CREATE TABLE schedule_rules (
    event_id TEXT PRIMARY KEY NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    grid_minutes INTEGER NOT NULL,
    walk_minutes INTEGER NOT NULL,
    walks TEXT NOT NULL,
    wants_all_languages BOOLEAN NOT NULL,
    shared_audience INTEGER NOT NULL,
    quiet_minutes INTEGER NOT NULL,
    moved_hours INTEGER NOT NULL,
    version INTEGER NOT NULL,
    updated_at TIMESTAMP NOT NULL
);

ALTER TABLE sessions ADD COLUMN expected INTEGER NULL;
ALTER TABLE sessions ADD COLUMN buffer_before INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN buffer_after INTEGER NOT NULL DEFAULT 0;
ALTER TABLE forums ADD COLUMN is_serial BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE slots ADD COLUMN is_fixed BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE releases ADD COLUMN restores INTEGER NULL;
ALTER TABLE registrations ADD COLUMN wants_change_notices BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE messages ADD COLUMN speaker_id TEXT NULL REFERENCES speakers (id) ON DELETE SET NULL;
ALTER TABLE messages ADD COLUMN unsubscribe_url TEXT NULL;
CREATE INDEX messages_speaker ON messages (speaker_id);

CREATE TABLE blocks (
    id TEXT PRIMARY KEY NOT NULL,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    room_id TEXT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    is_public BOOLEAN NOT NULL,
    starts_at TIMESTAMP NOT NULL,
    ends_at TIMESTAMP NOT NULL,
    version INTEGER NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX blocks_event_start ON blocks (event_id, starts_at);

CREATE TABLE availabilities (
    id TEXT PRIMARY KEY NOT NULL,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    speaker_id TEXT NULL REFERENCES speakers (id) ON DELETE CASCADE,
    room_id TEXT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    level TEXT NOT NULL,
    starts_at TIMESTAMP NOT NULL,
    ends_at TIMESTAMP NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX availabilities_event ON availabilities (event_id);
CREATE INDEX availabilities_speaker ON availabilities (speaker_id);
CREATE INDEX availabilities_room ON availabilities (room_id);

CREATE TABLE muted_concerns (
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    concern TEXT NOT NULL,
    reason TEXT NOT NULL,
    muted_by TEXT NULL REFERENCES users (id) ON DELETE SET NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (event_id, concern)
);

CREATE TABLE draft_edits (
    id TEXT PRIMARY KEY NOT NULL,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    draft_version BIGINT NOT NULL,
    user_id TEXT NULL REFERENCES users (id) ON DELETE SET NULL,
    kind TEXT NOT NULL,
    changes TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    undone_at TIMESTAMP NULL
);
CREATE INDEX draft_edits_event_version ON draft_edits (event_id, draft_version);
CREATE INDEX draft_edits_event_user ON draft_edits (event_id, user_id, created_at);

CREATE TABLE editor_presence (
    id TEXT PRIMARY KEY NOT NULL,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    day DATE NOT NULL,
    session_id TEXT NULL REFERENCES sessions (id) ON DELETE SET NULL,
    seen_at TIMESTAMP NOT NULL
);
CREATE INDEX editor_presence_event ON editor_presence (event_id, seen_at);

CREATE TABLE draft_copies (
    id TEXT PRIMARY KEY NOT NULL,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    note TEXT NOT NULL,
    content TEXT NOT NULL,
    created_by TEXT NULL REFERENCES users (id) ON DELETE SET NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX draft_copies_event ON draft_copies (event_id, created_at);

CREATE TABLE timetable_proposals (
    id TEXT PRIMARY KEY NOT NULL,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    request TEXT NOT NULL,
    state TEXT NOT NULL,
    progress TEXT NOT NULL,
    result TEXT NULL,
    stop_asked BOOLEAN NOT NULL,
    error TEXT NULL,
    lease_id TEXT NULL,
    lease_until TIMESTAMP NULL,
    created_by TEXT NULL REFERENCES users (id) ON DELETE SET NULL,
    created_at TIMESTAMP NOT NULL,
    finished_at TIMESTAMP NULL
);
CREATE INDEX timetable_proposals_event ON timetable_proposals (event_id, created_at);
CREATE INDEX timetable_proposals_waiting ON timetable_proposals (created_at) WHERE state IN ('queued', 'running');

CREATE TABLE planned_releases (
    event_id TEXT PRIMARY KEY NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    note TEXT NOT NULL,
    due_at TIMESTAMP NOT NULL,
    last_error TEXT NULL,
    created_by TEXT NULL REFERENCES users (id) ON DELETE SET NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX planned_releases_due ON planned_releases (due_at);

CREATE TABLE speaker_assistants (
    id TEXT PRIMARY KEY NOT NULL,
    speaker_id TEXT NOT NULL REFERENCES speakers (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    language TEXT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX speaker_assistants_speaker ON speaker_assistants (speaker_id);

CREATE TABLE speaker_links (
    id TEXT PRIMARY KEY NOT NULL,
    token_hash TEXT NOT NULL,
    speaker_id TEXT NOT NULL REFERENCES speakers (id) ON DELETE CASCADE,
    assistant_id TEXT NULL REFERENCES speaker_assistants (id) ON DELETE CASCADE,
    created_at TIMESTAMP NOT NULL,
    revoked_at TIMESTAMP NULL
);
CREATE UNIQUE INDEX speaker_links_token ON speaker_links (token_hash);
CREATE INDEX speaker_links_speaker ON speaker_links (speaker_id);

CREATE TABLE slot_answers (
    speaker_id TEXT NOT NULL REFERENCES speakers (id) ON DELETE CASCADE,
    slot_guid TEXT NOT NULL,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    answer TEXT NOT NULL,
    reason TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    answered_by TEXT NOT NULL,
    answered_at TIMESTAMP NOT NULL,
    PRIMARY KEY (speaker_id, slot_guid)
);
CREATE INDEX slot_answers_event ON slot_answers (event_id);

CREATE TABLE told_slots (
    speaker_id TEXT NOT NULL REFERENCES speakers (id) ON DELETE CASCADE,
    slot_guid TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    is_cancelled BOOLEAN NOT NULL,
    content TEXT NOT NULL,
    told_at TIMESTAMP NOT NULL,
    PRIMARY KEY (speaker_id, slot_guid)
);

CREATE TABLE stars (
    registration_id TEXT NOT NULL REFERENCES registrations (id) ON DELETE CASCADE,
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (registration_id, session_id)
);
CREATE INDEX stars_session ON stars (session_id);

CREATE TABLE change_notices (
    id TEXT PRIMARY KEY NOT NULL,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    speaker_id TEXT NULL REFERENCES speakers (id) ON DELETE CASCADE,
    registration_id TEXT NULL REFERENCES registrations (id) ON DELETE CASCADE,
    base_release INTEGER NOT NULL,
    state TEXT NOT NULL,
    subject TEXT NULL,
    introduction TEXT NULL,
    due_at TIMESTAMP NOT NULL,
    settled_at TIMESTAMP NULL,
    version INTEGER NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX change_notices_open_speaker ON change_notices (speaker_id) WHERE state IN ('waiting', 'held');
CREATE UNIQUE INDEX change_notices_open_registration ON change_notices (registration_id) WHERE state IN ('waiting', 'held');
CREATE INDEX change_notices_due ON change_notices (due_at) WHERE state = 'waiting';
CREATE INDEX change_notices_event ON change_notices (event_id, created_at);

CREATE TABLE announcements (
    id TEXT PRIMARY KEY NOT NULL,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    room_id TEXT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    session_id TEXT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    body TEXT NOT NULL,
    delay_minutes INTEGER NOT NULL,
    starts_at TIMESTAMP NOT NULL,
    ends_at TIMESTAMP NOT NULL,
    withdrawn_at TIMESTAMP NULL,
    created_by TEXT NULL REFERENCES users (id) ON DELETE SET NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX announcements_event ON announcements (event_id, ends_at);
