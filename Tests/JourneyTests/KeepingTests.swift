import Foundation
import Support
import Testing

/// A system in use is backed up, put back where nothing is, and served from there.
@Suite(.serialized) struct KeepingTests {
    @Test func `a backup made under writes serves with the same keys, and both audits verify`() async throws {
        let gateway = try await Gateway.started()
        let key = try await gateway.key(of: "kerala-health-portal")
        let load = Load(port: gateway.listen, key: key)
        let running = Task { await load.run() }
        #expect(await eventually { load.served > 0 })
        let folder = try TemporaryDirectory()
        let (backup, publicKey) = (folder.path + "/backup", folder.path + "/audit.pub")
        let paper = try folder.write("Seen.", to: "paper.txt")
        let writing = Task {
            for turn in 0..<6 {
                try await gateway.move("paytm-finder", turn.isMultiple(of: 2) ? "suspend" : "resume")
                _ = try await gateway.key(of: "eka-care-app")
                try await gateway.command("evidence", "add", "eka-care-app", paper, "--kind", "functional-test", "--by", "ops")
            }
        }
        try await gateway.command("state", "backup", backup, "--policies", Repository.root + "/policies", "--by", "ops")
        let counted = try await Self.calls(of: "kerala-health-portal", gateway)
        let late = try await gateway.key(of: "paytm-booking")
        try await writing.value
        load.stop()
        #expect(await running.value.unexpected.isEmpty)
        try folder.write(await gateway.command("audit", "public-key") + "\n", to: "audit.pub")
        let export = try await gateway.command("audit", "export", "--by", "auditor") + "\n"
        let file = try folder.write(export, to: "export.jsonl")
        try await gateway.command("audit", "verify")
        let refused = try RunningProgram(try Repository.program("gateway"), ["state", "restore", backup, "--state", gateway.state])
        #expect(await refused.status(withinSeconds: 60) == 1)
        #expect(refused.errorsSoFar.contains("runs on the state folder"))
        #expect(await gateway.stop() == 0)

        let other = try await Gateway.started(fromBackup: backup, policies: folder.path + "/policies")
        let client = other.client(key)
        // The core store begins anew, and is ready later than the gateway.
        let isServed = await eventually(withinSeconds: 120) { (try? await client.get(Gateway.search()))?.status == 200 }
        #expect(isServed, "\(other.program.errorsSoFar.suffix(2_000))")
        #expect(try await other.client(late).get(Gateway.search()).status == 401, "what was issued after the backup is not in it")
        // Counting goes on from what the backup has: never more than there were, and each new call once.
        let isCounted = await eventually(withinSeconds: 30) {
            let calls = try? await Self.calls(of: "kerala-health-portal", other)
            return calls.map { (1...counted + 200).contains($0) } ?? false
        }
        #expect(isCounted)
        try await other.command("audit", "verify", "--public-key", publicKey)
        try await other.command("audit", "verify", file, "--public-key", publicKey)
        try await other.command("state", "verify", backup, "--public-key", publicKey)
        let actions = try await other.command("audit", "list", "--action", "state", "--format", "csv")
        #expect(actions.contains("state.backup") && actions.contains("state.restore"))
        #expect(await other.stop() == 0)

        let changed = export.replacing("journey test", with: "journey best", maxReplacements: 1)
        let tampered = try folder.write(changed, to: "tampered.jsonl")
        let verify = try RunningProgram(
            try Repository.program("gateway"), ["audit", "verify", tampered, "--public-key", publicKey, "--state", folder.path])
        #expect(await verify.status(withinSeconds: 60) == 1)
        #expect(verify.errorsSoFar.contains("was changed: its hash does not fit what it says"))
    }

    /// How many calls of an application are counted, of all verdicts.
    private static func calls(of application: String, _ gateway: Gateway) async throws -> Int {
        let text = try await gateway.command("usage", "--application", application, "--by", "day", "--since", "1d", "--format", "csv")
        let lines = text.components(separatedBy: "\r\n").dropFirst()
        return lines.compactMap { $0.split(separator: ",").last.flatMap { Int($0) } }.reduce(0, +)
    }
}
