import Foundation
import Support
import Testing

/// Counts are those of the log, whichever process is killed while it writes or counts.
@Suite(.serialized) struct UsageTests {
    @Test func `usage is exact over what the log holds after either plane was killed under load`() async throws {
        let gateway = try await Gateway.started()
        let load = Load(port: gateway.listen, key: try await gateway.key(of: "kerala-health-portal"))
        let running = Task { await load.run() }
        let kinds = [["gateway-data-plane"], ["control-plane"], ["gateway-data-plane", "control-plane"]]
        for round in 0..<Soak.count(50) {
            let words = kinds[round % kinds.count]
            let pids = words.compactMap(gateway.child)
            try #require(pids.count == words.count)
            let held = try await Self.recorded(gateway).values.reduce(0, +)
            let come = await eventually { (try? await Self.recorded(gateway).values.reduce(0, +)).map { $0 > held + 50 } ?? false }
            #expect(come, "records come")
            for pid in pids { kill(pid, SIGKILL) }
            let end = try await Self.end(gateway)
            #expect(end.hasPrefix("last record 20") && end.contains(" up to offset "), "\(end)")
            let isBack = await eventually(withinSeconds: 30) {
                words.allSatisfy { word in gateway.child(word).map { !pids.contains($0) } ?? false }
            }
            #expect(isBack, "\(words): \(gateway.program.errorsSoFar.suffix(2_000))")
            // Sums of the same moment: what came between the two looks is in the later one alone.
            let before = try await Self.recorded(gateway)
            let counted = try await Self.counted(gateway)
            #expect(before.allSatisfy { counted[$0.key, default: 0] >= $0.value })
        }
        load.stop()
        _ = await running.value
        #expect(await gateway.stop() == 0)
        let log = try await Self.recorded(gateway)
        #expect(log.values.reduce(0, +) > 500)
        #expect(try await Self.counted(gateway) == log)
    }

    private static func end(_ gateway: Gateway) async throws -> String {
        let program = try RunningProgram(
            try Repository.program("gateway"), ["decisions", "--limit", "1", "--state", gateway.state])
        #expect(await program.status(withinSeconds: 60) == 0)
        return program.errorsSoFar
    }

    /// How many records there are, by minute, application, scope and verdict.
    private static func recorded(_ gateway: Gateway) async throws -> [String: Int] {
        let text = try await gateway.command("decisions", "--limit", "0", "--format", "csv")
        var counts: [String: Int] = [:]
        for row in rows(text) {
            let minute = (row["time"] ?? "").prefix(16)
            counts["\(minute) \(row["application"] ?? "") \(row["scope"] ?? "") \(row["verdict"] ?? "")", default: 0] += 1
        }
        return counts
    }

    /// The same as they were counted.
    private static func counted(_ gateway: Gateway) async throws -> [String: Int] {
        let text = try await gateway.command("usage", "--by", "minute", "--since", "1d", "--format", "csv")
        var counts: [String: Int] = [:]
        for row in rows(text) {
            let date = try Date(row["from"] ?? "", strategy: .iso8601)
            let minute = date.formatted(.iso8601).prefix(16)
            counts["\(minute) \(row["application"] ?? "") \(row["scope"] ?? "") \(row["verdict"] ?? "")", default: 0] +=
                Int(row["count"] ?? "") ?? 0
        }
        return counts
    }

    /// Lines without quotes, by the header's names.
    private static func rows(_ text: String) -> [[String: String]] {
        let lines = text.components(separatedBy: "\r\n").map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
        guard let names = lines.first else { return [] }
        return lines.dropFirst().filter { $0.count == names.count }.map { Dictionary(uniqueKeysWithValues: zip(names, $0)) }
    }
}
