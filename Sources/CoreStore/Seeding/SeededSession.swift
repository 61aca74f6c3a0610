/// A made-up session of a centre on a day, drawn from a stream of its own, so a day added later equals the same day seeded at once.
struct SeededSession {
    let id: String
    let vaccine: String
    let minimumAge: Int
    let fee: Int
    let dose1: Int
    let dose2: Int

    /// None to two sessions: a centre is open every other day.
    static func sessions(
        of centre: (id: Int, isPaid: Bool), on day: Day, vaccines: [Country.Vaccine], environment: StoreEnvironment, seed: UInt64
    ) -> [SeededSession] {
        var habits = SplitMix64(seed: seed, 2, centre.id)
        let usual = usualVaccine(of: vaccines, isPaid: centre.isPaid, &habits)
        let environmentKey = environment == .production ? 1 : 2
        var random = SplitMix64(seed: seed, 3, centre.id, day.number, environmentKey)
        guard Int.random(in: 0..<100, using: &random) < 50 else { return [] }
        var sessions = [SeededSession(usual, ages: [18, 18, 18, 45, 45], isPaid: centre.isPaid, &random)]
        if Int.random(in: 0..<100, using: &random) < 12 {
            // Children were given Covaxin, so a centre's other session is often for them.
            let other = vaccines.count > 1 ? vaccines[1] : vaccines[0]
            let second = SeededSession(other, ages: [15, 15, 18], isPaid: centre.isPaid, &random)
            if second.vaccine != sessions[0].vaccine || second.minimumAge != sessions[0].minimumAge { sessions.append(second) }
        }
        return sessions
    }

    private init(_ vaccine: Country.Vaccine, ages: [Int], isPaid: Bool, _ random: inout SplitMix64) {
        id = random.identifier()
        self.vaccine = vaccine.name
        minimumAge = max(ages[Int.random(in: 0..<ages.count, using: &random)], Self.ageLimit(atLeast: vaccine.minimumAge))
        fee = isPaid ? vaccine.feeRupees : 0
        let places = Int.random(in: 4...30, using: &random) * 10
        // One in ten has nothing left for the first dose, as partners often met.
        dose1 = Int.random(in: 0..<10, using: &random) == 0 ? 0 : places * Int.random(in: 3...7, using: &random) / 10
        dose2 = places - dose1
    }

    private static func ageLimit(atLeast age: Int) -> Int { [15, 18].first { $0 >= age } ?? 45 }

    /// The first of the country's vaccines is by far the most common; those after the second are for paid centres only.
    private static func usualVaccine(of vaccines: [Country.Vaccine], isPaid: Bool, _ random: inout SplitMix64) -> Country.Vaccine {
        let drawn = Int.random(in: 0..<100, using: &random)
        if drawn < (isPaid ? 50 : 70) || vaccines.count == 1 { return vaccines[0] }
        if drawn < 75 || !isPaid || vaccines.count == 2 { return vaccines[1] }
        return vaccines[2 + drawn % (vaccines.count - 2)]
    }
}
