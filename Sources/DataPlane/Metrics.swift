import Decisions
import Exchange
import Registry
import Transport

/// What the data plane tells of itself in numbers: what it decided, from the very records that it wrote, and how it stands at the moment.
struct Metrics: Sendable {
    let log: DecisionLog?
    let stores: StoreDirectory
    let connections: ConnectionCounts
    let pulses: [Pulse]
    let rules: PublishedRules
    /// By whom TLS is spoken with.
    let security: [(with: String, tls: PublishedTLS)]
    let started: WallTime

    /// Answers at a local socket, in the form that is asked for.
    func serve(at path: String) throws {
        try LocalPage.serve(at: path) { head in
            let isOpen = head.lowercased().contains("application/openmetrics-text")
            return (MetricsText.contentType(openMetrics: isOpen), self.text(openMetrics: isOpen))
        }
    }

    /// All families of the data plane.
    func text(openMetrics: Bool) -> [UInt8] {
        var text = MetricsText(openMetrics: openMetrics)
        log?.counted.write(to: &text)
        writeLog(to: &text)
        writeConnections(to: &text)
        writeEndpoints(to: &text)
        writeRules(to: &text)
        writeLevels(to: &text)
        writeSecurity(to: &text)
        writeProcess(to: &text)
        return text.finished()
    }

    private func writeLog(to text: inout MetricsText) {
        guard let log else { return }
        let standing = log.standing
        text.family("gateway_decision_log_up", .gauge, "1 where decisions are written down, 0 where the disk refuses them.")
        text.sample(.count(log.isWriting ? 1 : 0))
        text.family("gateway_decision_segments", .gauge, "Segments of the decision log on the disk.")
        text.sample(.count(UInt64(standing.segments)))
        text.family("gateway_decision_segment_bytes", .gauge, "Bytes of all segments of the decision log on the disk.")
        text.sample(.count(UInt64(standing.bytes)))
    }

    private func writeConnections(to text: inout MetricsText) {
        text.family("gateway_client_connections", .gauge, "Clients' connections that are open.")
        text.sample(.whole(Int64(connections.current)))
        text.family("gateway_client_connections_limit", .gauge, "Clients' connections that may be open.")
        text.sample(.whole(Int64(connections.maximum)))
        text.family("gateway_client_connections_refused", .counter, "Clients' connections that were closed for want of room.")
        text.sample(.count(UInt64(connections.refused)))
        text.family("gateway_loop_ticks", .counter, "Signs of life of each event loop: one that stands still hangs.")
        for (index, pulse) in pulses.enumerated() { text.sample(["loop": "\(index)"], .count(pulse.beats)) }
    }

    private func writeEndpoints(to text: inout MetricsText) {
        let names = (0..<EndpointName.placeCount).compactMap { EndpointName(place: $0) }.filter { stores.table.isActive($0) }
        let labels = names.map { (store: $0.environment.name, endpoint: stores.spelling(of: $0)) }
        text.family("gateway_core_store_requests_in_flight", .gauge, "Requests in flight at an endpoint of a core store.")
        for (name, label) in zip(names, labels) {
            text.sample(["store": label.store, "endpoint": label.endpoint], .whole(Int64(stores.table.inFlight(of: name))))
        }
        text.family("gateway_core_store_connections", .gauge, "Connections open to an endpoint of a core store.")
        for (name, label) in zip(names, labels) {
            text.sample(["store": label.store, "endpoint": label.endpoint], .whole(Int64(stores.table.connections(of: name))))
        }
    }

    private func writeRules(to text: inout MetricsText) {
        let snapshot = rules.current.snapshot
        text.family("gateway_snapshot_revision", .gauge, "Revision of the snapshot in force.")
        text.sample(.count(snapshot.revision))
        text.family("gateway_snapshot_adoptions", .counter, "Snapshots adopted since the start.")
        text.sample(.count(rules.replacements))
        text.family("gateway_snapshot_applications", .gauge, "Applications in the snapshot in force.")
        text.sample(.count(UInt64(snapshot.applications.count)))
    }

    private func writeProcess(to text: inout MetricsText) {
        let figures = ProcessFigures.now()
        text.family("gateway_data_plane_cpu_seconds", .counter, "CPU time of the data plane.")
        text.sample(.microseconds(figures.cpuMicroseconds))
        text.family("gateway_data_plane_resident_memory_bytes", .gauge, "Resident memory of the data plane.")
        text.sample(.count(figures.residentBytes))
        text.family("gateway_data_plane_open_fds", .gauge, "Descriptors that the data plane has open.")
        text.sample(.count(figures.descriptors))
        text.family("gateway_data_plane_max_fds", .gauge, "Descriptors that the data plane may have open.")
        text.sample(.count(figures.descriptorLimit))
        text.family("gateway_data_plane_start_time_seconds", .gauge, "When the data plane started, since 1970.")
        text.sample(.nanoseconds(UInt64(clamping: started.nanoseconds)))
    }
}
