import DecisionLoad
import Decisions
import Foundation
import Registry
import Support
import Testing

/// What scripts may rely on of the decision records: each runs the real program.
struct DecisionsCommandTests {
    private static func run(_ folder: RecordedFolder, _ arguments: String...) async throws -> Ran {
        let program = try RunningProgram(try Repository.program("gateway"), arguments + ["--state", folder.path])
        let status = try #require(await program.status(withinSeconds: 60))
        return Ran(status: status, output: program.outputSoFar, errors: program.errorsSoFar)
    }

    @Test func `the newest come last, a hundred of them, and where the log ends is said`() async throws {
        let folder = try RecordedFolder()
        let ran = try await Self.run(folder, "decisions", "--format", "json")
        #expect(ran.status == 0)
        let rows = try ran.rows()
        #expect(rows.map { $0["id"] as? String } == folder.ordered.suffix(100).map(\.idText))
        let last = try #require(folder.ordered.last), row = try #require(rows.last)
        #expect(row["application"] as? String == folder.application(of: last))
        #expect(row["status"] as? Int == Int(last.status) && row["verdict"] as? String == last.verdict.name)
        #expect(row["route"] as? String == folder.policy.routes[Int(last.route)].id.text)
        #expect(row["policy"] as? String == folder.policy.version)
        let live = try #require(folder.files.live.first)
        let size = try #require(FileManager.default.contents(atPath: "\(folder.files.path)/\(live).live")).count
        #expect(
            ran.errors.hasPrefix("last record 20") && ran.errors.hasSuffix(", in \(live).live up to offset \(size).\n"), "\(ran.errors)")
    }

    @Test func `a table, an array and comma-separated values have the same records`() async throws {
        let folder = try RecordedFolder()
        let table = try await Self.run(folder, "decisions", "--limit", "7")
        #expect(table.output.split(separator: "\n").count == 8 && table.output.hasPrefix("TIME "))
        let all = try await Self.run(folder, "decisions", "--limit", "0", "--format", "csv")
        let lines = all.output.components(separatedBy: "\r\n")
        #expect(lines.count == 602 && lines.last == "")
        let names = lines[0].split(separator: ",").map(String.init)
        #expect(names.prefix(6) == ["id", "time", "application", "route", "scope", "verdict"])
        #expect(lines.dropFirst().dropLast().map { $0.prefix(32) } == folder.ordered.map { $0.idText.prefix(32) })
        let array = try await Self.run(folder, "decisions", "--limit", "0", "--format", "json").rows()
        #expect(array.count == 600 && Set(array[0].keys) == Set(names))
    }

    @Test func `each choice leaves what fits it`() async throws {
        let folder = try RecordedFolder()
        let refusal = try #require(folder.ordered.last { $0.verdict != .admitted && $0.application > 0 })
        let application = try #require(folder.application(of: refusal))
        let (route, scope) = (folder.policy.routes[Int(refusal.route)].id.text, folder.policy.routes[Int(refusal.route)].scope.name)
        let choices = [
            ["--application", application], ["--verdict", "refused"], ["--verdict", refusal.verdict.name],
            ["--status", "\(refusal.status)"], ["--route", route], ["--scope", scope], ["--since", "3h", "--until", "1s"],
        ]
        for choice in choices + [Array(choices.joined())] {
            let program = try RunningProgram(
                try Repository.program("gateway"),
                ["decisions", "--limit", "0", "--format", "json", "--state", folder.path] + choice)
            #expect(await program.status() == 0, "\(choice): \(program.errorsSoFar)")
            #expect(program.outputSoFar.contains(refusal.idText), "\(choice)")
        }
        let none = try await Self.run(folder, "decisions", "--since", "1s", "--format", "json")
        #expect(none.status == 0 && none.output == "[\n]\n")
    }

    @Test(arguments: [
        (["--application", "nobody-at-all"], "there is no application 'nobody-at-all'", "eka-care-app"),
        (["--route", "no-such-call"], "there is no route 'no-such-call'", "find-by-pin"),
        (["--status", "418"], "no request of that time had the status 418", "200"),
    ])
    func `a name that is not there is refused, and what there is is said`(choice: [String], problem: String, there: String) async throws {
        let folder = try RecordedFolder()
        let program = try RunningProgram(try Repository.program("gateway"), ["decisions", "--state", folder.path] + choice)
        #expect(await program.status() == 1)
        #expect(program.outputSoFar == "")
        #expect(program.errorsSoFar.contains(problem) && program.errorsSoFar.contains(there), "\(program.errorsSoFar)")
    }

    @Test func `what is followed comes as it is written, over changes of segments, and ends with Ctrl-C`() async throws {
        var folder = try RecordedFolder()
        let program = try RunningProgram(
            try Repository.program("gateway"), ["decisions", "--follow", "--limit", "3", "--format", "json", "--state", folder.path])
        #expect(await eventually { program.errorsSoFar.contains("last record") })
        let first = try #require(folder.files.live.first)
        try folder.append(20, to: first)
        let second = try folder.begin()
        try folder.files.seal(first)
        try folder.append(30, to: second)
        #expect(await eventually { program.outputSoFar.split(separator: "\n").count >= 53 })
        program.send(SIGINT)
        #expect(await program.status() == 0)
        let ids = try program.outputSoFar.split(separator: "\n").map { line in
            let row = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            return try #require(row?["id"] as? String)
        }
        #expect(ids.count == 53 && Set(ids).count == 53)
        let came = [first, second].flatMap { stem in folder.files.records[stem]?.suffix(stem == first ? 20 : 30).map(\.idText) ?? [] }
        #expect(ids.suffix(50) == came)
    }

    @Test func `a request is explained by its id, and reckoned again`() async throws {
        let folder = try RecordedFolder(records: 1_500, requestsPerSecond: 100)
        let refusal = try #require(folder.ordered.last { $0.rule == .bucket && $0.verdict != .admitted })
        let rows = try await Self.run(folder, "explain", refusal.idText, "--format", "json").rows()
        let row = try #require(rows.first)
        #expect(rows.count == 1 && row["id"] as? String == refusal.idText && row["verdict"] as? String == "rate-limited")
        #expect((row["recomputed"] as? [String: Any])?["agrees"] as? Bool == true)
        #expect(row["changes"] as? [Any] != nil && row["earliest"] as? String != nil && row["advice"] as? String != nil)
        let table = try await Self.run(folder, "explain", refusal.idText)
        #expect(table.status == 0 && table.output.contains("reckoned again:") && table.output.contains("agrees"))
        let unknown = try await Self.run(folder, "explain", String(repeating: "0", count: 32))
        #expect(unknown.status == 1 && unknown.output == "")
        #expect(unknown.errors.contains("there is no record of") && unknown.errors.contains("kept since 20"), "\(unknown.errors)")
    }

    @Test func `where nothing was recorded that is said`() async throws {
        let folder = try ServedFolder()
        for command in [["decisions"], ["explain", String(repeating: "0", count: 32)]] {
            let program = try RunningProgram(try Repository.program("gateway"), command + ["--state", folder.path])
            #expect(await program.status() == 1)
            #expect(program.outputSoFar == "" && program.errorsSoFar.contains("there are no records in"), "\(program.errorsSoFar)")
        }
    }

    @Test func `usage counts each record once, by minute, hour and day`() async throws {
        let folder = try RecordedFolder()
        let entry = DroppedRecords(count: 5, wallNanoseconds: folder.ordered.last?.wallNanoseconds ?? 0)
        try folder.files.append(entry, to: try #require(folder.files.live.first))
        for span in ["minute", "hour", "day"] {
            let rows = try await Self.run(folder, "usage", "--by", span, "--since", "2d", "--format", "json").rows()
            var counts: [String: Int] = [:]
            for row in rows {
                let names = [row["application"], row["scope"], row["verdict"]].map { $0 as? String ?? "-" }
                counts[names.joined(separator: " "), default: 0] += try #require(row["count"] as? Int)
            }
            var expected = ["- - dropped": 5]
            for decision in folder.ordered {
                let scope = folder.policy.routes[Int(decision.route)].scope.name
                expected["\(folder.application(of: decision) ?? "-") \(scope) \(decision.verdict.name)", default: 0] += 1
            }
            #expect(counts == expected, "\(span)")
        }
        let own = try await Self.run(folder, "usage", "--application", "application-0", "--format", "csv", "--since", "2d")
        #expect(own.output.hasPrefix("from,by,application,scope,verdict,count\r\n") && !own.output.contains("application-1,"))
        let unknown = try await Self.run(folder, "usage", "--application", "nobody-at-all")
        #expect(unknown.status == 1 && unknown.errors.contains("there is no application 'nobody-at-all'"))
    }

    @Test func `where counts cannot be written that is said, and records are shown all the same`() async throws {
        let folder = try RecordedFolder()
        try FileManager.default.createDirectory(atPath: folder.path + "/usage.sqlite", withIntermediateDirectories: true)
        let usage = try await Self.run(folder, "usage")
        #expect(usage.status == 1 && usage.output == "" && usage.errors.contains("/usage.sqlite"), "\(usage.errors)")
        let decisions = try await Self.run(folder, "decisions", "--limit", "1", "--format", "json")
        #expect(try decisions.status == 0 && decisions.rows().count == 1)
    }

    @Test func `a damaged segment is named, and the others are shown`() async throws {
        let folder = try RecordedFolder()
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.files.path).filter { $0.hasSuffix(".sealed") }.sorted()
        let path = "\(folder.files.path)/\(files[0])"
        let bytes = try #require(FileManager.default.contents(atPath: path))
        try bytes.dropLast(9).write(to: URL(fileURLWithPath: path))
        let ran = try await Self.run(folder, "decisions", "--limit", "0", "--format", "json")
        #expect(try ran.status == 0 && ran.rows().count == 400)
        #expect(ran.errors.contains("Warning: \(files[0]) is damaged"), "\(ran.errors)")
    }
}
