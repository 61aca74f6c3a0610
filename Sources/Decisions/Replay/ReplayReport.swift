package import Registry

/// What a replay came to.
package struct ReplayReport: Sendable {
    /// How many newly refused by one rule.
    package struct Cause: Hashable, Sendable {
        /// The rule's name as `violated-policies` has it, or the problem's where no rule of throttling decides.
        package let name: String
        /// So many.
        package let count: Int
    }

    /// What would become of one application.
    package struct Share: Sendable {
        /// Which; nil for all requests of which none is known.
        package let application: Identifier?
        /// Its counts.
        package let counts: ReplayCounts
        /// By what its newly refused would be refused, the most frequent first.
        package let causes: [Cause]
    }

    /// Of all applications.
    package let counts: ReplayCounts
    /// The same for all of them.
    package let causes: [Cause]
    /// By application, the most affected first.
    package let applications: [Share]
    /// Versions of the policies that the records were judged by, in the order they come up.
    package let policies: [String]

    init(_ tallies: [ReplayTally], names: [Identifier], policies: [String]) {
        self.policies = policies
        var (counts, causes) = (ReplayCounts(), [Int](repeating: 0, count: Replayed.Cause.count))
        var shares: [Share] = []
        for (number, tally) in tallies.enumerated() where tally.counts != ReplayCounts() {
            counts += tally.counts
            for (index, count) in tally.causes.enumerated() { causes[index] += count }
            shares.append(
                Share(
                    application: number > 0 ? names[number - 1] : nil, counts: tally.counts, causes: ReplayReport.named(tally.causes)))
        }
        (self.counts, self.causes) = (counts, ReplayReport.named(causes))
        applications = shares.sorted { left, right in
            let (one, other) = (left.counts, right.counts)
            if one.affected != other.affected { return one.affected > other.affected }
            if one.decisions != other.decisions { return one.decisions > other.decisions }
            return (left.application?.text ?? "") < (right.application?.text ?? "")
        }
    }

    private static func named(_ causes: [Int]) -> [Cause] {
        causes.enumerated().compactMap { index, count in
            count > 0 ? Replayed.Cause.name(index).map { Cause(name: $0, count: count) } : nil
        }.sorted { ($1.count, $0.name) < ($0.count, $1.name) }
    }
}

extension ReplayReport {
    /// The report as JSON, with the version that was proposed and the time that was looked at.
    package func json(proposed: String, since: WallTime?, until: WallTime?) -> [UInt8] {
        var json = JSONText()
        json.object { json in
            json.member("policy", policies.last)
            json.member("policies", texts: policies)
            json.member("proposed", proposed)
            json.member("since", since?.timestamp())
            json.member("until", until?.timestamp())
            counts.write(causes, to: &json)
            json.member(
                "by_application",
                list: applications.map { share in
                    var json = JSONText()
                    json.object { json in
                        json.member("application", share.application?.text)
                        share.counts.write(share.causes, to: &json)
                    }
                    return json.bytes
                })
        }
        return json.bytes
    }
}

extension ReplayCounts {
    fileprivate func write(_ causes: [ReplayReport.Cause], to json: inout JSONText) {
        json.member("decisions", Int64(decisions))
        json.member("agree", Int64(agree))
        json.member("newly_refused", Int64(newlyRefused))
        json.member("newly_admitted", Int64(newlyAdmitted))
        json.member("refused_otherwise", Int64(refusedOtherwise))
        json.member("unknown", Int64(unknown))
        json.member("newly_refused_by") { json in
            for cause in causes { json.member(cause.name, Int64(cause.count)) }
        }
    }
}
