import GRDB
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

    @Test func `times at the end of all times are refused, and end nothing`() throws {
        try give(0, 1)
        for (since, until) in [(Int64.max - 10, Int64.max), (.max - 86_400_000_000_000, .max - 1), (after(367 * day).nanoseconds, .max)] {
            #expect(throws: RegistryError.self) {
                _ = try registry.delegate(
                    from: "asha", to: "temp", since: WallTime(nanoseconds: since), until: WallTime(nanoseconds: until), by: "asha",
                    reason: "x", at: now)
            }
        }
        #expect(throws: RegistryError.self) { try give(367, 368, to: "bela") }
        try give(366, 367, to: "bela")
    }

    @Test func `what stands in the registry already is added up without an end`() throws {
        // A row that no check let in: written by an earlier version.
        try registry.write(.note) { database in
            try database.execute(
                sql: """
                    INSERT INTO delegation (away, stand_in, since, until, made, made_by, reason)
                    VALUES ('asha', 'temp', ?, ?, 0, 'x', 'x')
                    """,
                arguments: [Int64.max - 5, Int64.max])
        }
        try give(0, 20)
    }
}
