import GRDB

/// The tables of counts. A new version is a new migration, never an edit; unlike the registry, all of it can be counted again from the records.
enum UsageSchema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1-usage") { database in
            try database.execute(sql: series)
            for span in UsageSpan.allCases { try database.execute(sql: counts(span)) }
            try database.execute(sql: progress)
        }
        migrator.registerMigration("2-folder") { try $0.execute(sql: folder) }
        return migrator
    }

    /// What has no application or no scope has an empty one.
    private static var series: String {
        """
        CREATE TABLE series (
            number INTEGER PRIMARY KEY,
            application TEXT NOT NULL, scope TEXT NOT NULL, verdict TEXT NOT NULL CHECK (verdict <> ''),
            UNIQUE (application, scope, verdict)
        ) STRICT;
        """
    }

    /// Which folder is counted, and of which one each segment is: what is not in one folder may be in the other. Empty where nobody wrote it down.
    private static var folder: String {
        """
        CREATE TABLE counted (folder TEXT NOT NULL) STRICT;
        ALTER TABLE segment ADD COLUMN folder TEXT NOT NULL DEFAULT '';
        CREATE INDEX unfinished ON segment (folder) WHERE is_whole = 0;
        """
    }

    /// `start` in minutes since 1970.
    private static func counts(_ span: UsageSpan) -> String {
        """
        CREATE TABLE \(span.rawValue) (
            start INTEGER NOT NULL, series INTEGER NOT NULL REFERENCES series, count INTEGER NOT NULL CHECK (count >= 0),
            PRIMARY KEY (start, series)
        ) STRICT, WITHOUT ROWID;
        """
    }

    /// How far each segment is counted, and of one that is not whole yet what it has given so far: once it is whole, in whichever form, that
    /// is replaced by what all of it gives.
    private static var progress: String {
        """
        CREATE TABLE segment (
            stem TEXT NOT NULL PRIMARY KEY, offset INTEGER NOT NULL, records INTEGER NOT NULL, drops INTEGER NOT NULL,
            is_whole INTEGER NOT NULL CHECK (is_whole IN (0, 1))
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE share (
            stem TEXT NOT NULL REFERENCES segment, minute INTEGER NOT NULL, day_offset INTEGER NOT NULL, series INTEGER NOT NULL REFERENCES series,
            count INTEGER NOT NULL CHECK (count >= 0),
            PRIMARY KEY (stem, minute, day_offset, series)
        ) STRICT, WITHOUT ROWID;
        """
    }
}

/// What counts are rolled up to.
package enum UsageSpan: String, CaseIterable, Sendable {
    case minute, hour, day

    /// Its length in minutes.
    package var minutes: Int64 {
        switch self {
        case .minute: 1
        case .hour: 60
        case .day: 1_440
        }
    }

    /// The beginning of the one in which a minute lies, by clocks so many minutes ahead of UTC.
    func start(of minute: Int64, offset: Int64) -> Int64 {
        let local = minute + offset
        return minute - (local % minutes + minutes) % minutes
    }
}
