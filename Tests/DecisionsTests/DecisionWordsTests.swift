import Admission
import Decisions
import Registry
import Support
import Testing

struct DecisionWordsTests {
    @Test(arguments: [11, 12, 13] as [UInt64]) func `a record is the same after its words`(_ seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for _ in 0..<2_000 {
            let decision = Decision.random(&random)
            #expect(Decision(decision.words) == decision)
        }
    }

    @Test func `words that mean nothing are no record`() {
        var random = SplitMix64(seed: 14)
        let words = Decision.random(&random).words
        let most = UInt64(ProblemSlug.allCases.count)
        for (word, start, value) in [
            (12, 56, most + 1), (13, 48, 3), (13, 56, 6), (15, 48, most + 1), (15, 56, most + 2), (15, 29, 7), (15, 16, 6),
        ] as [(Int, UInt64, UInt64)] {
            var wrong = words
            wrong[word] = wrong[word] & ~(UInt64(start == 29 || start == 16 ? 7 : 0xFF) << start) | value << start
            #expect(Decision(wrong) == nil, "word \(word) from bit \(start)")
        }
    }

    @Test func `facts keep their numbers`() {
        let table = FactTable()
        #expect(table.number(of: .endpoint("10.0.0.1:80")) == 1)
        #expect(table.number(of: .stream(1, 2)) == 2)
        #expect(table.number(of: .endpoint("10.0.0.1:80")) == 1)
        #expect(table.fact(2) == .stream(1, 2))
        #expect(table.fact(0) == nil)
        #expect(table.fact(3) == nil)
    }
}

extension Decision {
    /// Any record that can be, each part anywhere in its range.
    static func random(_ random: inout SplitMix64) -> Decision {
        var decision = Decision()
        (decision.idHigh, decision.idLow, decision.sequence) = (random.next(), random.next(), random.next())
        (decision.wallNanoseconds, decision.monotonicNanoseconds) = (
            .random(in: .min ... .max, using: &random), .random(in: 0 ... .max, using: &random)
        )
        (decision.debtNanoseconds, decision.dayRemaining) = (
            .random(in: 0 ... .max, using: &random), .random(in: -1 ... .max, using: &random)
        )
        (decision.waitNanoseconds, decision.subject) = (.random(in: 0 ... .max, using: &random), random.next())
        (decision.bytesIn, decision.bytesOut) = (random.next(), random.next())
        (decision.totalMicroseconds, decision.storeMicroseconds) = (
            .random(in: 0 ... .max, using: &random), .random(in: 0 ... .max, using: &random)
        )
        let most = UInt32(FactTable.capacity)
        (decision.application, decision.rules) = (.random(in: 0...most, using: &random), .random(in: 0...most, using: &random))
        (decision.endpoint, decision.stream) = (.random(in: 0...most, using: &random), .random(in: 0...most, using: &random))
        (decision.cost, decision.inFlight) = (.random(in: 0 ... .max, using: &random), .random(in: -1 ... .max, using: &random))
        (decision.route, decision.status) = (.random(in: -1 ... .max, using: &random), .random(in: 0...599, using: &random))
        decision.retries = .random(in: 0 ... .max, using: &random)
        decision.caller = CallerFacts(
            key: CallerFacts.Key.allCases.randomElement(using: &random) ?? .none,
            spelt: Environment.allCases.randomElement(using: &random) ?? .sandbox,
            registered: Environment.allCases.randomElement(using: &random) ?? .sandbox, isAddressRefused: .random(using: &random),
            citizen: CallerFacts.Citizen.allCases.randomElement(using: &random) ?? .none,
            certificate: CallerFacts.Certificate.allCases.randomElement(using: &random) ?? .none, isSecure: .random(using: &random),
            isHead: .random(using: &random))
        func verdict() -> Verdict { ProblemSlug.allCases.randomElement(using: &random).map { .refused($0) } ?? .admitted }
        decision.verdict = .random(using: &random) ? .admitted : verdict()
        decision.fault = .random(using: &random) ? .admitted : verdict()
        decision.shadow = .random(using: &random) ? nil : verdict()
        decision.rule = DecidingRule.allCases.randomElement(using: &random) ?? .none
        decision.ending = Ending.allCases.randomElement(using: &random) ?? .answered
        return decision
    }
}
