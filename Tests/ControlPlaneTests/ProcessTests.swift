import ControlPlane
import Foundation
import FoundationNetworking
import Glibc
import Logging
import Registry
import Support
import Synchronization
import Testing

/// The process body in this very process: signals are those the tests send to themselves.
@Suite(.serialized) struct ProcessTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// Whether this process handles the signal: without that, sending it would end the tests.
    private func isTrapped(_ signal: Int32) -> Bool {
        guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else { return false }
        let masks = status.split(separator: "\n").filter { $0.hasPrefix("SigIgn:") || $0.hasPrefix("SigCgt:") }
            .compactMap { UInt64($0.split(separator: "\t").last ?? "", radix: 16) }
        return masks.contains { $0 >> UInt64(signal - 1) & 1 == 1 }
    }

    @Test func `it answers its probes, re-reads policies on SIGHUP and ends on SIGTERM`() async throws {
        let state = scratch.path + "/state"
        for name in ["plans.yaml", "routes.yaml"] {
            try scratch.write(try String(contentsOfFile: repository + "/policies/" + name, encoding: .utf8), to: "policies/" + name)
        }
        let report = try FirstStart.run(
            stateDirectory: state, partnersDirectory: repository + "/partners", policiesDirectory: scratch.path + "/policies",
            at: Scratch.now)
        let settings = ControlPlaneSettings(stateDirectory: state, policiesDirectory: scratch.path + "/policies", port: 0)
        let portBox = PortBox()
        let task = Task {
            try await runControlPlane(settings, logger: Logger(label: "test")) { portBox.port.store($0, ordering: .releasing) }
        }
        try #require(
            await eventually(withinSeconds: 120) {
                portBox.port.load(ordering: .acquiring) != 0 && isTrapped(SIGHUP) && isTrapped(SIGTERM)
            })
        let address = "http://127.0.0.1:\(portBox.port.load(ordering: .acquiring))"
        for (path, body) in [("/livez", "alive\n"), ("/readyz", "ready\n")] {
            let (data, _) = try await URLSession.shared.data(from: try #require(URL(string: address + path)))
            #expect(String(decoding: data, as: UTF8.self) == body)
        }
        try await refusesWhatCannotBeRead(at: portBox.port.load(ordering: .acquiring))
        let routes = try String(contentsOfFile: scratch.path + "/policies/routes.yaml", encoding: .utf8)
        let before = try report.registry.policyInForce().version
        try scratch.write(routes.replacing("cost: 3", with: "cost: 4"), to: "policies/routes.yaml")
        kill(getpid(), SIGHUP)
        let path = SnapshotPublisher.snapshotPath(state)
        #expect(
            try await eventually(withinSeconds: 120) {
                try SnapshotFile.decode(Array(FileManager.default.contents(atPath: path) ?? Data())).policy.version != before
            })
        let after = try report.registry.policyInForce().version
        try scratch.write("routes: [", to: "policies/routes.yaml")
        kill(getpid(), SIGHUP)
        kill(getpid(), SIGTERM)
        try await task.value
        #expect(try report.registry.policyInForce().version == after)
    }

    /// Requests that no router sees: a name of a field with a blank in it, alone and behind a request that is good.
    private func refusesWhatCannotBeRead(at port: Int) async throws {
        for isFirst in [true, false] {
            let answer = try await KeepAliveClient.connected(to: port) { client in
                if !isFirst { #expect(try await client.get("/livez").status == 200) }
                return try await client.get("/livez", ["no name": "x"])
            }
            #expect(answer.status == 400 && answer.fields["content-type"] == "application/problem+json")
            #expect(answer.fields["connection"] == "close")
            let id = try #require(answer.fields["x-request-id"])
            let json = try #require(try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any])
            #expect(json["type"] as? String == "/problems/malformed-request" && json["instance"] as? String == "/requests/" + id)
            #expect(json["errorCode"] as? String == "GWREQ0001" && json["status"] as? Int == 400)
        }
    }
}

/// Where the process body says which port it listens on.
private final class PortBox: Sendable {
    let port = Atomic(0)
}
