import Foundation
import Support
import Testing

/// Every input kept from fuzzing holds, so that what was found once stays fixed.
@Suite struct CorpusTests {
    @Test(arguments: Subject.allCases)
    func `every kept input holds`(subject: Subject) throws {
        let folder = URL(fileURLWithPath: Repository.root + "/Tests/Fuzz/Corpus/" + subject.rawValue)
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        #expect(files.count >= 2, "a fuzzer begins with more than one idea")
        for file in files {
            let bytes = Array(try Data(contentsOf: file))
            subject.check(bytes.span)
        }
    }

    @Test(arguments: Subject.allCases)
    func `the first bytes of every kept input hold, and the input with bytes changed`(subject: Subject) throws {
        var generator = SplitMix64(seed: 11)
        let folder = URL(fileURLWithPath: Repository.root + "/Tests/Fuzz/Corpus/" + subject.rawValue)
        for file in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil) {
            let bytes = Array(try Data(contentsOf: file))
            for _ in 0..<Soak.count(200) {
                var changed = Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &generator)))
                for _ in 0..<Int.random(in: 0...3, using: &generator) where !changed.isEmpty {
                    changed[Int.random(in: changed.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
                }
                subject.check(changed.span)
            }
        }
    }
}
