import Registry

// The tally as metrics: families and series in a fixed order, whatever came first.
extension Tally {
    /// The whole tally in Prometheus's text format, or in OpenMetrics.
    package func text(openMetrics: Bool) -> [UInt8] {
        var text = MetricsText(openMetrics: openMetrics)
        write(to: &text)
        return text.finished()
    }

    /// Adds the tally's families to a text that may have others.
    package func write(to text: inout MetricsText) {
        let routes = zip(slots.routes, self.routes).map { Row($0, $1) }.sorted { ($0.route, $0.scope) < ($1.route, $1.scope) }
        writeRequests(of: routes, to: &text)
        writeBytes(of: routes, to: &text)
        writeLatencies(of: routes, to: &text)
        writeApplications(to: &text)
        text.family("gateway_faults", .counter, "Admitted requests answered by the gateway in place of the core store, by problem.")
        for (verdict, count) in Tally.named(faults) { text.sample(["problem": verdict.name], .count(count)) }
        text.family("gateway_endings", .counter, "Requests by how they ended: answered, client-left or broken-off.")
        for ending in Ending.allCases { text.sample(["ending": ending.name], .count(endings[Int(ending.rawValue)])) }
        text.family("gateway_shadow_decisions", .counter, "What the policy that only watches would have decided, beside the one in force.")
        for outcome in ShadowOutcome.allCases { text.sample(["outcome": outcome.name], .count(shadows[outcome.rawValue])) }
        text.family("gateway_decisions_dropped", .counter, "Decision records lost because there was no room for them.")
        text.sample(.count(dropped))
    }

    /// A route with its labels. A dash stands for none: it is no id, so that no id is taken for it.
    private struct Row {
        let route: String
        let scope: String
        let tally: RouteTally

        init(_ name: RouteName, _ tally: RouteTally) {
            route = name.route?.text ?? "-"
            scope = name.scope?.name ?? "-"
            self.tally = tally
        }
    }

    private func writeRequests(of routes: [Row], to text: inout MetricsText) {
        text.family("gateway_requests", .counter, "Requests by route, scope, class of the answer's status, and verdict.")
        for row in routes {
            for (index, status) in StatusClass.names.enumerated() {
                let counts = row.tally.requests[index * Tally.verdictCount..<(index + 1) * Tally.verdictCount]
                for (verdict, count) in Tally.named(Array(counts)) {
                    text.sample(["route": row.route, "scope": row.scope, "status": status, "verdict": verdict.name], .count(count))
                }
            }
        }
    }

    private func writeBytes(of routes: [Row], to text: inout MetricsText) {
        text.family("gateway_request_bytes", .counter, "Bytes of requests' heads and bodies, as they came.")
        for row in routes { text.sample(["route": row.route, "scope": row.scope], .count(row.tally.bytesIn)) }
        text.family("gateway_response_bytes", .counter, "Bytes of answers' heads and bodies, as they left.")
        for row in routes { text.sample(["route": row.route, "scope": row.scope], .count(row.tally.bytesOut)) }
        text.family("gateway_core_store_retries", .counter, "Endpoints and connections tried before the one that answered.")
        for row in routes { text.sample(["route": row.route, "scope": row.scope], .count(row.tally.retries)) }
    }

    private func writeLatencies(of routes: [Row], to text: inout MetricsText) {
        text.family("gateway_own_latency_seconds", .histogram, "From the judging to the answer's last byte, without the core store's part.")
        for row in routes { text.histogram(["route": row.route, "scope": row.scope], row.tally.ours) }
        text.family("gateway_core_store_latency_seconds", .histogram, "While the core store had the request, where it was asked.")
        for row in routes { text.histogram(["route": row.route, "scope": row.scope], row.tally.coreStore) }
    }

    private func writeApplications(to text: inout MetricsText) {
        let rows = (0..<slotCount).map { (slots.applications[$0]?.text ?? "-", verdicts(ofSlot: $0)) }.sorted { $0.0 < $1.0 }
        text.family("gateway_application_admitted", .counter, "Requests let in, by application; a dash where none was known.")
        for (application, counts) in rows { text.sample(["application": application], .count(counts[0])) }
        text.family("gateway_application_refused", .counter, "Requests refused, by application and problem; a dash where none was known.")
        for (application, counts) in rows {
            for (verdict, count) in Tally.named(counts) where verdict != .admitted {
                text.sample(["application": application, "problem": verdict.name], .count(count))
            }
        }
    }

    /// Counts that are not zero, with the verdict they are of.
    private static func named(_ counts: [UInt64]) -> [(Verdict, UInt64)] {
        counts.enumerated().compactMap { code, count in
            count == 0 ? nil : Verdict(rawValue: UInt8(code)).map { ($0, count) }
        }
    }
}
