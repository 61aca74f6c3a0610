import Synchronization

/// A listener's TLS context in force, handed from the thread that watches its files to the loops: connections made from now on use it.
package final class PublishedTLS: Sendable {
    private let context: Mutex<TLSContext>

    /// Publishes the first one.
    package init(_ context: TLSContext) { self.context = Mutex(context) }

    /// Replaces it.
    package func publish(_ context: TLSContext) { self.context.withLock { $0 = context } }

    /// The one now.
    package var current: TLSContext { context.withLock { $0 } }
}
