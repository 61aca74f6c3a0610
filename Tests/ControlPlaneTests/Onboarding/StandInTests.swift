import Registry
import Testing

@testable import ControlPlane

/// For how long somebody may be stood in for, by however many delegations.
@Suite struct StandInTests {
    private let scratch: Scratch
    private let registry: RegistryStore
    private let now = Scratch.now
    private let day: Int64 = 86_400

    init() throws {
        scratch = try Scratch()
        registry = try scratch.onboarding()
    }

    @discardableResult
    private func give(_ from: Int64, _ until: Int64, to standIn: String = "temp") throws -> Int64 {
        try registry.delegate(
            from: "asha", to: standIn, since: after(from * day), until: after(until * day), by: "asha", reason: "x", at: now
        ).number
    }

    @Test func `delegations one after the other are one, whoever stands in`() throws {
        try give(0, 20)
        let error = #expect(throws: RegistryError.self) { try give(20, 31, to: "bela") }
        #expect(error?.description.contains("'asha' would be stood in for during more than 30 days") == true)
        #expect(throws: RegistryError.self) { try give(10, 31) }
        try give(20, 30, to: "bela")
        #expect(throws: RegistryError.self) { try give(30, 31) }
        try give(31, 61)
        #expect(throws: RegistryError.self) { try give(30, 31) }
        #expect(throws: RegistryError.self) {
            _ = try registry.delegate(
                from: "asha", to: "temp", since: after(61 * day), until: after(62 * day), by: "asha", reason: "x", at: now)
        }
    }

    @Test func `one that was taken back counts as far as it went, and another's counts for that one alone`() throws {
        let number = try give(0, 30)
        try registry.endDelegation(number, by: "asha", at: after(60))
        try give(1, 30)
        _ = try registry.delegate(from: "bela", to: "temp", since: now, until: after(30 * day), by: "bela", reason: "x", at: now)
    }
}
