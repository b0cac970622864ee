//! What migrations make of what was there before them.

use super::*;

/// The firm that what was there before belongs to.
const FIRM: &str = "insert into organisations (id, name, zone, currency, lang, country, is_demo, \
                    made_at) values ('o', 'firm', 'UTC', 'RUB', 'ru', 'RU', false, 7)";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_checks_told_of_people_moves_to_where_it_can_be_erased() {
    const BEFORE: i64 = 21;
    for from in [Engine::Sqlite, Engine::Postgres] {
        let old = testing::bare(from).await;
        migrations::migrate_to(&old.db, &old.clock, BEFORE).await.expect("migrates");
        let mut tx = old.db.begin().await.expect("begins");
        dialect::defer_references(&mut tx).await.expect("put off");
        for row in [
            "insert into organisations (id, name, zone, currency, lang, is_demo, made_at) \
             values ('org', 'Firm', 'UTC', 'RUB', 'en', false, 0)",
            "insert into companies (id, org_id, number, name, name_key, version, made_at, \
             changed_at) values ('len', 'org', 1, 'Len', 'len', 1, 0, 0)",
            "insert into contacts (id, org_id, company_id, name, is_decision_maker, version, \
             made_at) values ('petr', 'org', 'len', 'Petr', false, 1, 0)",
            "insert into verifications (id, org_id, company_id, field, result, source, note, \
             made_at, subject_id, old_value) \
             values ('check', 'org', 'len', 'contact', 'wrong', 'call', 'moved', 7, 'petr', \
             'Petr')",
            "insert into verifications (id, org_id, company_id, field, result, source, made_at) \
             values ('bare', 'org', 'len', 'email', 'confirmed', 'call', 7)",
            "insert into events (id, org_id, at, kind, subject_id, reason, detail) \
             values ('left', 'org', 7, 'contact.left', 'petr', 'he drinks', \
             '{\"value\":\"Petr\",\"decided\":false}')",
        ] {
            tx.run(row, &[]).await.expect(row);
        }
        tx.commit().await.expect("committed");
        let done = migrations::migrate(&old.db, &old.clock).await.expect("migrates");
        assert_eq!((done.from, done.to), (BEFORE, migrations::version()));
        for table in ["events", "verifications"] {
            let text = testing::text_of(&old.db, table).await;
            assert!(text.contains("petr"), "{table} names them by id: {text}");
            for told in ["Petr", "drinks", "moved"] {
                assert!(!text.contains(told), "{told} stands in {table}: {text}");
            }
        }
        let text = testing::text_of(&old.db, "events").await;
        assert!(text.contains("decided"), "what tells of nobody stays: {text}");
        let values = testing::text_of(&old.db, "check_values").await;
        for told in ["Petr", "petr", "moved"] {
            assert!(values.contains(told), "{told}: {values}");
        }
        assert_eq!(values.lines().count(), 1, "no row where nothing is kept: {values}");
        let mut tx = old.db.begin().await.expect("begins");
        let changed = tx.run("update verifications set result = 'right'", &[]).await;
        assert!(changed.is_err(), "append-only again");
        drop(tx);
        let mut tx = old.db.begin().await.expect("begins");
        assert!(tx.run("delete from events", &[]).await.is_err(), "append-only again");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_events_of_merges_called_companies_is_taken_out_of_them() {
    const BEFORE: i64 = 28;
    for from in [Engine::Sqlite, Engine::Postgres] {
        let old = testing::bare(from).await;
        migrations::migrate_to(&old.db, &old.clock, BEFORE).await.expect("migrates");
        let mut tx = old.db.begin().await.expect("begins");
        for (id, kind) in [
            ("1", "company.merged"),
            ("2", "company.merge_undone"),
            ("3", "company.tied"),
            ("4", "company.untied"),
            ("5", "import.undone"),
        ] {
            tx.run(
                "insert into events (id, org_id, at, kind, subject_id, detail) values ($1, 'org', \
                 7, $2, 'it', '{\"number\":44,\"name\":\"Markerov\",\"other_name\":\"Petr\"}')",
                vals![id, kind],
            )
            .await
            .expect(kind);
        }
        tx.commit().await.expect("committed");
        migrations::migrate(&old.db, &old.clock).await.expect("migrates");
        let text = testing::text_of(&old.db, "events").await;
        assert_eq!(text.matches("44").count(), 5, "what tells of nobody stays: {text}");
        for told in ["Markerov", "Petr"] {
            assert_eq!(text.matches(told).count(), 1, "only of another kind: {text}");
        }
        let mut tx = old.db.begin().await.expect("begins");
        assert!(tx.run("delete from events", &[]).await.is_err(), "append-only again");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_campaign_from_before_keeps_the_holidays_of_its_firm_s_country() {
    const BEFORE: i64 = 32;
    for from in [Engine::Sqlite, Engine::Postgres] {
        let old = testing::bare(from).await;
        migrations::migrate_to(&old.db, &old.clock, BEFORE).await.expect("migrates");
        let mut tx = old.db.begin().await.expect("begins");
        for country in ["RU", "GB", "PL", "KZ"] {
            tx.run(
                "insert into organisations (id, name, zone, currency, lang, country, is_demo, \
                 made_at) values ($1, 'firm', 'UTC', 'RUB', 'ru', $1, false, 7)",
                vals![country],
            )
            .await
            .expect("a firm");
            tx.run(
                "insert into campaigns (id, org_id, number, name, state, engagement, purpose, \
                 legal_basis, segment, open_days, open_from, open_to, holidays_off, \
                 attempts_max, attempts_per_day_max, gap_minutes, cool_down_days, pressure_max, \
                 pressure_days, lease_seconds, callback_grace_minutes, acceptance_minutes, \
                 passport_fields, target_actions, version, made_at) values ($1, $1, 1, 'spring', \
                 'draft', 'three_tiers', 'contract', 'contract', '{}', 31, 0, 1440, true, \
                 1, 1, 1, 1, 1, 1, 1, 1, 1, '', '', 1, 7)",
                vals![country],
            )
            .await
            .expect("a campaign");
        }
        tx.commit().await.expect("committed");
        migrations::migrate(&old.db, &old.clock).await.expect("migrates");
        let mut tx = old.db.read().await.expect("reads");
        let rows = tx.all("select calendar from campaigns order by id", &[]).await.expect("reads");
        let kept: Vec<String> =
            rows.iter().map(|row| row.text("calendar").expect("a calendar")).collect();
        assert_eq!(kept, ["gb", "ru", "eu", "ru"], "of GB, KZ, PL, RU");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_promised_before_callbacks_were_records_has_one() {
    const BEFORE: i64 = 33;
    for from in [Engine::Sqlite, Engine::Postgres] {
        let old = testing::bare(from).await;
        migrations::migrate_to(&old.db, &old.clock, BEFORE).await.expect("migrates");
        let mut tx = old.db.begin().await.expect("begins");
        for text in [
            FIRM,
            "insert into campaigns (id, org_id, number, name, state, engagement, purpose, \
             legal_basis, segment, open_days, open_from, open_to, holidays_off, attempts_max, \
             attempts_per_day_max, gap_minutes, cool_down_days, pressure_max, pressure_days, \
             lease_seconds, callback_grace_minutes, acceptance_minutes, passport_fields, \
             target_actions, version, made_at) values ('c', 'o', 1, 'spring', 'draft', \
             'three_tiers', 'contract', 'contract', '{}', 31, 0, 1440, true, 1, 1, 1, 1, 1, 1, \
             1, 1, 1, '', '', 1, 7)",
            "insert into leads (id, org_id, number, campaign_id, company_id, state, attempts, \
             next_at, is_ready, callback_at, returned_reason, lease_generation, version, \
             made_at, changed_at) values \
             ('a', 'o', 1, 'c', 'x', 'queued', 0, 9, false, 9, null, 0, 1, 7, 8), \
             ('b', 'o', 2, 'c', 'y', 'queued', 0, 9, false, 9, 'no_need', 0, 1, 7, 8), \
             ('d', 'o', 3, 'c', 'z', 'queued', 0, 9, false, null, null, 0, 1, 7, 8)",
        ] {
            tx.run(text, &[]).await.expect("a row");
        }
        tx.commit().await.expect("committed");
        migrations::migrate(&old.db, &old.clock).await.expect("migrates");
        let mut tx = old.db.read().await.expect("reads");
        let rows = tx.all("select lead_id, origin, at from callbacks order by lead_id", &[]).await;
        let told = |row: &crate::storage::Row| {
            (row.text("lead_id").expect("a lead"), row.text("origin").expect("an origin"))
        };
        let rows: Vec<_> = rows.expect("reads").iter().map(told).collect();
        let pair = |lead: &str, origin: &str| (lead.to_owned(), origin.to_owned());
        assert_eq!(rows, [pair("a", "before"), pair("b", "return")]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_from_before_were_of_their_teams_since_they_were_added() {
    const BEFORE: i64 = 50;
    for from in [Engine::Sqlite, Engine::Postgres] {
        let old = testing::bare(from).await;
        migrations::migrate_to(&old.db, &old.clock, BEFORE).await.expect("migrates");
        let mut tx = old.db.begin().await.expect("begins");
        for text in [
            FIRM,
            "insert into teams (id, org_id, name, tier, made_at) values ('t', 'o', 'one', 1, 7)",
            "insert into users (id, org_id, number, login, name, alias, role, tier, team_id, \
             lang, theme, keys_off, disabled_at, made_at) values \
             ('a', 'o', 1, 'a', 'a', 'a', 'head', 1, 't', 'ru', 'auto', false, null, 8), \
             ('b', 'o', 2, 'b', 'b', 'b', 'caller', 1, 't', 'ru', 'auto', false, 20, 9), \
             ('c', 'o', 3, 'c', 'c', 'c', 'owner', null, null, 'ru', 'auto', false, null, 10)",
        ] {
            tx.run(text, &[]).await.expect("a row");
        }
        tx.commit().await.expect("committed");
        migrations::migrate(&old.db, &old.clock).await.expect("migrates");
        let mut tx = old.db.read().await.expect("reads");
        let listing = "select user_id, ordinal, team_id, role, has_left, starts_at \
                       from team_history order by user_id, ordinal";
        let told = |row: &crate::storage::Row| {
            let (user, team) = (row.text("user_id"), row.opt_text("team_id"));
            let place = format!("{} {}", user.expect("who"), team.expect("a team").is_some());
            let (left, since) = (row.flag("has_left"), row.int("starts_at"));
            (place, left.expect("a word"), since.expect("a time"))
        };
        let rows: Vec<_> = tx.all(listing, &[]).await.expect("reads").iter().map(told).collect();
        let expected = [
            ("a true", false, 8),
            ("b true", false, 9),
            ("b true", true, 20),
            ("c false", false, 10),
        ];
        assert_eq!(rows, expected.map(|(place, left, at)| (place.to_owned(), left, at)));
    }
}
