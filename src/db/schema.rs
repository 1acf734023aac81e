//! Table definitions shared by both databases; `tests/db_contract.rs` compares them with the migrated tables.
#![expect(missing_docs, reason = "the columns are documented by the migrations")]

diesel::table! {
    users (id) {
        id -> Text,
        email -> Text,
        email_key -> Text,
        name -> Text,
        password_hash -> Nullable<Text>,
        is_admin -> Bool,
        language -> Text,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        disabled_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    user_sessions (id) {
        id -> Text,
        token_hash -> Text,
        user_id -> Text,
        device -> Text,
        address -> Text,
        created_at -> Timestamp,
        seen_at -> Timestamp,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    user_links (id) {
        id -> Text,
        token_hash -> Text,
        purpose -> Text,
        user_id -> Nullable<Text>,
        created_at -> Timestamp,
        expires_at -> Timestamp,
        used_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    events (id) {
        id -> Text,
        slug -> Text,
        name -> Text,
        tagline -> Text,
        description -> Text,
        place -> Text,
        address -> Text,
        starts_on -> Date,
        ends_on -> Date,
        timezone -> Text,
        languages -> Text,
        accent -> Text,
        contact_email -> Nullable<Text>,
        privacy_notice -> Text,
        draft_version -> BigInt,
        public_version -> BigInt,
        version -> Integer,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    event_keys (event_id) {
        event_id -> Text,
        public_key -> Text,
        secret_key -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    rooms (id) {
        id -> Text,
        event_id -> Text,
        code -> Text,
        name -> Text,
        building -> Text,
        capacity -> Nullable<Integer>,
        booths -> Integer,
        channels -> Text,
        position -> Integer,
        guid -> Text,
        source_key -> Nullable<Text>,
        version -> Integer,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    forums (id) {
        id -> Text,
        event_id -> Text,
        code -> Text,
        name -> Text,
        description -> Text,
        color -> Text,
        position -> Integer,
        source_key -> Nullable<Text>,
        version -> Integer,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        is_serial -> Bool,
    }
}

diesel::table! {
    formats (id) {
        id -> Text,
        event_id -> Text,
        code -> Text,
        name -> Text,
        minutes -> Integer,
        position -> Integer,
        source_key -> Nullable<Text>,
        version -> Integer,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    memberships (id) {
        id -> Text,
        event_id -> Text,
        user_id -> Text,
        role -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    membership_forums (membership_id, forum_id) {
        membership_id -> Text,
        forum_id -> Text,
    }
}

diesel::table! {
    files (id) {
        id -> Text,
        event_id -> Text,
        kind -> Text,
        media_type -> Text,
        bytes -> BigInt,
        width -> Integer,
        height -> Integer,
        digest -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    speakers (id) {
        id -> Text,
        event_id -> Text,
        code -> Text,
        guid -> Text,
        name -> Text,
        native_name -> Nullable<Text>,
        position -> Text,
        organisation -> Text,
        country -> Nullable<Text>,
        biography -> Text,
        photo_id -> Nullable<Text>,
        email -> Nullable<Text>,
        language -> Nullable<Text>,
        search_key -> Text,
        source_key -> Nullable<Text>,
        version -> Integer,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    sessions (id) {
        id -> Text,
        event_id -> Text,
        code -> Text,
        guid -> Text,
        title -> Text,
        subtitle -> Text,
        #[sql_name = "abstract"]
        abstract_text -> Text,
        description -> Text,
        format_id -> Nullable<Text>,
        forum_id -> Nullable<Text>,
        language -> Nullable<Text>,
        interpreted -> Text,
        access -> Text,
        capacity -> Nullable<Integer>,
        state -> Text,
        may_record -> Bool,
        links -> Text,
        search_key -> Text,
        source_key -> Nullable<Text>,
        version -> Integer,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        expected -> Nullable<Integer>,
        buffer_before -> Integer,
        buffer_after -> Integer,
    }
}

diesel::table! {
    session_speakers (session_id, speaker_id, role) {
        session_id -> Text,
        speaker_id -> Text,
        role -> Text,
        position -> Integer,
    }
}

diesel::table! {
    slots (id) {
        id -> Text,
        event_id -> Text,
        session_id -> Text,
        room_id -> Nullable<Text>,
        starts_at -> Timestamp,
        ends_at -> Timestamp,
        guid -> Text,
        source_key -> Nullable<Text>,
        version -> Integer,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        is_fixed -> Bool,
    }
}

diesel::table! {
    releases (id) {
        id -> Text,
        event_id -> Text,
        number -> Integer,
        name -> Text,
        note -> Text,
        content -> Text,
        created_by -> Nullable<Text>,
        created_at -> Timestamp,
        restores -> Nullable<Integer>,
    }
}

diesel::table! {
    categories (id) {
        id -> Text,
        event_id -> Text,
        code -> Text,
        name -> Text,
        description -> Text,
        includes -> Text,
        capacity -> Nullable<Integer>,
        taken -> Integer,
        opens_at -> Nullable<Timestamp>,
        closes_at -> Nullable<Timestamp>,
        access_code -> Nullable<Text>,
        badge_color -> Text,
        position -> Integer,
        version -> Integer,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    registrations (id) {
        id -> Text,
        event_id -> Text,
        category_id -> Text,
        code -> Text,
        state -> Text,
        email -> Text,
        email_key -> Text,
        given_name -> Text,
        family_name -> Text,
        native_name -> Text,
        organisation -> Text,
        position -> Text,
        country -> Nullable<Text>,
        language -> Text,
        search_key -> Text,
        sort_key -> Text,
        privacy_accepted_at -> Timestamp,
        verify_by -> Nullable<Timestamp>,
        confirmed_at -> Nullable<Timestamp>,
        ended_at -> Nullable<Timestamp>,
        calendar_sequence -> Integer,
        version -> Integer,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        wants_change_notices -> Bool,
    }
}

diesel::table! {
    registration_links (id) {
        id -> Text,
        token_hash -> Text,
        registration_id -> Text,
        purpose -> Text,
        created_at -> Timestamp,
        expires_at -> Nullable<Timestamp>,
        used_at -> Nullable<Timestamp>,
        revoked_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    idempotency_keys (scope, idempotency_key) {
        scope -> Text,
        idempotency_key -> Text,
        subject_id -> Nullable<Text>,
        answer -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    messages (id) {
        id -> Text,
        event_id -> Nullable<Text>,
        kind -> Text,
        registration_id -> Nullable<Text>,
        user_id -> Nullable<Text>,
        recipient_name -> Text,
        recipient_address -> Text,
        language -> Text,
        subject -> Text,
        body_text -> Text,
        body_html -> Text,
        attachments -> Text,
        state -> Text,
        attempts -> Integer,
        due_at -> Timestamp,
        lease_id -> Nullable<Text>,
        lease_until -> Nullable<Timestamp>,
        last_error -> Nullable<Text>,
        created_at -> Timestamp,
        sent_at -> Nullable<Timestamp>,
        speaker_id -> Nullable<Text>,
        unsubscribe_url -> Nullable<Text>,
    }
}

diesel::table! {
    message_attempts (id) {
        id -> Text,
        message_id -> Text,
        attempt -> Integer,
        outcome -> Text,
        detail -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    recurring_jobs (name) {
        name -> Text,
        due_at -> Timestamp,
        lease_id -> Nullable<Text>,
        lease_until -> Nullable<Timestamp>,
        finished_at -> Nullable<Timestamp>,
        last_error -> Nullable<Text>,
    }
}

diesel::table! {
    audit_entries (id) {
        id -> Text,
        event_id -> Nullable<Text>,
        at -> Timestamp,
        actor_kind -> Text,
        actor_id -> Nullable<Text>,
        action -> Text,
        subject_kind -> Text,
        subject_id -> Text,
        detail -> Text,
    }
}

diesel::table! {
    schedule_rules (event_id) {
        event_id -> Text,
        grid_minutes -> Integer,
        walk_minutes -> Integer,
        walks -> Text,
        wants_all_languages -> Bool,
        shared_audience -> Integer,
        quiet_minutes -> Integer,
        moved_hours -> Integer,
        version -> Integer,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    blocks (id) {
        id -> Text,
        event_id -> Text,
        room_id -> Nullable<Text>,
        kind -> Text,
        title -> Text,
        is_public -> Bool,
        starts_at -> Timestamp,
        ends_at -> Timestamp,
        version -> Integer,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    availabilities (id) {
        id -> Text,
        event_id -> Text,
        speaker_id -> Nullable<Text>,
        room_id -> Nullable<Text>,
        level -> Text,
        starts_at -> Timestamp,
        ends_at -> Timestamp,
        created_at -> Timestamp,
    }
}

diesel::table! {
    muted_concerns (event_id, concern) {
        event_id -> Text,
        concern -> Text,
        reason -> Text,
        muted_by -> Nullable<Text>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    draft_edits (id) {
        id -> Text,
        event_id -> Text,
        draft_version -> BigInt,
        user_id -> Nullable<Text>,
        kind -> Text,
        changes -> Text,
        state -> Text,
        created_at -> Timestamp,
        undone_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    editor_presence (id) {
        id -> Text,
        event_id -> Text,
        user_id -> Text,
        day -> Date,
        session_id -> Nullable<Text>,
        seen_at -> Timestamp,
    }
}

diesel::table! {
    draft_copies (id) {
        id -> Text,
        event_id -> Text,
        name -> Text,
        note -> Text,
        content -> Text,
        created_by -> Nullable<Text>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    timetable_proposals (id) {
        id -> Text,
        event_id -> Text,
        request -> Text,
        state -> Text,
        progress -> Text,
        result -> Nullable<Text>,
        stop_asked -> Bool,
        error -> Nullable<Text>,
        lease_id -> Nullable<Text>,
        lease_until -> Nullable<Timestamp>,
        created_by -> Nullable<Text>,
        created_at -> Timestamp,
        finished_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    planned_releases (event_id) {
        event_id -> Text,
        name -> Text,
        note -> Text,
        due_at -> Timestamp,
        last_error -> Nullable<Text>,
        created_by -> Nullable<Text>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    speaker_assistants (id) {
        id -> Text,
        speaker_id -> Text,
        name -> Text,
        email -> Text,
        language -> Nullable<Text>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    speaker_links (id) {
        id -> Text,
        token_hash -> Text,
        speaker_id -> Text,
        assistant_id -> Nullable<Text>,
        created_at -> Timestamp,
        revoked_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    slot_answers (speaker_id, slot_guid) {
        speaker_id -> Text,
        slot_guid -> Text,
        event_id -> Text,
        session_id -> Text,
        answer -> Text,
        reason -> Text,
        sequence -> Integer,
        answered_by -> Text,
        answered_at -> Timestamp,
    }
}

diesel::table! {
    told_slots (speaker_id, slot_guid) {
        speaker_id -> Text,
        slot_guid -> Text,
        sequence -> Integer,
        is_cancelled -> Bool,
        content -> Text,
        told_at -> Timestamp,
    }
}

diesel::table! {
    stars (registration_id, session_id) {
        registration_id -> Text,
        session_id -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    change_notices (id) {
        id -> Text,
        event_id -> Text,
        speaker_id -> Nullable<Text>,
        registration_id -> Nullable<Text>,
        base_release -> Integer,
        state -> Text,
        subject -> Nullable<Text>,
        introduction -> Nullable<Text>,
        due_at -> Timestamp,
        settled_at -> Nullable<Timestamp>,
        version -> Integer,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    announcements (id) {
        id -> Text,
        event_id -> Text,
        kind -> Text,
        room_id -> Nullable<Text>,
        session_id -> Nullable<Text>,
        body -> Text,
        delay_minutes -> Integer,
        starts_at -> Timestamp,
        ends_at -> Timestamp,
        withdrawn_at -> Nullable<Timestamp>,
        created_by -> Nullable<Text>,
        created_at -> Timestamp,
    }
}

diesel::joinable!(user_sessions -> users (user_id));
diesel::joinable!(memberships -> users (user_id));
diesel::joinable!(memberships -> events (event_id));
diesel::joinable!(membership_forums -> memberships (membership_id));
diesel::joinable!(rooms -> events (event_id));
diesel::joinable!(forums -> events (event_id));
diesel::joinable!(formats -> events (event_id));
diesel::joinable!(sessions -> events (event_id));
diesel::joinable!(sessions -> forums (forum_id));
diesel::joinable!(sessions -> formats (format_id));
diesel::joinable!(session_speakers -> sessions (session_id));
diesel::joinable!(session_speakers -> speakers (speaker_id));
diesel::joinable!(slots -> sessions (session_id));
diesel::joinable!(slots -> rooms (room_id));
diesel::joinable!(releases -> events (event_id));
diesel::joinable!(categories -> events (event_id));
diesel::joinable!(registrations -> categories (category_id));
diesel::joinable!(registrations -> events (event_id));
diesel::joinable!(registration_links -> registrations (registration_id));
diesel::joinable!(message_attempts -> messages (message_id));
diesel::joinable!(editor_presence -> users (user_id));
diesel::joinable!(draft_edits -> users (user_id));
diesel::joinable!(speaker_links -> speakers (speaker_id));
diesel::joinable!(change_notices -> speakers (speaker_id));
diesel::joinable!(change_notices -> registrations (registration_id));
diesel::joinable!(stars -> registrations (registration_id));
diesel::joinable!(stars -> sessions (session_id));
diesel::joinable!(speaker_assistants -> speakers (speaker_id));
diesel::joinable!(slot_answers -> speakers (speaker_id));
diesel::joinable!(told_slots -> speakers (speaker_id));

diesel::allow_tables_to_appear_in_same_query!(
    users,
    user_sessions,
    user_links,
    events,
    event_keys,
    rooms,
    forums,
    formats,
    memberships,
    membership_forums,
    files,
    speakers,
    sessions,
    session_speakers,
    slots,
    releases,
    categories,
    registrations,
    registration_links,
    idempotency_keys,
    messages,
    message_attempts,
    recurring_jobs,
    audit_entries,
    schedule_rules,
    blocks,
    availabilities,
    muted_concerns,
    draft_edits,
    editor_presence,
    draft_copies,
    timetable_proposals,
    planned_releases,
    speaker_assistants,
    speaker_links,
    slot_answers,
    told_slots,
    stars,
    change_notices,
    announcements,
);
