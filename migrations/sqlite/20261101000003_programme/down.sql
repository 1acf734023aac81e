DROP TABLE releases;
DROP TABLE slots;
DROP TABLE session_speakers;
DROP TABLE sessions;
DROP TABLE speakers;
DROP TABLE files;
