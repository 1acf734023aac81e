//! Argon2id, off the async threads and bounded; and which passwords are good enough.

use crate::config::AccountsSettings;
use argon2::password_hash::PasswordHasher;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordVerifier, Version};
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Hashes and checks passwords.
///
/// Few are hashed at the same time and few wait, so that a flood of sign-ins takes neither all
/// processors nor all memory from the visitors of the programme.
pub struct Passwords {
    argon2: Argon2<'static>,
    turns: Arc<Semaphore>,
    places: Arc<Semaphore>,
}

/// Sign-ins that may wait for each one that is being checked: about two seconds of work.
const WAITING_PER_TURN: usize = 32;
/// Fewest characters of a password.
pub const SHORTEST: usize = 10;
/// Most characters of a password; hashing megabytes would be a way to keep the machine busy.
pub const LONGEST: usize = 200;
/// Characters that are looked at for how easily they are guessed, which takes longer with each.
const WEIGHED: usize = 72;

/// What a check came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checked {
    /// Not the account's password, or no such account.
    Wrong,
    /// The account's password.
    Right,
    /// The account's password, hashed with weaker parameters than the settings ask for today.
    Outdated,
}

/// A password was not hashed.
#[derive(Debug, thiserror::Error)]
pub enum HashingError {
    /// Too many wait already.
    #[error("too many passwords wait to be checked")]
    Busy,
    /// Argon2 refused.
    #[error("the password could not be hashed: {0}")]
    Failed(String),
}

/// Why a password is not good enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    /// Fewer than [`SHORTEST`] characters.
    #[error("the password should have at least 10 characters")]
    TooShort,
    /// More than [`LONGEST`] characters.
    #[error("the password should have at most 200 characters")]
    TooLong,
    /// On a list of known passwords, a pattern, or made from the person's own name or address.
    #[error("the password is easy to guess; take several unrelated words")]
    Guessable,
}

impl WeakPassword {
    /// The text that says so beside the field.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::TooShort => "accounts-password-too-short",
            Self::TooLong => "accounts-password-too-long",
            Self::Guessable => "accounts-password-guessable",
        }
    }
}

/// Checks that a password is long enough and not easily guessed by someone who knows the person's
/// `own_words`: name and address.
///
/// # Errors
/// Why it is not good enough.
pub fn check_strength(password: &str, own_words: &[&str]) -> Result<(), WeakPassword> {
    let length = password.chars().count();
    if length < SHORTEST {
        return Err(WeakPassword::TooShort);
    }
    if length > LONGEST {
        return Err(WeakPassword::TooLong);
    }
    let words: Vec<&str> = own_words
        .iter()
        .flat_map(|word| std::iter::once(*word).chain(word.split(|character: char| !character.is_alphanumeric())))
        .filter(|word| word.chars().count() > 2)
        .collect();
    let weighed: String = password.chars().take(WEIGHED).collect();
    if zxcvbn::zxcvbn(&weighed, &words).score() >= zxcvbn::Score::Two { Ok(()) } else { Err(WeakPassword::Guessable) }
}

impl Passwords {
    /// With the parameters of the settings, which were checked when they were read.
    #[must_use]
    pub fn new(settings: &AccountsSettings) -> Self {
        let params = Params::new(settings.argon2_memory_kib, settings.argon2_passes, settings.argon2_lanes, None)
            .unwrap_or_default();
        Self {
            argon2: Argon2::new(Algorithm::Argon2id, Version::V0x13, params),
            turns: Arc::new(Semaphore::new(settings.hashing_threads)),
            places: Arc::new(Semaphore::new(settings.hashing_threads * (WAITING_PER_TURN + 1))),
        }
    }

    /// The hash to keep, in PHC form.
    ///
    /// # Errors
    /// When too many wait.
    pub async fn hash(&self, password: SecretString) -> Result<String, HashingError> {
        self.in_turn(move |argon2| {
            argon2
                .hash_password(password.expose_secret().as_bytes())
                .map(|hash| hash.to_string())
                .map_err(|error| HashingError::Failed(error.to_string()))
        })
        .await
    }

