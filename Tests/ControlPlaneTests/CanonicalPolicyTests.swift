import Registry
import Testing

@testable import ControlPlane

/// The texts that a policy's version is the digest of.
@Suite struct CanonicalPolicyTests {
    private func plans(_ text: String) throws -> String {
        let scratch = try Scratch()
        try scratch.write(text, to: "plans.yaml")
        try scratch.write(goodRoutes, to: "routes.yaml")
        return CanonicalPolicy.plans(try loadPolicy(from: scratch.path))
    }

    @Test func `a policy without quotas is spelt as before there were any, so that its version stays`() throws {
        let text = try plans("day-offset: +05:30\n" + goodPlans)
        #expect(
            text == """
                anonymous: public
                defaults:
                  pharmacy: standard
                  hospital: standard
                  app: standard
                  government: standard
                plans:
                  - id: public
                    buckets:
                      search: { tokens: 100, per: 300 s, burst: 100 }
                  - id: standard
                    buckets:
                      search: { tokens: 100, per: 300 s, burst: 100 }
                      booking: { tokens: 10, per: 60 s, burst: 5 }

                """)
    }

    @Test func `quotas and bounds follow the bucket, and another offset comes first`() throws {
        let text = try plans("day-offset: \"-03:30\"\n" + goodPlans.replacing("burst: 5 }", with: "concurrency: 3, day: 70, burst: 5 }"))
        #expect(text.hasPrefix("day-offset: \"-03:30\"\nanonymous: public\n"))
        #expect(text.contains("booking: { tokens: 10, per: 60 s, burst: 5, day: 70, concurrency: 3 }\n"))
    }

    @Test func `a stated capacity stands by scope before the plans, and changes the version`() throws {
        let text = try plans("capacity: { booking: 30, search: 400 }\n" + goodPlans)
        #expect(text.contains("  government: standard\ncapacity:\n  search: 400\n  booking: 30\nplans:\n"))
        #expect(try plans("capacity: {}\n" + goodPlans) == plans(goodPlans), "nothing stated is nothing said")
    }
}
