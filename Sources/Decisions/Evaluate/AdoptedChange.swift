package import Registry

/// One thing that became another for an application when the data plane took up new rules: what an explanation lists under `changes`.
package struct AdoptedChange: Hashable, Sendable {
    /// When the new rules were taken up.
    package let time: WallTime
    /// What: `state`, `plan`, `scopes`, `limits of search`, …
    package let what: String
    /// What it was; nil where it was not.
    package let before: String?
    /// What it is since; nil where it is no more.
    package let after: String?

    /// All that one entry of the log says, given the facts of its segment.
    package static func all(of change: RuleChange, fact: (UInt32) -> Fact?) -> [AdoptedChange] {
        let (old, new) = (fact(change.applicationBefore)?.application, fact(change.applicationAfter)?.application)
        let (oldPolicy, newPolicy) = (fact(change.rulesBefore)?.policy, fact(change.rulesAfter)?.policy)
        var parts: [(String, String?, String?)] = [
            ("state", old?.state.name, new?.state.name), ("withdrawal's end", old?.endText, new?.endText),
            ("plan", old?.plan.text, new?.plan.text), ("extra quota", old?.extraText, new?.extraText),
            ("scopes", old?.scopeText, new?.scopeText),
            ("allowed addresses", old?.addressText, new?.addressText), ("certificates", old?.certificateText, new?.certificateText),
            ("policy", oldPolicy?.version, newPolicy?.version),
        ]
        let time = WallTime(nanoseconds: change.wallNanoseconds)
        for scope in Scope.allCases {
            let (before, after) = (oldPolicy?.limits(of: old, for: scope, at: time), newPolicy?.limits(of: new, for: scope, at: time))
            parts.append(("limits of \(scope.name)", before, after))
        }
        return parts.filter { $1 != $2 }.map { AdoptedChange(time: time, what: $0, before: $1, after: $2) }
    }

    /// As JSON.
    package var json: [UInt8] {
        var json = JSONText()
        json.object { json in
            json.member("time", time.timestamp())
            json.member("source", "data-plane")
            json.member("what", what)
            json.member("before", before)
            json.member("after", after)
        }
        return json.bytes
    }
}

extension Fact {
    /// The application, where it is one.
    package var application: ApplicationRecord? { if case .application(let application) = self { application } else { nil } }
    /// The policy in force, where it is rules.
    package var policy: Policy? { if case .rules(let policy, _) = self { policy } else { nil } }
    /// The endpoint's spelling, where it is one.
    package var endpoint: String? { if case .endpoint(let text) = self { text } else { nil } }
}

extension ApplicationRecord {
    fileprivate var endText: String? { ends.nanoseconds == .max ? nil : ends.timestamp() }
    fileprivate var extraText: String? { extra.map { "\($0.percent) % until \($0.until.timestamp())" } }
    fileprivate var scopeText: String { scopes.scopes.map(\.name).joined(separator: ", ") }
    /// How many: what they are the registry tells to whom it concerns.
    fileprivate var addressText: String { allowedAddresses.isEmpty ? "anywhere" : "\(allowedAddresses.count) blocks" }
    fileprivate var certificateText: String { certificates.isEmpty ? "not bound" : "\(certificates.count) bound" }
}

extension Policy {
    /// What an application may spend for a scope, in words.
    fileprivate func limits(of application: ApplicationRecord?, for scope: Scope, at time: WallTime) -> String? {
        guard let application, let allowance = plan(of: application, at: time)?[scope] else { return nil }
        let bucket = allowance.bucket
        var text = "\(bucket.tokens) per \(Policy.duration(bucket.periodNanoseconds)), burst \(bucket.burst)"
        if allowance.dayTokens > 0 { text += ", \(allowance.dayTokens) a day" }
        if allowance.concurrency > 0 { text += ", \(allowance.concurrency) in flight" }
        return text
    }

    private static func duration(_ nanoseconds: Int64) -> String {
        nanoseconds % 1_000_000_000 == 0 ? "\(nanoseconds / 1_000_000_000) s" : "\(nanoseconds / 1_000_000) ms"
    }
}
