import Registry
import Synchronization

// Who is trusted with requests: what requests find out (ejection), and what checks find out.
extension EndpointTable {
    /// An endpoint answered as it should.
    func noteSuccess(_ name: EndpointName) {
        // Looked at before it is written: the word is shared by all loops.
        if endpoints[name.place].faults.load(ordering: .relaxed) != 0 { endpoints[name.place].faults.store(0, ordering: .relaxed) }
    }

    /// An endpoint did not answer as it should; too many times one after the other, and it gets no requests for a while.
    func noteFault(_ name: EndpointName, at now: Moment) -> EndpointNews? {
        let (_, faults) = endpoints[name.place].faults.wrappingAdd(1, ordering: .relaxed)
        guard faults >= Limits.faultsToEject else { return nil }
        return eject(name, at: now.monotonic)
    }

    /// The last one that is trusted is not ejected: its faults may be those of what lies behind all of them.
    private func eject(_ name: EndpointName, at now: MonotonicTime) -> EndpointNews? {
        let kind = Int(name.environment.rawValue)
        let place = name.place
        let isRepeated = now.nanoseconds < endpoints[place].ejectedUntil.load(ordering: .relaxed) + Limits.ejectionMemoryNanoseconds
        let times = isRepeated ? endpoints[place].ejections.load(ordering: .relaxed) + 1 : 1
        let milliseconds = min(Limits.ejectionMilliseconds * Int64(times), Limits.longestEjectionMilliseconds)
        var ejected = stores[kind].ejected.load(ordering: .relaxed)
        while true {
            let trusted = stores[kind].active.load(ordering: .relaxed) & ~stores[kind].unhealthy.load(ordering: .relaxed) & ~ejected
            guard trusted & name.bit != 0, trusted != name.bit else { return nil }
            // Before the bit is seen: another loop would end an ejection whose time it finds over.
            endpoints[place].ejectedUntil.store(now.after(milliseconds: milliseconds), ordering: .relaxed)
            let (isDone, found) = stores[kind].ejected.compareExchange(
                expected: ejected, desired: ejected | name.bit, ordering: .releasing)
            if isDone { break }
            ejected = found
        }
        endpoints[place].ejections.store(times, ordering: .relaxed)
        endpoints[place].faults.store(0, ordering: .relaxed)
        return EndpointNews(endpoint: name, event: .ejected(milliseconds: milliseconds))
    }

    /// What a check found: `nil` where that was known.
    func noteHealth(_ name: EndpointName, isGood: Bool, at now: Moment) -> EndpointNews? {
        let kind = Int(name.environment.rawValue)
        if isGood {
            let (old, _) = stores[kind].unhealthy.bitwiseAnd(~name.bit, ordering: .relaxed)
            guard old & name.bit != 0 else { return nil }
            endpoints[name.place].faults.store(0, ordering: .relaxed)
            rise(name, at: now.monotonic)
            return EndpointNews(endpoint: name, event: .up)
        }
        let (old, _) = stores[kind].unhealthy.bitwiseOr(name.bit, ordering: .relaxed)
        return old & name.bit == 0 ? EndpointNews(endpoint: name, event: .down) : nil
    }

    /// Ends what has lasted its time: ejections, and slow starts.
    func expire(at now: Moment, _ tell: (EndpointNews) -> Void) {
        let time = now.monotonic.nanoseconds
        for environment in Environment.allCases {
            let kind = Int(environment.rawValue)
            for name in EndpointTable.names(stores[kind].ejected.load(ordering: .acquiring), environment)
            where endpoints[name.place].ejectedUntil.load(ordering: .relaxed) <= time {
                rise(name, at: now.monotonic)
                let (old, _) = stores[kind].ejected.bitwiseAnd(~name.bit, ordering: .relaxed)
                if old & name.bit != 0 { tell(EndpointNews(endpoint: name, event: .returned)) }
            }
            for name in EndpointTable.names(stores[kind].rising.load(ordering: .relaxed), environment)
            where endpoints[name.place].risingSince.load(ordering: .relaxed) + Limits.slowStartMilliseconds * 1_000_000 <= time {
                stores[kind].rising.bitwiseAnd(~name.bit, ordering: .relaxed)
            }
        }
    }

    /// A share that grows from nothing, so that one who just came back, caches cold, is not thrown down again by its whole share at once.
    func rise(_ name: EndpointName, at now: MonotonicTime) {
        endpoints[name.place].risingSince.store(now.nanoseconds, ordering: .relaxed)
        stores[Int(name.environment.rawValue)].rising.bitwiseOr(name.bit, ordering: .relaxed)
    }

    /// The endpoints of a set of slots.
    static func names(_ slots: UInt64, _ environment: Environment) -> [EndpointName] {
        guard slots != 0 else { return [] }
        return (0..<Limits.endpointsPerStore).filter { slots >> UInt64($0) & 1 == 1 }.map {
            EndpointName(environment: environment, slot: $0)
        }
    }
}