    /// Checks a password against the hash kept. Without one (no such account, invitation not yet
    /// accepted) the same work is done for nothing, so that the time taken tells nobody which
    /// addresses have accounts.
    ///
    /// # Errors
    /// When too many wait.
    pub async fn check(&self, password: SecretString, kept: Option<String>) -> Result<Checked, HashingError> {
        self.in_turn(move |argon2| {
            let password = password.expose_secret().as_bytes();
            let Some(kept) = kept else {
                let made = argon2.hash_password(password);
                return made.map(|_| Checked::Wrong).map_err(|error| HashingError::Failed(error.to_string()));
            };
            let kept = PasswordHash::new(&kept).map_err(|error| HashingError::Failed(error.to_string()))?;
            Ok(match argon2.verify_password(password, &kept) {
                Err(_) => Checked::Wrong,
                Ok(()) if is_weaker(&kept, argon2.params()) => Checked::Outdated,
                Ok(()) => Checked::Right,
            })
        })
        .await
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Argon2<'static>) -> Result<T, HashingError> + Send + 'static,
    ) -> Result<T, HashingError> {
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| HashingError::Busy)?;
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(|_| HashingError::Busy)?;
        let argon2 = self.argon2.clone();
        tokio::task::spawn_blocking(move || {
            let outcome = work(&argon2);
            // Given back by the work itself: a visitor who goes away does not make room for more
            // work while this one is still being done.
            drop((place, turn));
            outcome
        })
        .await
        .unwrap_or_else(|error| Err(HashingError::Failed(error.to_string())))
    }
}

/// Whether a hash was made with less memory, passes or lanes than are wanted now.
fn is_weaker(kept: &PasswordHash, wanted: &Params) -> bool {
    let Ok(used) = Params::try_from(kept) else { return true };
    used.m_cost() < wanted.m_cost() || used.t_cost() < wanted.t_cost() || used.p_cost() < wanted.p_cost()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passwords(memory: u32, threads: usize) -> Passwords {
        Passwords::new(&AccountsSettings {
            argon2_memory_kib: memory,
            argon2_passes: 1,
            argon2_lanes: 1,
            hashing_threads: threads,
            session_days: 14,
        })
    }

    #[tokio::test]
    async fn a_password_is_known_again_and_rehashed_when_the_parameters_rise() {
        let weak = passwords(8, 1);
        let kept = weak.hash("correct horse battery".into()).await.expect("hashed");
        assert!(kept.starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "{kept}");
        let check = |passwords: Passwords, typed: &'static str, kept: Option<String>| async move {
            passwords.check(typed.into(), kept).await.expect("checked")
        };
        assert_eq!(check(passwords(8, 1), "correct horse battery", Some(kept.clone())).await, Checked::Right);
        assert_eq!(check(passwords(16, 1), "correct horse battery", Some(kept.clone())).await, Checked::Outdated);
        assert_eq!(check(passwords(8, 1), "wrong horse", Some(kept)).await, Checked::Wrong);
        assert_eq!(check(passwords(8, 1), "correct horse battery", None).await, Checked::Wrong);
    }

    #[tokio::test]
    async fn a_flood_of_passwords_is_turned_away_instead_of_waiting_for_ever() {
        let passwords = Arc::new(passwords(1024, 1));
        let flood: Vec<_> = (0..200)
            .map(|_| {
                let passwords = Arc::clone(&passwords);
                tokio::spawn(async move { passwords.check("some password".into(), None).await })
            })
            .collect();
        let mut busy = 0;
        for one in flood {
            busy += usize::from(matches!(one.await.expect("joined"), Err(HashingError::Busy)));
        }
        assert!((1..200).contains(&busy), "{busy} of 200 were turned away");
        assert_eq!(passwords.check("some password".into(), None).await.expect("free again"), Checked::Wrong);
    }

    #[test]
    fn weak_passwords_are_told_from_good_ones() {
        let own = ["ada.lovelace@example.org", "Ada Lovelace"];
        for (password, expected) in [
            ("short", Err(WeakPassword::TooShort)),
            ("1234567890", Err(WeakPassword::Guessable)),
            ("adalovelace", Err(WeakPassword::Guessable)),
            ("ada.lovelace@example.org", Err(WeakPassword::Guessable)),
            ("passwordpassword", Err(WeakPassword::Guessable)),
            ("several unrelated words", Ok(())),
            ("大会组委会的密码很长很难猜", Ok(())),
        ] {
            assert_eq!(check_strength(password, &own), expected, "{password}");
        }
        assert_eq!(check_strength(&"x y z 1".repeat(40), &own), Err(WeakPassword::TooLong));
    }
}
