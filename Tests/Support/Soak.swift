import Foundation

/// How much work a test does: all of it with `GATEWAY_SOAK=1` in the environment, else a tenth.
package enum Soak {
    /// Whether the full counts were asked for.
    package static let isOn = ProcessInfo.processInfo.environment["GATEWAY_SOAK"] == "1"

    /// Whether sanitizers look on: they make whatever waits for sockets some fifty times slower.
    package static let isSanitized = ProcessInfo.processInfo.environment["GATEWAY_SANITIZE"] != nil

    /// `full`, or a tenth of it.
    package static func count(_ full: Int) -> Int { isOn ? full : full / 10 }
}
