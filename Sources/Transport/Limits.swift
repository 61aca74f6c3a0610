/// Every limit of the transport, with its unit in its name and its reason beside it.
enum TransportLimits {
    /// Bytes of the largest levels file read whole to carry it over: a million applications are 192 MiB.
    static let levelFileBytes = 1 << 28
    /// Bytes of the largest snapshot read: a million applications would be about 200 MiB.
    static let snapshotBytes = 1 << 28
    /// Events taken from the kernel at once: what a busy loop has waiting, in 3 KiB.
    static let eventsPerTurn = 256
    /// Reads of one connection in a turn, so that a busy one does not starve the rest.
    static let readsPerTurn = 16
}
