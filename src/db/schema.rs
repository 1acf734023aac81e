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
        opened_at -> Nullable<Timestamp>,
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
        needs_approval -> Bool,
        officers_needed -> Integer,
        has_waiting_list -> Bool,
        shows_rank -> Bool,
        offer_hours -> Integer,
        offers_until -> Nullable<Timestamp>,
        needs_code -> Bool,
        address_rules -> Text,
        zones -> Text,
        days -> Text,
        may_transfer -> Bool,
        may_book -> Bool,
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
        honorific -> Text,
        name_order -> Text,
        nationality -> Nullable<Text>,
        answers -> Text,
        photo_id -> Nullable<Text>,
        name_key -> Text,
        document_key -> Nullable<Text>,
        birth_key -> Nullable<Text>,
        source -> Text,
        code_id -> Nullable<Text>,
        delegation_id -> Nullable<Text>,
        delegation_rank -> Integer,
        is_head -> Bool,
        speaker_id -> Nullable<Text>,
        priority -> Integer,
        waits_since -> Nullable<Timestamp>,
        offered_until -> Nullable<Timestamp>,
        asked_at -> Nullable<Timestamp>,
        approved_at -> Nullable<Timestamp>,
        is_watched -> Bool,
        came_at -> Nullable<Timestamp>,
        merged_into -> Nullable<Text>,
        remark -> Text,
        screened_at -> Nullable<Timestamp>,
        ticket_serial -> Integer,
        erase_at -> Nullable<Timestamp>,
        erased_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    transfers (id) {
        id -> Text,
        event_id -> Text,
        registration_id -> Text,
        token_hash -> Text,
        given_name -> Text,
        family_name -> Text,
        email -> Text,
        language -> Text,
        created_at -> Timestamp,
        until -> Timestamp,
        outcome -> Nullable<Text>,
        ended_at -> Nullable<Timestamp>,
        successor_id -> Nullable<Text>,
    }
}

