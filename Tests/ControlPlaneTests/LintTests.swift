import ControlPlane
import Foundation
import Registry
import Testing

/// What each rule of lint finds, planted one at a time in files that have nothing else to find.
@Suite struct LintTests {
    private let scratch: Scratch
    private var policies: String { scratch.path + "/policies" }

    init() throws {
        scratch = try Scratch()
        try scratch.write(LintTests.plans, to: "policies/plans.yaml")
        try scratch.write(LintTests.routes, to: "policies/routes.yaml")
        try scratch.write(LintTests.declared, to: "partners/acme.yaml")
    }

    private static let plans = goodPlans.replacing("burst: 5 }", with: "burst: 5, day: 900, concurrency: 1 }")
    private static let routes = goodRoutes
    private static let declared = goodPartner.replacing("    state: suspended\n    resumes-in: live\n", with: "    state: live\n")

    private func findings() -> [LintFinding] {
        lintPolicy(policiesDirectory: policies, for: .partners(directory: scratch.path + "/partners"))
    }

    private func expect(
        _ rule: LintRule, at place: String, _ says: String, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let printed = findings().map(\.description)
        #expect(printed.count == 1, "\(printed.joined(separator: "\n"))", sourceLocation: sourceLocation)
        #expect(
            printed.contains { $0.hasPrefix(policies + "/" + place + ": ") && $0.contains(says) && $0.hasSuffix(" [\(rule.rawValue)]") },
            "\(place) \(says)\nin\n\(printed.joined(separator: "\n"))", sourceLocation: sourceLocation)
    }

    private func plans(_ old: String, _ new: String) throws { try edit("policies/plans.yaml", LintTests.plans, old, new) }

    private func routes(_ old: String, _ new: String) throws { try edit("policies/routes.yaml", LintTests.routes, old, new) }

    private func edit(_ name: String, _ text: String, _ old: String, _ new: String) throws {
        try #require(text.contains(old))
        try scratch.write(text.replacing(old, with: new, maxReplacements: 1), to: name)
    }

    /// A route beside those of the good files.
    private func addRoute(_ id: String, _ method: String, _ path: String, scope: String = "booking") throws {
        try scratch.write(
            LintTests.routes + """
                  - id: \(id)
                    method: \(method)
                    path: \(path)
                    scope: \(scope)
                    cost: 1
                    identities: application
                    maximum-body: 0 B
                    timeouts: { first-byte: 5 s, request: 15 s }

                """, to: "policies/routes.yaml")
    }

    @Test func `files that mean what they say have no finding`() { #expect(findings().map(\.description) == []) }

    @Test func `what is not valid comes alone, as check says it`() throws {
        try plans("burst: 5,", "burst: 4,")
        expect(.fault, at: "plans.yaml:14:49", "error: burst 4 is below the cost 5 of the route 'book'; expected at least 5")
    }

    @Test func `a scope in no plan makes its routes unreachable, which is an error`() throws {
        try addRoute("slip", "GET", "/api/slip", scope: "documents")
        expect(.scopeInNoPlan, at: "routes.yaml:24:9", "error: no plan of applications has a bucket for the scope 'documents'")
    }

    @Test func `a scope that nobody has is a warning`() throws {
        try addRoute("slip", "GET", "/api/slip", scope: "documents")
        try plans("      booking:", "      documents: { tokens: 10, per: 60 s, burst: 5 }\n      booking:")
        expect(.scopeOfNobody, at: "routes.yaml:24:9", "warning: no application was granted the scope 'documents' or asks for it")
    }

    @Test func `a template spelt in two ways hides its later route`() throws {
        try addRoute("leave", "DELETE", "/api/find/{place}")
        expect(.routeNeverFound, at: "routes.yaml:24:9", "error: DELETE /api/find/{place} ('leave') is never found: /api/find/{place_id}")
        try addRoute("await", "DELETE", "/api/find/{place}")
        expect(.routeNeverFound, at: "routes.yaml:2:9", "GET /api/find/{place_id} ('find') is never found: /api/find/{place} of 'await'")
        try addRoute("leave", "DELETE", "/api/find/{place_id}")
        #expect(findings().isEmpty, "one path, two methods")
    }

    @Test func `an exact path hides a template's method there`() throws {
        try addRoute("seventh", "POST", "/api/find/7")
        expect(
            .routePartlyHidden, at: "routes.yaml:2:9",
            "warning: GET /api/find/{place_id} ('find') is not found where /api/find/7 of 'seventh'")
    }

    @Test func `templates that meet somewhere hide each other there alone`() throws {
        try addRoute("anywhere", "POST", "/api/{what}/7")
        #expect(findings().isEmpty, "'find' is no number")
        try addRoute("anywhere", "POST", "/api/5/{what}")
        try edit(
            "policies/routes.yaml", String(contentsOfFile: policies + "/routes.yaml", encoding: .utf8), "/api/find/{place_id}",
            "/api/{place_id}/6")
        expect(.routePartlyHidden, at: "routes.yaml:2:9", "is not found where /api/5/{what} of 'anywhere' at line 24 matches")
    }

    @Test(arguments: ["/livez", "/readyz", "/limits", "/problems/{code}", "/decisions/{id}/why"])
    func `a route in the way of the gateway's own answers is an error`(_ path: String) throws {
        try addRoute("mine", "GET", path)
        expect(.ownPageHidden, at: "routes.yaml:24:9", "error: GET \(path) ('mine') stands in the way of /")
    }

    @Test func `a plan of nobody is a warning`() throws {
        try plans("  - id: standard", "  - id: spare\n    buckets:\n      booking: { tokens: 9, per: 60 s, burst: 5 }\n  - id: standard")
        expect(.planOfNobody, at: "plans.yaml:11:9", "warning: no application has the plan 'spare'")
    }

    @Test func `a bucket without routes is a warning, the anonymous plan's where none is public`() throws {
        try plans("      booking:", "      documents: { tokens: 10, per: 60 s, burst: 5 }\n      booking:")
        expect(.bucketWithoutRoutes, at: "plans.yaml:14:50", "plan 'standard', documents: the scope has no route")
        try plans("  - id: standard", "      booking: { tokens: 9, per: 60 s, burst: 5 }\n  - id: standard")
        expect(.bucketWithoutRoutes, at: "plans.yaml:11:47", "plan 'public', booking: the scope has no public route")
    }

    @Test func `a day's quota stands between the burst and what the rate gives`() throws {
        try plans("burst: 5, day: 900", "burst: 50, day: 49")
        expect(.dayBelowBurst, at: "plans.yaml:14:58", "warning: plan 'standard', booking: a full bucket has 50 tokens, more than the 49")
        // 10 in 60 s are 14,400 a day, and 5 are there at its beginning.
        try plans("day: 900", "day: 14405")
        #expect(findings().isEmpty)
        try plans("day: 900", "day: 14406")
        expect(.dayNeverReached, at: "plans.yaml:14:57", "the bucket gives at most 14405 tokens a day, so that 14406 never count")
    }

    @Test func `a bound on requests in flight stands below what the bucket lets begin`() throws {
        // 5 at once and one each 6 s for 15 s, each for 5 tokens.
        try plans("burst: 5, day: 900, concurrency: 1", "burst: 6, day: 900, concurrency: 1")
        #expect(findings().isEmpty)
        try plans("concurrency: 1", "concurrency: 2")
        expect(.concurrencyNeverReached, at: "plans.yaml:14:75", "the bucket lets at most 1 of its requests begin within the 15000 ms")
    }

    @Test func `live applications' plans together stay within what the core store is stated to carry`() throws {
        // A third of a token a second, and the cheapest call costs three; booking: a sixth, and five.
        try plans("anonymous: public", "capacity: { search: 1, booking: 1 }\nanonymous: public")
        #expect(findings().isEmpty)
        try plans("tokens: 10, per: 1 min", "tokens: 901, per: 1 min")
        try edit(
            "policies/plans.yaml", String(contentsOfFile: policies + "/plans.yaml", encoding: .utf8), "anonymous: public",
            "capacity: { search: 1, booking: 3 }\nanonymous: public")
        expect(
            .aboveCapacity, at: "plans.yaml:1:33",
            "error: the plans of 1 live applications add up to 3.003 requests a second of booking, the core store is stated to carry 3;"
                + " the greatest: acme-app 3.003")
    }

    @Test func `what applications have on top of their plans counts, too`() throws {
        let registry = try scratch.registry()
        _ = try registry.importPartners([partner("acme", application: "acme-app", in: .live)], at: Scratch.now)
        for name in ["plans.yaml", "routes.yaml"] {
            let shipped = try String(contentsOfFile: repository + "/policies/" + name, encoding: .utf8)
            try scratch.write(
                shipped.replacing("# capacity: { search: 2000, booking: 300 }", with: "capacity: { search: 6 }"), to: "shipped/" + name)
        }
        func sum(_ extra: [Identifier: ExtraQuota]) throws -> LintFinding? {
            lintPolicy(policiesDirectory: scratch.path + "/shipped", for: .registry(try registry.applications(), extra: extra)).first {
                $0.rule == .aboveCapacity
            }
        }
        #expect(try sum([:]) == nil, "five a second")
        let drive = ExtraQuota(percent: 50, until: after(9))
        #expect(try sum([id("acme-app"): drive])?.description.contains("add up to 7.500 requests a second of search") == true)
    }

    @Test func `the registry tells which applications there are, and whom the policy would fail`() throws {
        let registry = try scratch.registry()
        _ = try registry.importPartners([partner("acme", application: "acme-app", in: .live)], at: Scratch.now)
        let shipped = lintPolicy(policiesDirectory: repository + "/policies", for: .registry(try registry.applications()))
        #expect(shipped.allSatisfy { $0.severity == .warning }, "\(shipped)")
        let missing = lintPolicy(policiesDirectory: policies, for: .registry(try registry.applications())).filter {
            $0.rule == .planMissing
        }
        #expect(missing.count == 1)
        #expect(missing.first?.description.contains("application acme-app has the plan 'standard-app', which is not here") == true)
    }

    @Test func `the shipped policies have warnings alone`() {
        let findings = lintPolicy(policiesDirectory: repository + "/policies", for: .partners(directory: repository + "/partners"))
        #expect(findings.allSatisfy { $0.severity == .warning }, "\(findings.map(\.description).joined(separator: "\n"))")
    }
}
