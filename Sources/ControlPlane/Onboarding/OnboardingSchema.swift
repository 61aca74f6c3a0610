import Registry

extension RegistrySchema {
    /// What onboarding keeps beside states and moves: by which rules, on which evidence, with which exceptions, and what was said.
    static var onboarding: String { lifecycleColumns + rules + evidence + exceptions + paperwork }

    /// What somebody had before the eyes who decided: which limits, which rules, and evidence under the name that it was handed in by.
    static let whatWasSeen = """
        ALTER TABLE application ADD COLUMN pending_limits BLOB CHECK (length(pending_limits) = 32);
        ALTER TABLE policy_folder ADD COLUMN rules TEXT CHECK (length(rules) > 0);
        DROP TRIGGER evidence_is_never_changed;
        CREATE TRIGGER evidence_is_never_changed
            BEFORE UPDATE OF number, id, application, kind, digest, name, media_type, bytes, issued, expires, added, added_by ON evidence
            BEGIN SELECT RAISE(ABORT, 'evidence is never changed'); END;
        """

    private static let lifecycleColumns = """
        ALTER TABLE application ADD COLUMN pending_for TEXT;
        ALTER TABLE application ADD COLUMN pending_scopes INTEGER CHECK (pending_scopes BETWEEN 0 AND 127);
        ALTER TABLE application ADD COLUMN pending_plan TEXT CHECK ((pending_plan IS NULL) = (pending_scopes IS NULL));
        ALTER TABLE application ADD COLUMN review_actor TEXT;
        ALTER TABLE application ADD COLUMN review_for TEXT;
        ALTER TABLE application ADD COLUMN review_since INTEGER CHECK ((review_actor IS NULL) = (review_since IS NULL));
        ALTER TABLE application ADD COLUMN since INTEGER;
        ALTER TABLE application ADD COLUMN clock_told INTEGER NOT NULL DEFAULT 0 CHECK (clock_told BETWEEN 0 AND 2);
        ALTER TABLE application ADD COLUMN assignee TEXT CHECK (length(assignee) > 0);
        ALTER TABLE move ADD COLUMN in_place_of TEXT CHECK (in_place_of <> actor);
        UPDATE application SET since = (SELECT max(time) FROM move WHERE move.application = application.id AND from_state <> to_state);

        """

    /// When applications were received may be declared; what was said is kept as it was said.
    static let received = """
        ALTER TABLE application ADD COLUMN received_said TEXT CHECK (received_said IS NULL OR received IS NOT NULL);
        CREATE TRIGGER application_was_received_once BEFORE UPDATE OF received, received_said ON application
            WHEN old.received_said IS NOT NULL AND (new.received IS NOT old.received OR new.received_said IS NOT old.received_said)
            BEGIN SELECT RAISE(ABORT, 'when an application was received is said once'); END;

        """

    /// The text is kept word for word; null where there was no file, and the rules are the built-in ones.
    private static let rules = """
        CREATE TABLE lifecycle_rules (
            number INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT,
            accepted INTEGER NOT NULL, accepted_by TEXT NOT NULL CHECK (length(accepted_by) > 0)
        ) STRICT;
        \(append(only: "lifecycle_rules", "rules are append-only"))
        """

    private static var evidence: String {
        let kinds = EvidenceKind.allCases.map { "'\($0.name)'" }.joined(separator: ", ")
        let types = EvidenceFileType.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
        return """
            CREATE TABLE evidence (
                number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
                application TEXT NOT NULL REFERENCES application (id), kind TEXT NOT NULL CHECK (kind IN (\(kinds))),
                digest BLOB NOT NULL CHECK (length(digest) = 32), name TEXT NOT NULL CHECK (length(name) > 0),
                media_type TEXT NOT NULL CHECK (media_type IN (\(types))), bytes INTEGER NOT NULL CHECK (bytes > 0),
                issued INTEGER, expires INTEGER CHECK (expires > issued),
                added INTEGER NOT NULL, added_by TEXT NOT NULL CHECK (length(added_by) > 0),
                withdrawn INTEGER, withdrawn_by TEXT, withdrawn_reason TEXT,
                warned_days INTEGER,
                CHECK ((withdrawn IS NULL) = (withdrawn_by IS NULL) AND (withdrawn IS NULL) = (withdrawn_reason IS NULL))
            ) STRICT;
            CREATE INDEX evidence_of_application ON evidence (application);
            CREATE INDEX evidence_that_ends ON evidence (expires) WHERE withdrawn IS NULL;
            CREATE TRIGGER evidence_is_withdrawn_once BEFORE UPDATE OF withdrawn, withdrawn_by, withdrawn_reason ON evidence
                WHEN old.withdrawn IS NOT NULL BEGIN SELECT RAISE(ABORT, 'evidence is withdrawn once'); END;
            CREATE TRIGGER evidence_is_never_changed
                BEFORE UPDATE OF number, id, application, kind, digest, media_type, bytes, issued, expires, added, added_by ON evidence
                BEGIN SELECT RAISE(ABORT, 'evidence is never changed'); END;
            CREATE TRIGGER evidence_is_never_deleted BEFORE DELETE ON evidence
                BEGIN SELECT RAISE(ABORT, 'evidence is never deleted'); END;

            """
    }

