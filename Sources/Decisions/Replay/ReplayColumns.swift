import Registry

/// What a record found before it was charged, and how long it took.
struct Found {
    var now: Moment
    var debtNanoseconds: Int64
    var dayRemaining: Int64
    var inFlight: Int64
    var waitNanoseconds: Int64
    var durationNanoseconds: Int64
}

/// A block's columns at hand.
struct ReplayColumns {
    private let walls: [UInt64]
    private let monotonics: [UInt64]
    private let applications: [UInt64]
    private let rules: [UInt64]
    private let routes: [UInt64]
    private let callers: [UInt64]
    private let verdicts: [UInt64]
    private let debts: [UInt64]
    private let days: [UInt64]
    private let waits: [UInt64]
    /// Empty where they do not matter.
    private let counts: [UInt64]
    private let totals: [UInt64]

    init(_ block: borrowing DecisionBlock, withInFlight: Bool) {
        (walls, monotonics) = (block[.wall], block[.monotonic])
        (applications, rules, routes) = (block[.application], block[.rules], block[.route])
        (callers, verdicts) = (block[.caller], block[.verdict])
        (debts, days, waits) = (block[.debt], block[.dayRemaining], block[.wait])
        (counts, totals) = withInFlight ? (block[.inFlight], block[.total]) : ([], [])
    }

    func kind(_ place: Int) -> RecordKind {
        RecordKind(
            whose: applications[place] | rules[place] &<< 24 | routes[place] &<< 48, what: callers[place] | verdicts[place] &<< 16)
    }

    func found(_ place: Int) -> Found {
        Found(
            now: Moment(wallWord: walls[place], monotonicWord: monotonics[place]),
            // No bucket owes 146 years; a damaged record may say so.
            debtNanoseconds: min(max(0, Int64(bitPattern: debts[place])), 1 << 62), dayRemaining: Int64(bitPattern: days[place]),
            inFlight: counts.isEmpty ? -1 : Int64(Int32(truncatingIfNeeded: counts[place])),
            waitNanoseconds: Int64(bitPattern: waits[place]),
            durationNanoseconds: totals.isEmpty ? 0 : Int64(truncatingIfNeeded: totals[place]) &* 1_000)
    }
}

extension DecisionBlock {
    /// When a record of it was judged, its times being read.
    func moment(_ place: Int) -> Moment {
        Moment(wallWord: self[.wall, place], monotonicWord: self[.monotonic, place])
    }
}

extension Moment {
    /// A record's times. No machine runs for 73 years, and the year 2116 is far: a damaged record may say so, and what is reckoned with must leave room
    /// for a debt and a price above it.
    init(wallWord: UInt64, monotonicWord: UInt64) {
        let (wall, monotonic) = (Int64(bitPattern: wallWord), Int64(bitPattern: monotonicWord))
        self.init(
            wall: WallTime(nanoseconds: min(max(0, wall), 1 << 62)),
            monotonic: MonotonicTime(nanoseconds: min(max(-1 << 61, monotonic), 1 << 61)))
    }
}
