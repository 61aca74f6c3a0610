// Plans and routes in the snapshot file and in the decision log.

extension ByteFormWriter {
    /// A policy, whole.
    package mutating func write(policy: Policy) {
        write(policy.version)
        write(policy.anonymousPlan)
        write(PartnerKind.allCases.compactMap { kind in policy.defaultPlans[kind].map { (kind, $0) } }) { writer, entry in
            writer.write(entry.0.rawValue)
            writer.write(entry.1)
        }
        write(policy.plans) { writer, plan in
            writer.write(plan.id)
            writer.write(Scope.allCases.filter { plan[$0] != nil }) { writer, scope in
                guard let allowance = plan[scope] else { return }
                writer.write(scope.rawValue)
                writer.write(allowance.bucket.tokens)
                writer.write(allowance.bucket.periodNanoseconds)
                writer.write(allowance.bucket.burst)
                writer.write(allowance.dayTokens)
                writer.write(allowance.concurrency)
            }
        }
        write(policy.routes) { $0.write(route: $1) }
        write(policy.dayOffsetMinutes)
        write(Scope.allCases.compactMap { scope in policy.capacityPerSecond[scope].map { (scope, $0) } }) { writer, entry in
            writer.write(entry.0.rawValue)
            writer.write(entry.1)
        }
    }

    mutating func write(announced: AnnouncedPolicy) {
        write(announced.from.nanoseconds)
        write(policy: announced.policy)
    }

    private mutating func write(route: Route) {
        write(route.id)
        write(route.method.rawValue)
        write(route.path)
        write(route.parameters) { writer, parameter in
            writer.write(parameter.name)
            writer.write(parameter.isRequired ? 1 : UInt8(0))
            writer.write(form: parameter.form)
        }
        write(route.scope.rawValue)
        write(route.cost)
        write(route.identities.rawValue)
        write(route.maximumBodyBytes)
        write(route.timeouts.firstByteMilliseconds)
        write(route.timeouts.requestMilliseconds)
    }

    private mutating func write(form: ParameterForm) {
        switch form {
        case .date: write(UInt8(0))
        case .digits(let least, let most):
            write(UInt8(1))
            write(count: least)
            write(count: most)
        case .degrees: write(UInt8(2))
        case .oneOf(let words):
            write(UInt8(3))
            write(words) { $0.write($1) }
        }
    }
}

extension ByteFormReader {
    /// A policy, with numbers that no arithmetic of ours overflows by; whether its plans are all there is for who uses it.
    package mutating func policy() throws(SnapshotFile.Damage) -> Policy {
        let version = try text()
        let anonymous = try identifier()
        var defaults: [PartnerKind: Identifier] = [:]
        for _ in 0..<(try count()) { defaults[try choice(PartnerKind.self)] = try identifier() }
        let plans = try list { (reader: inout ByteFormReader) throws(SnapshotFile.Damage) in try reader.plan() }
        let routes = try list { (reader: inout ByteFormReader) throws(SnapshotFile.Damage) in try reader.route() }
        guard routes.allSatisfy({ $0.parameters.count <= Route.maximumParameters }) else { throw .outOfForm("parameters") }
        guard routes.allSatisfy({ $0.cost >= 1 && $0.maximumBodyBytes >= 0 }) else { throw .outOfForm("route") }
        let dayOffset = self.version >= 2 ? try signed() : DayClock.indianMinutes
        guard DayClock.offsetMinutes.contains(dayOffset) else { throw .outOfForm("day offset") }
        return Policy(
            version: version, plans: plans, anonymousPlan: anonymous, defaultPlans: defaults, routes: routes, dayOffsetMinutes: dayOffset,
            capacityPerSecond: self.version >= 3 ? try capacity() : [:])
    }

    mutating func announced() throws(SnapshotFile.Damage) -> AnnouncedPolicy {
        AnnouncedPolicy(from: WallTime(nanoseconds: try signed()), policy: try policy())
    }

    private mutating func capacity() throws(SnapshotFile.Damage) -> [Scope: Int64] {
        var capacity: [Scope: Int64] = [:]
        for _ in 0..<(try count()) {
            let scope = try choice(Scope.self)
            let requests = try signed()
            guard (1...1_000_000_000).contains(requests) else { throw .outOfForm("capacity") }
            capacity[scope] = requests
        }
        return capacity
    }

    private mutating func plan() throws(SnapshotFile.Damage) -> Plan {
        let id = try identifier()
        var allowances: [Scope: Allowance] = [:]
        for _ in 0..<(try count()) {
            let scope = try choice(Scope.self)
            let (tokens, period, burst) = (try signed(), try signed(), try signed())
            guard tokens >= 1, period >= tokens, burst >= 1, max(period, burst) < .max / 4 else { throw .outOfForm("bucket") }
            let rule = BucketRule(tokens: tokens, periodNanoseconds: period, burst: burst)
            guard !rule.intervalNanoseconds.multipliedReportingOverflow(by: burst * 4).overflow else { throw .outOfForm("bucket") }
            var allowance = Allowance(bucket: rule)
            if version >= 2 { (allowance.dayTokens, allowance.concurrency) = (try signed(), try signed()) }
            let bounds = 0...Int64(1_000_000_000_000)
            guard bounds.contains(allowance.dayTokens), bounds.contains(allowance.concurrency) else { throw .outOfForm("allowance") }
            allowances[scope] = allowance
        }
        return Plan(id: id, allowances: allowances)
    }

    private mutating func route() throws(SnapshotFile.Damage) -> Route {
        let route = Route(
            id: try identifier(), method: try choice(RouteMethod.self), path: try text(),
            parameters: try list { (reader: inout ByteFormReader) throws(SnapshotFile.Damage) in
                let name = try reader.text()
                let isRequired = try reader.byte() == 1
                return Parameter(name: name, form: try reader.form(), isRequired: isRequired)
            },
            scope: try choice(Scope.self), cost: try signed(), identities: try choice(Identities.self), maximumBodyBytes: try signed(),
            timeouts: RouteTimeouts(firstByteMilliseconds: try signed(), requestMilliseconds: try signed()))
        // Bounds that keep the data plane's arithmetic from overflowing, whatever wrote the file.
        let waits = 1...Int64(86_400_000)
        guard (1...1_000_000_000).contains(route.cost), (0...(1 << 40)).contains(route.maximumBodyBytes),
            waits.contains(route.timeouts.firstByteMilliseconds), waits.contains(route.timeouts.requestMilliseconds)
        else { throw .outOfForm("route") }
        return route
    }

    private mutating func form() throws(SnapshotFile.Damage) -> ParameterForm {
        switch try byte() {
        case 0: return .date
        case 1:
            let (least, most) = (try unsigned(), try unsigned())
            guard (1...32).contains(least), (least...32).contains(most) else { throw .outOfForm("digits") }
            return .digits(least: Int(least), most: Int(most))
        case 2: return .degrees
        case 3:
            let words = try list { (reader: inout ByteFormReader) throws(SnapshotFile.Damage) in try reader.text() }
            guard words.count <= Route.maximumWords else { throw .outOfForm("words") }
            return .oneOf(words)
        default: throw .outOfForm("parameter form")
        }
    }
}
