import Admission
import Exchange
import Registry

/// Rules with a route and a parameter of each kind.
enum PlainRules {
    static func identifier(_ text: String) -> Identifier {
        guard let identifier = Identifier(text) else { fatalError("\(text) is no id") }
        return identifier
    }

    /// A stand-in for SHA-256 with the same shape.
    static func digest(_ bytes: Span<UInt8>) -> Digest {
        func word(_ start: UInt64) -> UInt64 {
            var value = start
            for index in bytes.indices { value = (value ^ UInt64(bytes[index])) &* 0x0000_0100_0000_01B3 }
            return value ^ value >> 32
        }
        return Digest(word(1), word(2), word(3), word(4))
    }

    /// A key for each environment, of the one application.
    static let keys: [[UInt8]] = {
        var source = Draw([])
        return Environment.allCases.map { Array(KeyForm.make($0, using: &source).utf8) }
    }()

    /// A citizen's token that names the one application.
    static let token = Array("Bearer e30.eyJjbGllbnRfaWQiOiJhcHAtb25lIn0.c2ln".utf8)

    static func application(_ id: Identifier) -> ApplicationRecord {
        ApplicationRecord(
            id: id, partner: identifier("partner"), state: .live, ends: WallTime(nanoseconds: .max), scopes: ScopeSet(Scope.allCases),
            plan: identifier("plan"), allowedAddresses: [])
    }

    static func snapshot(_ applications: [ApplicationRecord]) -> Snapshot {
        let rule = BucketRule(tokens: 1_000, periodNanoseconds: 1_000_000_000, burst: 1_000)
        let allowance = Allowance(bucket: rule, dayTokens: 900, concurrency: 2)
        let plan = Plan(id: identifier("plan"), allowances: Dictionary(uniqueKeysWithValues: Scope.allCases.map { ($0, allowance) }))
        let policy = Policy(version: "0", plans: [plan], anonymousPlan: plan.id, defaultPlans: [:], routes: routes)
        let credentials =
            applications.isEmpty
            ? []
            : zip(Environment.allCases, keys).map { environment, key in
                CredentialRecord(
                    digest: digest(key.span), application: 0, environment: environment, state: .active, until: WallTime(nanoseconds: .max))
            }
        do {
            return try Snapshot(revision: 1, policy: policy, applications: applications, credentials: credentials)
        } catch {
            fatalError("\(error)")
        }
    }

    /// Fresh levels each time.
    static var ruleset: Ruleset { Ruleset(snapshot([application(identifier("app-one"))]), levels: OneApplicationsLevels()) }

    static let routes: [Route] = {
        let date = Parameter(name: "date", form: .date, isRequired: true)
        let words = Parameter(name: "vaccine", form: .oneOf(["COVISHIELD", "COVAXIN", "SPUTNIK V"]), isRequired: false)
        let district = Parameter(name: "district_id", form: .digits(least: 1, most: 6), isRequired: true)
        let pincode = Parameter(name: "pincode", form: .digits(least: 6, most: 6), isRequired: true)
        let degrees = ["lat", "long"].map { Parameter(name: $0, form: .degrees, isRequired: true) }
        let routes = [
            route("find", .get, "/find", .search, .anyone, [date, district, words]),
            route("pin", .get, "/pin", .search, .application, [date, pincode]),
            route("place", .get, "/place", .search, .application, degrees),
            route("districts", .get, "/districts/{state_id}/all", .metadata, .anyone),
            route("otp", .post, "/otp", .identity, .application, body: 64),
            route("booking", .post, "/booking", .booking, .applicationAndCitizen, body: 70_000),
            route("people", .get, "/people", .beneficiary, .applicationAndCitizen),
            route("people-delete", .delete, "/people", .beneficiary, .applicationAndCitizen, body: 16),
        ]
        // The order a policy gives them.
        return routes.sorted { $0.id.text < $1.id.text }
    }()

    private static func route(
        _ id: String, _ method: RouteMethod, _ path: String, _ scope: Scope, _ identities: Identities, _ parameters: [Parameter] = [],
        body: Int64 = 0
    ) -> Route {
        Route(
            id: identifier(id), method: method, path: path, parameters: parameters, scope: scope, cost: 1, identities: identities,
            maximumBodyBytes: body, timeouts: RouteTimeouts(firstByteMilliseconds: 5_000, requestMilliseconds: 40_000))
    }
}
