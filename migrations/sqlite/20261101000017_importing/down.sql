DROP TABLE untold_registrations;
