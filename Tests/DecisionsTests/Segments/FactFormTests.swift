import Decisions
import Registry
import Support
import Testing

struct FactFormTests {
    @Test func `a fact is the same after its form`() throws {
        for fact in FactSample.all { #expect(try Fact(form: fact.form) == fact) }
    }

    @Test func `a form cut short or grown is no fact`() {
        for fact in FactSample.all {
            let form = fact.form
            for length in form.indices {
                #expect(throws: SnapshotFile.Damage.self) { _ = try Fact(form: Array(form[..<length])) }
            }
            #expect(throws: SnapshotFile.Damage.cutShort) { _ = try Fact(form: form + [0]) }
        }
    }

    @Test func `a form of another version or kind is told from damage`() {
        #expect(throws: SnapshotFile.Damage.unknownVersion(99)) { _ = try Fact(form: [99, 2]) }
        #expect(throws: SnapshotFile.Damage.outOfForm("kind of fact")) { _ = try Fact(form: [SnapshotFile.formatVersion, 4]) }
    }

    @Test func `a form with bytes changed never traps`() {
        var random = SplitMix64(seed: 51)
        for _ in 0..<Soak.count(20_000) {
            var form = FactSample.all.randomElement(using: &random)?.form ?? []
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                form[Int.random(in: form.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            guard let fact = try? Fact(form: form) else { continue }
            #expect(throws: Never.self) { _ = try Fact(form: fact.form) }
        }
    }
}
