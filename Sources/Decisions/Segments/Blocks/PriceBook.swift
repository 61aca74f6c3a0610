import Registry

/// What requests were charged, from the facts of a segment: by it a block foretells each level from the one before, and stores only where that
/// was wrong. Nothing here decides; a wrong forecast costs bits, not truth.
package struct PriceBook: Sendable {
    /// How one kind of request of one application moves its levels.
    struct Charge: BitwiseCopyable, Sendable {
        /// Which of the block's buckets, or −1 where none is foretold.
        var slot: Int32 = -1
        /// What a refusal is told to wait.
        var wait = Wait.none
        /// Of that: what the debt is counted from, or how far the day's clocks are ahead of UTC, in nanoseconds.
        var waitNanoseconds: Int64 = 0
        /// Nanoseconds of filling that the bucket loses where the request was admitted.
        var price: Int64 = 0
        /// Tokens that the day's quota loses.
        var dayPrice: Int64 = 0
    }

    /// How long a refused request is told to wait: not at all, until the debt is down to what may be owed, or to the day's end.
    enum Wait: UInt8, BitwiseCopyable, Sendable {
        case none, debt, dayEnd
    }

    private struct Rules: Sendable {
        var scopes: [Scope]
        /// By the plan's number in the book, then by scope.
        var allowances: [Int: [Allowance?]]
        var anonymousPlan: Int
        var offsetNanoseconds: Int64
    }

    private var rules: [UInt32: Rules] = [:]
    /// By fact number of the application: its plan's number in the book.
    private var plans: [UInt32: Int] = [:]
    private var streams: [UInt32: IdentifierStream] = [:]

    /// What these facts say of prices.
    package init(_ facts: [UInt32: Fact]) {
        var known: [Identifier: Int] = [:]
        func plan(_ identifier: Identifier) -> Int {
            let plan = known[identifier] ?? known.count
            known[identifier] = plan
            return plan
        }
        for (number, fact) in facts {
            switch fact {
            case .application(let application): plans[number] = plan(application.plan)
            case .rules(let policy, _):
                rules[number] = Rules(
                    scopes: policy.routes.map(\.scope),
                    allowances: Dictionary(policy.plans.map { (plan($0.id), $0.allowances) }) { first, _ in first },
                    anonymousPlan: plan(policy.anonymousPlan), offsetNanoseconds: policy.dayOffsetMinutes &* 60_000_000_000)
            case .stream(let first, let second): streams[number] = IdentifierStream(first, second)
            case .endpoint: break
            }
        }
    }

    /// The stream of that fact number.
    func stream(_ number: UInt32) -> IdentifierStream? { streams[number] }

    /// What requests of this shape are charged, if they are this application's, which is the block's `place`-th.
    func charge(_ shape: Shape, application: UInt32, place: Int) -> Charge {
        let rule = DecidingRule(rawValue: UInt8(truncatingIfNeeded: shape[.rule])) ?? .none
        // One address's failures follow each other as one application's calls do; its bucket has the place behind those of the scopes.
        if rule == .failures {
            return Charge(slot: Int32(place &* 8 &+ 7), wait: .debt, waitNanoseconds: PriceBook.failureSpareNanoseconds)
        }
        guard rule != .none, let rules = rules[UInt32(truncatingIfNeeded: shape[.rules])],
            rules.scopes.indices.contains(Int(truncatingIfNeeded: shape[.route]))
        else { return Charge() }
        let scope = rules.scopes[Int(truncatingIfNeeded: shape[.route])]
        let plan = rule == .anonymousBucket ? rules.anonymousPlan : plans[application]
        guard let plan, let allowance = rules.allowances[plan]?[Int(scope.rawValue)] else { return Charge() }
        let (bucket, cost) = (allowance.bucket, max(Int64(truncatingIfNeeded: shape[.cost]), 0))
        let price = bucket.intervalNanoseconds &* min(cost, bucket.burst)
        let isAdmitted = shape[.verdict] == 0
        // Addresses are many, and mostly owe nothing.
        var charge = Charge(slot: rule == .anonymousBucket ? -1 : Int32(place &* 8 &+ Int(scope.rawValue)))
        if isAdmitted { (charge.price, charge.dayPrice) = (price, min(cost, allowance.dayTokens)) }
        switch rule {
        case .bucket where !isAdmitted, .anonymousBucket where !isAdmitted:
            (charge.wait, charge.waitNanoseconds) = (.debt, bucket.intervalNanoseconds &* bucket.burst &- price)
        case .day: (charge.wait, charge.waitNanoseconds) = (.dayEnd, rules.offsetNanoseconds)
        default: break
        }
        return charge
    }

    /// What the bucket of failures may owe and still lose a token: 20 tokens of 15 s, less one. Part of the form, whatever the limits become.
    private static let failureSpareNanoseconds: Int64 = 285_000_000_000
}
