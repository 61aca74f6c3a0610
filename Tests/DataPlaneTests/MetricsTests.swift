import Decisions
import Foundation
import Support
import Testing

/// The numbers of a real data plane.
@Suite(.serialized) struct MetricsTests {
    /// What the page says, as curl reads it.
    private func read(_ socket: String, _ fields: [String] = []) async throws -> String {
        let arguments = ["-s", "--max-time", "5", "--unix-socket", socket] + fields.flatMap { ["-H", $0] } + ["http://localhost/metrics"]
        let curl = try RunningProgram("/usr/bin/curl", arguments)
        _ = await curl.status()
        return curl.outputSoFar
    }

    private func sum(_ name: String, in text: String, where labels: String = "") -> Int {
        text.split(separator: "\n").filter { $0.hasPrefix(name + "{") && (labels.isEmpty || $0.contains(labels)) }.compactMap {
            $0.split(separator: " ").last
        }
        .compactMap { Int($0) }.reduce(0, +)
    }

    @Test func `requests are counted as they are on record, and the older and the newer form say the same`() async throws {
        let folder = try TemporaryDirectory()
        let (socket, path) = (folder.path + "/metrics.sock", folder.path + "/decisions")
        let serving = try await Serving(burst: 5, ["--decisions", path, "--metrics", socket])
        for _ in 0..<20 { _ = try await serving.status() }
        #expect(await eventually { (try? RecordTests.written(path).count { $0.route >= 0 }) == 20 })
        let records = try RecordTests.written(path)
        var text = ""
        #expect(
            await eventually {
                text = (try? await self.read(socket)) ?? ""
                return self.sum("gateway_requests_total", in: text) >= records.count
            })
        #expect(sum("gateway_requests_total", in: text, where: "verdict=\"rate-limited\"") == 15, "\(text)")
        #expect(sum("gateway_requests_total", in: text) >= records.count)
        #expect(text.contains("\ngateway_bucket_tokens{application=\"app-one\",scope=\"search\"} 0\n"), "\(text)")
        #expect(text.contains("\ngateway_bucket_burst_tokens{application=\"app-one\",scope=\"search\"} 5\n"))
        #expect(text.contains("\ngateway_decision_log_up 1\n"))
        #expect(text.contains("\ngateway_tls_handshakes_total{with=\"core-stores\",outcome=\"full\"} 0\n"))
        #expect(text.contains("\ngateway_client_connections ") && text.contains("gateway_loop_ticks_total{loop=\"0\"}"))
        #expect(
            await eventually {
                let open = (try? await self.read(socket, ["Accept: application/openmetrics-text; version=1.0.0"])) ?? ""
                return open.hasSuffix("# EOF\n") && self.sum("gateway_requests_total", in: open, where: "rate-limited") == 15
            })
        #expect(!text.contains(Sample.key) && !text.contains("127.0.0.1:\(serving.port)"))
    }

    @Test func `whoever connects and asks nothing keeps nobody else out for long`() async throws {
        let folder = try TemporaryDirectory()
        let socket = folder.path + "/metrics.sock"
        let serving = try await Serving(["--metrics", socket])
        let silent = try RunningProgram(
            "/usr/bin/python3",
            ["-c", "import signal,socket,sys;s=socket.socket(socket.AF_UNIX);s.connect(sys.argv[1]);signal.sigwait({2})", socket])
        #expect(await eventually(withinSeconds: 20) { (try? await self.read(socket).contains("gateway_client_connections ")) ?? false })
        silent.send(SIGKILL)
        serving.program.send(SIGTERM)
        #expect(await serving.program.status() == 0)
    }
}
