import Decisions
import HTTPTypes
import Hummingbird
import NIOCore
import Registry

/// `/metrics`: what the control plane knows of itself and its registry, and behind it what the data plane tells at its local socket.
package struct ControlPlaneMetrics: Sendable {
    let registry: RegistryStore
    /// The data plane's local socket.
    let socket: String
    let started: WallTime

    /// Where the data plane tells its numbers, for a state folder.
    package static func socket(of stateDirectory: String) -> String { stateDirectory + "/metrics" }

    /// The page, in the form that is asked for (OpenMetrics 1.0, or Prometheus's text 0.0.4).
    func answer(accepting accept: String) async -> Response {
        let isOpen = accept.lowercased().contains("application/openmetrics-text")
        let type = MetricsText.contentType(openMetrics: isOpen)
        let below = try? await readLocalPage(socket, accepting: type)
        var body = own(openMetrics: isOpen, isDataPlaneUp: below != nil, isLast: below == nil)
        if let below { body.writeImmutableBuffer(below) }
        return Response(status: .ok, headers: [.contentType: type, .cacheControl: "no-store"], body: .init(byteBuffer: body))
    }

    private func own(openMetrics: Bool, isDataPlaneUp: Bool, isLast: Bool) -> ByteBuffer {
        var text = MetricsText(openMetrics: openMetrics && isLast)
        text.family("gateway_data_plane_up", .gauge, "Whether the data plane tells its numbers.")
        text.sample(.whole(isDataPlaneUp ? 1 : 0))
        text.family("gateway_control_plane_start_time_seconds", .gauge, "When the control plane started, since 1970.")
        text.sample(.nanoseconds(UInt64(clamping: started.nanoseconds)))
        writeRegistry(to: &text)
        return ByteBuffer(bytes: text.finished())
    }

    private func writeRegistry(to text: inout MetricsText) {
        let (revision, applications) = (try? registry.revision(), try? registry.applications())
        text.family("gateway_registry_readable", .gauge, "Whether the registry can be read.")
        text.sample(.whole(revision != nil && applications != nil ? 1 : 0))
        guard let revision, let applications else { return }
        text.family("gateway_registry_revision", .gauge, "Revision of the registry: the data plane's snapshot follows it.")
        text.sample(.count(revision))
        text.family("gateway_registry_applications", .gauge, "Applications by their state.")
        let states = Dictionary(grouping: applications, by: { $0.lifecycle.state.name }).mapValues(\.count)
        for state in ApplicationState.allCases {
            text.sample(["state": state.name], .count(UInt64(states[state.name] ?? 0)))
        }
    }
}
