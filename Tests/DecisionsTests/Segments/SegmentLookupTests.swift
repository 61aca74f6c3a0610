import DecisionLoad
import Registry
import Support
import Testing

@testable import Decisions

/// Records by their ids, in one segment of either form.
struct SegmentLookupTests {
    private static func identifier(_ decision: Decision) throws -> RequestIdentifier {
        try #require(RequestIdentifier(decision.idText))
    }

    private static func found(_ decision: Decision, in bytes: [UInt8]) throws -> SegmentLookup? {
        try SegmentLookup(identifier(decision), in: source(of: bytes), byteCount: bytes.count)
    }

    @Test func `an id finds its record in both forms, with the facts that it names and no others`() throws {
        var random = SplitMix64(seed: 141)
        let table = FactSample.table()
        let records = FactSample.records(400, &random)
        let live = SegmentSample.live(records, table)
        for bytes in [live, try SegmentSample.sealed(live)] {
            for decision in SegmentSample.decisions(records).shuffled(using: &random).prefix(60) {
                let found = try #require(try Self.found(decision, in: bytes))
                #expect(found.decision == decision)
                let named = Set([decision.application, decision.rules, decision.endpoint])
                #expect(Set(found.facts.keys).isSubset(of: named))
                for number in named where number > 0 { #expect(found.facts[number] == table.fact(number)) }
                var other = decision
                other.idLow ^= 2
                #expect(try Self.found(other, in: bytes) == nil)
            }
        }
    }

    @Test func `a live segment is looked through up to its last whole frame, and no further than the record`() throws {
        var load = DecisionLoad(seed: 142)
        var records: [DecisionWords] = []
        load.append(18_600, to: &records)
        let live = SegmentSample.live(records, load.facts)
        let torn = Array(live.dropLast(11))
        let decisions = SegmentSample.decisions(records)
        #expect(try Self.found(decisions[18_299], in: torn)?.decision == decisions[18_299])
        #expect(try Self.found(decisions[18_599], in: torn) == nil)
        var read = 0
        let counting: SegmentSource = { offset, count in
            let bytes = try source(of: live)(offset, count)
            read += bytes.count
            return bytes
        }
        #expect(try SegmentLookup(Self.identifier(decisions[100]), in: counting, byteCount: live.count) != nil)
        #expect(read < live.count / 2)
    }

    @Test func `a damaged frame hides what is behind it, and is no record itself`() throws {
        var load = DecisionLoad(seed: 143)
        var records: [DecisionWords] = []
        load.append(900, to: &records)
        let decisions = SegmentSample.decisions(records)
        var live = SegmentSample.live(records, load.facts)
        // In the last batch, behind the two before it.
        live[live.count - 300 * Decision.wordCount * 8 / 2] ^= 1
        #expect(try Self.found(decisions[599], in: live)?.decision == decisions[599])
        for index in 600..<900 { #expect(try Self.found(decisions[index], in: live) == nil) }
    }
}
