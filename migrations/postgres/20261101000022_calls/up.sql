-- The call for proposals of an event, and how what is handed in is reviewed.
CREATE TABLE calls (
    event_id TEXT PRIMARY KEY NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    opens_at TIMESTAMP NULL,
    closes_at TIMESTAMP NULL,
    introduction TEXT NOT NULL,
    title_length INTEGER NOT NULL,
    abstract_length INTEGER NOT NULL,
    description_length INTEGER NOT NULL,
    most_per_person INTEGER NULL,
    is_blind BOOLEAN NOT NULL,
    hides_scores BOOLEAN NOT NULL,
    sends_comments BOOLEAN NOT NULL,
    accepted_words TEXT NOT NULL,
    rejected_words TEXT NOT NULL,
    version INTEGER NOT NULL,
    updated_at TIMESTAMP NOT NULL
);

-- Other dates for one format, one forum, or one format in one forum.
CREATE TABLE call_windows (
    id TEXT PRIMARY KEY NOT NULL,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    format_id TEXT NULL REFERENCES formats (id) ON DELETE CASCADE,
    forum_id TEXT NULL REFERENCES forums (id) ON DELETE CASCADE,
    is_offered BOOLEAN NOT NULL,
    opens_at TIMESTAMP NULL,
    closes_at TIMESTAMP NULL
);
CREATE INDEX call_windows_event ON call_windows (event_id);

CREATE TABLE late_links (
    id TEXT PRIMARY KEY NOT NULL,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    token_hash TEXT NOT NULL,
    name TEXT NOT NULL,
    until TIMESTAMP NOT NULL,
    created_at TIMESTAMP NOT NULL,
    revoked_at TIMESTAMP NULL
);
CREATE UNIQUE INDEX late_links_token_hash ON late_links (token_hash);
CREATE INDEX late_links_event ON late_links (event_id);

-- What somebody writes for the call; once sent in it has a session.
CREATE TABLE session_proposals (
    id TEXT PRIMARY KEY NOT NULL,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    session_id TEXT NULL REFERENCES sessions (id) ON DELETE SET NULL,
    late_link_id TEXT NULL REFERENCES late_links (id) ON DELETE SET NULL,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    title TEXT NOT NULL,
    abstract TEXT NOT NULL,
    description TEXT NOT NULL,
    written_in TEXT NOT NULL,
    spoken TEXT NULL,
    format_id TEXT NULL REFERENCES formats (id) ON DELETE SET NULL,
    forum_id TEXT NULL REFERENCES forums (id) ON DELETE SET NULL,
    notes TEXT NOT NULL,
    people TEXT NOT NULL,
    answers TEXT NOT NULL,
    pending TEXT NULL,
    decision TEXT NULL,
    decided_at TIMESTAMP NULL,
    version INTEGER NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    sent_at TIMESTAMP NULL,
    withdrawn_at TIMESTAMP NULL
);
CREATE INDEX session_proposals_event ON session_proposals (event_id, sent_at);
CREATE INDEX session_proposals_person ON session_proposals (event_id, email_key);
CREATE INDEX session_proposals_session ON session_proposals (session_id);

CREATE TABLE session_proposal_links (
    id TEXT PRIMARY KEY NOT NULL,
    token_hash TEXT NOT NULL,
    proposal_id TEXT NOT NULL REFERENCES session_proposals (id) ON DELETE CASCADE,
    created_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX session_proposal_links_token_hash ON session_proposal_links (token_hash);
CREATE INDEX session_proposal_links_proposal ON session_proposal_links (proposal_id);

-- What reviewers score.
CREATE TABLE review_criteria (
    id TEXT PRIMARY KEY NOT NULL,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    help TEXT NOT NULL,
    weight INTEGER NOT NULL,
    lowest INTEGER NOT NULL,
    highest INTEGER NOT NULL,
    position INTEGER NOT NULL,
    version INTEGER NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX review_criteria_event ON review_criteria (event_id, position);

CREATE TABLE proposal_reviews (
    id TEXT PRIMARY KEY NOT NULL,
    proposal_id TEXT NOT NULL REFERENCES session_proposals (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    standing TEXT NOT NULL,
    scores TEXT NOT NULL,
    to_team TEXT NOT NULL,
    to_author TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX proposal_reviews_once ON proposal_reviews (proposal_id, user_id);
CREATE INDEX proposal_reviews_user ON proposal_reviews (user_id);
