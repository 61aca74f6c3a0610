import Registry
import Testing

@testable import ControlPlane

/// An import between two steps changes nothing of what is being judged.
@Suite struct ImportConflictTests {
    private let scratch: Scratch
    private let registry: RegistryStore
    private let now = Scratch.now

    init() throws {
        scratch = try Scratch()
        registry = try scratch.registry()
        // The first import alone may set states.
        _ = try registry.importPartners([partner("first", application: "first-app")], at: now)
        for name in ["acme", "bcme"] {
            let declared = partner(name, application: name + "-app", scopes: [.metadata, .search])
            _ = try registry.importPartners([declared], at: now)
        }
    }

    private func go(_ moves: LifecycleMove..., for name: String = "acme-app") throws {
        for move in moves { _ = try registry.move(id(name), move, by: "asha", reason: "x", at: now) }
    }

    private func conflict(_ declared: PartnerDeclaration...) throws -> String? {
        let before = try registry.contents()
        do {
            _ = try registry.importPartners(declared, isTrial: true, at: now)
            return nil
        } catch {
            #expect(try registry.contents() == before)
            return "\(error)"
        }
    }

    private func wider(_ name: String = "acme") -> PartnerDeclaration {
        partner(name, application: name + "-app", scopes: [.metadata, .search, .booking])
    }

    @Test func `scopes and plan stay while somebody judges them, and every conflict is listed`() throws {
        var planned = wider("bcme")
        planned.applications[0].plan = id("starter-app")
        #expect(try conflict(wider(), planned) == nil, "a draft may ask for anything")
        try go(.submit)
        try go(.submit, .review, for: "bcme-app")
        let sentence = try #require(try conflict(wider(), planned))
        #expect(sentence.contains("application acme-app is submitted and asks for other scopes:"))
        #expect(sentence.contains("application bcme-app is in_review and asks for other scopes and another plan:"))
        #expect(throws: RegistryError.self) { _ = try registry.importPartners([wider()], at: now) }
        var renamed = partner("acme", application: "acme-app")
        renamed.applications[0].purpose = "Is tested more."
        #expect(try conflict(renamed) == nil, "who only says more of it changes nothing")
        try go(.requestChanges, for: "bcme-app")
        #expect(try conflict(planned) == nil)
    }

    @Test func `in the sandbox and live more may be asked for, which a grant alone gives`() throws {
        try go(.submit, .review, .grantSandbox)
        #expect(try conflict(wider()) == nil)
        _ = try registry.importPartners([wider()], at: now)
        #expect(try registry.application(id("acme-app")).granted == ScopeSet([.metadata, .search]))
        try go(.certify)
        #expect(try conflict(partner("acme", application: "acme-app")) != nil)
        try go(.approve)
        #expect(try conflict(partner("acme", application: "acme-app")) != nil)
    }

    @Test func `a partner's kind stays once an application of its was handed in`() throws {
        var declared = partner("acme", application: "acme-app")
        declared.kind = .government
        #expect(try conflict(declared) == nil)
        try go(.submit)
        #expect(
            try conflict(declared)
                == "partner acme is of the kind app, by which its application acme-app was judged")
    }
}
