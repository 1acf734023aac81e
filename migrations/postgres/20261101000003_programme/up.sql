CREATE TABLE files (
    id TEXT PRIMARY KEY NOT NULL,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    media_type TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    digest TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX files_event ON files (event_id);

CREATE TABLE speakers (
    id TEXT PRIMARY KEY NOT NULL,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    code TEXT NOT NULL,
    guid TEXT NOT NULL,
    name TEXT NOT NULL,
    native_name TEXT NULL,
    position TEXT NOT NULL,
    organisation TEXT NOT NULL,
    country TEXT NULL,
    biography TEXT NOT NULL,
    photo_id TEXT NULL REFERENCES files (id) ON DELETE SET NULL,
    email TEXT NULL,
    language TEXT NULL,
    search_key TEXT COLLATE "C" NOT NULL,
    source_key TEXT NULL,
    version INTEGER NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX speakers_event_code ON speakers (event_id, code);
CREATE UNIQUE INDEX speakers_event_source ON speakers (event_id, source_key);
CREATE INDEX speakers_event_search ON speakers (event_id, search_key);

CREATE TABLE sessions (
    id TEXT PRIMARY KEY NOT NULL,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    code TEXT NOT NULL,
    guid TEXT NOT NULL,
    title TEXT NOT NULL,
    subtitle TEXT NOT NULL,
    abstract TEXT NOT NULL,
    description TEXT NOT NULL,
    format_id TEXT NULL REFERENCES formats (id) ON DELETE SET NULL,
    forum_id TEXT NULL REFERENCES forums (id) ON DELETE SET NULL,
    language TEXT NULL,
    interpreted TEXT NOT NULL,
    access TEXT NOT NULL,
    capacity INTEGER NULL,
    state TEXT NOT NULL,
    may_record BOOLEAN NOT NULL,
    links TEXT NOT NULL,
    search_key TEXT COLLATE "C" NOT NULL,
    source_key TEXT NULL,
    version INTEGER NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX sessions_event_code ON sessions (event_id, code);
CREATE UNIQUE INDEX sessions_event_source ON sessions (event_id, source_key);
CREATE UNIQUE INDEX sessions_event_guid ON sessions (event_id, guid);
CREATE INDEX sessions_event_search ON sessions (event_id, search_key);

CREATE TABLE session_speakers (
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    speaker_id TEXT NOT NULL REFERENCES speakers (id) ON DELETE CASCADE,
    role TEXT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (session_id, speaker_id, role)
);
CREATE INDEX session_speakers_speaker ON session_speakers (speaker_id);

CREATE TABLE slots (
    id TEXT PRIMARY KEY NOT NULL,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    room_id TEXT NULL REFERENCES rooms (id) ON DELETE SET NULL,
    starts_at TIMESTAMP NOT NULL,
    ends_at TIMESTAMP NOT NULL,
    guid TEXT NOT NULL,
    source_key TEXT NULL,
    version INTEGER NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX slots_event_guid ON slots (event_id, guid);
CREATE UNIQUE INDEX slots_event_source ON slots (event_id, source_key);
CREATE INDEX slots_session ON slots (session_id);
CREATE INDEX slots_event_start ON slots (event_id, starts_at);

CREATE TABLE releases (
    id TEXT PRIMARY KEY NOT NULL,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    name TEXT NOT NULL,
    note TEXT NOT NULL,
    content TEXT NOT NULL,
    created_by TEXT NULL REFERENCES users (id) ON DELETE SET NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX releases_event_number ON releases (event_id, number);
