ALTER TABLE speaker_assistants DROP COLUMN may_travel;
DROP TABLE recording_consents;
DROP TABLE recording_texts;
DROP TABLE speaker_needs;
DROP TABLE speaker_travel;
DROP TABLE briefings;
DROP TABLE documents;
