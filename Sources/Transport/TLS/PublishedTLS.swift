import Synchronization

/// A listener's TLS context in force, handed from the thread that watches its files to the loops: connections made from now on use it.
package final class PublishedTLS: Sendable {
    private let context: Mutex<TLSContext>
    private let known = Mutex<[CertificateWatch.Ending]>([])
    /// How its handshakes ended.
    package let handshakes = HandshakeCounts()

    /// Publishes the first one.
    package init(_ context: TLSContext) { self.context = Mutex(context) }

    /// Replaces it.
    package func publish(_ context: TLSContext) { self.context.withLock { $0 = context } }

    /// What its files end at, as looked at last.
    package var endings: [CertificateWatch.Ending] { known.withLock { $0 } }

    /// Tells what its files end at.
    package func note(_ endings: [CertificateWatch.Ending]) { known.withLock { $0 = endings } }

    /// The one now.
    package var current: TLSContext { context.withLock { $0 } }
}
