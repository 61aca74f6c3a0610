import Foundation
import Support
import Testing

/// What Prometheus gets of a real gateway, and what ops look at it with.
@Suite(.serialized) struct MetricsTests {
    /// Names of metrics in a text, without the endings that samples have.
    private func names(in text: String) -> Set<String> {
        Set(text.matches(of: /gateway_[a-z_]+/).map { String($0.output) })
    }

    @Test func `the page has both planes, and every number that alerts and dashboard ask for`() async throws {
        let gateway = try await Gateway.started()
        let key = try await gateway.key(of: "paytm-finder")
        for _ in 0..<5 { #expect(try await gateway.client(key).get(Gateway.search()).status == 200) }
        let console = HTTPClient("http://127.0.0.1:\(gateway.console)")
        var text = ""
        #expect(
            await eventually {
                text = (try? await console.get("/metrics").text) ?? ""
                return text.contains("gateway_application_admitted_total{application=\"paytm-finder\"} 5\n")
            }, "\(text)")
        #expect(text.contains("\ngateway_data_plane_up 1\n") && text.contains("gateway_registry_applications{state=\"live\"}"))
        #expect(!text.contains(key))
        let told = names(in: text)
        for file in ["alerts.yaml", "grafana-dashboard.json"] {
            let asked = try String(contentsOfFile: Repository.root + "/deploy/" + file, encoding: .utf8)
            // Counts by problem, ending and the like appear with the first of them; their families are always described.
            let missing = names(in: asked).filter { !told.contains($0) }
            #expect(missing.isEmpty, "\(file)")
        }
        let open = try await HTTPClient(
            "http://127.0.0.1:\(gateway.console)", fields: ["Accept": "application/openmetrics-text; version=1.0.0"]
        ).get("/metrics")
        #expect(open.fields["content-type"]?.hasPrefix("application/openmetrics-text") == true && open.text.hasSuffix("# EOF\n"))
        #expect(open.text.components(separatedBy: "# EOF").count == 2)
        try check(text, with: ["check", "metrics"])
        try check(nil, with: ["check", "rules", Repository.root + "/deploy/alerts.yaml"])
        if let pid = gateway.child("gateway-data-plane") { kill(pid, SIGSTOP) }
        #expect(try await console.get("/metrics").text.contains("\ngateway_data_plane_up 0\n"), "the control plane tells of itself")
        if let pid = gateway.child("gateway-data-plane") { kill(pid, SIGCONT) }
        #expect(await gateway.stop() == 0)
    }

    /// Prometheus's own tool, where it is installed, finds nothing.
    private func check(_ text: String?, with arguments: [String]) throws {
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/promtool") else { return }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/promtool")
        process.arguments = arguments
        let (input, output) = (Pipe(), Pipe())
        (process.standardInput, process.standardOutput, process.standardError) = (input, output, output)
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data((text ?? "").utf8))
        try input.fileHandleForWriting.close()
        let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(said)")
    }
}
