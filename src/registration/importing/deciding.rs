//! What comes of a row, given who is registered. Pure.

use super::cells::answers;
use super::model::{Change, Decided, Decision, Kept, NewPerson, Present, Row, Setting, USUAL_CATEGORY};
use crate::db::{CategoryId, DelegationId, UtcTime};
use crate::i18n::Lang;
use crate::mail::address::EmailAddress;
use crate::registration::applicant;
use crate::registration::forms::model::{Answers, Question};
use crate::registration::model::{Details, RegistrationState};
use crate::web::forms::clean_block;
use crate::web::{FieldErrors, FormData, Message};

/// What comes of a row.
#[must_use]
pub fn decide(setting: &Setting, now: UtcTime, row: &Row, present: &Present) -> Decided {
    let nothing_fixed = |decision| Decided { decision, fixed: Vec::new() };
    if !row.errors.is_empty() {
        return nothing_fixed(Decision::Wrong(row.errors.clone()));
    }
    match present.of(row) {
        Some(kept) => compare(setting, now, row, kept),
        None if row.gives("code") => nothing_fixed(Decision::Wrong(wrong("code", "import-error-code"))),
        None => nothing_fixed(
            new_person(setting, now, row).map_or_else(Decision::Wrong, |person| Decision::New(Box::new(person))),
        ),
    }
}

fn wrong(field: &str, key: &'static str) -> FieldErrors {
    let mut errors = FieldErrors::default();
    errors.push(field, Message::new(key));
    errors
}

fn new_person(setting: &Setting, now: UtcTime, row: &Row) -> Result<NewPerson, FieldErrors> {
    let form = &row.form;
    let mut errors = FieldErrors::default();
    let named = if row.gives("category") { form.text("category") } else { form.text(USUAL_CATEGORY) };
    let category = named.parse::<CategoryId>().ok().and_then(|id| setting.category(id));
    if category.is_none() {
        errors.push("category", Message::new("import-error-category"));
    }
    let state = category.map(|category| {
        let usual = category.after_verification();
        let wanted = form.text("state").parse::<RegistrationState>();
        let wanted = if row.gives("state") { wanted.ok() } else { Some(usual) };
        match wanted {
            Some(RegistrationState::Confirmed) if usual == RegistrationState::Applied && !setting.may_approve => {
                Err("import-error-approval")
            }
            Some(RegistrationState::Waitlisted) if !category.has_waiting_list => Err("import-error-no-waiting-list"),
            Some(RegistrationState::Applied) if usual != RegistrationState::Applied => Err("import-error-no-approval"),
            Some(
                state @ (RegistrationState::Confirmed | RegistrationState::Applied | RegistrationState::Waitlisted),
            ) => Ok(state),
            _ => Err("import-error-state"),
        }
    });
    if let Some(Err(key)) = state {
        errors.push("state", Message::new(key));
    }
    let answers = category.map(|category| answers(&setting.form, now, &row.form, (category.id, &Answers::default())));
    let details = applicant::details(form);
    for found in [details.as_ref().err(), answers.as_ref().and_then(|answers| answers.as_ref().err())] {
        found
            .into_iter()
            .flat_map(FieldErrors::iter)
            .for_each(|one| errors.push(one.field.clone(), one.message.clone()));
    }
    match (category, state, details, answers) {
        (Some(category), Some(Ok(state)), Ok(details), Some(Ok(answers))) if errors.is_empty() => Ok(NewPerson {
            email: email(form),
            details,
            category: category.id,
            state,
            language: language(form).unwrap_or(setting.main_language),
            answers,
            delegation: delegation(form),
            priority: priority(form).unwrap_or(0),
            remark: clean_block(form.text("remark")),
        }),
        _ => Err(errors),
    }
}

/// The address as typed and as compared; empty where there is none. Wrong ones were refused when the row was read.
fn email(form: &FormData) -> (String, String) {
    let read = form.text("email").parse::<EmailAddress>();
    read.map(|email| (email.to_string(), email.key())).unwrap_or_default()
}

fn language(form: &FormData) -> Option<Lang> {
    form.text("language").parse().ok()
}

fn delegation(form: &FormData) -> Option<DelegationId> {
    form.text("delegation").parse().ok()
}

fn priority(form: &FormData) -> Option<i32> {
    form.text("priority").parse().ok()
}

fn compare(setting: &Setting, now: UtcTime, row: &Row, kept: &Kept) -> Decided {
    let one = &kept.registration;
    let form = &row.form;
    let mut fixed = Vec::new();
    if row.gives("category") && form.text("category") != one.category_id.as_str() {
        fixed.push("category");
    }
    if row.gives("state") && form.text("state") != one.state.as_str() {
        fixed.push("state");
    }
    if row.gives("delegation") && delegation(form) != kept.delegation_id {
        fixed.push("delegation");
    }
    let address = email(form).1;
    if !address.is_empty() && address != one.email_key {
        return Decided { decision: Decision::Wrong(wrong("email", "import-error-other-address")), fixed };
    }
    let decision = match changed(setting, now, row, kept) {
        Err(errors) => Decision::Wrong(errors),
        Ok(change) if change.fields.is_empty() => Decision::Same(one.id),
        Ok(_) if one.state.is_end() => Decision::Wrong(wrong("code", "import-error-ended")),
        Ok(change) => Decision::Other(Box::new(change)),
    };
    Decided { decision, fixed }
}

/// What the cells that hold anything say otherwise. Empty cells take nothing away.
fn changed(setting: &Setting, now: UtcTime, row: &Row, kept: &Kept) -> Result<Change, FieldErrors> {
    let one = &kept.registration;
    let before = Details::from(one);
    let mut details = before.clone();
    let mut fields = Vec::new();
    if Details::FIELDS.iter().any(|field| row.gives(field)) {
        details = overlaid(row, &before)?;
        fields.extend(before.changed(&details).into_iter().map(str::to_owned));
    }
    let language = language(&row.form).unwrap_or(one.language);
    let priority = priority(&row.form).unwrap_or(kept.priority);
    let remark = if row.gives("remark") { clean_block(row.form.text("remark")) } else { kept.remark.clone() };
    let others = [
        ("language", language != one.language),
        ("priority", priority != kept.priority),
        ("remark", remark != kept.remark),
    ];
    fields.extend(others.iter().filter(|(_, is_other)| *is_other).map(|(field, _)| (*field).to_owned()));
    let answered = Answers::parse(&kept.answers);
    let after = answers(&setting.form, now, &row.form, (one.category_id, &answered))?;
    let changed = setting.form.questions.iter().filter(|question| answered.of(question) != after.of(question));
    fields.extend(changed.map(Question::field));
    Ok(Change { kept: kept.clone(), fields, details, language, answers: (answered, after), priority, remark })
}

/// The details with what the row says in their place. What stood there before is never refused.
fn overlaid(row: &Row, before: &Details) -> Result<Details, FieldErrors> {
    let fields = before.fields().map(|(field, kept)| {
        let value = if row.gives(field) { row.form.text(field) } else { kept };
        // Somebody registered by one name at the desk has no other to be asked for.
        (field, if value.is_empty() && matches!(field, "given_name" | "family_name") { "·" } else { value })
    });
    let mut details = applicant::details(&FormData::from_fields(fields))?;
    for name in [&mut details.given_name, &mut details.family_name] {
        if name == "·" {
            name.clear();
        }
    }
    Ok(details)
}
