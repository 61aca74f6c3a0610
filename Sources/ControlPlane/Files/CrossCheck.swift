import Registry

/// What no file alone can tell: references, duplicates, overlaps, buckets against costs.
enum CrossCheck {
    /// Plans and routes against each other.
    static func policy(_ plans: PlansFile?, _ routes: RoutesFile?, into faults: inout FaultList) {
        if let plans { references(plans, into: &faults) }
        if let routes { overlaps(routes, into: &faults) }
        if let plans, let routes { costs(plans, routes, into: &faults) }
    }

    /// Partner files against each other and against the plans, where those could be read.
    static func partners(_ files: [PartnerFile], plans: PlansFile?, into faults: inout FaultList) {
        var partners: [Identifier: FilePosition] = [:]
        var applications: [Identifier: FilePosition] = [:]
        for file in files {
            duplicate(file.declaration.id, "partner id", at: file.position, among: &partners, into: &faults)
            for (application, places) in zip(file.declaration.applications, file.applications) {
                duplicate(application.id, "application id", at: places.identifier, among: &applications, into: &faults)
                guard let plans else { continue }
                check(application, places, kind: file.declaration.kind, against: plans, into: &faults)
            }
        }
    }

    private static func check(
        _ application: ApplicationDeclaration, _ places: PartnerFile.ApplicationPositions, kind: PartnerKind, against plans: PlansFile,
        into faults: inout FaultList
    ) {
        guard let name = application.plan ?? plans.defaults[kind]?.value else { return }
        guard let plan = plans.plan(name) else {
            // A default that does not exist is reported in plans.yaml.
            if let place = places.plan { undefined(name, at: place, plans, into: &faults) }
            return
        }
        for scope in application.scopes.scopes where plan[scope] == nil {
            faults.add(
                at: places.scopes, "the plan '\(name.text)' has no bucket for the scope '\(scope.name)'",
                expected: "a plan with one, or fewer scopes")
        }
    }

    private static func references(_ plans: PlansFile, into faults: inout FaultList) {
        var seen: [Identifier: FilePosition] = [:]
        for entry in plans.plans { duplicate(entry.plan.id, "plan id", at: entry.position, among: &seen, into: &faults) }
        let references = [plans.anonymous].compactMap { $0 } + PartnerKind.allCases.compactMap { plans.defaults[$0] }
        for reference in references where plans.plan(reference.value) == nil {
            undefined(reference.value, at: reference.position, plans, into: &faults)
        }
    }

    private static func undefined(_ plan: Identifier, at place: FilePosition, _ plans: PlansFile, into faults: inout FaultList) {
        let names = plans.plans.map(\.plan.id.text)
        let guess = nearest(to: plan.text, among: names).map { " (did you mean '\($0)'?)" } ?? ""
        faults.add(at: place, "the plan '\(plan.text)' is not defined\(guess)", expected: "one of \(names.joined(separator: ", "))")
    }

    private static func overlaps(_ routes: RoutesFile, into faults: inout FaultList) {
        var seen: [Identifier: FilePosition] = [:]
        for (index, route) in routes.routes.enumerated() {
            duplicate(route.value.id, "route id", at: route.position, among: &seen, into: &faults)
            let earlier = routes.routes[..<index].first {
                $0.value.method == route.value.method && RoutePath.overlap($0.value.path, route.value.path)
            }
            guard let earlier else { continue }
            faults.add(
                at: route.position,
                "the route '\(route.value.id.text)' overlaps '\(earlier.value.id.text)' at line \(earlier.position.line):"
                    + " \(route.value.method.token) \(route.value.path) and \(earlier.value.path) match the same requests",
                expected: "one route a request")
        }
    }

    private static func costs(_ plans: PlansFile, _ routes: RoutesFile, into faults: inout FaultList) {
        for entry in plans.plans {
            for scope in Scope.allCases {
                guard let allowance = entry.plan[scope], let places = entry.allowances[scope] else { continue }
                let dearest = routes.routes.map(\.value).filter { $0.scope == scope }.max { $0.cost < $1.cost }
                guard let dearest else { continue }
                for (name, number, place) in [("burst", allowance.bucket.burst, places.burst), ("day", allowance.dayTokens, places.day)] {
                    guard let place, number > 0, number < dearest.cost else { continue }
                    faults.add(
                        at: place, "\(name) \(number) is below the cost \(dearest.cost) of the route '\(dearest.id.text)'",
                        expected: "at least \(dearest.cost)")
                }
            }
        }
        strangers(plans, routes, into: &faults)
    }

    /// The plan of callers without a key: a bucket for each public scope, and nothing that is kept by application.
    private static func strangers(_ plans: PlansFile, _ routes: RoutesFile, into faults: inout FaultList) {
        guard let anonymous = plans.anonymous, let entry = plans.plans.first(where: { $0.plan.id == anonymous.value }) else { return }
        for scope in Scope.allCases {
            for (name, place) in [("day", entry.allowances[scope]?.day), ("concurrency", entry.allowances[scope]?.concurrency)] {
                guard let place else { continue }
                faults.add(
                    at: place, "'\(name)' in the plan of callers without a key: they are known by address only, which has a bucket alone",
                    expected: "tokens, per and burst")
            }
        }
        let plan = entry.plan
        let open = Set(routes.routes.map(\.value).filter { $0.identities == .anyone }.map(\.scope))
        for scope in Scope.allCases where open.contains(scope) && plan[scope] == nil {
            faults.add(
                at: anonymous.position,
                "the plan '\(anonymous.value.text)' has no bucket for the scope '\(scope.name)', whose routes are public",
                expected: "a bucket for it")
        }
    }

    private static func duplicate(
        _ id: Identifier, _ subject: String, at place: FilePosition, among seen: inout [Identifier: FilePosition],
        into faults: inout FaultList
    ) {
        if let first = seen[id] {
            faults.add(at: place, "duplicate \(subject) '\(id.text)': first given at \(first.file):\(first.line):\(first.column)")
        } else {
            seen[id] = place
        }
    }
}
