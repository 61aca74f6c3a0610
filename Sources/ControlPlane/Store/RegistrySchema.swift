import GRDB
import Registry

/// The registry's tables. Invariants live here, so that no code path can break them; a new version is a new migration, never an edit.
enum RegistrySchema {
    /// All migrations in their order; the time is that of an audit that begins.
    static func migrator(at now: WallTime) -> DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1-registry") { database in
            try database.execute(sql: partners)
            try database.execute(sql: applications)
            try database.execute(sql: history)
        }
        migrator.registerMigration("2-certificates") { database in
            // Fingerprints with blanks between, as `allowed_addresses` is kept; empty = not bound.
            try database.execute(sql: "ALTER TABLE application ADD COLUMN certificates TEXT NOT NULL DEFAULT ''")
        }
        migrator.registerMigration("3-policy-decisions") { database in try database.execute(sql: policyDecisions) }
        migrator.registerMigration("4-audit") { database in
            try database.execute(sql: audit)
            try beginAudit(at: now, database)
        }
        migrator.registerMigration("5-accounts") { database in try database.execute(sql: accounts) }
        migrator.registerMigration("6-onboarding") { database in try database.execute(sql: onboarding) }
        migrator.registerMigration("6-open-reviews") { database in
            // Asked for ten times a second.
            try database.execute(
                sql: "CREATE INDEX application_under_review ON application (review_since) WHERE review_since IS NOT NULL")
        }
        migrator.registerMigration("7-inbox") { database in try inbox(database) }
        migrator.registerMigration("8-received") { database in try database.execute(sql: received) }
        migrator.registerMigration("9-tokens") { database in try database.execute(sql: accessTokens) }
        migrator.registerMigration("9-what-was-seen") { database in try database.execute(sql: whatWasSeen) }
        migrator.registerMigration("10-erasure") { database in try database.execute(sql: erasure) }
        return migrator
    }

    private static var kinds: String { PartnerKind.allCases.map { "'\($0.name)'" }.joined(separator: ", ") }
    private static var states: String { ApplicationState.allCases.map { "'\($0.name)'" }.joined(separator: ", ") }

    private static var partners: String {
        """
        CREATE TABLE partner (
            id TEXT NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 3 AND 40 AND id NOT GLOB '*[^a-z0-9-]*'),
            kind TEXT NOT NULL CHECK (kind IN (\(kinds))),
            name TEXT NOT NULL, registration TEXT NOT NULL, site TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE contact (
            partner TEXT NOT NULL REFERENCES partner, role TEXT NOT NULL, address TEXT NOT NULL, PRIMARY KEY (partner, role)
        ) STRICT, WITHOUT ROWID;
        """
    }

    private static var applications: String {
        """
        CREATE TABLE application (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE CHECK (length(id) BETWEEN 3 AND 40 AND id NOT GLOB '*[^a-z0-9-]*'),
            partner TEXT NOT NULL REFERENCES partner,
            name TEXT NOT NULL, purpose TEXT NOT NULL,
            scopes_asked INTEGER NOT NULL CHECK (scopes_asked BETWEEN 1 AND 127),
            scopes_granted INTEGER NOT NULL CHECK (scopes_granted BETWEEN 0 AND 127),
            plan_asked TEXT, plan TEXT,
            allowed_addresses TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN (\(states))),
            returns_to TEXT CHECK (returns_to IN (\(states))),
            submitters TEXT NOT NULL DEFAULT '[]' CHECK (json_type(submitters) IS 'array'),
            pending_move TEXT, pending_actor TEXT, pending_since INTEGER, withdrawn_until INTEGER,
            CHECK ((pending_move IS NULL) = (pending_actor IS NULL) AND (pending_move IS NULL) = (pending_since IS NULL)),
            CHECK (state NOT IN ('sandbox', 'certifying', 'approved', 'live') OR (plan IS NOT NULL AND scopes_granted > 0)),
            CHECK (state <> 'withdrawn' OR withdrawn_until IS NOT NULL)
        ) STRICT;
        CREATE INDEX application_of_partner ON application (partner);
        CREATE TABLE credential (
            id TEXT NOT NULL PRIMARY KEY,
            digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
            application TEXT NOT NULL REFERENCES application (id),
            environment TEXT NOT NULL CHECK (environment IN ('sandbox', 'production')),
            name TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('active', 'retiring', 'revoked')),
            until INTEGER, created INTEGER NOT NULL, created_by TEXT NOT NULL, last_used INTEGER, ended_by TEXT, reason TEXT,
            CHECK (state <> 'retiring' OR until IS NOT NULL)
        ) STRICT;
        CREATE INDEX credential_of_application ON credential (application);
        CREATE TRIGGER credential_stays_revoked BEFORE UPDATE ON credential WHEN old.state = 'revoked' AND new.state <> 'revoked'
            BEGIN SELECT RAISE(ABORT, 'a revoked key stays revoked'); END;
        """
    }

    private static var history: String {
        """
        CREATE TABLE move (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            application TEXT NOT NULL REFERENCES application (id),
            from_state TEXT NOT NULL CHECK (from_state IN (\(states))),
            to_state TEXT NOT NULL CHECK (to_state IN (\(states))),
            move TEXT NOT NULL, actor TEXT NOT NULL CHECK (length(actor) > 0), time INTEGER NOT NULL, reason TEXT NOT NULL,
            pending INTEGER NOT NULL CHECK (pending IN (0, 1))
        ) STRICT;
        CREATE INDEX move_of_application ON move (application);
        CREATE TRIGGER move_is_never_changed BEFORE UPDATE ON move BEGIN SELECT RAISE(ABORT, 'moves are append-only'); END;
        CREATE TRIGGER move_is_never_deleted BEFORE DELETE ON move BEGIN SELECT RAISE(ABORT, 'moves are append-only'); END;
        CREATE TABLE policy (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            version TEXT NOT NULL CHECK (length(version) = 64),
            plans TEXT NOT NULL, routes TEXT NOT NULL, accepted INTEGER NOT NULL, accepted_by TEXT NOT NULL
        ) STRICT;
        CREATE TRIGGER policy_is_never_changed BEFORE UPDATE ON policy BEGIN SELECT RAISE(ABORT, 'policies are append-only'); END;
        CREATE TRIGGER policy_is_never_deleted BEFORE DELETE ON policy BEGIN SELECT RAISE(ABORT, 'policies are append-only'); END;
        CREATE TABLE revision (one INTEGER PRIMARY KEY CHECK (one = 1), number INTEGER NOT NULL) STRICT;
        CREATE TRIGGER revision_only_grows BEFORE UPDATE ON revision WHEN new.number <= old.number
            BEGIN SELECT RAISE(ABORT, 'the revision only grows'); END;
        INSERT INTO revision VALUES (1, 0);
        """
    }
}
