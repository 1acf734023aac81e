DROP TABLE idempotency_keys;
DROP TABLE registration_links;
DROP TABLE registrations;
DROP TABLE categories;
