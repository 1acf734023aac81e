DROP INDEX registrations_erase;
ALTER TABLE registrations DROP COLUMN erased_at;
ALTER TABLE registrations DROP COLUMN erase_at;
DROP TABLE consents;
DROP TABLE transfers;
