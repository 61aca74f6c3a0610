import Testing

@testable import Command

/// When what died is started again.
struct RestartPolicyTests {
    @Test func `at once the first time, then later each time, up to ten seconds`() {
        var policy = RestartPolicy()
        let waits = (0..<10).map { _ in policy.wait(afterRunningMilliseconds: 5) }
        #expect(waits == [0, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000, 10_000])
    }

    @Test func `who ran for ten seconds was well, and its next death is a first one`() {
        var policy = RestartPolicy()
        for _ in 0..<5 { _ = policy.wait(afterRunningMilliseconds: 9_999) }
        #expect(policy.wait(afterRunningMilliseconds: 9_999) > 0)
        #expect(policy.wait(afterRunningMilliseconds: 10_000) == 0)
        #expect(policy.wait(afterRunningMilliseconds: 0) == 200)
    }

    @Test func `a first start in vain is one that a status of 1 or 2 soon ended`() {
        var policy = RestartPolicy()
        for status in [Int32(1), 2] {
            #expect(policy.isInVain(.exited(status), afterRunningMilliseconds: 9_999))
            #expect(!policy.isInVain(.exited(status), afterRunningMilliseconds: 10_000), "it ran well before")
            #expect(!policy.isInVain(.killed(signal: status), afterRunningMilliseconds: 5))
        }
        for status in [Int32(0), 3, 137] { #expect(!policy.isInVain(.exited(status), afterRunningMilliseconds: 5)) }
        _ = policy.wait(afterRunningMilliseconds: 5)
        #expect(!policy.isInVain(.exited(1), afterRunningMilliseconds: 5), "a later start")
    }

    @Test func `a thousand deaths overflow nothing`() {
        var policy = RestartPolicy()
        for _ in 0..<1_000 { #expect(policy.wait(afterRunningMilliseconds: 0) <= 10_000) }
    }
}
