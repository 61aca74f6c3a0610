extension RegistrySchema {
    /// What was decided about policies beyond which one is in force: why, what comes later, what is tried, and which files were read.
    static let policyDecisions = """
        ALTER TABLE policy ADD COLUMN reason TEXT NOT NULL DEFAULT '';
        CREATE TABLE announcement (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            version TEXT NOT NULL CHECK (length(version) = 64), plans TEXT NOT NULL, routes TEXT NOT NULL,
            due INTEGER NOT NULL, announced INTEGER NOT NULL CHECK (announced < due),
            announced_by TEXT NOT NULL CHECK (length(announced_by) > 0), reason TEXT NOT NULL,
            outcome TEXT CHECK (outcome IN ('taken', 'cancelled', 'failed')), ended INTEGER, ended_by TEXT, ended_reason TEXT,
            CHECK ((outcome IS NULL) = (ended IS NULL) AND (outcome IS NULL) = (ended_by IS NULL)
                AND (outcome IS NULL) = (ended_reason IS NULL))
        ) STRICT;
        CREATE UNIQUE INDEX announcement_for_a_time ON announcement (due) WHERE outcome IS NULL;
        CREATE TRIGGER announcement_ends_once BEFORE UPDATE ON announcement WHEN old.outcome IS NOT NULL OR new.outcome IS NULL
            BEGIN SELECT RAISE(ABORT, 'an announcement ends once'); END;
        CREATE TRIGGER announcement_is_never_changed
            BEFORE UPDATE OF number, version, plans, routes, due, announced, announced_by, reason ON announcement
            BEGIN SELECT RAISE(ABORT, 'announcements are never changed'); END;
        CREATE TRIGGER announcement_is_never_deleted BEFORE DELETE ON announcement
            BEGIN SELECT RAISE(ABORT, 'announcements are never deleted'); END;
        CREATE TABLE shadow (
            number INTEGER PRIMARY KEY AUTOINCREMENT, version TEXT CHECK (length(version) = 64), plans TEXT, routes TEXT,
            since INTEGER NOT NULL, set_by TEXT NOT NULL CHECK (length(set_by) > 0), reason TEXT NOT NULL,
            CHECK ((version IS NULL) = (plans IS NULL) AND (version IS NULL) = (routes IS NULL))
        ) STRICT;
        CREATE TRIGGER shadow_is_never_changed BEFORE UPDATE ON shadow BEGIN SELECT RAISE(ABORT, 'shadows are append-only'); END;
        CREATE TRIGGER shadow_is_never_deleted BEFORE DELETE ON shadow BEGIN SELECT RAISE(ABORT, 'shadows are append-only'); END;
        CREATE TABLE policy_folder (folder TEXT NOT NULL PRIMARY KEY, version TEXT NOT NULL CHECK (length(version) = 64))
            STRICT, WITHOUT ROWID;
        """
}
