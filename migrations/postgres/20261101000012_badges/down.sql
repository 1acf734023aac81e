ALTER TABLE badge_prints DROP COLUMN content;
ALTER TABLE badge_prints DROP COLUMN note;
DROP TABLE badge_batch_people;
DROP TABLE badge_batches;
DROP TABLE badge_designs;
ALTER TABLE registrations DROP COLUMN ticket_serial;
