import Registry
import Support

/// What random worlds are made of: policies, applications and keys, each of them possible and few of them sensible.
extension SplitMix64 {
    mutating func chance(_ part: Int, in whole: Int) -> Bool { Int.random(in: 0..<whole, using: &self) < part }

    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[Int.random(in: elements.indices, using: &self)] }

    mutating func bucket() -> BucketRule {
        let tokens = Int64.random(in: 1...(chance(1, in: 2) ? 7 : 300), using: &self)
        let periods: [Int64] = [tokens, 1_009, 1_000_003, 1_000_000_000, 7_777_777_777, 60_000_000_000, 300_000_000_000]
        return BucketRule(
            tokens: tokens, periodNanoseconds: max(tokens, pick(periods)),
            burst: .random(in: 1...(chance(3, in: 4) ? 9 : 200), using: &self))
    }

    mutating func plan(_ id: Identifier) -> Plan {
        var allowances: [Scope: Allowance] = [:]
        for scope in Scope.allCases where chance(7, in: 8) {
            allowances[scope] = Allowance(
                bucket: bucket(), dayTokens: chance(1, in: 3) ? .random(in: 1...60, using: &self) : 0,
                concurrency: chance(1, in: 2) ? .random(in: 1...3, using: &self) : 0)
        }
        return Plan(id: id, allowances: allowances)
    }

    mutating func policy(plans: [Identifier]) throws -> Policy {
        let routes = try (0..<12).map { place in
            Route(
                id: try identifier("route-\(place)"), method: .get, path: "/\(place)", parameters: [], scope: pick(Scope.allCases),
                cost: .random(in: 1...(chance(3, in: 4) ? 3 : 12), using: &self),
                identities: pick([.anyone, .application, .application, .applicationAndCitizen]), maximumBodyBytes: 0,
                timeouts: RouteTimeouts(firstByteMilliseconds: 1, requestMilliseconds: 1))
        }
        return Policy(
            version: String(next(), radix: 16), plans: plans.map { plan($0) }, anonymousPlan: plans[0], defaultPlans: [:], routes: routes,
            dayOffsetMinutes: .random(in: DayClock.offsetMinutes, using: &self))
    }

    mutating func application(_ id: Identifier, plans: [Identifier], near now: WallTime) -> ApplicationRecord {
        ApplicationRecord(
            id: id, partner: id, state: pick([.live, .live, .live, .live, .live, .withdrawn, pick(ApplicationState.allCases)]),
            ends: WallTime(nanoseconds: now.nanoseconds + .random(in: -1_000...7_200_000_000_000, using: &self)),
            scopes: ScopeSet(Scope.allCases.filter { _ in chance(7, in: 8) }), plan: pick(plans),
            allowedAddresses: chance(1, in: 4) ? (0..<3).map { _ in range() } : [],
            certificates: chance(1, in: 6) ? (0..<2).map { _ in certificate() } : [])
    }

    /// The same, and every other one with something on top of its plan until soon.
    mutating func raised(_ application: ApplicationRecord, near now: WallTime) -> ApplicationRecord {
        var application = application
        guard chance(1, in: 2) else { return application }
        let end = WallTime(nanoseconds: now.nanoseconds + .random(in: -1_000...600_000_000_000, using: &self))
        application.extra = ExtraQuota(percent: pick([1, 50, 1_000]), until: end)
        return application
    }

    mutating func credential(_ digest: UInt64, of application: Int, near now: WallTime) -> CredentialRecord {
        CredentialRecord(
            digest: Digest(digest, 1, 2, 3), application: application, environment: pick([.sandbox, .production, .production]),
            state: chance(7, in: 8) ? .active : pick([.retiring, .retiring, .revoked]),
            until: WallTime(nanoseconds: now.nanoseconds + .random(in: 0...7_200_000_000_000, using: &self)))
    }

    /// One of sixteen clients: eight by IPv4, eight by IPv6 in four networks; one of them calls as often as all others.
    mutating func address() -> Address {
        let number = chance(1, in: 2) ? 0 : UInt64.random(in: 0..<16, using: &self)
        return number < 8 ? Address(ipv4: 0xC000_0200 + UInt32(number)) : Address(high: 0x2001_0DB8_0000_0000 + number / 2, low: number)
    }

    mutating func range() -> AddressRange {
        let address = address()
        return AddressRange(base: address, prefixLength: address.ipv4 == nil ? pick([32, 63, 64, 128]) : pick([120, 125, 126, 128]))
    }

    mutating func certificate() -> Digest { Digest(.random(in: 0..<6, using: &self), 0, 0, 0) }
}
