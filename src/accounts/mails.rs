//! The pages of mails this area sends.
