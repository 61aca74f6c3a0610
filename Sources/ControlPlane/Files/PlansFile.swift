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
    var dayOffsetMinutes = DayClock.indianMinutes
    var capacity: [Scope: Located<Int64>] = [:]

    /// One plan and where its parts stand.
    struct Entry {
        var plan: Plan
        var position: FilePosition
        var allowances: [Scope: AllowancePositions]
    }

    /// Where one allowance's parts stand.
    struct AllowancePositions {
        var burst: FilePosition
        var day: FilePosition?
        var concurrency: FilePosition?
    }

    /// The file's content; whatever is wrong is added to the faults and left out.
    init(_ tree: FileTree, into faults: inout FaultList) {
        let keys = ["day-offset", "capacity", "anonymous", "defaults", "plans"]
        guard let reader = FieldReader(tree, of: "plans.yaml", keys: keys, into: &faults) else { return }
        if let offset = reader.optional("day-offset")?.offset("the day's offset", into: &faults) { dayOffsetMinutes = offset }
        if let tree = reader.optional("capacity") { capacity = PlansFile.capacity(tree, into: &faults) }
        anonymous = reader.required("anonymous", into: &faults).flatMap { place in
            place.identifier("the plan", into: &faults).map { Located(value: $0, position: place.position) }
        }
        if let tree = reader.required("defaults", into: &faults) { defaults = PlansFile.defaults(tree, into: &faults) }
        let items = reader.required("plans", into: &faults)?.items("the list of plans", limit: Limits.plans, into: &faults)
        plans = (items ?? []).compactMap { PlansFile.plan($0, into: &faults) }
    }

    /// The plan of that id, or nil.
    func plan(_ id: Identifier) -> Plan? { plans.first { $0.plan.id == id }?.plan }

    private static func capacity(_ tree: FileTree, into faults: inout FaultList) -> [Scope: Located<Int64>] {
        guard let reader = FieldReader(tree, of: "capacity", keys: Scope.allCases.map(\.name), into: &faults) else { return [:] }
        var capacity: [Scope: Located<Int64>] = [:]
        for scope in Scope.allCases {
            guard let place = reader.optional(scope.name) else { continue }
            capacity[scope] = place.integer("the capacity in requests a second", in: Limits.planNumbers, into: &faults).map {
                Located(value: $0, position: place.position)
            }
        }
        return capacity
    }

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
        var allowances: [Scope: Allowance] = [:]
        var positions: [Scope: AllowancePositions] = [:]
        for scope in Scope.allCases {
            guard let entry = scopes.optional(scope.name), let (allowance, places) = allowance(entry, into: &faults) else { continue }
            allowances[scope] = allowance
            positions[scope] = places
        }
        guard let id, let place else { return nil }
        return Entry(plan: Plan(id: id, allowances: allowances), position: place.position, allowances: positions)
    }

    private static func allowance(_ tree: FileTree, into faults: inout FaultList) -> (Allowance, AllowancePositions)? {
        let keys = ["tokens", "per", "burst", "day", "concurrency"]
        guard let reader = FieldReader(tree, of: "a bucket", keys: keys, into: &faults) else { return nil }
        let (day, concurrency) = (reader.optional("day"), reader.optional("concurrency"))
        let dayTokens = day.map { $0.integer("day", in: Limits.planNumbers, into: &faults) }
        let inFlight = concurrency.map { $0.integer("concurrency", in: Limits.planNumbers, into: &faults) }
        guard let bucket = bucket(reader, into: &faults) else { return nil }
        let allowance = Allowance(bucket: bucket.value, dayTokens: (dayTokens ?? 0) ?? 0, concurrency: (inFlight ?? 0) ?? 0)
        let places = AllowancePositions(burst: bucket.position, day: day?.position, concurrency: concurrency?.position)
        return (allowance, places)
    }

    private static func bucket(_ reader: FieldReader, into faults: inout FaultList) -> Located<BucketRule>? {
        let tokens = reader.required("tokens", into: &faults)?.integer("tokens", in: Limits.planNumbers, into: &faults)
        let period = reader.required("per", into: &faults)?.nanoseconds("per", in: Limits.periodNanoseconds, into: &faults)
        let place = reader.required("burst", into: &faults)
        let burst = place?.integer("burst", in: Limits.planNumbers, into: &faults)
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