    private static let exceptions = """
        CREATE TABLE extra_quota (
            number INTEGER PRIMARY KEY AUTOINCREMENT, application TEXT NOT NULL REFERENCES application (id),
            percent INTEGER NOT NULL CHECK (percent BETWEEN 1 AND 1000), since INTEGER NOT NULL, until INTEGER NOT NULL CHECK (until > since),
            given_by TEXT NOT NULL CHECK (length(given_by) > 0), reason TEXT NOT NULL,
            ended INTEGER, ended_by TEXT, ended_reason TEXT,
            CHECK ((ended IS NULL) = (ended_by IS NULL) AND (ended IS NULL) = (ended_reason IS NULL))
        ) STRICT;
        CREATE UNIQUE INDEX extra_quota_of_application ON extra_quota (application) WHERE ended IS NULL;
        CREATE TRIGGER extra_quota_ends_once BEFORE UPDATE ON extra_quota WHEN old.ended IS NOT NULL OR new.ended IS NULL
            BEGIN SELECT RAISE(ABORT, 'extra quota ends once'); END;
        CREATE TRIGGER extra_quota_is_never_changed
            BEFORE UPDATE OF number, application, percent, since, until, given_by, reason ON extra_quota
            BEGIN SELECT RAISE(ABORT, 'extra quota is never changed'); END;
        CREATE TRIGGER extra_quota_is_never_deleted BEFORE DELETE ON extra_quota
            BEGIN SELECT RAISE(ABORT, 'extra quota is never deleted'); END;
        CREATE TABLE delegation (
            number INTEGER PRIMARY KEY AUTOINCREMENT, away TEXT NOT NULL CHECK (length(away) > 0),
            stand_in TEXT NOT NULL CHECK (length(stand_in) > 0 AND stand_in <> away),
            since INTEGER NOT NULL, until INTEGER NOT NULL CHECK (until > since), made INTEGER NOT NULL, made_by TEXT NOT NULL,
            reason TEXT NOT NULL, ended INTEGER, ended_by TEXT, CHECK ((ended IS NULL) = (ended_by IS NULL))
        ) STRICT;
        CREATE INDEX delegation_to ON delegation (stand_in);
        CREATE TRIGGER delegation_ends_once BEFORE UPDATE ON delegation WHEN old.ended IS NOT NULL OR new.ended IS NULL
            BEGIN SELECT RAISE(ABORT, 'a delegation ends once'); END;
        CREATE TRIGGER delegation_is_never_changed
            BEFORE UPDATE OF number, away, stand_in, since, until, made, made_by, reason ON delegation
            BEGIN SELECT RAISE(ABORT, 'delegations are never changed'); END;
        CREATE TRIGGER delegation_is_never_deleted BEFORE DELETE ON delegation
            BEGIN SELECT RAISE(ABORT, 'delegations are never deleted'); END;

        """

    private static let paperwork = """
        CREATE TABLE note (
            number INTEGER PRIMARY KEY AUTOINCREMENT, application TEXT NOT NULL REFERENCES application (id),
            audience TEXT NOT NULL CHECK (audience IN ('team', 'partner')), text TEXT NOT NULL CHECK (length(text) > 0),
            time INTEGER NOT NULL, actor TEXT NOT NULL CHECK (length(actor) > 0)
        ) STRICT;
        CREATE INDEX note_of_application ON note (application);
        \(append(only: "note", "notes are append-only"))
        CREATE TABLE assignment (
            number INTEGER PRIMARY KEY AUTOINCREMENT, application TEXT NOT NULL REFERENCES application (id),
            person TEXT CHECK (length(person) > 0), time INTEGER NOT NULL, actor TEXT NOT NULL CHECK (length(actor) > 0)
        ) STRICT;
        CREATE INDEX assignment_of_application ON assignment (application, number);
        \(append(only: "assignment", "assignments are append-only"))
        """

    private static func append(only table: String, _ sentence: String) -> String {
        """
        CREATE TRIGGER \(table)_is_never_changed BEFORE UPDATE ON \(table) BEGIN SELECT RAISE(ABORT, '\(sentence)'); END;
        CREATE TRIGGER \(table)_is_never_deleted BEFORE DELETE ON \(table) BEGIN SELECT RAISE(ABORT, '\(sentence)'); END;

        """
    }
}
