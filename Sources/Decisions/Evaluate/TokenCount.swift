import Registry

/// How full a bucket is as one would count by hand: whole tokens in it, and how much of the next has been earned. What decides reckons in
/// one sum of nanoseconds instead; the two meet in every answer.
struct TokenCount {
    /// Tokens in the bucket; below zero where more is owed than it holds, as another thread's later reading of the clock can make it.
    let whole: Int128
    /// Nanoseconds earned towards the next token; 0 where the last one is whole.
    let earnedNanoseconds: Int128
    /// Nanoseconds to earn one: no fewer than the rate allows.
    let nanosecondsPerToken: Int128
    private let burst: Int64

    /// A bucket that lacks so many nanoseconds of filling.
    init(under rule: BucketRule, owing debt: Int64) {
        burst = rule.burst
        nanosecondsPerToken = Int128((rule.periodNanoseconds - 1) / rule.tokens + 1)
        let (missing, part) = Int128(max(0, debt)).quotientAndRemainder(dividingBy: nanosecondsPerToken)
        whole = Int128(rule.burst) - missing - (part > 0 ? 1 : 0)
        earnedNanoseconds = part > 0 ? nanosecondsPerToken - part : 0
    }

    /// Nanoseconds until so many tokens are there; a cost above the burst takes a whole bucket, as it can hold no more.
    func wait(for cost: Int64) -> Int64 {
        let needed = Int128(min(cost, burst))
        guard needed > 0, whole < needed else { return 0 }
        return Int64(clamping: (needed - whole) * nanosecondsPerToken - earnedNanoseconds)
    }
}
