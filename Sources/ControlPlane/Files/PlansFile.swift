import Registry

/// A value with its place in a file.
struct Located<Value> {
    var value: Value
    var position: FilePosition
}

/// plans.yaml as read, with the places that cross-checks point to.
struct PlansFile {
    var plans: [Entry] = []
    var anonymous: Located<Identifier>?
    var defaults: [PartnerKind: Located<Identifier>] = [:]

    /// One plan and where its parts stand.
    struct Entry {
        var plan: Plan
        var position: FilePosition
        var bursts: [Scope: FilePosition]
    }

    private static let maximumPlans = 500
    private static let numbers: ClosedRange<Int64> = 1...1_000_000_000
    /// From a millisecond to a leap year.
    private static let periods: ClosedRange<Int64> = 1_000_000...(366 * 86_400 * 1_000_000_000)

    /// The file's content; whatever is wrong is added to the faults and left out.
    init(_ tree: FileTree, into faults: inout FaultList) {
        guard let reader = FieldReader(tree, of: "plans.yaml", keys: ["anonymous", "defaults", "plans"], into: &faults) else { return }
        anonymous = reader.required("anonymous", into: &faults).flatMap { place in
            place.identifier("the plan", into: &faults).map { Located(value: $0, position: place.position) }
        }
        if let tree = reader.required("defaults", into: &faults) { defaults = PlansFile.defaults(tree, into: &faults) }
        let items = reader.required("plans", into: &faults)?.items("the list of plans", limit: PlansFile.maximumPlans, into: &faults)
        plans = (items ?? []).compactMap { PlansFile.plan($0, into: &faults) }
    }

    /// The plan of that id, or nil.
    func plan(_ id: Identifier) -> Plan? { plans.first { $0.plan.id == id }?.plan }

    private static func defaults(_ tree: FileTree, into faults: inout FaultList) -> [PartnerKind: Located<Identifier>] {
        let kinds = PartnerKind.allCases.map(\.name)
        guard let reader = FieldReader(tree, of: "defaults", keys: kinds, into: &faults) else { return [:] }
        var defaults: [PartnerKind: Located<Identifier>] = [:]
        for kind in PartnerKind.allCases {
            guard let place = reader.required(kind.name, into: &faults) else { continue }
            defaults[kind] = place.identifier("the plan", into: &faults).map { Located(value: $0, position: place.position) }
        }
        return defaults
    }

    private static func plan(_ tree: FileTree, into faults: inout FaultList) -> Entry? {
        guard let reader = FieldReader(tree, of: "a plan", keys: ["id", "buckets"], into: &faults) else { return nil }
        let place = reader.required("id", into: &faults)
        let id = place?.identifier("the plan id", into: &faults)
        guard let tree = reader.required("buckets", into: &faults) else { return nil }
        guard let scopes = FieldReader(tree, of: "buckets", keys: Scope.allCases.map(\.name), into: &faults) else { return nil }
        var buckets: [Scope: BucketRule] = [:]
        var bursts: [Scope: FilePosition] = [:]
        for scope in Scope.allCases {
            guard let entry = scopes.optional(scope.name), let bucket = bucket(entry, into: &faults) else { continue }
            buckets[scope] = bucket.value
            bursts[scope] = bucket.position
        }
        guard let id, let place else { return nil }
        return Entry(plan: Plan(id: id, buckets: buckets), position: place.position, bursts: bursts)
    }

    private static func bucket(_ tree: FileTree, into faults: inout FaultList) -> Located<BucketRule>? {
        guard let reader = FieldReader(tree, of: "a bucket", keys: ["tokens", "per", "burst"], into: &faults) else { return nil }
        let tokens = reader.required("tokens", into: &faults)?.integer("tokens", in: numbers, into: &faults)
        let period = reader.required("per", into: &faults)?.nanoseconds("per", in: periods, into: &faults)
        let place = reader.required("burst", into: &faults)
        let burst = place?.integer("burst", in: numbers, into: &faults)
        guard let tokens, let period, let place, let burst else { return nil }
        guard period >= tokens else {
            faults.add(at: reader.position, "more than one token a nanosecond", expected: "fewer tokens or a longer period")
            return nil
        }
        let rule = BucketRule(tokens: tokens, periodNanoseconds: period, burst: burst)
        guard !rule.intervalNanoseconds.multipliedReportingOverflow(by: burst * 4).overflow else {
            faults.add(at: place.position, "the bucket takes more than 73 years to fill", expected: "a lower burst or a higher rate")
            return nil
        }
        return Located(value: rule, position: place.position)
    }
}
