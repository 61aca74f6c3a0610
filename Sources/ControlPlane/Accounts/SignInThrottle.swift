import Registry
import Synchronization

/// Counts failed sign-ins by address and by account: pure arithmetic (GCRA in integer nanoseconds) over a bounded table.
///
/// An attempt takes a token of each before anything is looked at, and gets them back if it succeeds. Whoever guesses at an account from
/// everywhere spends that account's tokens; an address the account has signed in from has tokens of its own, so that nobody can lock a
/// person out of their usual place.
struct SignInLevels: Sendable {
    /// Whose failures are counted together.
    enum Subject: Hashable, Sendable {
        /// An address; of IPv6 a /64.
        case address(String)
        /// An account, from wherever it is not known to sign in.
        case account(String)
        /// An account at an address it has signed in from.
        case known(String, at: String)

        /// How many at once, and then one in how many nanoseconds.
        var rule: (burst: Int64, interval: Int64) {
            switch self {
            case .address: (20, 30_000_000_000)
            case .account: (10, 60_000_000_000)
            case .known: (10, 30_000_000_000)
            }
        }
    }

    /// When each is as if it had never failed (the theoretical arrival time); who is not there never has.
    private var fullAt: [Subject: Int64] = [:]
    /// Those of them whose refusal was told: once, until they are as if they had never failed.
    private var told: Set<Subject> = []
    private let capacity: Int

    init(capacity: Int = Limits.throttledSubjects) { self.capacity = capacity }

    var count: Int { fullAt.count }

    /// Takes a token of each, or of none: then the longest wait, in nanoseconds, after which there is one.
    mutating func take(_ subjects: [Subject], at now: WallTime) -> Int64? {
        let longest = subjects.map { wait(for: $0, at: now) }.max() ?? 0
        guard longest <= 0 else { return longest }
        for subject in subjects {
            makeRoom(for: subject, at: now)
            // Who is as if they had never failed begins another episode.
            if (fullAt[subject] ?? 0) <= now.nanoseconds { told.remove(subject) }
            fullAt[subject] = level(of: subject, at: now) + subject.rule.interval
        }
        return nil
    }

    /// Whether the refusal of these is the first of an episode, which is then told. Of somebody who goes on it is said once.
    mutating func isNews(_ subjects: [Subject], at now: WallTime) -> Bool {
        told = told.filter { (fullAt[$0] ?? 0) > now.nanoseconds }
        let short = subjects.filter { wait(for: $0, at: now) > 0 && !told.contains($0) }
        told.formUnion(short)
        return !short.isEmpty
    }

    /// Gives a token back to each.
    mutating func giveBack(_ subjects: [Subject], at now: WallTime) {
        for subject in subjects {
            guard let full = fullAt[subject] else { continue }
            let less = full - subject.rule.interval
            fullAt[subject] = less > now.nanoseconds ? less : nil
        }
    }

    private func wait(for subject: Subject, at now: WallTime) -> Int64 {
        level(of: subject, at: now) - now.nanoseconds - (subject.rule.burst - 1) * subject.rule.interval
    }

    /// Not before now, and not beyond all tokens taken: a clock set back must not lock anybody out for long.
    private func level(of subject: Subject, at now: WallTime) -> Int64 {
        let most = now.nanoseconds + subject.rule.burst * subject.rule.interval
        return min(max(fullAt[subject] ?? 0, now.nanoseconds), most)
    }

    /// A full table first forgets whoever is as if they had never failed, then whoever is nearest to it.
    private mutating func makeRoom(for subject: Subject, at now: WallTime) {
        guard fullAt.count >= capacity, fullAt[subject] == nil else { return }
        fullAt = fullAt.filter { $0.value > now.nanoseconds }
        guard fullAt.count >= capacity, let nearest = fullAt.min(by: { $0.value < $1.value }) else { return }
        fullAt[nearest.key] = nil
    }
}

/// The levels of a process: a restart forgets them.
package final class SignInThrottle: Sendable {
    private let levels = Mutex(SignInLevels())

    /// Nobody has failed yet.
    package init() {}

    /// What an attempt has taken, to be given back if it succeeds.
    struct Attempt: Sendable { fileprivate let subjects: [SignInLevels.Subject] }

    /// Begins an attempt at an account from an address. `telling` is called where it is refused, once an episode.
    func begin(
        account: String, from address: String, isKnownThere: Bool, at now: WallTime, telling: () -> Void = {}
    ) throws(SignInRefusal) -> Attempt {
        let place = SignInThrottle.household(address)
        let subjects: [SignInLevels.Subject] = [
            .address(place), isKnownThere ? .known(account, at: place) : .account(account),
        ]
        var isNews = false
        let wait = levels.withLock { levels in
            let wait = levels.take(subjects, at: now)
            if wait != nil { isNews = levels.isNews(subjects, at: now) }
            return wait
        }
        if isNews { telling() }
        if let wait { throw .throttled(nanoseconds: wait) }
        return Attempt(subjects: subjects)
    }

    func succeeded(_ attempt: Attempt, at now: WallTime) { levels.withLock { $0.giveBack(attempt.subjects, at: now) } }

    /// What stands for an address: of IPv6 the /64, which one household has.
    static func household(_ address: String) -> String {
        AddressText.address(address).map { String(decoding: $0.household.text, as: UTF8.self) } ?? address
    }
}
