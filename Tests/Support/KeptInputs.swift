import Foundation

/// What fuzzing kept, a folder for each fuzzer.
package enum KeptInputs {
    /// All of one fuzzer.
    package static func all(of fuzzer: String) throws -> [[UInt8]] {
        let folder = URL(fileURLWithPath: Repository.root + "/Tests/Fuzz/Corpus/" + fuzzer)
        return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil).map {
            Array(try Data(contentsOf: $0))
        }
    }

    /// Gives each of them many times, cut short and with up to three bytes changed, the same ones each time.
    package static func changed(of fuzzer: String, to body: ([UInt8]) -> Void) throws {
        var generator = SplitMix64(seed: 11)
        for bytes in try all(of: fuzzer) {
            for _ in 0..<Soak.count(200) {
                var changed = Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &generator)))
                for _ in 0..<Int.random(in: 0...3, using: &generator) where !changed.isEmpty {
                    changed[Int.random(in: changed.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
                }
                body(changed)
            }
        }
    }
}
