import Registry

/// What somebody may propose.
enum ProposedChange: CaseIterable {
    case nothing, rateUp, rateDown, costUp, costDown, dayAdded, dayLowered, dayRemoved, dayElsewhere, concurrencyLowered, concurrencyAdded
    case concurrencyRemoved, routeRemoved, scopeDropped, routeMoved

    /// What the change is about; nil of what may change anything.
    func apply(to policy: Policy) -> Policy {
        var policy = policy
        policy.version += "-\(self)"
        switch self {
        case .nothing: break
        case .rateUp: each(&policy) { $0.bucket = $0.bucket.scaled(tokens: 3, burst: 2, by: 1) }
        case .rateDown: each(&policy) { $0.bucket = $0.bucket.scaled(tokens: 2, burst: 2, by: 3) }
        case .costUp: for route in policy.routes.indices where route % 2 == 0 { policy.routes[route].cost += 2 }
        case .costDown: for route in policy.routes.indices { policy.routes[route].cost = (policy.routes[route].cost + 1) / 2 }
        case .dayAdded: each(&policy) { $0.dayTokens = $0.dayTokens == 0 ? 25 : $0.dayTokens }
        case .dayLowered: each(&policy) { $0.dayTokens = ($0.dayTokens + 1) / 2 }
        case .dayRemoved: each(&policy) { $0.dayTokens = 0 }
        case .dayElsewhere: policy.dayOffsetMinutes = policy.dayOffsetMinutes > 0 ? policy.dayOffsetMinutes - 607 : 433
        case .concurrencyLowered: each(&policy) { $0.concurrency = $0.concurrency == 0 ? 0 : 1 }
        case .concurrencyAdded: each(&policy) { $0.concurrency = $0.concurrency == 0 ? 2 : $0.concurrency + 1 }
        case .concurrencyRemoved: each(&policy) { $0.concurrency = 0 }
        case .routeRemoved: policy.routes = policy.routes.enumerated().filter { $0.offset % 4 != 1 }.map(\.element)
        case .scopeDropped: for plan in policy.plans.indices { policy.plans[plan].allowances[plan % 7] = nil }
        // Where a route is counted otherwise, what is in flight beside it is not on record.
        case .routeMoved:
            policy = ProposedChange.withoutConcurrency(policy)
            policy.routes[3].scope = policy.routes[4].scope
            policy.routes[5].scope = .vaccinator
        }
        return policy
    }

    /// Callers without a key find another bucket, or their calls another price. They have no day and no bound on requests in flight.
    var concernsStrangers: Bool {
        switch self {
        case .nothing, .dayAdded, .dayLowered, .dayRemoved, .dayElsewhere, .concurrencyLowered, .concurrencyAdded, .concurrencyRemoved:
            false
        case .rateUp, .rateDown, .costUp, .costDown, .routeRemoved, .scopeDropped, .routeMoved: true
        }
    }

    static func withoutConcurrency(_ policy: Policy) -> Policy { ProposedChange.concurrencyRemoved.apply(to: policy) }

    private func each(_ policy: inout Policy, _ change: (inout Allowance) -> Void) {
        for plan in policy.plans.indices {
            for scope in policy.plans[plan].allowances.indices {
                guard var allowance = policy.plans[plan].allowances[scope] else { continue }
                change(&allowance)
                policy.plans[plan].allowances[scope] = allowance
            }
        }
    }
}

extension BucketRule {
    fileprivate func scaled(tokens factor: Int64, burst burstFactor: Int64, by divisor: Int64) -> BucketRule {
        let tokens = max(1, tokens * factor / divisor)
        return BucketRule(
            tokens: tokens, periodNanoseconds: max(tokens, periodNanoseconds), burst: max(1, burst * burstFactor / divisor))
    }
}
