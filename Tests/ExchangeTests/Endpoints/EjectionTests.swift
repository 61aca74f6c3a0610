import Registry
import Testing

@testable import Exchange

/// Endpoints that make faults get no requests for a while.
@Suite struct EjectionTests {
    private let table = EndpointTable()
    private static func name(_ slot: Int) -> EndpointName { EndpointName(environment: .production, slot: slot) }

    init() { for slot in 0..<3 { table.activate(EjectionTests.name(slot)) } }

    private func faults(_ slot: Int, _ count: Int = Limits.faultsToEject, at milliseconds: Int64 = 0) -> [EndpointNews] {
        (0..<count).compactMap { _ in table.noteFault(EjectionTests.name(slot), at: World.start.later(milliseconds: milliseconds)) }
    }

    private func expired(at milliseconds: Int64) -> [EndpointNews] {
        var news: [EndpointNews] = []
        table.expire(at: World.start.later(milliseconds: milliseconds)) { news.append($0) }
        return news
    }

    private func used(at milliseconds: Int64 = 0) -> Set<UInt8> {
        var turn = EndpointTurn()
        return Set(
            (0..<300).compactMap { _ in table.choose(.production, turn: &turn, at: World.start.later(milliseconds: milliseconds))?.slot })
    }

    @Test func `five faults one after the other eject an endpoint for five seconds, and it is told once`() {
        #expect(faults(1, 4).isEmpty && used() == [0, 1, 2])
        #expect(faults(1, 3) == [EndpointNews(endpoint: EjectionTests.name(1), event: .ejected(milliseconds: 5_000))])
        #expect(used() == [0, 2])
        #expect(expired(at: 4_999).isEmpty && used() == [0, 2])
        #expect(expired(at: 5_000) == [EndpointNews(endpoint: EjectionTests.name(1), event: .returned)])
        #expect(expired(at: 5_000).isEmpty)
        #expect(used(at: 10_000) == [0, 1, 2], "its share grows again")
    }

    @Test func `a success between faults starts the count anew`() {
        for _ in 0..<10 {
            #expect(faults(1, Limits.faultsToEject - 1).isEmpty)
            table.noteSuccess(EjectionTests.name(1))
        }
        #expect(used() == [0, 1, 2])
    }

    @Test func `each ejection after another is longer, up to a minute; a good while makes it short again`() {
        var time: Int64 = 0
        var lengths: [Int64] = []
        for _ in 0..<14 {
            guard case .ejected(let milliseconds) = faults(0, at: time).first?.event else { return #expect(Bool(false)) }
            lengths.append(milliseconds)
            time += milliseconds
            #expect(expired(at: time).count == 1)
        }
        #expect(lengths == (1...14).map { min($0 * 5_000, 60_000) })
        time += 61_000
        #expect(faults(0, at: time).first?.event == .ejected(milliseconds: 5_000))
    }

    @Test func `never all: the last trusted one stays whatever it does`() {
        #expect(faults(0).count == 1 && faults(1).count == 1 && faults(2, 100).isEmpty)
        #expect(used() == [2])
    }

    @Test func `failed checks take all out, and then all are used: none is trusted more than another`() {
        for slot in 0..<3 {
            #expect(table.noteHealth(EjectionTests.name(slot), isGood: false, at: World.start)?.event == .down)
            #expect(table.noteHealth(EjectionTests.name(slot), isGood: false, at: World.start) == nil)
        }
        #expect(used() == [0, 1, 2])
        #expect(table.noteHealth(EjectionTests.name(1), isGood: true, at: World.start)?.event == .up)
        #expect(used(at: 1) == [1])
    }

    @Test func `an ejected one whose checks are good stays out its time`() {
        #expect(faults(1).count == 1)
        #expect(table.noteHealth(EjectionTests.name(1), isGood: true, at: World.start) == nil)
        #expect(used() == [0, 2])
    }

    @Test func `two loops that see the same faults eject once, and never both of two`() async {
        for _ in 0..<200 {
            let table = EndpointTable()
            for slot in 0..<2 { table.activate(EjectionTests.name(slot)) }
            let told = await withTaskGroup(of: Int.self) { group in
                for slot in [0, 1, 0, 1] {
                    group.addTask { (0..<20).compactMap { _ in table.noteFault(EjectionTests.name(slot), at: World.start) }.count }
                }
                return await group.reduce(0, +)
            }
            #expect(told == 1)
        }
    }
}
