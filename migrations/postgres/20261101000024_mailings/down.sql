DROP TABLE mailing_refusals;
DROP TABLE mailing_recipients;
DROP TABLE mailings;
