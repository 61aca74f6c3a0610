import Support
import Testing
import Wire

/// Our reading of random heads against that of an independent parser.
struct HeadAgreementTests {
    /// Each seed stands for a tenth of the heads.
    static let seeds: [UInt64] = Array(1...10)

    @Test(arguments: seeds)
    func `we and an independent parser read the same head or can say why not`(seed: UInt64) {
        var grammar = HeadGrammar(seed: seed)
        var head = RequestHead()
        var tally: [String: Int] = [:]
        for turn in 0..<Soak.count(100_000) {
            let bytes = grammar.next()
            let (ours, theirs) = readings(of: bytes, with: &head)
            if ours.agrees(with: theirs) {
                tally["agreed", default: 0] += 1
            } else if let kind = Disagreement(text: text(bytes[...]), ours: ours, theirs: theirs).kind {
                tally[kind, default: 0] += 1
            } else {
                Issue.record("seed \(seed), head \(turn): \(text(bytes[...]).debugDescription)\nours: \(ours)\ntheirs: \(theirs)")
                return
            }
        }
        if Soak.isOn {
            print("seed \(seed):", tally.sorted { $0.value > $1.value }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))
        }
        #expect(tally["agreed", default: 0] > Soak.count(100_000) / 2, "most heads should be nearly right")
    }

    /// Both readings. Where one waits for more of what the other refuses, it is asked again with an end added: a parser need not see the
    /// end of what it refuses.
    private func readings(of bytes: [UInt8], with head: inout RequestHead) -> (Reading, Reading) {
        var ours = Reading(bytes, with: &head)
        var theirs = IndependentParser.parse(bytes)
        for end in ["\n", "\r\n\r\n"] {
            if case .refused = ours, case .incomplete = theirs { theirs = IndependentParser.parse(bytes + Array(end.utf8)) }
            if case .incomplete = ours, case .refused = theirs { ours = Reading(bytes + Array(end.utf8), with: &head) }
        }
        return (ours, theirs)
    }
}
