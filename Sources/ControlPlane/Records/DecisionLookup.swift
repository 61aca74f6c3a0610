package import Decisions
package import Registry

/// A record found by its id, and what it is explained by.
package struct ExplainedDecision: Sendable {
    /// The explanation, by the application and the policy that the record names.
    package let explanation: Explanation
    /// What changed for the application around it, the latest first.
    package let changes: [ApplicationChange]
}

/// What changed for an application, and who knows.
package enum ApplicationChange: Sendable {
    /// The data plane took up other rules.
    case adopted(AdoptedChange)
    /// Somebody moved it.
    case moved(RecordedMove)

    /// When.
    package var time: WallTime {
        switch self {
        case .adopted(let change): change.time
        case .moved(let move): move.time
        }
    }

    /// As JSON.
    package var json: [UInt8] {
        switch self {
        case .adopted(let change): return change.json
        case .moved(let move):
            var json = JSONText()
            json.object { json in
                json.member("time", move.time.timestamp())
                json.member("source", "registry")
                json.member("what", move.move)
                json.member("before", move.from.name)
                json.member("after", move.to.name)
                json.member("awaitsSecondPerson", move.isPending)
                json.member("by", move.actor)
                json.member("reason", move.reason)
            }
            return json.bytes
        }
    }
}

extension DecisionRecords {
    /// The record of a request, with its segment's facts; nil where there is none.
    package func explanation(of id: RequestIdentifier, moves: (Identifier) throws -> [RecordedMove]) throws -> ExplainedDecision? {
        guard let found = try lookup(id) else { return nil }
        let (decision, facts) = (found.decision, found.facts)
        let explanation = Explanation(
            of: decision, application: facts[decision.application]?.application, policy: facts[decision.rules]?.policy)
        guard let application = explanation.application else { return ExplainedDecision(explanation: explanation, changes: []) }
        let span = DecisionRecords.changesAround(decision)
        let moved = try moves(application).filter { span.contains($0.time.nanoseconds) }.map { ApplicationChange.moved($0) }
        let changes = try adopted(by: application, within: span).map { ApplicationChange.adopted($0) } + moved
        return ExplainedDecision(explanation: explanation, changes: changes.sorted { $0.time > $1.time })
    }

    /// A record by its id. Sealed segments say at their end what time their records are of, so they are asked first: a live one has to be
    /// looked through.
    private func lookup(_ id: RequestIdentifier) throws -> SegmentLookup? {
        let names = entries.meeting(id.wall)
        let sealed = names.filter { live[$0.stem] == nil }
        for name in sealed + names.filter({ live[$0.stem] != nil }) {
            let found = try reading(name) {
                try bytes(of: name) { source, byteCount -> SegmentLookup? in
                    let isSealed = live[name.stem] == nil
                    if isSealed, try !SegmentSummary(sealed: source, byteCount: byteCount).wall.meets(id.wall) { return nil }
                    return try SegmentLookup(id, in: source, byteCount: byteCount)
                }
            }
            if let found = found ?? nil { return found }
        }
        return nil
    }

    /// From a day before a request to a day after it: what it was judged by, and what somebody may have done about it since.
    private static func changesAround(_ decision: Decision) -> TimeSpan {
        let time = decision.wallNanoseconds
        return TimeSpan(first: time.plusClamped(-DayClock.dayNanoseconds), last: time.plusClamped(DayClock.dayNanoseconds))
    }

    private func adopted(by application: Identifier, within span: TimeSpan) throws -> [AdoptedChange] {
        var all: [AdoptedChange] = []
        for name in entries.meeting(span) {
            guard let found = try reading(name, { try bytes(of: name) { try SegmentChanges($0, byteCount: $1) } }) else { continue }
            for change in found.changes where span.contains(change.wallNanoseconds) {
                let both = [change.applicationBefore, change.applicationAfter]
                guard both.contains(where: { found.facts[$0]?.application?.id == application }) else { continue }
                all += AdoptedChange.all(of: change) { found.facts[$0] }
            }
        }
        return all
    }
}
