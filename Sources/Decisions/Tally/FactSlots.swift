import Registry

/// A route as counters name it: policies change, and a route may change its scope.
struct RouteName: Hashable {
    /// Nil where no route was found.
    var route: Identifier?
    var scope: Scope?
}

/// Which counters a record's fact numbers lead to, so that a record costs two look-ups in arrays: whoever has a number for the first time is
/// looked up by name. Slot 0 is of records that name nobody.
struct FactSlots {
    private(set) var routes: [RouteName] = [RouteName()]
    private(set) var applications: [Identifier?] = [nil]
    private var routeSlots: [RouteName: Int] = [:]
    private var applicationSlots: [Identifier: Int] = [:]
    /// By fact number of rules: the slot of each of their routes; empty where not yet looked up.
    private var routesByRules: [[Int]] = []
    /// By fact number of an application: its slot; below zero where not yet looked up.
    private var slotsByApplication: [Int] = []

    /// The slot of the record's route.
    mutating func route(of decision: Decision, _ facts: FactTable) -> Int {
        guard decision.route >= 0, decision.rules > 0 else { return 0 }
        let (rules, route) = (Int(decision.rules), Int(decision.route))
        if rules >= routesByRules.count || routesByRules[rules].isEmpty { learn(rules: decision.rules, facts) }
        guard rules < routesByRules.count, route < routesByRules[rules].count else { return 0 }
        return routesByRules[rules][route]
    }

    /// The slot of the record's application.
    mutating func application(of decision: Decision, _ facts: FactTable) -> Int {
        guard decision.application > 0 else { return 0 }
        let number = Int(decision.application)
        if number >= slotsByApplication.count || slotsByApplication[number] < 0 { learn(application: decision.application, facts) }
        return number < slotsByApplication.count ? max(0, slotsByApplication[number]) : 0
    }

    private mutating func learn(rules number: UInt32, _ facts: FactTable) {
        guard case .rules(let policy, _) = facts.fact(number) else { return }
        while routesByRules.count <= Int(number) { routesByRules.append([]) }
        routesByRules[Int(number)] = policy.routes.map { slot(of: RouteName(route: $0.id, scope: $0.scope)) }
    }

    private mutating func slot(of name: RouteName) -> Int {
        if let slot = routeSlots[name] { return slot }
        routes.append(name)
        routeSlots[name] = routes.count - 1
        return routes.count - 1
    }

    private mutating func learn(application number: UInt32, _ facts: FactTable) {
        guard case .application(let application) = facts.fact(number) else { return }
        while slotsByApplication.count <= Int(number) { slotsByApplication.append(-1) }
        if applicationSlots[application.id] == nil {
            applications.append(application.id)
            applicationSlots[application.id] = applications.count - 1
        }
        slotsByApplication[Int(number)] = applicationSlots[application.id] ?? 0
    }
}
