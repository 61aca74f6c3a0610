import GRDB

extension Store {
    /// Fills an empty database, adds the days that are missing from today on and forgets what is over; where nothing is
    /// missing it does nothing, so it may be called as often as one likes.
    package func keepHouse() async throws {
        let now = now
        let today = today
        try await write { database in
            if try Int.fetchOne(database, sql: "SELECT EXISTS (SELECT 1 FROM centre)") == 0 { try seedCentres(database) }
            try topUp(database, from: today)
            try forgetOldCodes(database, at: now)
        }
    }

    private func seedCentres(_ database: Database) throws {
        let state = try database.makeStatement(sql: "INSERT OR IGNORE INTO state VALUES (?, ?, ?)")
        let district = try database.makeStatement(sql: "INSERT INTO district VALUES (?, ?, ?)")
        let centre = try database.makeStatement(sql: "INSERT INTO centre VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        let counts = CentreAllotment.centres(settings.centreCount, over: country.districts)
        for place in country.districts {
            try state.execute(arguments: [place.stateId, place.stateName, place.stateNameLocal])
            try district.execute(arguments: [place.id, place.stateId, place.name])
            for number in 1..<(counts[place.id] ?? 0) + 1 {
                let made = SeededCentre(number: number, in: place, seed: settings.seed)
                try centre.execute(arguments: [
                    made.id, place.id, made.name, made.localName, made.address, made.block, made.pincode, made.latitude, made.longitude,
                    "\(padded(made.hours.opens, to: 2)):00:00", "\(padded(made.hours.closes, to: 2)):00:00", made.isPaid ? "Paid" : "Free",
                ])
            }
        }
    }

    /// Sessions nobody booked go when they are a week old, so the database does not grow for ever.
    private func topUp(_ database: Database, from today: Day) throws {
        let seeded = try Set(Int.fetchAll(database, sql: "SELECT day FROM seeded_day WHERE day >= ?", arguments: [today.number]))
        let missing = (0..<Limits.seededDays).map { today + $0 }.filter { !seeded.contains($0.number) }
        guard !missing.isEmpty else { return }
        try markMissed(before: today, database)
        let oldest = today.number - Limits.pastSessionDays
        try database.execute(
            sql: "DELETE FROM session WHERE day < ? AND session_id NOT IN (SELECT session_id FROM appointment)", arguments: [oldest])
        try database.execute(sql: "DELETE FROM seeded_day WHERE day < ?", arguments: [oldest])
        for day in missing { try database.execute(sql: "INSERT INTO seeded_day VALUES (?)", arguments: [day.number]) }
        let insert = try database.makeStatement(
            sql: """
                INSERT INTO session (session_id, center_id, day, vaccine, min_age_limit, fee, slots,
                    seeded_dose1, seeded_dose2, capacity_dose1, capacity_dose2)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        for centre in try Row.fetchAll(database, sql: "SELECT center_id, fee_type = 'Paid', opens FROM centre ORDER BY center_id") {
            let slots = Slots.json(opening: centre[2])
            for day in missing {
                let key: (id: Int, isPaid: Bool) = (centre[0], centre[1])
                let sessions = SeededSession.sessions(
                    of: key, on: day, vaccines: country.vaccines, environment: environment, seed: settings.seed)
                for made in sessions {
                    try insert.execute(arguments: [
                        made.id, key.id, day.number, made.vaccine, made.minimumAge, made.fee, slots, made.dose1, made.dose2,
                        made.dose1, made.dose2,
                    ])
                }
            }
        }
    }
}

/// The time ranges a centre books, as live sessions carried them: "09:00AM-11:00AM".
enum Slots {
    /// Four ranges of two hours from the opening hour ("09:00:00") on, as the JSON array the session carries.
    static func json(opening: String) -> String {
        let opens = Int(opening.prefix(2)) ?? 9
        let ranges = (0..<4).map { "\"\(clock(opens + 2 * $0))-\(clock(opens + 2 * $0 + 2))\"" }
        return "[\(ranges.joined(separator: ","))]"
    }

    private static func clock(_ hour: Int) -> String {
        "\(padded(hour > 12 ? hour - 12 : hour, to: 2)):00\(hour >= 12 ? "PM" : "AM")"
    }
}
