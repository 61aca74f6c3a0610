import Registry
import Synchronization
import Testing

@testable import Exchange

/// Addresses come and go.
@Suite struct RosterTests {
    private let table = EndpointTable()
    private let now = World.start.monotonic
    private static func name(_ slot: Int) -> EndpointName { EndpointName(environment: .sandbox, slot: slot) }

    @Test func `new addresses get slots, gone ones no requests, and the same again changes nothing`() {
        var roster = EndpointRoster<String>(.sandbox)
        #expect(roster.adopt(["a", "b"], in: table, at: now).added == ["a", "b"])
        #expect(roster.adopt(["b", "a"], in: table, at: now).isEmpty)
        let change = roster.adopt(["b", "c"], in: table, at: now)
        #expect(change.added == ["c"] && change.gone == ["a"])
        #expect(roster.targets.prefix(2) == ["c", "b"], "nothing was under way at a, so its slot is free")
        #expect(table.active(.sandbox) == 0b11 && table.active(.production) == 0)
    }

    @Test func `a slot is not another's before the last request and the last connection of its address ended`() {
        var roster = EndpointRoster<String>(.sandbox)
        _ = roster.adopt(["a"], in: table, at: now)
        #expect(table.openConnection(RosterTests.name(0)))
        table.begin(RosterTests.name(0))
        _ = roster.adopt(["b"], in: table, at: now)
        #expect(roster.targets.prefix(2) == ["a", "b"])
        table.end(RosterTests.name(0))
        _ = roster.adopt(["b", "c"], in: table, at: now)
        #expect(roster.targets.prefix(3) == ["a", "b", "c"])
        table.closeConnection(RosterTests.name(0))
        _ = roster.adopt(["b", "c", "d"], in: table, at: now)
        #expect(roster.targets.prefix(3) == ["d", "b", "c"])
    }

    @Test func `an address that comes back has its slot again`() {
        var roster = EndpointRoster<String>(.sandbox)
        _ = roster.adopt(["a", "b"], in: table, at: now)
        #expect(table.openConnection(RosterTests.name(0)))
        _ = roster.adopt(["b"], in: table, at: now)
        #expect(roster.adopt(["a", "b"], in: table, at: now).added == ["a"])
        #expect(roster.targets.prefix(3) == ["a", "b", nil])
    }

    @Test func `the first addresses carry everything at once, a later one starts slowly`() {
        var roster = EndpointRoster<String>(.sandbox)
        _ = roster.adopt(["a", "b"], in: table, at: now)
        #expect(table.stores[Int(Environment.sandbox.rawValue)].rising.load(ordering: .relaxed) == 0)
        _ = roster.adopt(["a", "b", "c"], in: table, at: now)
        #expect(table.stores[Int(Environment.sandbox.rawValue)].rising.load(ordering: .relaxed) == 0b100)
    }

    @Test func `more addresses than slots are told and left out`() {
        var roster = EndpointRoster<Int>(.sandbox)
        #expect(roster.adopt(Array(0..<70), in: table, at: now).unplaced == Array(64..<70))
    }
}
