package import Registry

/// Every limit of admission, with its unit in its name and its reason beside it.
package enum AdmissionLimits {
    /// Failed authentications an address household may make at once: a misconfigured client's first minute passes with its true reason.
    package static let failureBurst: Int64 = 20
    /// Nanoseconds to earn one back: 4 guesses a minute tell a partner its error and tell a guesser nothing of 256 bits.
    package static let failureIntervalNanoseconds: Int64 = 15_000_000_000
    /// Buckets kept for anonymous callers: 2 MiB, as many as a busy five minutes' distinct addresses.
    package static let anonymousBuckets = 65_536
    /// Buckets kept for failed authentication: half a MiB; a bucket is full again and free after 5 minutes.
    package static let failureBuckets = 16_384
    /// How far one thread's reading of the clock may lie behind another's: no loop's turn lasts a minute.
    package static let clockSkewNanoseconds: Int64 = 60_000_000_000
    /// Entries an address can sit in: 8 of 32 bytes are four cache lines, and eight owing neighbours are rare before the table is full.
    package static let bucketsPerSet = 8

    /// The bucket that failed authentications spend from.
    package static var failureRule: BucketRule {
        BucketRule(tokens: 1, periodNanoseconds: failureIntervalNanoseconds, burst: failureBurst)
    }
}
