import Decisions
import Registry
import Support

/// Facts for tests, with every kind of value in them.
enum FactSample {
    static func identifier(_ text: String) -> Identifier {
        guard let identifier = Identifier(text) else { preconditionFailure("\(text) is no id") }
        return identifier
    }

    static func application(_ index: Int) -> ApplicationRecord {
        ApplicationRecord(
            id: identifier("application-\(index)"), partner: identifier("partner-\(index)"),
            state: ApplicationState.allCases[index % ApplicationState.allCases.count], ends: WallTime(nanoseconds: .max),
            scopes: ScopeSet(rawValue: UInt8(index % 128)), plan: identifier("standard"),
            allowedAddresses: index % 3 == 0 ? [] : [AddressRange(base: Address(high: 1, low: UInt64(index)), prefixLength: index % 129)],
            certificates: (0..<index % 4).map { Digest(UInt64($0), 2, 3, 4) })
    }

    static func policy(_ version: String) -> Policy {
        let bucket = BucketRule(tokens: 100, periodNanoseconds: 300_000_000_000, burst: 100)
        let rich = Allowance(bucket: bucket, dayTokens: 50_000, concurrency: 20)
        let parameters = [
            Parameter(name: "date", form: .date, isRequired: true),
            Parameter(name: "pincode", form: .digits(least: 1, most: 6), isRequired: true),
            Parameter(name: "lat", form: .degrees, isRequired: false),
            Parameter(name: "vaccine", form: .oneOf(["A", "B C"]), isRequired: false),
        ]
        let routes = [("find-by-pin", RouteMethod.get, Scope.search), ("schedule", .post, .booking)].map { name, method, scope in
            Route(
                id: identifier(name), method: method, path: "/api/{id}/\(name)", parameters: parameters, scope: scope, cost: 3,
                identities: method == .get ? .anyone : .applicationAndCitizen, maximumBodyBytes: 4_096,
                timeouts: RouteTimeouts(firstByteMilliseconds: 5_000, requestMilliseconds: 15_000))
        }
        return Policy(
            version: version,
            plans: [
                Plan(id: identifier("anonymous"), buckets: [.search: bucket, .metadata: bucket]),
                Plan(id: identifier("standard"), allowances: Dictionary(uniqueKeysWithValues: Scope.allCases.map { ($0, rich) })),
            ], anonymousPlan: identifier("anonymous"), defaultPlans: [.app: identifier("standard")], routes: routes,
            dayOffsetMinutes: -210)
    }

    /// Some of each kind.
    static let all: [Fact] =
        (0..<40).map { .application(application($0)) } + [
            .rules(policy("one"), shadow: nil), .rules(policy("one"), shadow: policy("two")), .endpoint(""),
            .endpoint("[2001:db8::1]:443 ü"),
            .stream(0, .max), .stream(1, 2),
        ]

    /// A table that has given them the numbers 1 to `all.count`.
    static func table() -> FactTable {
        let table = FactTable()
        for fact in all { _ = table.number(of: fact) }
        return table
    }

    /// All of them, none, and one that nobody knows.
    static let numbers: ClosedRange<UInt32> = 0...UInt32(all.count + 1)
    /// Endpoints, streams and one that nobody knows: facts of a few bytes.
    static let shortNumbers: ClosedRange<UInt32> = UInt32(all.count - 3)...UInt32(all.count + 1)

    /// A record that names facts of `table()`.
    static func record(naming numbers: ClosedRange<UInt32> = numbers, _ random: inout SplitMix64) -> DecisionWords {
        var decision = Decision.random(&random)
        func number() -> UInt32 { .random(in: numbers, using: &random) }
        (decision.application, decision.rules, decision.endpoint, decision.stream) = (number(), number(), number(), number())
        return decision.words
    }

    static func records(
        _ count: Int, naming numbers: ClosedRange<UInt32> = numbers, _ random: inout SplitMix64
    ) -> [DecisionWords] {
        (0..<count).map { _ in record(naming: numbers, &random) }
    }
}
