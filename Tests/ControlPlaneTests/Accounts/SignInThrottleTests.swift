import Registry
import Support
import Testing

@testable import ControlPlane

/// How often somebody may fail.
struct SignInThrottleTests {
    private let now = Scratch.now

    @Test(arguments: [SignInLevels.Subject.address("192.0.2.1"), .account("asha"), .known("asha", at: "192.0.2.1"), .codes("asha")])
    func `the wait that is told is exact`(subject: SignInLevels.Subject) throws {
        var levels = SignInLevels()
        for _ in 0..<subject.rule.burst { #expect(levels.take([subject], at: now) == nil) }
        let refusal = levels.take([subject], at: now)
        let wait = try #require(refusal)
        #expect(wait == subject.rule.interval)
        #expect(levels.take([subject], at: now.plus(nanoseconds: wait - 1)) == 1)
        #expect(levels.take([subject], at: now.plus(nanoseconds: wait)) == nil)
    }

    @Test func `an account's wait is the same where it is known as where it is not`() {
        let (known, account) = (SignInLevels.Subject.known("asha", at: "a").rule, SignInLevels.Subject.account("asha").rule)
        #expect(known == account, "it would tell which names there are")
    }

    @Test func `what is given back can be taken again, and nothing more`() {
        var levels = SignInLevels()
        let subject = SignInLevels.Subject.account("asha")
        for _ in 0..<1_000 {
            #expect(levels.take([subject], at: now) == nil)
            levels.giveBack([subject], at: now)
        }
        levels.giveBack([subject], at: now)
        #expect(levels.count == 0, "who has not failed takes no room")
        for _ in 0..<subject.rule.burst { #expect(levels.take([subject], at: now) == nil) }
        #expect(levels.take([subject], at: now) != nil)
    }

    @Test func `either all give a token or none does`() {
        var levels = SignInLevels()
        let (address, account) = (SignInLevels.Subject.address("a"), SignInLevels.Subject.account("asha"))
        for _ in 0..<account.rule.burst { #expect(levels.take([account], at: now) == nil) }
        for _ in 0..<100 { #expect(levels.take([address, account], at: now) != nil) }
        for _ in 0..<address.rule.burst { #expect(levels.take([address], at: now) == nil) }
    }

    @Test func `a clock set back by a year locks nobody out for longer than all tokens take`() {
        var levels = SignInLevels()
        let subject = SignInLevels.Subject.account("asha")
        for _ in 0..<subject.rule.burst { _ = levels.take([subject], at: now) }
        let back = now.plus(seconds: -366 * 86_400)
        #expect(levels.take([subject], at: back) == subject.rule.interval)
    }

    @Test func `the table is bounded, and keeps who failed most`() {
        var levels = SignInLevels(capacity: 100)
        let hunted = SignInLevels.Subject.account("hunted")
        for _ in 0..<hunted.rule.burst { _ = levels.take([hunted], at: now) }
        for number in 0..<1_000 { _ = levels.take([.address("\(number)")], at: now) }
        #expect(levels.count == 100)
        #expect(levels.take([hunted], at: now) != nil)
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `in no time do more get through than the burst and the rate allow`(seed: UInt64) {
        var (levels, random) = (SignInLevels(), SplitMix64(seed: seed))
        let subject = SignInLevels.Subject.address("a")
        var (time, taken) = (now, [Int64]())
        for _ in 0..<400 {
            time = time.plus(nanoseconds: Int64.random(in: 0...20_000_000_000, using: &random))
            if levels.take([subject], at: time) == nil { taken.append(time.nanoseconds) }
        }
        for first in taken.indices {
            for last in first..<taken.count {
                let allowed = subject.rule.burst + (taken[last] - taken[first]) / subject.rule.interval
                #expect(Int64(last - first + 1) <= allowed)
            }
        }
    }

    @Test func `an IPv6 household is one address`() {
        #expect(SignInThrottle.household("2001:db8:1:2:3::4") == SignInThrottle.household("2001:db8:1:2:5::6"))
        #expect(SignInThrottle.household("2001:db8:1:2::") != SignInThrottle.household("2001:db8:1:3::"))
        #expect(SignInThrottle.household("192.0.2.1") != SignInThrottle.household("192.0.2.2"))
    }
}
