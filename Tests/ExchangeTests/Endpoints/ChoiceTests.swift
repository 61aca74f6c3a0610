import Registry
import Support
import Testing

@testable import Exchange

/// Which endpoint the next request goes to.
@Suite struct ChoiceTests {
    private static func name(_ slot: Int) -> EndpointName { EndpointName(environment: .production, slot: slot) }

    private func table(_ slots: [Int]) -> EndpointTable {
        let table = EndpointTable()
        for slot in slots { table.activate(ChoiceTests.name(slot)) }
        return table
    }

    @Test func `a store without an endpoint has nowhere to go, one with one always the same`() {
        var turn = EndpointTurn()
        #expect(EndpointTable().choose(.production, turn: &turn, at: World.start) == nil)
        let table = table([7])
        for _ in 0..<10 {
            #expect(table.choose(.production, turn: &turn, at: World.start) == ChoiceTests.name(7))
            table.begin(ChoiceTests.name(7))
        }
        #expect(table.choose(.sandbox, turn: &turn, at: World.start) == nil)
        #expect(table.choose(.production, besides: 1 << 7, turn: &turn, at: World.start) == nil)
    }

    @Test func `idle endpoints take turns`() {
        let table = table([0, 5, 63])
        var turn = EndpointTurn()
        let chosen = (0..<9).compactMap { _ in table.choose(.production, turn: &turn, at: World.start)?.slot }
        #expect(chosen == [0, 5, 63, 0, 5, 63, 0, 5, 63])
    }

    @Test(arguments: 0..<Soak.count(200))
    func `of those trusted, one with the fewest requests in flight`(seed: Int) {
        var generator = SplitMix64(seed: UInt64(seed))
        let table = EndpointTable()
        var turn = EndpointTurn()
        var loads: [Int: Int] = [:]
        var doubtful: Set<Int> = []
        for _ in 0..<300 {
            let slot = Int.random(in: 0..<64, using: &generator)
            switch Int.random(in: 0..<10, using: &generator) {
            case 0:
                table.activate(ChoiceTests.name(slot))
                loads[slot] = loads[slot] ?? table.inFlight(of: ChoiceTests.name(slot))
                doubtful.remove(slot)
            case 1:
                table.deactivate(ChoiceTests.name(slot))
                loads[slot] = nil
                doubtful.remove(slot)
            case 2 where loads[slot] != nil:
                _ = table.noteHealth(ChoiceTests.name(slot), isGood: false, at: World.start)
                doubtful.insert(slot)
            case 3:
                table.begin(ChoiceTests.name(slot))
                if let load = loads[slot] { loads[slot] = load + 1 }
            default:
                let chosen = table.choose(.production, turn: &turn, at: World.start)
                let trusted = loads.filter { !doubtful.contains($0.key) }
                let candidates = trusted.isEmpty ? loads : trusted
                guard let least = candidates.values.min() else {
                    #expect(chosen == nil, "seed \(seed)")
                    continue
                }
                #expect(chosen.flatMap { candidates[Int($0.slot)] } == least, "seed \(seed)")
                if let chosen, let load = loads[Int(chosen.slot)] {
                    table.begin(chosen)
                    loads[Int(chosen.slot)] = load + 1
                }
            }
        }
    }

    @Test(arguments: [0, 1_000, 5_000, 9_000, 10_000])
    func `the share of one that is new grows evenly over ten seconds, idle or busy`(age: Int64) {
        for held in [0, 60] {
            let table = table([0, 1])
            table.activate(ChoiceTests.name(2), risingFrom: World.start.monotonic)
            var turn = EndpointTurn()
            var queue: [EndpointName] = []
            var counts = [0, 0, 0]
            let now = World.start.later(milliseconds: age)
            for _ in 0..<10_000 {
                guard let chosen = table.choose(.production, turn: &turn, at: now) else { continue }
                counts[Int(chosen.slot)] += 1
                table.begin(chosen)
                queue.append(chosen)
                if queue.count > held { table.end(queue.removeFirst()) }
            }
            // Of three with a part w of a third share: w / (2 + w) of all.
            let part = Double(age) / 10_000
            let expected = 10_000 * part / (2 + part)
            #expect(abs(Double(counts[2]) - expected) < 600, "\(counts) at \(age) ms with \(held) in flight, expected \(expected)")
        }
    }

    @Test func `where all are new, all are used`() {
        let table = EndpointTable()
        for slot in 0..<3 { table.activate(ChoiceTests.name(slot), risingFrom: World.start.monotonic) }
        var turn = EndpointTurn()
        let chosen = Set((0..<30).compactMap { _ in table.choose(.production, turn: &turn, at: World.start)?.slot })
        #expect(chosen == [0, 1, 2])
    }

    @Test func `an endpoint takes so many connections and no more`() {
        let table = EndpointTable(connectionsPerEndpoint: 2)
        table.activate(ChoiceTests.name(0))
        #expect(table.openConnection(ChoiceTests.name(0)) && table.openConnection(ChoiceTests.name(0)))
        #expect(!table.openConnection(ChoiceTests.name(0)))
        table.closeConnection(ChoiceTests.name(0))
        #expect(table.openConnection(ChoiceTests.name(0)) && table.connections(of: ChoiceTests.name(0)) == 2)
    }

    @Test func `requests sent again are few where all fail, and half of those in flight where many are`() {
        let table = table([0])
        #expect((0..<1_000).filter { _ in table.beginResending(.production) }.count == Limits.resentRequests)
        for _ in 0..<1_000 { table.begin(ChoiceTests.name(0)) }
        #expect((0..<1_000).filter { _ in table.beginResending(.production) }.count == 500 - Limits.resentRequests)
        #expect(table.resent(.production) == 500 && table.resent(.sandbox) == 0)
    }
}
