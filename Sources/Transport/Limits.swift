/// Every limit of the transport, with its unit in its name and its reason beside it.
enum TransportLimits {
    /// Bytes of the largest levels file read whole to carry it over: a million applications are 192 MiB.
    static let levelFileBytes = 1 << 28
}
