DROP TABLE mail_wordings;
