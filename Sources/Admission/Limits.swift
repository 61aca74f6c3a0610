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

    /// Pages of the gateway's own that an application may ask for at once: whoever looks into a burst of refusals asks about each of some.
    package static let ownPageBurst: Int64 = 30
    /// Nanoseconds to earn one back: a dashboard may look every second, and 150 applications that all do cost a loop nothing to speak of.
    package static let ownPageIntervalNanoseconds: Int64 = 1_000_000_000

    /// The bucket that asking for the gateway's own pages spends from, one for each application and none of its plan's.
    package static var ownPageRule: BucketRule {
        BucketRule(tokens: 1, periodNanoseconds: ownPageIntervalNanoseconds, burst: ownPageBurst)
    }

    /// The bucket that failed authentications spend from.
    package static var failureRule: BucketRule {
        BucketRule(tokens: 1, periodNanoseconds: failureIntervalNanoseconds, burst: failureBurst)
    }
}
