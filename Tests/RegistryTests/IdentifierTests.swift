import Registry
import Support
import Testing

@Suite struct IdentifierTests {
    @Test(arguments: ["abc", "1mg", "a-b", "---", "x23456789012345678901234567890123456789z", "umang-app"])
    func `an id keeps its spelling`(_ text: String) throws {
        let identifier = try #require(Identifier(text))
        #expect(identifier.text == text)
        #expect(Identifier(packedWords: identifier.packedWords) == identifier)
    }

    @Test(arguments: ["", "ab", "Abc", "a_b", "a b", "äbc", "abc\n", "a.b", "x2345678901234567890123456789012345678901"])
    func `what is out of form is no id`(_ text: String) { #expect(Identifier(text) == nil) }

    @Test func `ids are equal where their spellings are`() {
        var generator = SplitMix64(seed: 21)
        let letters = Array("ab-")
        for _ in 0..<Soak.count(20_000) {
            func word() -> String {
                String((0..<Int.random(in: 3...5, using: &generator)).map { _ in letters.randomElement(using: &generator)! })
            }
            let (left, right) = (word(), word())
            #expect((Identifier(left) == Identifier(right)) == (left == right))
        }
    }

    @Test func `packed words that are no id's are refused`() {
        var generator = SplitMix64(seed: 22)
        #expect(Identifier(packedWords: [0, 0, 0, 0, 0]) == nil)
        #expect(Identifier(packedWords: []) == nil)
        for _ in 0..<Soak.count(10_000) {
            let words = (0..<5).map { _ in generator.next() }
            if let identifier = Identifier(packedWords: words) { #expect(identifier.packedWords == words) }
        }
        // A hole in the middle is no shorter id.
        #expect(Identifier(packedWords: [0x61_61_61, 0x61_61_61, 0, 0, 0]) == nil)
    }

    @Test func `scopes keep their bits and their order`() {
        for bits in UInt8(0)..<128 {
            let set = ScopeSet(rawValue: bits)
            #expect(ScopeSet(set.scopes) == set)
            #expect(set.scopes == Scope.allCases.filter { set.contains($0) })
        }
        for scope in Scope.allCases { #expect(Scope(name: scope.name) == scope) }
        for state in ApplicationState.allCases { #expect(ApplicationState(name: state.name) == state) }
    }
}
