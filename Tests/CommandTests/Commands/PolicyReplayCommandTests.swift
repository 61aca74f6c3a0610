import DecisionLoad
import Decisions
import Foundation
import Registry
import Support
import Testing

/// `gateway policy replay`, by the real program: forty calls of one application in a row, five minutes ago, all let in.
struct PolicyReplayCommandTests {
    private static let name = "eka-care-app"
    private static let count = 40
    private let folder: ServedFolder
    private let files: TemporaryDirectory
    private let cost: Int64

    init() throws {
        (folder, files) = (try ServedFolder(), try TemporaryDirectory())
        for name in ["plans.yaml", "routes.yaml"] {
            try files.write(try String(contentsOfFile: Repository.root + "/policies/" + name, encoding: .utf8), to: name)
        }
        let (policy, application) = (try folder.snapshot().policy, try folder.application(Self.name))
        let place = try #require(policy.routes.firstIndex { $0.scope == .search && $0.identities == .application })
        let allowance = try #require(policy.plan(application.plan)?[.search])
        cost = policy.routes[place].cost
        let facts = FactTable()
        var decision = Decision()
        decision.wallNanoseconds = Int64(Date().timeIntervalSince1970) * 1_000_000_000 - 300_000_000_000
        decision.monotonicNanoseconds = 1_000_000_000_000
        (decision.route, decision.cost, decision.rule) = (Int16(place), UInt32(cost), .bucket)
        decision.caller = CallerFacts(key: .good, spelt: .production, registered: .production)
        (decision.application, decision.rules) = (
            facts.number(of: .application(application)), facts.number(of: .rules(policy, shadow: nil))
        )
        decision.inFlight = allowance.concurrency > 0 ? 0 : -1
        let segments = try SegmentFiles(folder.path + "/decisions", facts: facts)
        let stem = try segments.begin(at: WallTime(nanoseconds: decision.wallNanoseconds))
        for number in 0..<Int64(Self.count) {
            decision.debtNanoseconds = number * cost * allowance.bucket.intervalNanoseconds
            decision.dayRemaining = allowance.dayTokens > 0 ? allowance.dayTokens - number * cost : -1
            try segments.append([decision.words], to: stem)
        }
    }

    private func replay(_ arguments: String...) async throws -> Ran {
        let program = try RunningProgram(
            try Repository.program("gateway"),
            ["policy", "replay", "--policies", files.path, "--state", folder.path] + arguments)
        let status = try #require(await program.status(withinSeconds: 60))
        return Ran(status: status, output: program.outputSoFar, errors: program.errorsSoFar)
    }

    private func report(_ ran: Ran) throws -> [String: Any] {
        try #require(JSONSerialization.jsonObject(with: Data(ran.output.utf8)) as? [String: Any], "\(ran.output) \(ran.errors)")
    }

    /// The files allow thirty calls in a row.
    private func lower() throws {
        let text = try String(contentsOfFile: files.path + "/plans.yaml", encoding: .utf8)
        try files.write(text.replacing(/burst: \d+/, with: "burst: \(30 * cost)"), to: "plans.yaml")
    }

    @Test func `the policy in force agrees with every record`() async throws {
        let ran = try await replay("--format", "json")
        let report = try report(ran)
        #expect(ran.status == 0 && report["decisions"] as? Int == Self.count && report["agree"] as? Int == Self.count)
        #expect(report["policy"] as? String == report["proposed"] as? String)
        let names = ["newly_refused", "newly_admitted", "refused_otherwise", "unknown"]
        #expect(names.allSatisfy { report[$0] as? Int == 0 })
        #expect(ran.errors.contains("0 of 40 requests would be answered otherwise") && ran.errors.contains("1 application would"))
    }

    @Test func `a smaller burst refuses those above it, and says whom and by which rule`() async throws {
        try lower()
        let report = try report(try await replay("--format", "json", "--since", "1h", "--application", Self.name))
        #expect(report["agree"] as? Int == 30 && report["newly_refused"] as? Int == 10 && report["decisions"] as? Int == Self.count)
        let shares = try #require(report["by_application"] as? [[String: Any]])
        #expect(shares.count == 1 && shares[0]["application"] as? String == Self.name && shares[0]["newly_refused"] as? Int == 10)
        #expect(shares[0]["newly_refused_by"] as? [String: Int] == ["search": 10])
        let table = try await replay()
        let lines = table.output.split(separator: "\n")
        #expect(lines.count == 3 && lines[0].hasPrefix("APPLICATION ") && lines[2].hasPrefix(Self.name))
        #expect(lines[1].hasPrefix("all ") && lines.dropFirst().allSatisfy { $0.hasSuffix(" 10             search 10") }, "\(table.output)")
    }

    @Test func `what is not on record is said to be unknown`() async throws {
        // Nobody had to name a citizen.
        let text = try String(contentsOfFile: files.path + "/routes.yaml", encoding: .utf8)
        try files.write(text.replacing(/identities: application\n/, with: "identities: application+citizen\n"), to: "routes.yaml")
        let ran = try await replay("--format", "json")
        let report = try report(ran)
        #expect(report["unknown"] as? Int == Self.count && report["decisions"] as? Int == 0)
        #expect(ran.errors.hasSuffix("without a key, or the path of a call without a route.\n"), "\(ran.errors)")
        #expect(ran.errors.contains("\nUnknown beside these: \(Self.count). "))
    }

    @Test func `a time without records, an application nobody knows and a faulty file are said`() async throws {
        let none = try await replay("--since", "1s", "--format", "json")
        #expect(try none.status == 0 && report(none)["decisions"] as? Int == 0)
        #expect(none.errors.contains("No request of that time is on record."))
        let unknown = try await replay("--application", "nobody-at-all")
        #expect(unknown.status == 1 && unknown.output == "" && unknown.errors.contains("there is no application 'nobody-at-all'"))
        #expect(try await replay("--since", "1s", "--until", "1h").errors.contains("--since is later than --until"))
        try files.write("plans: 7\n", to: "plans.yaml")
        let faulty = try await replay()
        #expect(faulty.status == 1 && faulty.output == "" && faulty.errors.contains("plans.yaml"))
    }
}
