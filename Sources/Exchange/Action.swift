package import Registry

/// What the driver is to do next; it carries out actions in order, after each event it reports.
package enum Action: Sendable {
    /// Send what the connection's output holds; report with `sent`.
    case send(ConnectionHandle)
    /// Send the output and then these bytes of the piece just received, in one call; hand what was not taken to `keep`.
    case sendThrough(ConnectionHandle, Range<Int>)
    /// Open a connection to the environment's core store; report `connected` or `failed`.
    case connect(ConnectionHandle, Environment)
    /// Read again: the connection was held back and is not any more.
    case read(ConnectionHandle)
    /// Send no more (a half close); the connection is still read and dropped.
    case finishSending(ConnectionHandle)
    /// Close at once; the handle is dead.
    case close(ConnectionHandle)
}

/// A fault of the core store, for the log: everything a person needs to find it, nothing of the request's content.
package struct FaultReport: Sendable {
    /// The request it hit.
    package var requestID: RequestID
    /// The route's id, where one was found.
    package var route: Identifier?
    /// Which core store.
    package var environment: Environment
    /// What happened, in a few words.
    package var what: StaticString
    /// The core store's status, or 0 where there was none.
    package var status: Int
    /// The first bytes of the core store's answer to it, at most `Limits.reportedBodyBytes`.
    package var body: [UInt8]
}
