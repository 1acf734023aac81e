use super::*;

fn problem(name: &str, value: &str) -> String {
    Settings::load(None, [(name.to_owned(), value.to_owned())]).expect_err("refused").to_string()
}

#[test]
fn the_defaults_are_complete_and_usable() {
    let settings = Settings::load(None, []).expect("defaults");
    assert_eq!(settings.http.public_url, "http://127.0.0.1:8080");
}

#[test]
fn a_wrong_setting_is_named_with_its_value_and_what_would_be_right() {
    let unknown = problem("PLENARY_HTTP__BND", "x");
    assert_eq!(
        unknown,
        "unknown setting http.bnd in the environment variable PLENARY_HTTP__BND; did you mean http.bind?"
    );
    let bad = problem("PLENARY_DATABASE__READERS", "many");
    assert!(
        bad.starts_with("database.readers = \"many\" in the environment variable PLENARY_DATABASE__READERS: "),
        "{bad}"
    );
    assert!(problem("PLENARY_HTTP__PUBLIC_URL", "summit.example").contains("http.public_url"));
    assert!(problem("PLENARY_DATABASE__BATCH", "0").contains("at least 1"));
    assert!(problem("PLENARY_MAIL__TRANSPORT", "pigeon").contains("mail.transport"));
}

#[test]
fn secrets_never_stand_in_a_message() {
    let settings = [("PLENARY_MAIL__TRANSPORT", "smtp"), ("PLENARY_MAIL__SMTP_URL", "gopher://user:hunter2@host")];
    let error =
        Settings::load(None, settings.map(|(name, value)| (name.to_owned(), value.to_owned()))).expect_err("refused");
    assert!(!error.to_string().contains("hunter2"), "{error}");
    let key = problem("PLENARY_SEALING__KEYS", "a:aHVudGVyMg==");
    assert!(key.contains("sealing.keys") && !key.contains("aHVudGVyMg"), "{key}");
}

#[test]
fn variables_override_files_and_files_override_defaults() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("own.toml");
    std::fs::write(&file, "[limits]\nsignins_per_minute = 3\nregistrations_per_minute = 4\n").expect("written");
    let variables = [("PLENARY_LIMITS__SIGNINS_PER_MINUTE".to_owned(), "0".to_owned())];
    let settings = Settings::load(Some(&file), variables).expect("usable");
    assert_eq!((settings.limits.signins_per_minute, settings.limits.registrations_per_minute), (0, 4));
}
