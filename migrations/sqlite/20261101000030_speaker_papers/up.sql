-- Slides and papers. Each upload is a version: a row of its own, numbered within its series (one for each session, speaker and kind).
CREATE TABLE documents (
    id TEXT PRIMARY KEY NOT NULL,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    session_id TEXT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    speaker_id TEXT NULL REFERENCES speakers (id) ON DELETE CASCADE,
    series TEXT NOT NULL,
    number INTEGER NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    digest TEXT NOT NULL,
    checksum BIGINT NOT NULL,
    -- Whether whoever uploaded it lets the public have it, and since when the organizers do.
    is_public BOOLEAN NOT NULL,
    approved_at TIMESTAMP NULL,
    for_interpreters BOOLEAN NOT NULL,
    uploaded_by TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX documents_series ON documents (event_id, series, number);
CREATE INDEX documents_session ON documents (session_id);
CREATE INDEX documents_speaker ON documents (speaker_id);

-- Private links by which interpreters get what they prepare from.
CREATE TABLE briefings (
    id TEXT PRIMARY KEY NOT NULL,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    forum_id TEXT NULL REFERENCES forums (id) ON DELETE CASCADE,
    session_id TEXT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    token_hash TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    opened_at TIMESTAMP NULL,
    revoked_at TIMESTAMP NULL
);
CREATE UNIQUE INDEX briefings_token ON briefings (token_hash);
CREATE INDEX briefings_event ON briefings (event_id, created_at);
CREATE INDEX briefings_forum ON briefings (forum_id);
CREATE INDEX briefings_session ON briefings (session_id);

-- How a speaker travels. Times are those of the place, as people say them.
CREATE TABLE speaker_travel (
    speaker_id TEXT PRIMARY KEY NOT NULL REFERENCES speakers (id) ON DELETE CASCADE,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    arrives_on DATE NULL,
    arrives_at TEXT NOT NULL,
    arrival_number TEXT NOT NULL,
    arrival_port TEXT NOT NULL,
    departs_on DATE NULL,
    departs_at TEXT NOT NULL,
    departure_number TEXT NOT NULL,
    departure_port TEXT NOT NULL,
    hotel TEXT NOT NULL,
    wants_transfer BOOLEAN NOT NULL,
    companions INTEGER NOT NULL,
    notes TEXT NOT NULL,
    -- Set when it changes after the day on which travel was to be settled, until somebody of the team has seen it.
    news_at TIMESTAMP NULL,
    version INTEGER NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX speaker_travel_event ON speaker_travel (event_id, arrives_on);

-- What a speaker needs on stage or on the screen.
CREATE TABLE speaker_needs (
    speaker_id TEXT PRIMARY KEY NOT NULL REFERENCES speakers (id) ON DELETE CASCADE,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    speaks TEXT NULL,
    wants_interpretation BOOLEAN NOT NULL,
    is_remote BOOLEAN NOT NULL,
    equipment TEXT NOT NULL,
    notes TEXT NOT NULL,
    version INTEGER NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX speaker_needs_event ON speaker_needs (event_id);

-- The versions of the text by which speakers let their talks be recorded and published, and who agreed to which.
CREATE TABLE recording_texts (
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    text TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (event_id, number)
);
CREATE TABLE recording_consents (
    id TEXT PRIMARY KEY NOT NULL,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    speaker_id TEXT NOT NULL REFERENCES speakers (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    given_by TEXT NOT NULL,
    given_at TIMESTAMP NOT NULL,
    withdrawn_at TIMESTAMP NULL
);
CREATE INDEX recording_consents_event ON recording_consents (event_id);
CREATE INDEX recording_consents_speaker ON recording_consents (speaker_id, given_at);

-- Whether an assistant sees and changes how the speaker travels.
ALTER TABLE speaker_assistants ADD COLUMN may_travel BOOLEAN NOT NULL DEFAULT TRUE;
