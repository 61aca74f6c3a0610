import Registry
import Synchronization

/// A loop's own part of the choice: whose turn it is where several are equal.
struct EndpointTurn {
    /// The slot chosen last, by environment.
    private var last: InlineArray<2, UInt64> = InlineArray(repeating: 63)
    /// Steps through a circle by the golden ratio: as even as a die, and the same in each run.
    private var angle: UInt32 = 0

    init() {}

    /// The slot after the one chosen last.
    func start(_ kind: Int) -> UInt64 { (last[kind] + 1) & 63 }

    mutating func note(_ slot: UInt64, _ kind: Int) { last[kind] = slot }

    /// A number below `EndpointTable.whole`.
    mutating func draw() -> Int {
        angle &+= 0x9E37_79B9
        return Int(angle >> 16)
    }
}

extension EndpointTable {
    /// A full share, in which parts of it are counted.
    static let whole = 65_536

    /// The slot for the next request, none of those tried: of those trusted the one with the fewest requests in flight. Where none is
    /// trusted all are used: it is better to ask a doubtful endpoint than to refuse for it. nil where there is none at all.
    func choose(_ environment: Environment, besides tried: UInt64 = 0, turn: inout EndpointTurn, at now: Moment) -> EndpointName? {
        let kind = Int(environment.rawValue)
        let present = stores[kind].active.load(ordering: .acquiring) & ~tried
        let doubtful = stores[kind].unhealthy.load(ordering: .relaxed) | stores[kind].ejected.load(ordering: .relaxed)
        var candidates = present & ~doubtful
        if candidates == 0 { candidates = present }
        // One bit or none: most stores have one address, and for them nothing is compared.
        guard candidates & (candidates &- 1) != 0 else {
            return candidates == 0 ? nil : EndpointName(environment: environment, slot: candidates.trailingZeroBitCount)
        }
        let slot = leastBusy(of: candidates, environment, &turn, at: now.monotonic)
        turn.note(slot, kind)
        return EndpointName(environment: environment, slot: Int(slot))
    }

    /// One whose share still grows takes part in so many choices of a hundred, and counts its load by the same part: both, so that its share
    /// is right where all are idle and where all are busy.
    private func leastBusy(of candidates: UInt64, _ environment: Environment, _ turn: inout EndpointTurn, at now: MonotonicTime) -> UInt64 {
        let kind = Int(environment.rawValue)
        let (start, draw) = (turn.start(kind), turn.draw())
        let rising = stores[kind].rising.load(ordering: .relaxed) & candidates
        var best = UInt64(candidates.trailingZeroBitCount)
        var bestLoad = Int.max
        for pass in 0..<2 where bestLoad == .max {
            var rest = candidates >> start | candidates << (64 - start)
            while rest != 0 {
                let slot = (start + UInt64(rest.trailingZeroBitCount)) & 63
                rest &= rest - 1
                let name = EndpointName(environment: environment, slot: Int(slot))
                var load = inFlight(of: name) * EndpointTable.whole
                if rising & name.bit != 0 {
                    let share = share(of: name, at: now)
                    // Where all are rising, the second pass leaves none out.
                    if pass == 0, draw >= share { continue }
                    load = load / share * EndpointTable.whole
                }
                if load < bestLoad { (best, bestLoad) = (slot, load) }
            }
        }
        return best
    }

    /// The part of a full share that one who came back has by now: it grows evenly, and is never nothing.
    private func share(of name: EndpointName, at now: MonotonicTime) -> Int {
        let since = endpoints[name.place].risingSince.load(ordering: .relaxed)
        let milliseconds = (now.nanoseconds - since) / 1_000_000
        return Int(min(max(milliseconds * Int64(EndpointTable.whole) / Limits.slowStartMilliseconds, 1), Int64(EndpointTable.whole)))
    }
}
