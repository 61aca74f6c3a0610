import Decisions
import Foundation
import Support
import Testing

/// The records of a real data plane, also of one that was killed.
@Suite(.serialized) struct RecordTests {
    /// Everything in a folder of segments, and where the last one ends.
    static func written(_ path: String) throws -> [Decision] {
        var decisions: [Decision] = []
        // Made with the first record.
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        let names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
        for name in names where !names.contains(name.replacing(".live", with: ".sealed")) || name.hasSuffix(".sealed") {
            guard name.hasSuffix(".live") || name.hasSuffix(".sealed") else { continue }
            // Sealed or dropped between the listing and the reading: the names are others now.
            guard let data = try? Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")) else { return try written(path) }
            // One that was begun this moment has nothing in it yet.
            guard data.count > LiveSegmentReader.headerBytes else { continue }
            let bytes = Array(data)
            let reader = try SegmentReader(
                { offset, count in Array(bytes[min(offset, bytes.count)..<min(offset + count, bytes.count)]) }, byteCount: bytes.count)
            try reader.forEachBlock { block, places in decisions += places.compactMap { block.decision($0) } }
        }
        return decisions
    }

    @Test func `each answer's request is on record, and none twice`() async throws {
        let folder = try TemporaryDirectory()
        let serving = try await Serving(burst: 20, ["--decisions", folder.path + "/decisions"])
        var statuses: [Int: Int] = [:]
        for _ in 0..<50 { statuses[try await serving.status(), default: 0] += 1 }
        serving.program.send(SIGTERM)
        #expect(await serving.program.status() == 0)
        let all = try RecordTests.written(folder.path + "/decisions").filter { $0.route >= 0 }
        #expect(Dictionary(grouping: all, by: { Int($0.status) }).mapValues(\.count) == statuses)
        #expect(all.count { $0.verdict.name == "rate-limited" } == statuses[429])
        #expect(Set(all.map(\.idLow)).count == 50)
    }

    @Test func `without a folder to write to, and without a place for its numbers, it serves all the same and says why`() async throws {
        let folder = try TemporaryDirectory()
        let nowhere = folder.path + "/none/of/these"
        let serving = try await Serving(["--decisions", nowhere, "--metrics", nowhere])
        #expect(try await serving.status() == 503, "admitted: there is no core store")
        for words in ["decisions are not recorded; requests go on", "nobody can ask for metrics"] {
            #expect(await eventually { serving.program.errorsSoFar.contains(words) })
        }
        try FileManager.default.createDirectory(atPath: folder.path + "/none/of", withIntermediateDirectories: true)
        _ = try await serving.status()
        #expect(await eventually { serving.program.errorsSoFar.contains("decisions are recorded again") })
    }

    @Test func `of a data plane that is killed under load all is on record up to a moment before, and the next goes on`() async throws {
        let folder = try TemporaryDirectory()
        let path = folder.path + "/decisions"
        let serving = try await Serving(burst: 50, ["--decisions", path])
        for _ in 0..<Soak.count(50) {
            let load = try KeptLoad(clients: 8, port: serving.port)
            let before = try RecordTests.written(path).count
            #expect(await eventually { (try? RecordTests.written(path).count).map { $0 > before + 200 } ?? false })
            serving.program.send(SIGKILL)
            _ = await serving.program.status()
            _ = load.end()
            try await serving.restart(["--decisions", path])
        }
        serving.program.send(SIGTERM)
        #expect(await serving.program.status() == 0)
        // Of each process's numbers none is missing but among the last, which were under way.
        for name in try FileManager.default.contentsOfDirectory(atPath: path) {
            let alone = try TemporaryDirectory()
            try FileManager.default.copyItem(atPath: "\(path)/\(name)", toPath: "\(alone.path)/\(name)")
            let numbers = try RecordTests.written(alone.path).map(\.sequence).sorted()
            let last = numbers.last ?? 0
            #expect(Set(numbers).count == numbers.count)
            #expect(UInt64(numbers.count) + 8 > last, "\(numbers.count) records up to number \(last)")
        }
    }
}