diesel::table! {
    consents (id) {
        id -> Text,
        registration_id -> Text,
        question_id -> Text,
        number -> Integer,
        given_at -> Timestamp,
        withdrawn_at -> Nullable<Timestamp>,
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
    untold_registrations (registration_id) {
        registration_id -> Text,
        created_at -> Timestamp,
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
        recipient_key -> Text,
        recipient_domain -> Text,
        lane -> Text,
        subject_key -> Text,
        search_words -> Text,
        source -> Nullable<Text>,
        version -> Integer,
        copy_of -> Nullable<Text>,
        copies -> Text,
    }
}

diesel::table! {
    mail_counts (event_id, kind, state, shard) {
        event_id -> Text,
        kind -> Text,
        state -> Text,
        shard -> Integer,
        amount -> Integer,
    }
}

diesel::table! {
    mail_words (event_id, word, target) {
        event_id -> Text,
        word -> Text,
        target -> Text,
    }
}

diesel::table! {
    mail_words_due (message_id) {
        message_id -> Text,
        event_id -> Text,
    }
}

diesel::table! {
    mail_rules (event_id) {
        event_id -> Text,
        held -> Text,
        quiet_from -> Nullable<Integer>,
        quiet_until -> Nullable<Integer>,
        version -> Integer,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    mail_pauses (scope) {
        scope -> Text,
        paused_at -> Timestamp,
        paused_by -> Nullable<Text>,
    }
}

diesel::table! {
    mail_paces (domain) {
        domain -> Text,
        minute -> Timestamp,
        taken -> Integer,
        next_minute -> Timestamp,
        next_taken -> Integer,
        blocked_until -> Nullable<Timestamp>,
        detail -> Text,
    }
}

diesel::table! {
    mailing_files (id) {
        id -> Text,
        mailing_id -> Text,
        kept_as -> Text,
        name -> Text,
        media_type -> Text,
        bytes -> BigInt,
        created_at -> Timestamp,
    }
}

diesel::table! {
    mail_keys (name) {
        name -> Text,
        secret -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    address_marks (address_key) {
        address_key -> Text,
        reason -> Text,
        detail -> Text,
        message_id -> Nullable<Text>,
        marked_at -> Timestamp,
        cleared_at -> Nullable<Timestamp>,
        cleared_by -> Nullable<Text>,
    }
}

diesel::table! {
    message_reports (id) {
        id -> Text,
        message_id -> Text,
        digest -> Text,
        kind -> Text,
        detail -> Text,
        received_at -> Timestamp,
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
        is_chained -> Bool,
    }
}

diesel::table! {
    audit_links (position) {
        position -> Integer,
        entry_id -> Text,
        salt -> Nullable<Text>,
        detail_hash -> Text,
        hash -> Text,
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
        may_travel -> Bool,
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
    speaker_invitations (id) {
        id -> Text,
        event_id -> Text,
        speaker_id -> Text,
        session_id -> Nullable<Text>,
        about -> Text,
        words -> Text,
        state -> Text,
        reason -> Text,
        proposed_name -> Text,
        proposed_email -> Text,
        proposed_state -> Text,
        sent_at -> Timestamp,
        answered_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    reminder_rules (event_id) {
        event_id -> Text,
        rules -> Text,
        version -> Integer,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    reminders (kind, subject, step) {
        kind -> Text,
        subject -> Text,
        step -> Text,
        event_id -> Text,
        sent_at -> Timestamp,
    }
}

diesel::table! {
    documents (id) {
        id -> Text,
        event_id -> Text,
        session_id -> Nullable<Text>,
        speaker_id -> Nullable<Text>,
        series -> Text,
        number -> Integer,
        kind -> Text,
        name -> Text,
        media_type -> Text,
        bytes -> BigInt,
        digest -> Text,
        checksum -> BigInt,
        is_public -> Bool,
        approved_at -> Nullable<Timestamp>,
        for_interpreters -> Bool,
        uploaded_by -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    briefings (id) {
        id -> Text,
        event_id -> Text,
        forum_id -> Nullable<Text>,
        session_id -> Nullable<Text>,
        name -> Text,
        token_hash -> Text,
        created_at -> Timestamp,
        opened_at -> Nullable<Timestamp>,
        revoked_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    speaker_travel (speaker_id) {
        speaker_id -> Text,
        event_id -> Text,
        arrives_on -> Nullable<Date>,
        arrives_at -> Text,
        arrival_number -> Text,
        arrival_port -> Text,
        departs_on -> Nullable<Date>,
        departs_at -> Text,
        departure_number -> Text,
        departure_port -> Text,
        hotel -> Text,
        wants_transfer -> Bool,
        companions -> Integer,
        notes -> Text,
        news_at -> Nullable<Timestamp>,
        version -> Integer,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    speaker_needs (speaker_id) {
        speaker_id -> Text,
        event_id -> Text,
        speaks -> Nullable<Text>,
        wants_interpretation -> Bool,
        is_remote -> Bool,
        equipment -> Text,
        notes -> Text,
        version -> Integer,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    recording_texts (event_id, number) {
        event_id -> Text,
        number -> Integer,
        text -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    recording_consents (id) {
        id -> Text,
        event_id -> Text,
        speaker_id -> Text,
        number -> Integer,
        given_by -> Text,
        given_at -> Timestamp,
        withdrawn_at -> Nullable<Timestamp>,
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

diesel::table! {
    attendance_rules (event_id) {
        event_id -> Text,
        speaker_category_id -> Nullable<Text>,
        most_bookings -> Nullable<Integer>,
        refuses_overlap -> Bool,
        sealed_days -> Integer,
        version -> Integer,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    zones (id) {
        id -> Text,
        event_id -> Text,
        code -> Text,
        name -> Text,
        position -> Integer,
    }
}

diesel::table! {
    questions (id) {
        id -> Text,
        event_id -> Text,
        code -> Text,
        kind -> Text,
        stage -> Text,
        label -> Text,
        help -> Text,
        options -> Text,
        is_required -> Bool,
        only_if -> Nullable<Text>,
        answer_until -> Nullable<Timestamp>,
        seen_by -> Text,
        is_identity -> Bool,
        is_sealed -> Bool,
        position -> Integer,
        version -> Integer,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        retired_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    category_questions (category_id, question_id) {
        category_id -> Text,
        question_id -> Text,
    }
}

diesel::table! {
    consent_texts (question_id, number) {
        question_id -> Text,
        number -> Integer,
        body -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    quotas (id) {
        id -> Text,
        event_id -> Text,
        code -> Text,
        name -> Text,
        capacity -> Integer,
        taken -> Integer,
        question_id -> Nullable<Text>,
        choice -> Nullable<Text>,
        position -> Integer,
        version -> Integer,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    quota_categories (quota_id, category_id) {
        quota_id -> Text,
        category_id -> Text,
    }
}

diesel::table! {
    delegations (id) {
        id -> Text,
        event_id -> Text,
        code -> Text,
        name -> Text,
        country -> Nullable<Text>,
        contact_name -> Text,
        contact_email -> Text,
        contact_email_key -> Text,
        language -> Text,
        note -> Text,
        closes_at -> Nullable<Timestamp>,
        version -> Integer,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    delegation_quotas (delegation_id, category_id) {
        delegation_id -> Text,
        category_id -> Text,
        capacity -> Integer,
        taken -> Integer,
    }
}

diesel::table! {
    delegation_links (id) {
        id -> Text,
        token_hash -> Text,
        delegation_id -> Text,
        created_at -> Timestamp,
        used_at -> Nullable<Timestamp>,
        revoked_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    invitation_codes (id) {
        id -> Text,
        event_id -> Text,
        category_id -> Text,
        code -> Text,
        code_key -> Text,
        batch -> Text,
        uses -> Integer,
        used -> Integer,
        is_reserved -> Bool,
        skips_approval -> Bool,
        email -> Nullable<Text>,
        language -> Nullable<Text>,
        prefill -> Text,
        expires_at -> Nullable<Timestamp>,
        sent_at -> Nullable<Timestamp>,
        revoked_at -> Nullable<Timestamp>,
        version -> Integer,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    held_places (registration_id, quota_id) {
        registration_id -> Text,
        quota_id -> Text,
    }
}

diesel::table! {
    sealed_answers (registration_id, question_id) {
        registration_id -> Text,
        question_id -> Text,
        key_id -> Text,
        sealed -> Text,
        delete_at -> Nullable<Timestamp>,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    answer_files (id) {
        id -> Text,
        event_id -> Text,
        registration_id -> Nullable<Text>,
        question_id -> Nullable<Text>,
        token_hash -> Nullable<Text>,
        name -> Text,
        media_type -> Text,
        bytes -> BigInt,
        digest -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    reviews (id) {
        id -> Text,
        registration_id -> Text,
        user_id -> Nullable<Text>,
        decision -> Text,
        reason -> Text,
        note -> Text,
        counts -> Bool,
        created_at -> Timestamp,
    }
}

diesel::table! {
    reason_templates (id) {
        id -> Text,
        event_id -> Text,
        decision -> Text,
        name -> Text,
        body -> Text,
        position -> Integer,
        version -> Integer,
    }
}

diesel::table! {
    watch_lists (id) {
        id -> Text,
        event_id -> Text,
        name -> Text,
        entries -> Integer,
        created_by -> Nullable<Text>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    watch_entries (id) {
        id -> Text,
        list_id -> Text,
        name -> Text,
        name_key -> Text,
        birth_date -> Nullable<Text>,
        country -> Nullable<Text>,
        note -> Text,
    }
}

diesel::table! {
    session_seats (session_id) {
        session_id -> Text,
        event_id -> Text,
        capacity -> Integer,
        taken -> Integer,
        opens_at -> Nullable<Timestamp>,
        closes_at -> Nullable<Timestamp>,
        has_waiting_list -> Bool,
        shows_rank -> Bool,
        offer_minutes -> Integer,
        categories -> Text,
        version -> Integer,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    session_guests (session_id, registration_id) {
        session_id -> Text,
        registration_id -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    bookings (id) {
        id -> Text,
        event_id -> Text,
        session_id -> Text,
        registration_id -> Text,
        state -> Text,
        priority -> Integer,
        waits_since -> Nullable<Timestamp>,
        offered_until -> Nullable<Timestamp>,
        came_at -> Nullable<Timestamp>,
        ended_at -> Nullable<Timestamp>,
        calendar_sequence -> Integer,
        version -> Integer,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    offers (id) {
        id -> Text,
        event_id -> Text,
        registration_id -> Text,
        booking_id -> Nullable<Text>,
        reason -> Text,
        made_by -> Nullable<Text>,
        made_at -> Timestamp,
        until -> Timestamp,
        outcome -> Nullable<Text>,
        ended_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    gates (id) {
        id -> Text,
        event_id -> Text,
        code -> Text,
        name -> Text,
        entry -> Text,
        categories -> Text,
        zone_id -> Nullable<Text>,
        session_id -> Nullable<Text>,
        days -> Text,
        opens_at -> Nullable<Text>,
        closes_at -> Nullable<Text>,
        is_main -> Bool,
        place_x -> Nullable<Integer>,
        place_y -> Nullable<Integer>,
        inside -> Integer,
        position -> Integer,
        version -> Integer,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    devices (id) {
        id -> Text,
        event_id -> Text,
        gate_id -> Nullable<Text>,
        name -> Text,
        code_hash -> Nullable<Text>,
        code_until -> Nullable<Timestamp>,
        token_hash -> Nullable<Text>,
        created_by -> Nullable<Text>,
        created_at -> Timestamp,
        seen_at -> Nullable<Timestamp>,
        revoked_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    scans (id) {
        id -> Text,
        event_id -> Text,
        gate_id -> Nullable<Text>,
        device_id -> Nullable<Text>,
        user_id -> Nullable<Text>,
        registration_id -> Nullable<Text>,
        direction -> Text,
        result -> Text,
        was_offline -> Bool,
        conflict -> Nullable<Text>,
        seen_conflict_at -> Nullable<Timestamp>,
        scanned_at -> Timestamp,
        received_at -> Timestamp,
    }
}

diesel::table! {
    presences (registration_id, gate_id) {
        registration_id -> Text,
        gate_id -> Text,
        is_inside -> Bool,
        entries -> Integer,
        first_at -> Timestamp,
        last_at -> Timestamp,
        last_scan -> Text,
    }
}

diesel::table! {
    badge_prints (id) {
        id -> Text,
        event_id -> Text,
        registration_id -> Text,
        printed_by -> Nullable<Text>,
        reason -> Text,
        created_at -> Timestamp,
        note -> Text,
        content -> Text,
    }
}

diesel::table! {
    badge_designs (event_id) {
        event_id -> Text,
        facts -> Text,
        version -> Integer,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    badge_batches (id) {
        id -> Text,
        event_id -> Text,
        people -> Integer,
        created_by -> Nullable<Text>,
        created_at -> Timestamp,
        marked_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    badge_batch_people (batch_id, position) {
        batch_id -> Text,
        position -> Integer,
        registration_id -> Text,
        content -> Text,
    }
}

diesel::table! {
    saved_views (id) {
        id -> Text,
        event_id -> Text,
        user_id -> Text,
        name -> Text,
        query -> Text,
        is_shared -> Bool,
        created_at -> Timestamp,
    }
}

diesel::table! {
    mailings (id) {
        id -> Text,
        event_id -> Text,
        audience -> Text,
        sources -> Text,
        timing -> Text,
        state -> Text,
        leaves_at -> Nullable<Timestamp>,
        version -> Integer,
        created_by -> Nullable<Text>,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    mailing_recipients (mailing_id, address_key, about) {
        mailing_id -> Text,
        address_key -> Text,
        about -> Text,
        message_id -> Nullable<Text>,
        token_hash -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    mail_refusals (event_id, address_key, topic) {
        event_id -> Text,
        address_key -> Text,
        topic -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    mail_choice_links (token_hash) {
        token_hash -> Text,
        event_id -> Text,
        address_key -> Text,
        topic -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    mail_wordings (event_id, kind, language) {
        event_id -> Text,
        kind -> Text,
        language -> Text,
        subject -> Text,
        body -> Text,
        is_default -> Bool,
        version -> Integer,
        updated_by -> Nullable<Text>,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    desk_lines (event_id, registration_id) {
        event_id -> Text,
        registration_id -> Text,
        category_id -> Text,
        state -> Text,
        country -> Nullable<Text>,
        source -> Text,
        code_id -> Nullable<Text>,
        delegation_id -> Nullable<Text>,
        photo_id -> Nullable<Text>,
        is_watched -> Bool,
        came_at -> Nullable<Timestamp>,
        search_key -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    chosen_answers (question_id, choice, registration_id) {
        question_id -> Text,
        choice -> Text,
        registration_id -> Text,
    }
}

diesel::table! {
    bulk_changes (id) {
        id -> Text,
        event_id -> Text,
        user_id -> Text,
        action -> Text,
        category_id -> Nullable<Text>,
        priority -> Integer,
        people -> Integer,
        created_at -> Timestamp,
        finished_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    bulk_change_people (change_id, position) {
        change_id -> Text,
        position -> Integer,
        registration_id -> Text,
        outcome -> Nullable<Text>,
    }
}

diesel::table! {
    default_views (user_id, event_id) {
        user_id -> Text,
        event_id -> Text,
        view_id -> Text,
    }
}

diesel::table! {
    form_openings (event_id, hour, source) {
        event_id -> Text,
        hour -> Timestamp,
        source -> Text,
        openings -> BigInt,
    }
}

diesel::table! {
    calls (event_id) {
        event_id -> Text,
        opens_at -> Nullable<Timestamp>,
        closes_at -> Nullable<Timestamp>,
        introduction -> Text,
        title_length -> Integer,
        abstract_length -> Integer,
        description_length -> Integer,
        most_per_person -> Nullable<Integer>,
        is_blind -> Bool,
        hides_scores -> Bool,
        sends_comments -> Bool,
        accepted_words -> Text,
        rejected_words -> Text,
        version -> Integer,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    call_windows (id) {
        id -> Text,
        event_id -> Text,
        format_id -> Nullable<Text>,
        forum_id -> Nullable<Text>,
        is_offered -> Bool,
        opens_at -> Nullable<Timestamp>,
        closes_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    late_links (id) {
        id -> Text,
        event_id -> Text,
        token_hash -> Text,
        name -> Text,
        until -> Timestamp,
        created_at -> Timestamp,
        revoked_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    session_proposals (id) {
        id -> Text,
        event_id -> Text,
        session_id -> Nullable<Text>,
        late_link_id -> Nullable<Text>,
        email -> Text,
        email_key -> Text,
        name -> Text,
        language -> Text,
        title -> Text,
        #[sql_name = "abstract"]
        abstract_text -> Text,
        description -> Text,
        written_in -> Text,
        spoken -> Nullable<Text>,
        format_id -> Nullable<Text>,
        forum_id -> Nullable<Text>,
        notes -> Text,
        people -> Text,
        answers -> Text,
        pending -> Nullable<Text>,
        decision -> Nullable<Text>,
        decided_at -> Nullable<Timestamp>,
        version -> Integer,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        sent_at -> Nullable<Timestamp>,
        withdrawn_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    session_proposal_links (id) {
        id -> Text,
        token_hash -> Text,
        proposal_id -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    review_criteria (id) {
        id -> Text,
        event_id -> Text,
        name -> Text,
        help -> Text,
        weight -> Integer,
        lowest -> Integer,
        highest -> Integer,
        position -> Integer,
        version -> Integer,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    proposal_reviews (id) {
        id -> Text,
        proposal_id -> Text,
        user_id -> Text,
        standing -> Text,
        scores -> Text,
        to_team -> Text,
        to_author -> Text,
        version -> Integer,
        created_at -> Timestamp,
        updated_at -> Timestamp,
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
diesel::joinable!(untold_registrations -> registrations (registration_id));
diesel::joinable!(consents -> registrations (registration_id));
diesel::joinable!(message_attempts -> messages (message_id));
diesel::joinable!(mail_pauses -> users (paused_by));
diesel::joinable!(editor_presence -> users (user_id));
diesel::joinable!(draft_edits -> users (user_id));
diesel::joinable!(speaker_links -> speakers (speaker_id));
diesel::joinable!(documents -> speakers (speaker_id));
diesel::joinable!(documents -> sessions (session_id));
diesel::joinable!(speaker_travel -> speakers (speaker_id));
diesel::joinable!(speaker_needs -> speakers (speaker_id));
diesel::joinable!(recording_consents -> speakers (speaker_id));
diesel::joinable!(speaker_invitations -> speakers (speaker_id));
diesel::joinable!(speaker_invitations -> sessions (session_id));
diesel::joinable!(change_notices -> speakers (speaker_id));
diesel::joinable!(change_notices -> registrations (registration_id));
diesel::joinable!(stars -> registrations (registration_id));
diesel::joinable!(stars -> sessions (session_id));
diesel::joinable!(speaker_assistants -> speakers (speaker_id));
diesel::joinable!(slot_answers -> speakers (speaker_id));
diesel::joinable!(told_slots -> speakers (speaker_id));
diesel::joinable!(category_questions -> categories (category_id));
diesel::joinable!(category_questions -> questions (question_id));
diesel::joinable!(quota_categories -> quotas (quota_id));
diesel::joinable!(held_places -> quotas (quota_id));
diesel::joinable!(held_places -> registrations (registration_id));
diesel::joinable!(delegation_quotas -> delegations (delegation_id));
diesel::joinable!(delegation_links -> delegations (delegation_id));
diesel::joinable!(sealed_answers -> registrations (registration_id));
diesel::joinable!(answer_files -> registrations (registration_id));
diesel::joinable!(reviews -> registrations (registration_id));
diesel::joinable!(watch_entries -> watch_lists (list_id));
diesel::joinable!(session_seats -> sessions (session_id));
diesel::joinable!(bookings -> sessions (session_id));
diesel::joinable!(bookings -> registrations (registration_id));
diesel::joinable!(offers -> registrations (registration_id));
diesel::joinable!(scans -> registrations (registration_id));
diesel::joinable!(scans -> gates (gate_id));
diesel::joinable!(scans -> devices (device_id));
diesel::joinable!(presences -> registrations (registration_id));
diesel::joinable!(presences -> gates (gate_id));
diesel::joinable!(badge_prints -> registrations (registration_id));
diesel::joinable!(badge_batch_people -> registrations (registration_id));
diesel::joinable!(default_views -> saved_views (view_id));
diesel::joinable!(bulk_change_people -> registrations (registration_id));
diesel::joinable!(invitation_codes -> categories (category_id));
diesel::joinable!(session_proposals -> sessions (session_id));
diesel::joinable!(session_proposal_links -> session_proposals (proposal_id));
diesel::joinable!(proposal_reviews -> session_proposals (proposal_id));
diesel::joinable!(proposal_reviews -> users (user_id));

// Pairs that a query names together. Allowing all tables with all others makes the compiler's work grow with the square
// of their number; a pair that is missing here shows as "the trait `TableNotEqual<…>` is not implemented".
diesel::allow_tables_to_appear_in_same_query!(audit_entries, audit_links);
diesel::allow_tables_to_appear_in_same_query!(bookings, gates);
diesel::allow_tables_to_appear_in_same_query!(bookings, presences);
diesel::allow_tables_to_appear_in_same_query!(categories, category_questions);
diesel::allow_tables_to_appear_in_same_query!(categories, held_places);
diesel::allow_tables_to_appear_in_same_query!(categories, invitation_codes);
diesel::allow_tables_to_appear_in_same_query!(categories, questions);
diesel::allow_tables_to_appear_in_same_query!(categories, quotas);
diesel::allow_tables_to_appear_in_same_query!(categories, registrations);
diesel::allow_tables_to_appear_in_same_query!(consents, registrations);
diesel::allow_tables_to_appear_in_same_query!(delegations, delegation_links);
diesel::allow_tables_to_appear_in_same_query!(delegations, delegation_quotas);
diesel::allow_tables_to_appear_in_same_query!(desk_lines, chosen_answers);
diesel::allow_tables_to_appear_in_same_query!(desk_lines, invitation_codes);
diesel::allow_tables_to_appear_in_same_query!(devices, scans);
diesel::allow_tables_to_appear_in_same_query!(events, categories);
diesel::allow_tables_to_appear_in_same_query!(events, formats);
diesel::allow_tables_to_appear_in_same_query!(events, forums);
diesel::allow_tables_to_appear_in_same_query!(events, memberships);
diesel::allow_tables_to_appear_in_same_query!(events, registrations);
diesel::allow_tables_to_appear_in_same_query!(events, releases);
diesel::allow_tables_to_appear_in_same_query!(events, rooms);
diesel::allow_tables_to_appear_in_same_query!(events, sessions);
diesel::allow_tables_to_appear_in_same_query!(formats, session_speakers);
diesel::allow_tables_to_appear_in_same_query!(formats, sessions);
diesel::allow_tables_to_appear_in_same_query!(formats, slots);
diesel::allow_tables_to_appear_in_same_query!(formats, speakers);
diesel::allow_tables_to_appear_in_same_query!(forums, formats);
diesel::allow_tables_to_appear_in_same_query!(forums, session_speakers);
diesel::allow_tables_to_appear_in_same_query!(forums, sessions);
diesel::allow_tables_to_appear_in_same_query!(forums, slots);
diesel::allow_tables_to_appear_in_same_query!(forums, speakers);
diesel::allow_tables_to_appear_in_same_query!(gates, presences);
diesel::allow_tables_to_appear_in_same_query!(gates, scans);
diesel::allow_tables_to_appear_in_same_query!(mailings, mailing_recipients);
diesel::allow_tables_to_appear_in_same_query!(memberships, membership_forums);
diesel::allow_tables_to_appear_in_same_query!(message_attempts, message_reports);
diesel::allow_tables_to_appear_in_same_query!(messages, address_marks);
diesel::allow_tables_to_appear_in_same_query!(messages, message_attempts);
diesel::allow_tables_to_appear_in_same_query!(messages, message_reports);
diesel::allow_tables_to_appear_in_same_query!(questions, category_questions);
diesel::allow_tables_to_appear_in_same_query!(questions, sealed_answers);
diesel::allow_tables_to_appear_in_same_query!(quotas, held_places);
diesel::allow_tables_to_appear_in_same_query!(quotas, quota_categories);
diesel::allow_tables_to_appear_in_same_query!(registrations, answer_files);
diesel::allow_tables_to_appear_in_same_query!(registrations, badge_batch_people);
diesel::allow_tables_to_appear_in_same_query!(registrations, badge_prints);
diesel::allow_tables_to_appear_in_same_query!(registrations, bookings);
diesel::allow_tables_to_appear_in_same_query!(registrations, bulk_change_people);
diesel::allow_tables_to_appear_in_same_query!(registrations, change_notices);
diesel::allow_tables_to_appear_in_same_query!(registrations, chosen_answers);
diesel::allow_tables_to_appear_in_same_query!(registrations, delegations);
diesel::allow_tables_to_appear_in_same_query!(registrations, gates);
diesel::allow_tables_to_appear_in_same_query!(registrations, held_places);
diesel::allow_tables_to_appear_in_same_query!(registrations, invitation_codes);
diesel::allow_tables_to_appear_in_same_query!(registrations, offers);
diesel::allow_tables_to_appear_in_same_query!(registrations, presences);
diesel::allow_tables_to_appear_in_same_query!(scans, presences);
diesel::allow_tables_to_appear_in_same_query!(registrations, quotas);
diesel::allow_tables_to_appear_in_same_query!(registrations, registration_links);
diesel::allow_tables_to_appear_in_same_query!(registrations, reminders);
diesel::allow_tables_to_appear_in_same_query!(registrations, reviews);
diesel::allow_tables_to_appear_in_same_query!(registrations, scans);
diesel::allow_tables_to_appear_in_same_query!(registrations, sealed_answers);
diesel::allow_tables_to_appear_in_same_query!(registrations, session_guests);
diesel::allow_tables_to_appear_in_same_query!(registrations, stars);
diesel::allow_tables_to_appear_in_same_query!(registrations, untold_registrations);
diesel::allow_tables_to_appear_in_same_query!(reminders, bookings);
diesel::allow_tables_to_appear_in_same_query!(rooms, formats);
diesel::allow_tables_to_appear_in_same_query!(rooms, forums);
diesel::allow_tables_to_appear_in_same_query!(rooms, session_speakers);
diesel::allow_tables_to_appear_in_same_query!(rooms, sessions);
diesel::allow_tables_to_appear_in_same_query!(rooms, slots);
diesel::allow_tables_to_appear_in_same_query!(rooms, speakers);
diesel::allow_tables_to_appear_in_same_query!(saved_views, default_views);
diesel::allow_tables_to_appear_in_same_query!(session_proposals, proposal_reviews);
diesel::allow_tables_to_appear_in_same_query!(session_proposals, session_proposal_links);
diesel::allow_tables_to_appear_in_same_query!(session_seats, bookings);
diesel::allow_tables_to_appear_in_same_query!(session_seats, gates);
diesel::allow_tables_to_appear_in_same_query!(session_seats, presences);
diesel::allow_tables_to_appear_in_same_query!(session_speakers, slots);
diesel::allow_tables_to_appear_in_same_query!(session_speakers, speaker_needs);
diesel::allow_tables_to_appear_in_same_query!(sessions, bookings);
diesel::allow_tables_to_appear_in_same_query!(sessions, documents);
diesel::allow_tables_to_appear_in_same_query!(sessions, session_proposal_links);
diesel::allow_tables_to_appear_in_same_query!(sessions, session_proposals);
diesel::allow_tables_to_appear_in_same_query!(sessions, session_seats);
diesel::allow_tables_to_appear_in_same_query!(sessions, session_speakers);
diesel::allow_tables_to_appear_in_same_query!(sessions, slots);
diesel::allow_tables_to_appear_in_same_query!(sessions, speaker_invitations);
diesel::allow_tables_to_appear_in_same_query!(sessions, stars);
diesel::allow_tables_to_appear_in_same_query!(slots, bookings);
diesel::allow_tables_to_appear_in_same_query!(slots, gates);
diesel::allow_tables_to_appear_in_same_query!(slots, presences);
diesel::allow_tables_to_appear_in_same_query!(slots, session_seats);
diesel::allow_tables_to_appear_in_same_query!(slots, speaker_assistants);
diesel::allow_tables_to_appear_in_same_query!(speakers, change_notices);
diesel::allow_tables_to_appear_in_same_query!(speakers, documents);
diesel::allow_tables_to_appear_in_same_query!(speakers, recording_consents);
diesel::allow_tables_to_appear_in_same_query!(speakers, registrations);
diesel::allow_tables_to_appear_in_same_query!(speakers, session_speakers);
diesel::allow_tables_to_appear_in_same_query!(speakers, sessions);
diesel::allow_tables_to_appear_in_same_query!(speakers, slot_answers);
diesel::allow_tables_to_appear_in_same_query!(speakers, slots);
diesel::allow_tables_to_appear_in_same_query!(speakers, speaker_assistants);
diesel::allow_tables_to_appear_in_same_query!(speakers, speaker_invitations);
diesel::allow_tables_to_appear_in_same_query!(speakers, speaker_links);
diesel::allow_tables_to_appear_in_same_query!(speakers, speaker_needs);
diesel::allow_tables_to_appear_in_same_query!(speakers, speaker_travel);
diesel::allow_tables_to_appear_in_same_query!(speakers, told_slots);
diesel::allow_tables_to_appear_in_same_query!(stars, bookings);
diesel::allow_tables_to_appear_in_same_query!(transfers, registrations);
diesel::allow_tables_to_appear_in_same_query!(users, audit_entries);
diesel::allow_tables_to_appear_in_same_query!(users, badge_batches);
diesel::allow_tables_to_appear_in_same_query!(users, badge_prints);
diesel::allow_tables_to_appear_in_same_query!(users, draft_edits);
diesel::allow_tables_to_appear_in_same_query!(users, editor_presence);
diesel::allow_tables_to_appear_in_same_query!(users, mail_pauses);
diesel::allow_tables_to_appear_in_same_query!(users, membership_forums);
diesel::allow_tables_to_appear_in_same_query!(users, memberships);
diesel::allow_tables_to_appear_in_same_query!(users, muted_concerns);
diesel::allow_tables_to_appear_in_same_query!(users, proposal_reviews);
diesel::allow_tables_to_appear_in_same_query!(users, registrations);
diesel::allow_tables_to_appear_in_same_query!(users, reviews);
diesel::allow_tables_to_appear_in_same_query!(users, user_sessions);
diesel::allow_tables_to_appear_in_same_query!(watch_lists, watch_entries);
