//! Both databases have the same migrations, which end in the same tables and can be taken back.

use crate::support::TestDatabase;
use diesel::prelude::*;
use diesel::{sql_query, sql_types};
use plenary::db::{Backend, Database, DbError, migration_names};

#[derive(QueryableByName, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Column {
    #[diesel(sql_type = sql_types::Text)]
    table_name: String,
    #[diesel(sql_type = sql_types::Text)]
    column_name: String,
    #[diesel(sql_type = sql_types::Text)]
    kind: String,
    #[diesel(sql_type = sql_types::Integer)]
    nullable: i32,
}

#[derive(QueryableByName, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Index {
    #[diesel(sql_type = sql_types::Text)]
    table_name: String,
    #[diesel(sql_type = sql_types::Text)]
    index_name: String,
    #[diesel(sql_type = sql_types::Text)]
    definition: String,
}

async fn columns(db: &Database) -> Vec<Column> {
    let query = match db.backend() {
        Backend::Sqlite => {
            "SELECT m.name AS table_name, c.name AS column_name, upper(c.type) AS kind, (c.\"notnull\" = 0) AS nullable \
             FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE '\\_\\_%' ESCAPE '\\' AND m.name NOT LIKE 'sqlite%'"
        }
        Backend::Postgres => {
            "SELECT table_name::text, column_name::text, CASE data_type WHEN 'timestamp without time zone' THEN 'TIMESTAMP' ELSE upper(data_type) END AS kind, \
             (is_nullable = 'YES')::int AS nullable FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\\_\\_%'"
        }
    };
    let mut rows: Vec<Column> = db.read(move |db| Ok::<_, DbError>(sql_query(query).load(db)?)).await.expect("columns");
    rows.sort();
    rows
}

#[derive(QueryableByName, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Reference {
    #[diesel(sql_type = sql_types::Text)]
    table_name: String,
    #[diesel(sql_type = sql_types::Text)]
    column_name: String,
    #[diesel(sql_type = sql_types::Text)]
    target: String,
    #[diesel(sql_type = sql_types::Text)]
    on_delete: String,
}

async fn references(db: &Database) -> Vec<Reference> {
    let query = match db.backend() {
        Backend::Sqlite => {
            "SELECT m.name AS table_name, f.\"from\" AS column_name, f.\"table\" AS target, f.on_delete AS on_delete \
             FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'"
        }
        Backend::Postgres => {
            "SELECT c.conrelid::regclass::text AS table_name, a.attname::text AS column_name, c.confrelid::regclass::text AS target, \
             CASE c.confdeltype WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' WHEN 'r' THEN 'RESTRICT' WHEN 'd' THEN 'SET DEFAULT' ELSE 'NO ACTION' END AS on_delete \
             FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey) WHERE c.contype = 'f'"
        }
    };
    let mut rows: Vec<Reference> =
        db.read(move |db| Ok::<_, DbError>(sql_query(query).load(db)?)).await.expect("references");
    rows.sort();
    rows
}

async fn indexes(db: &Database) -> Vec<Index> {
    let query = match db.backend() {
        Backend::Sqlite => {
            "SELECT tbl_name AS table_name, name AS index_name, sql AS definition FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        }
        Backend::Postgres => {
            "SELECT tablename::text AS table_name, indexname::text AS index_name, indexdef AS definition FROM pg_indexes \
             WHERE schemaname = 'public' AND indexname NOT LIKE '%\\_pkey' AND tablename NOT LIKE '\\_\\_%'"
        }
    };
    let mut rows: Vec<Index> = db.read(move |db| Ok::<_, DbError>(sql_query(query).load(db)?)).await.expect("indexes");
    for row in &mut rows {
        row.definition = essence(&row.definition);
    }
    rows.sort();
    rows
}

/// Uniqueness, columns and condition of an index, written the same way for both databases.
fn essence(definition: &str) -> String {
    let unique = definition.contains("UNIQUE");
    let rest = definition.split_once('(').map_or("", |(_, rest)| rest);
    let plain: String =
        rest.replace("::text", "").chars().filter(|character| !matches!(character, '(' | ')' | '"' | ' ')).collect();
    // Postgres spells `IN ('a', 'b')` as `= ANY (ARRAY['a', 'b'])`.
    let plain = plain.replace("=ANYARRAY[", "IN").replace(']', "");
    format!("{unique} {plain}")
}

#[test]
fn both_databases_have_migrations_of_the_same_names() {
    let [sqlite, postgres] = migration_names();
    assert!(!sqlite.is_empty());
    assert_eq!(sqlite, postgres);
}

#[test]
fn migrations_go_up_down_and_up_again_and_end_in_the_same_tables() {
    crate::support::run(async {
        let mut ends = Vec::new();
        for backend in [Backend::Sqlite, Backend::Postgres] {
            let test = TestDatabase::empty(backend).await;
            let db = test.open();
            let applied = db.migrate().await.expect("up");
            assert_eq!(applied.len(), migration_names()[0].len());
            let first = (columns(&db).await, indexes(&db).await, references(&db).await);
            db.revert_all().await.expect("down");
            assert_eq!(columns(&db).await, [], "{backend:?}: tables are left after taking all back");
            db.migrate().await.expect("up again");
            assert_eq!(db.migrate().await.expect("nothing to do"), Vec::<String>::new());
            let second = (columns(&db).await, indexes(&db).await, references(&db).await);
            assert_eq!(first, second, "{backend:?}");
            ends.push(second);
        }
        assert_eq!(ends[0].0, ends[1].0, "columns differ");
        assert_eq!(ends[0].1, ends[1].1, "indexes differ");
        assert!(!ends[0].2.is_empty());
        assert_eq!(ends[0].2, ends[1].2, "references differ");
    });
}

#[test]
fn the_schema_in_the_code_is_that_of_the_tables() {
    crate::support::run(async {
        let test = TestDatabase::sqlite().await;
        let db = test.open();
        let source = include_str!("../src/db/schema.rs");
        let mut declared = Vec::new();
        for table in source.split("diesel::table! {").skip(1) {
            let name = table.split_whitespace().next().expect("a name").to_owned();
            let mut renamed = None;
            for line in table.lines().skip(2).take_while(|line| line.trim() != "}") {
                let line = line.trim().trim_end_matches(',');
                if let Some(sql) = line.strip_prefix("#[sql_name = \"") {
                    renamed = sql.strip_suffix("\"]").map(str::to_owned);
                } else if let Some((column, kind)) = line.split_once(" -> ") {
                    let nullable = kind.starts_with("Nullable<");
                    let kind = kind.trim_start_matches("Nullable<").trim_end_matches('>');
                    let kind = match kind {
                        "Bool" => "BOOLEAN".to_owned(),
                        other => other.to_uppercase(),
                    };
                    declared.push(Column {
                        table_name: name.clone(),
                        column_name: renamed.take().unwrap_or_else(|| column.to_owned()),
                        kind,
                        nullable: i32::from(nullable),
                    });
                }
            }
        }
        declared.sort();
        assert_eq!(declared, columns(&db).await);
    });
}
