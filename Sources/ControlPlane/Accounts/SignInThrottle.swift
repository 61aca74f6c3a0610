import Foundation
import Registry
import Synchronization

/// Counts failed sign-ins by address and by account: pure arithmetic (GCRA in integer nanoseconds) over a bounded table.
///
/// An attempt takes a token of each before anything is looked at, and gets them back if it succeeds. Whoever guesses at an account from
/// everywhere spends that account's tokens; an address the account has signed in from has tokens of its own and spends no others, so that
/// nobody, at that address either, can lock a person out of their usual place. Codes have tokens of the account's own wherever it is not
/// known: a code is one of a million, and who guesses at it has the password and perhaps many addresses.
struct SignInLevels: Sendable {
    /// Whose failures are counted together.
    enum Subject: Hashable, Sendable {
        /// An address; of IPv6 a /64.
        case address(String)
        /// An account, from wherever it is not known to sign in.
        case account(String)
        /// An account at an address it has signed in from.
        case known(String, at: String)
        /// The codes of an account, from wherever it is not known to sign in.
        case codes(String)
        /// New passwords chosen by a link, by its digest: each is hashed.
        case link(String)
        /// A person's calls that were refused, as far as the audit takes them.
        case calls(of: String)

        /// How many at once, and then one in how many nanoseconds.
        var rule: (burst: Int64, interval: Int64) {
            switch self {
            case .address: (20, 30_000_000_000)
            case .account: (10, 60_000_000_000)
            // As an account's: the wait would tell which names there are.
            case .known: (10, 60_000_000_000)
            case .codes: (20, 300_000_000_000)
            case .link: (10, 60_000_000_000)
            case .calls: (20, 60_000_000_000)
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

    /// What is attempted.
    enum Step: Sendable {
        case password, code
        /// The first code of a link: whoever has the link is no guesser at the account.
        case link
    }

    /// What an attempt takes, to be given back if it succeeds.
    struct Attempt: Sendable {
        fileprivate let subjects: [SignInLevels.Subject]
        /// What is given back where it succeeds.
        fileprivate let returned: [SignInLevels.Subject]

        /// The choosing of a password by a link. What it takes of the link's is gone: it is the hashing that is counted.
        init(choosingBy link: SecretToken, from address: String) {
            returned = [.address(SignInThrottle.household(address))]
            subjects = returned + [.link(link.digest.base64EncodedString())]
        }

        /// A step at an account from an address.
        init(_ step: Step, account: String, from address: String, isKnownThere: Bool) {
            let place = SignInThrottle.household(address)
            subjects =
                switch (isKnownThere, step) {
                case (true, _): [.known(account, at: place)]
                case (false, .password): [.address(place), .account(account)]
                case (false, .code): [.address(place), .codes(account)]
                case (false, .link): [.address(place)]
                }
            returned = subjects
        }
    }

    /// Begins an attempt. `telling` is called where it is refused, once an episode.
    func begin(_ attempt: Attempt, at now: WallTime, telling: () -> Void = {}) throws(SignInRefusal) {
        let subjects = attempt.subjects
        var isNews = false
        let wait = levels.withLock { levels in
            let wait = levels.take(subjects, at: now)
            if wait != nil { isNews = levels.isNews(subjects, at: now) }
            return wait
        }
        if isNews { telling() }
        if let wait { throw .throttled(nanoseconds: wait) }
    }

    func succeeded(_ attempt: Attempt, at now: WallTime) { levels.withLock { $0.giveBack(attempt.returned, at: now) } }

    /// What stands for an address: of IPv6 the /64, which one household has.
    static func household(_ address: String) -> String {
        AddressText.address(address).map { String(decoding: $0.household.text, as: UTF8.self) } ?? address
    }
}
