import GRDB
import Registry

// What is written in a transaction of `UsageStore`.
extension UsageStore {
    /// A cell with its series' number.
    struct NumberedCell: Hashable {
        var minute: Int64
        var offset: Int64
        var series: Int64
    }

    static func progress(_ row: Row) -> Progress {
        Progress(
            stem: row["stem"], folder: row["folder"], offset: row["offset"], records: row["records"], drops: row["drops"],
            isWhole: row["is_whole"])
    }

    static func progress(of stem: String, _ database: Database) throws -> Progress? {
        try Row.fetchOne(database, sql: "SELECT * FROM segment WHERE stem = ?", arguments: [stem]).map { progress($0) }
    }

    static func save(_ progress: Progress, _ database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO segment (stem, folder, offset, records, drops, is_whole) VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (stem) DO UPDATE SET
                    folder = excluded.folder, offset = excluded.offset, records = excluded.records, drops = excluded.drops,
                    is_whole = excluded.is_whole
                """,
            arguments: [progress.stem, progress.folder, progress.offset, progress.records, progress.drops, progress.isWhole])
    }

    static func numbered(_ cells: [UsageCell: Int64], _ database: Database) throws -> [NumberedCell: Int64] {
        var numbers: [UsageSeries: Int64] = [:]
        var numbered: [NumberedCell: Int64] = [:]
        for (cell, count) in cells {
            let number = try numbers[cell.series] ?? number(of: cell.series, database)
            numbers[cell.series] = number
            numbered[NumberedCell(minute: cell.minute, offset: cell.offset, series: number)] = count
        }
        return numbered
    }

    private static func number(of series: UsageSeries, _ database: Database) throws -> Int64 {
        let texts: StatementArguments = [series.application?.text ?? "", series.scope?.name ?? "", series.verdict]
        let found = "SELECT number FROM series WHERE application = ? AND scope = ? AND verdict = ?"
        if let number = try Int64.fetchOne(database, sql: found, arguments: texts) { return number }
        try database.execute(sql: "INSERT INTO series (application, scope, verdict) VALUES (?, ?, ?)", arguments: texts)
        return database.lastInsertedRowID
    }

    /// Adds to minutes, hours and days alike. What comes to nothing is removed.
    static func apply(_ deltas: [NumberedCell: Int64], _ database: Database) throws {
        for span in UsageSpan.allCases {
            var sums: [NumberedCell: Int64] = [:]
            for (cell, count) in deltas where count != 0 {
                let start = span.start(of: cell.minute, offset: cell.offset)
                let cell = NumberedCell(minute: start, offset: 0, series: cell.series)
                sums[cell] = (sums[cell] ?? 0).plusClamped(count)
            }
            let adding = try database.cachedStatement(
                sql: "UPDATE \(span.rawValue) SET count = \(within("count + ?")) WHERE start = ? AND series = ?")
            let making = try database.cachedStatement(sql: "INSERT INTO \(span.rawValue) (start, series, count) VALUES (?, ?, ?)")
            let removing = try database.cachedStatement(
                sql: "DELETE FROM \(span.rawValue) WHERE start = ? AND series = ? AND count = 0")
            for (cell, count) in sums where count != 0 {
                try adding.execute(arguments: [count, cell.minute, cell.series])
                if database.changesCount == 0 { try making.execute(arguments: [cell.minute, cell.series, count]) }
                if count < 0 { try removing.execute(arguments: [cell.minute, cell.series]) }
            }
        }
    }

    /// A sum in SQL that stays a count, as a sum of Int64 that is clamped.
    private static func within(_ sum: String) -> String { "max(0, min(\(sum), \(Int64.max)))" }

    /// Adds to what was counted of a segment.
    static func addShare(_ counts: [NumberedCell: Int64], of stem: String, _ database: Database) throws {
        let sql = """
            INSERT INTO share (stem, minute, day_offset, series, count) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET count = \(within("count + excluded.count"))
            """
        let statement = try database.cachedStatement(sql: sql)
        for (cell, count) in counts { try statement.execute(arguments: [stem, cell.minute, cell.offset, cell.series, count]) }
    }

    /// What was counted of a segment so far; it is not known any more afterwards.
    static func takeShare(of stem: String, _ database: Database) throws -> [NumberedCell: Int64] {
        var share: [NumberedCell: Int64] = [:]
        let rows = try Row.fetchCursor(
            database, sql: "SELECT minute, day_offset, series, count FROM share WHERE stem = ?", arguments: [stem])
        while let row = try rows.next() {
            share[NumberedCell(minute: row["minute"], offset: row["day_offset"], series: row["series"])] = row["count"]
        }
        try database.execute(sql: "DELETE FROM share WHERE stem = ?", arguments: [stem])
        return share
    }
}
