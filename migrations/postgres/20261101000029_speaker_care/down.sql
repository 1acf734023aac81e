DROP TABLE reminders;
DROP TABLE reminder_rules;
DROP TABLE speaker_invitations;
ALTER TABLE speakers DROP COLUMN opened_at;
