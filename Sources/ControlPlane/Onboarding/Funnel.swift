package import Registry

/// How applications come through: how many were received, where they stand, and for how long. Of the registry alone, and exact.
package struct Funnel: Hashable, Sendable {
    /// What is known of one application.
    package struct Entry: Hashable, Sendable {
        /// Its partner's kind.
        package var kind: PartnerKind
        /// Where it stands.
        package var state: ApplicationState
        /// Since when; nil where nobody recorded it.
        package var since: WallTime?
        /// When it was received; nil where nobody recorded it.
        package var received: WallTime?
        /// Every state it has been in, the present one among them.
        package var reached: Set<ApplicationState>

        /// An entry from its parts.
        package init(
            kind: PartnerKind, state: ApplicationState, returnsTo: ApplicationState? = nil, since: WallTime?, received: WallTime?,
            reached: Set<ApplicationState> = []
        ) {
            (self.kind, self.state, self.since, self.received) = (kind, state, since, received)
            // Whoever was live was approved before, be it in another system; and so was whoever is suspended and returns to it.
            var reached = reached.union([state, returnsTo ?? state])
            if reached.contains(.withdrawn) { reached.insert(.live) }
            if reached.contains(.live) { reached.insert(.approved) }
            self.reached = reached
        }
    }

    /// Ages of several: each is the least that so many have at most (the nearest rank), so it is one that somebody has.
    package struct Ages: Hashable, Sendable {
        /// That of half of them.
        package var medianNanoseconds: Int64
        /// That of nine tenths.
        package var ninetiethNanoseconds: Int64

        /// Of some ages; nil where there are none.
        init?(_ nanoseconds: [Int64]) {
            guard !nanoseconds.isEmpty else { return nil }
            let sorted = nanoseconds.sorted()
            medianNanoseconds = sorted[(sorted.count * 50 + 99) / 100 - 1]
            ninetiethNanoseconds = sorted[(sorted.count * 90 + 99) / 100 - 1]
        }
    }

    /// Several applications together.
    package struct Group: Hashable, Sendable {
        /// How many.
        package var count: Int
        /// Where they stand; states that nobody is in are left out.
        package var states: [ApplicationState: Int]
        /// How many have ever been in a state.
        package var reached: [ApplicationState: Int]
        /// How long each has been in its state.
        package var inState: Ages?
        /// How long ago each was received.
        package var sinceReceived: Ages?
        /// How many are past their state's clock: somebody should have been reminded.
        package var stuck: Int
        /// How many of these are so far past it that somebody above was told.
        package var escalated: Int
    }

    /// A week of receipt.
    package struct Week: Hashable, Sendable {
        /// Which.
        package var week: CalendarWeek
        /// What came in it.
        package var group: Group
    }

    /// When it was so.
    package let time: WallTime
    /// All that were received.
    package let all: Group
    /// By state, in the order of the lifecycle; states that nobody is in are left out.
    package let states: [ApplicationState: Group]
    /// By the partner's kind.
    package let kinds: [PartnerKind: Group]
    /// By week of receipt, by the clocks there, the earliest first.
    package let weeks: [Week]
    /// Applications of which nobody recorded when they were received.
    package let undated: Int

    /// The funnel of some applications at a time.
    package init(_ entries: [Entry], clocks: [ApplicationState: StateClock], days: DayClock, at now: WallTime) {
        func group(_ entries: [Entry]) -> Group { Group(entries, clocks: clocks, at: now) }
        time = now
        all = group(entries)
        states = Dictionary(grouping: entries, by: \.state).mapValues(group)
        kinds = Dictionary(grouping: entries, by: \.kind).mapValues(group)
        let dated = entries.filter { $0.received != nil }
        undated = entries.count - dated.count
        let byWeek = Dictionary(grouping: dated) { CalendarWeek(of: days.day(of: $0.received ?? now)) }
        weeks = byWeek.sorted { $0.key < $1.key }.map { Week(week: $0.key, group: group($0.value)) }
    }
}

extension Funnel.Group {
    fileprivate init(_ entries: [Funnel.Entry], clocks: [ApplicationState: StateClock], at now: WallTime) {
        count = entries.count
        states = Dictionary(entries.map { ($0.state, 1) }, uniquingKeysWith: +)
        reached = Dictionary(entries.flatMap { entry in entry.reached.map { ($0, 1) } }, uniquingKeysWith: +)
        // A clock that went back makes nobody younger than new.
        func age(_ since: WallTime?) -> Int64? { since.map { max(0, now.nanoseconds - $0.nanoseconds) } }
        inState = Funnel.Ages(entries.compactMap { age($0.since) })
        sinceReceived = Funnel.Ages(entries.compactMap { age($0.received) })
        let readings = entries.compactMap { entry in
            entry.since.flatMap { since in clocks[entry.state]?.reading(since: since, at: now) }
        }
        stuck = readings.count { $0 > .inTime }
        escalated = readings.count { $0 == .escalation }
    }
}
