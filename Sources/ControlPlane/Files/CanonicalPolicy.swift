import Crypto
import Registry

/// A policy written in one form whatever its files' order, comments and spacing: what the registry keeps and what the version is the digest of.
enum CanonicalPolicy {
    /// plans.yaml in canonical form.
    static func plans(_ policy: Policy) -> String {
        // What says nothing new keeps its spelling, and with it the version of policies accepted before there were quotas or a capacity.
        var text = ""
        if policy.dayOffsetMinutes != DayClock.indianMinutes {
            text += "day-offset: \"\(Quantity.offset(minutes: policy.dayOffsetMinutes))\"\n"
        }
        text += "anonymous: \(policy.anonymousPlan.text)\ndefaults:\n"
        for kind in PartnerKind.allCases {
            if let plan = policy.defaultPlans[kind] { text += "  \(kind.name): \(plan.text)\n" }
        }
        let stated = Scope.allCases.filter { policy.capacityPerSecond[$0] != nil }
        if !stated.isEmpty { text += "capacity:\n" }
        for scope in stated { text += "  \(scope.name): \(policy.capacityPerSecond[scope] ?? 0)\n" }
        text += "plans:\n"
        for plan in policy.plans {
            text += "  - id: \(YamlText.scalar(plan.id.text))\n    buckets:"
            let scopes = Scope.allCases.filter { plan[$0] != nil }
            text += scopes.isEmpty ? " {}\n" : "\n"
            for scope in scopes {
                guard let allowance = plan[scope] else { continue }
                text += "      \(scope.name): \(form(of: allowance))\n"
            }
        }
        return text
    }

    private static func form(of allowance: Allowance) -> String {
        let bucket = allowance.bucket
        let period = Quantity.duration(nanoseconds: bucket.periodNanoseconds)
        var text = "{ tokens: \(bucket.tokens), per: \(period), burst: \(bucket.burst)"
        if allowance.dayTokens > 0 { text += ", day: \(allowance.dayTokens)" }
        if allowance.concurrency > 0 { text += ", concurrency: \(allowance.concurrency)" }
        return text + " }"
    }

    /// routes.yaml in canonical form.
    static func routes(_ policy: Policy) -> String {
        var text = policy.routes.isEmpty ? "routes: []\n" : "routes:\n"
        for route in policy.routes {
            text += "  - id: \(YamlText.scalar(route.id.text))\n    method: \(route.method.token)\n    path: \"\(route.path)\"\n"
            if !route.parameters.isEmpty { text += "    query:\n" }
            for (key, isRequired) in [("required", true), ("optional", false)] {
                let parameters = route.parameters.filter { $0.isRequired == isRequired }
                if !parameters.isEmpty { text += "      \(key):\n" }
                for parameter in parameters {
                    text += "        \(parameter.name): \(YamlText.scalar(RouteQuery.text(parameter.form)))\n"
                }
            }
            let (firstByte, request) = (route.timeouts.firstByteMilliseconds, route.timeouts.requestMilliseconds)
            text += "    scope: \(route.scope.name)\n    cost: \(route.cost)\n    identities: \(route.identities.name)\n"
            text += "    maximum-body: \(Quantity.size(bytes: route.maximumBodyBytes))\n"
            text += "    timeouts: { first-byte: \(firstByte) ms, request: \(request) ms }\n"
        }
        return text
    }

    /// The policy under its true version.
    static func sealed(_ policy: Policy) -> Policy {
        var policy = policy
        policy.version = version(plans: plans(policy), routes: routes(policy))
        return policy
    }

    /// The policy in its canonical texts, or nil if they are not of this form.
    static func policy(plans: String, routes: String) -> Policy? {
        var faults = FaultList()
        guard let plansTree = parseFileTree(plans, file: "plans", into: &faults),
            let routesTree = parseFileTree(routes, file: "routes", into: &faults)
        else { return nil }
        let policy = assemble(PlansFile(plansTree, into: &faults), RoutesFile(routesTree, into: &faults))
        return faults.faults.isEmpty ? policy.map(sealed) : nil
    }

    /// A policy of files' content; nil where the anonymous plan is missing.
    static func assemble(_ plans: PlansFile, _ routes: RoutesFile) -> Policy? {
        guard let anonymous = plans.anonymous else { return nil }
        return Policy(
            version: "", plans: plans.plans.map(\.plan), anonymousPlan: anonymous.value, defaultPlans: plans.defaults.mapValues(\.value),
            routes: routes.routes.map(\.value), dayOffsetMinutes: plans.dayOffsetMinutes,
            capacityPerSecond: plans.capacity.mapValues(\.value))
    }

    private static func version(plans: String, routes: String) -> String {
        SHA256.hash(data: Array((plans + "---\n" + routes).utf8)).map { byte in
            String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }.joined()
    }
}
