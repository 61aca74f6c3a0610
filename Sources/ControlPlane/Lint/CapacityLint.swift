import Foundation
import Registry

/// What all live applications together may ask for, against what the core store is stated to carry.
enum CapacityLint {
    static func findings(_ files: LintedFiles) -> [LintFinding] {
        Scope.allCases.compactMap { scope in
            guard let stated = files.plans.capacity[scope], let least = files.leastCost(of: scope) else { return nil }
            let rates = rates(of: scope, leastCost: least, files)
            let sum = rates.reduce(0) { $0 + $1.perSecond }
            // A sum of rates is not exact; a thousandth of a request a second is.
            guard sum > Double(stated.value) + 0.000_5 else { return nil }
            let greatest = rates.sorted { ($1.perSecond, $0.id.text) < ($0.perSecond, $1.id.text) }.prefix(3)
            let names = greatest.map { "\($0.id.text) \(text($0.perSecond))" }.joined(separator: ", ")
            return LintFinding(
                .aboveCapacity, at: stated.position,
                "the plans of \(rates.count) live applications add up to \(text(sum)) requests a second of \(scope.name), the core store is"
                    + " stated to carry \(stated.value); the greatest: \(names)",
                advice: "lower rates, move applications to smaller plans, or state what the core store really carries")
        }
    }

    /// What each live application may go on asking for, if every call is the cheapest.
    private static func rates(of scope: Scope, leastCost: Int64, _ files: LintedFiles) -> [(id: Identifier, perSecond: Double)] {
        files.holders.filter { $0.isLive && $0.scopes.contains(scope) }.compactMap { holder in
            let plan = holder.plan.flatMap { files.plans.plan($0) }?.raised(byPercent: holder.extraPercent)
            guard let bucket = plan?[scope]?.bucket else { return nil }
            let tokensPerSecond = Double(bucket.tokens) / (Double(bucket.periodNanoseconds) / 1e9)
            return (holder.id, tokensPerSecond / Double(leastCost))
        }
    }

    private static func text(_ perSecond: Double) -> String {
        perSecond.rounded() == perSecond ? String(Int64(perSecond)) : String(format: "%.3f", perSecond)
    }
}
