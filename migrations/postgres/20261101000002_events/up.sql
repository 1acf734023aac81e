CREATE TABLE events (
    id TEXT PRIMARY KEY NOT NULL,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    tagline TEXT NOT NULL,
    description TEXT NOT NULL,
    place TEXT NOT NULL,
    address TEXT NOT NULL,
    starts_on DATE NOT NULL,
    ends_on DATE NOT NULL,
    timezone TEXT NOT NULL,
    languages TEXT NOT NULL,
    accent TEXT NOT NULL,
    contact_email TEXT NULL,
    privacy_notice TEXT NOT NULL,
    draft_version BIGINT NOT NULL,
    public_version BIGINT NOT NULL,
    version INTEGER NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX events_slug ON events (slug);

CREATE TABLE event_keys (
    event_id TEXT PRIMARY KEY NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    public_key TEXT NOT NULL,
    secret_key TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);

CREATE TABLE rooms (
    id TEXT PRIMARY KEY NOT NULL,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    building TEXT NOT NULL,
    capacity INTEGER NULL,
    booths INTEGER NOT NULL,
    channels TEXT NOT NULL,
    position INTEGER NOT NULL,
    guid TEXT NOT NULL,
    source_key TEXT NULL,
    version INTEGER NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX rooms_event_code ON rooms (event_id, code);
CREATE UNIQUE INDEX rooms_event_source ON rooms (event_id, source_key);

CREATE TABLE forums (
    id TEXT PRIMARY KEY NOT NULL,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    color TEXT NOT NULL,
    position INTEGER NOT NULL,
    source_key TEXT NULL,
    version INTEGER NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX forums_event_code ON forums (event_id, code);
CREATE UNIQUE INDEX forums_event_source ON forums (event_id, source_key);

CREATE TABLE formats (
    id TEXT PRIMARY KEY NOT NULL,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    minutes INTEGER NOT NULL,
    position INTEGER NOT NULL,
    source_key TEXT NULL,
    version INTEGER NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX formats_event_code ON formats (event_id, code);
CREATE UNIQUE INDEX formats_event_source ON formats (event_id, source_key);

CREATE TABLE memberships (
    id TEXT PRIMARY KEY NOT NULL,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX memberships_event_user_role ON memberships (event_id, user_id, role);
CREATE INDEX memberships_user ON memberships (user_id);

CREATE TABLE membership_forums (
    membership_id TEXT NOT NULL REFERENCES memberships (id) ON DELETE CASCADE,
    forum_id TEXT NOT NULL REFERENCES forums (id) ON DELETE CASCADE,
    PRIMARY KEY (membership_id, forum_id)
);
CREATE INDEX membership_forums_forum ON membership_forums (forum_id);
