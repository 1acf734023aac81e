-- What a list of registrations is narrowed by, apart from the wide rows: 100,000 of these are looked through
-- in the time of a blink. Triggers keep them, so that no way of changing a registration can forget it.
CREATE TABLE desk_lines (
    event_id TEXT NOT NULL,
    registration_id TEXT NOT NULL,
    category_id TEXT NOT NULL,
    state TEXT NOT NULL,
    country TEXT NULL,
    source TEXT NOT NULL,
    code_id TEXT NULL,
    delegation_id TEXT NULL,
    photo_id TEXT NULL,
    is_watched BOOLEAN NOT NULL,
    came_at TIMESTAMP NULL,
    search_key TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (event_id, registration_id)
);

-- Answers that are one of few, as they stand in the JSON of a registration.
CREATE TABLE chosen_answers (
    question_id TEXT NOT NULL REFERENCES questions (id) ON DELETE CASCADE,
    choice TEXT NOT NULL,
    registration_id TEXT NOT NULL REFERENCES registrations (id) ON DELETE CASCADE,
    PRIMARY KEY (question_id, choice, registration_id)
);
CREATE INDEX chosen_answers_registration ON chosen_answers (registration_id);

-- The saved view that somebody's list opens with.
CREATE TABLE default_views (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    view_id TEXT NOT NULL REFERENCES saved_views (id) ON DELETE CASCADE,
    PRIMARY KEY (user_id, event_id)
);
CREATE INDEX default_views_view ON default_views (view_id);

CREATE INDEX registrations_merged ON registrations (merged_into) WHERE merged_into IS NOT NULL;

CREATE FUNCTION write_desk_line() RETURNS trigger AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO desk_lines (event_id, registration_id, category_id, state, country, source, code_id, delegation_id, photo_id, is_watched, came_at, search_key, created_at)
        VALUES (NEW.event_id, NEW.id, NEW.category_id, NEW.state, NEW.country, NEW.source, NEW.code_id, NEW.delegation_id, NEW.photo_id, NEW.is_watched, NEW.came_at, NEW.search_key, NEW.created_at);
    ELSIF TG_OP = 'DELETE' THEN
        DELETE FROM desk_lines WHERE event_id = OLD.event_id AND registration_id = OLD.id;
    ELSE
        UPDATE desk_lines SET
        category_id = NEW.category_id,
        state = NEW.state,
        country = NEW.country,
        source = NEW.source,
        code_id = NEW.code_id,
        delegation_id = NEW.delegation_id,
        photo_id = NEW.photo_id,
        is_watched = NEW.is_watched,
        came_at = NEW.came_at,
        search_key = NEW.search_key
        WHERE event_id = NEW.event_id AND registration_id = NEW.id;
    END IF;
    RETURN NULL;
END $$ LANGUAGE plpgsql;
CREATE TRIGGER desk_lines_insert AFTER INSERT ON registrations FOR EACH ROW EXECUTE FUNCTION write_desk_line();
CREATE TRIGGER desk_lines_update AFTER UPDATE OF category_id, state, country, source, code_id, delegation_id, photo_id, is_watched, came_at, search_key ON registrations
    FOR EACH ROW EXECUTE FUNCTION write_desk_line();

CREATE TRIGGER desk_lines_delete AFTER DELETE ON registrations FOR EACH ROW EXECUTE FUNCTION write_desk_line();

CREATE FUNCTION write_chosen_answers() RETURNS trigger AS $$
BEGIN
    DELETE FROM chosen_answers WHERE registration_id = NEW.id;
    INSERT INTO chosen_answers (question_id, choice, registration_id)
    SELECT DISTINCT questions.id, one.choice, NEW.id
    FROM json_each(NEW.answers::json) AS given
    JOIN questions ON questions.id = given.key AND questions.kind IN ('yes_no', 'one_choice', 'choices', 'country')
    CROSS JOIN LATERAL json_array_elements_text(
        CASE json_typeof(given.value) WHEN 'array' THEN given.value ELSE json_build_array(given.value) END
    ) AS one (choice);
    RETURN NULL;
END $$ LANGUAGE plpgsql;
CREATE TRIGGER chosen_answers_insert AFTER INSERT ON registrations FOR EACH ROW WHEN (NEW.answers <> '{}')
    EXECUTE FUNCTION write_chosen_answers();
CREATE TRIGGER chosen_answers_update AFTER UPDATE OF answers ON registrations FOR EACH ROW WHEN (NEW.answers <> OLD.answers)
    EXECUTE FUNCTION write_chosen_answers();

INSERT INTO desk_lines (event_id, registration_id, category_id, state, country, source, code_id, delegation_id, photo_id, is_watched, came_at, search_key, created_at)
SELECT event_id, id, category_id, state, country, source, code_id, delegation_id, photo_id, is_watched, came_at, search_key, created_at FROM registrations;
INSERT INTO chosen_answers (question_id, choice, registration_id)
SELECT DISTINCT questions.id, one.choice, registrations.id
FROM registrations CROSS JOIN LATERAL json_each(registrations.answers::json) AS given
JOIN questions ON questions.id = given.key AND questions.kind IN ('yes_no', 'one_choice', 'choices', 'country')
CROSS JOIN LATERAL json_array_elements_text(
    CASE json_typeof(given.value) WHEN 'array' THEN given.value ELSE json_build_array(given.value) END
) AS one (choice)
WHERE registrations.answers <> '{}';
