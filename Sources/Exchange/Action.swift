package import Registry

/// What the driver is to do next; it carries out actions in order, after each event it reports.
package enum Action: Sendable {
    /// Send what the connection's output holds; report with `sent`.
    case send(ConnectionHandle)
    /// Send the output and then these bytes of the piece just received, in one call; hand what was not taken to `keep`.
    case sendThrough(ConnectionHandle, Range<Int>)
    /// Open a connection to a core store's endpoint; report `connected` or `failed`. A `failed` before any `sent` says that no byte of the
    /// output was handed to the other side whole enough to act on.
    case connect(ConnectionHandle, EndpointName)
    /// Read again: the connection was held back and is not any more.
    case read(ConnectionHandle)
    /// Send no more (a half close); the connection is still read and dropped.
    case finishSending(ConnectionHandle)
    /// Look up the decision that this client's `question` asks for, not on the loop's thread; report with `lookedUp`.
    case lookUp(ConnectionHandle)
    /// Close at once; the handle is dead.
    case close(ConnectionHandle)
    /// Close by a reset, so that an answer cut short cannot pass for a whole one; the handle is dead.
    case reset(ConnectionHandle)
}

/// A fault of the core store, or a booking whose client left, for the log: everything a person needs to find it, nothing of the request's content.
package struct FaultReport: Sendable {
    /// The request it hit.
    package var requestID: RequestID
    /// The route's id, where one was found.
    package var route: Identifier?
    /// Which core store.
    package var environment: Environment
    /// Which of its endpoints, where it is known.
    package var endpoint: EndpointName?
    /// What happened, in a few words.
    package var what: StaticString
    /// The core store's status, or 0 where there was none.
    package var status: Int
    /// The first bytes of the core store's answer to it, at most `Limits.reportedBodyBytes`: as they came, so that they may carry anything.
    package var body: [UInt8]
    /// What became of a booking whose client is not told: nobody else is either, so that no bound on lines may leave it out.
    package var isOutcome = false
}
