import Decisions
import Foundation
import Support
import Testing

@Suite struct `Metrics as text` {
    private static func sample(openMetrics: Bool) -> [UInt8] {
        var text = MetricsText(openMetrics: openMetrics)
        text.family("gateway_sent", .counter, "Of \"all\" sent,\nwith \\.")
        text.sample(["to": "a \"b\" \\ \n c"], .count(.max))
        text.family("gateway_connections", .gauge, "Open ones.")
        text.sample(.whole(-3))
        text.family("gateway_cpu_seconds", .counter, "Used.")
        text.sample(.nanoseconds(1_000_000_001))
        text.family("gateway_wait_seconds", .histogram, "Waited.")
        var histogram = LatencyHistogram()
        for microseconds in [0, 100, 101, 60_000_000, 60_000_001, .max] as [UInt32] { histogram.count(microseconds: microseconds) }
        text.histogram(["loop": "1"], histogram)
        return text.finished()
    }

    @Test func `have the older form's names and escapes`() {
        let text = String(decoding: Self.sample(openMetrics: false), as: UTF8.self)
        #expect(
            text.hasPrefix(
                #"""
                # HELP gateway_sent_total Of "all" sent,\nwith \\.
                # TYPE gateway_sent_total counter
                gateway_sent_total{to="a \"b\" \\ \n c"} 18446744073709551615
                # HELP gateway_connections Open ones.
                # TYPE gateway_connections gauge
                gateway_connections -3
                # HELP gateway_cpu_seconds_total Used.
                # TYPE gateway_cpu_seconds_total counter
                gateway_cpu_seconds_total 1.000000001
                # HELP gateway_wait_seconds Waited.
                # TYPE gateway_wait_seconds histogram
                gateway_wait_seconds_bucket{loop="1",le="0.0001"} 2
                gateway_wait_seconds_bucket{loop="1",le="0.00025"} 3

                """#))
        #expect(
            text.hasSuffix(
                """
                gateway_wait_seconds_bucket{loop="1",le="60.0"} 4
                gateway_wait_seconds_bucket{loop="1",le="+Inf"} 6
                gateway_wait_seconds_sum{loop="1"} 4414.967497
                gateway_wait_seconds_count{loop="1"} 6

                """))
    }

    @Test func `have OpenMetrics' names and end`() {
        let text = String(decoding: Self.sample(openMetrics: true), as: UTF8.self)
        #expect(
            text.hasPrefix(
                #"""
                # HELP gateway_sent Of \"all\" sent,\nwith \\.
                # TYPE gateway_sent counter
                gateway_sent_total{to="a \"b\" \\ \n c"} 18446744073709551615

                """#))
        #expect(text.hasSuffix("\n# EOF\n"))
    }

    @Test(arguments: [
        ("# HELP a_total A.\n# TYPE a_total counter\na_total 1\na_total 2\n", "a series twice"),
        ("# HELP a_total A.\n# TYPE a_total counter\na_total{x=\"1\",y=\"2\"} 1\na_total{y=\"2\",x=\"1\"} 1\n", "a series twice"),
        ("# HELP a A.\n# TYPE a gauge\na 1\n# HELP a A.\n", "helped twice"),
        ("# HELP a A.\n# TYPE a counter\na 1\n", "_total"),
        ("a 1\n", "of no family"),
        ("# HELP a A.\n# TYPE a gauge\nb 1\n", "no gauge"),
        ("# HELP a A.\n# TYPE a gauge\na{x=\"1\"y=\"2\"} 1\n", "no sample"),
        ("# HELP a A.\n# TYPE a histogram\na_bucket{le=\"1.0\"} 2\na_bucket{le=\"+Inf\"} 1\na_count 1\n", "buckets do not add up"),
        ("# HELP a A.\n# TYPE a histogram\na_bucket{le=\"+Inf\"} 1\na_count 2\n", "the last bucket is not the count"),
        ("# HELP a A.\n# TYPE a gauge\na 1", "does not end as it must"),
    ])
    func `with a fault are not read by these tests`(_ text: String, _ what: String) {
        #expect { try MetricsPage(Array(text.utf8), openMetrics: false) } throws: { ($0 as? MetricsPage.Fault)?.what == what }
    }
}

/// Prometheus's own judge of metrics, where it is installed.
enum PrometheusTool {
    static let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/promtool" }
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    /// What it says of this text: nothing, where all is well.
    static func check(_ text: [UInt8]) throws -> String {
        let folder = try TemporaryDirectory()
        let file = try folder.write(String(decoding: text, as: UTF8.self), to: "metrics")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path ?? "promtool")
        process.arguments = ["check", "metrics"]
        process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: file))
        let pipe = Pipe()
        (process.standardOutput, process.standardError) = (pipe, pipe)
        try process.run()
        let said = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return process.terminationStatus == 0 ? said : "status \(process.terminationStatus): \(said)"
    }
}
