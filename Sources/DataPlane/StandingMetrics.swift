import Decisions
import Exchange
import Registry
import Transport

// How limits and TLS stand at the moment.
extension Metrics {
    /// Limits that were spent of, at most one series for each scope of each application of the registry.
    func writeLevels(to text: inout MetricsText) {
        let levels = rules.current.standingLevels(at: SystemClock.now())
        func family(_ name: String, _ help: String, _ value: (StandingLevel) -> Int64?) {
            text.family(name, .gauge, help)
            for level in levels {
                guard let value = value(level) else { continue }
                text.sample(["application": level.application.text, "scope": level.scope.name], .whole(value))
            }
        }
        family("gateway_bucket_tokens", "Tokens left in an application's bucket; one that was never used is full.") { $0.remaining }
        family("gateway_bucket_burst_tokens", "Tokens that an application's bucket holds at most.") { $0.burst }
        family("gateway_day_tokens", "Tokens left of an application's daily quota.") { $0.dayRemaining }
        family("gateway_application_requests_in_flight", "An application's requests in flight, where its plan bounds them.") { $0.inFlight }
    }

    /// Handshakes and ends of certificates.
    func writeSecurity(to text: inout MetricsText) {
        text.family("gateway_tls_handshakes", .counter, "TLS handshakes with clients and core stores: full, resumed or failed.")
        for (with, tls) in security {
            text.sample(["with": with, "outcome": "full"], .count(tls.handshakes.full))
            text.sample(["with": with, "outcome": "resumed"], .count(tls.handshakes.resumed))
            text.sample(["with": with, "outcome": "failed"], .count(tls.handshakes.failed))
        }
        text.family("gateway_tls_remaining_seconds", .gauge, "Until a certificate or a revocation list in use ends; below 0 where it has.")
        for (with, tls) in security {
            for ending in tls.endings {
                text.sample(
                    ["with": with, "file": ending.path, "kind": ending.isRevocationList ? "revocation-list" : "certificate"],
                    .whole(Int64(ending.secondsLeft)))
            }
        }
    }
}
