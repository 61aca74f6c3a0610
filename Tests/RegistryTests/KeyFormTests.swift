import Registry
import Support
import Testing

@Suite struct KeyFormTests {
    private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    private func read(_ key: [UInt8]) -> KeyForm.Reading { KeyForm.read(key.span) }

    @Test func `the checksum is the common CRC-32`() {
        func checksum(_ bytes: [UInt8]) -> UInt32 { Checksum.crc32(bytes.span) }
        #expect(checksum(Array("123456789".utf8)) == 0xCBF4_3926)
        #expect(checksum([]) == 0)
    }

    @Test(arguments: Environment.allCases) func `a key reads as its environment and has the stated form`(_ environment: Environment) {
        var generator = SplitMix64(seed: 11)
        for _ in 0..<Soak.count(1_000) {
            let key = KeyForm.make(environment, using: &generator)
            #expect(key.hasPrefix("pgw_\(environment.name)_"))
            #expect(key.utf8.count == "pgw_\(environment.name)_".utf8.count + 43 + 6)
            #expect(read(Array(key.utf8)) == .wellFormed(environment))
        }
    }

    @Test(arguments: Environment.allCases) func `a typo of any single character is told as one`(_ environment: Environment) {
        var generator = SplitMix64(seed: 12)
        let key = Array(KeyForm.make(environment, using: &generator).utf8)
        for index in 4..<key.count {
            for replacement in UInt8.min...UInt8.max where replacement != key[index] {
                var typo = key
                typo[index] = replacement
                #expect(read(typo) == .mistyped)
            }
            var shorter = key
            shorter.remove(at: index)
            #expect(read(shorter) == .mistyped)
            #expect(read(key + [key[index]]) == .mistyped)
        }
    }

    @Test func `two neighbours swapped are told as a typo`() {
        var generator = SplitMix64(seed: 13)
        for _ in 0..<Soak.count(200) {
            let key = Array(KeyForm.make(.production, using: &generator).utf8)
            for index in 15..<key.count - 1 where key[index] != key[index + 1] {
                var typo = key
                typo.swapAt(index, index + 1)
                #expect(read(typo) == .mistyped)
            }
        }
    }

    @Test(arguments: ["", "p", "pgw", "Bearer x", "AKIAIOSFODNN7EXAMPLE", "PGW_sandbox_", " pgw_sandbox_"])
    func `what does not begin like a key is foreign`(_ text: String) {
        #expect(read(Array(text.utf8)) == .foreign)
    }

    @Test func `random bytes are never taken for a key`() {
        var generator = SplitMix64(seed: 14)
        for _ in 0..<Soak.count(100_000) {
            let count = Int.random(in: 0...70, using: &generator)
            let tail = (0..<count).map { _ in KeyFormTests.alphabet[Int.random(in: 0..<62, using: &generator)] }
            #expect(read(tail) == .foreign)
            #expect(read(Array("pgw_production_".utf8) + tail) == .mistyped)
        }
    }
}
