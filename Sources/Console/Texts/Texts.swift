import ControlPlane
import Foundation
import Registry

/// Words, dates and numbers of one language.
struct Texts: Sendable {
    let language: Language
    /// What the templates find under `t`.
    let table: [String: String]
    /// Minutes that local time is ahead of UTC.
    let offsetMinutes: Int64

    private let phrases: [Phrase: String]

    init(_ language: Language, offsetMinutes: Int64 = 330) {
        self.language = language
        self.offsetMinutes = offsetMinutes
        phrases = Texts.phrases(language)
        table = Dictionary(uniqueKeysWithValues: phrases.map { ($0.key.rawValue, $0.value) })
    }

    static func phrases(_ language: Language) -> [Phrase: String] {
        switch language {
        case .english: English.words
        case .hindi: Hindi.words
        }
    }

    /// The words of several pages as one table; each phrase is said in one of them.
    static func merged(_ pages: [[Phrase: String]]) -> [Phrase: String] {
        pages.reduce(into: [:]) { all, page in
            all.merge(page) { first, second in preconditionFailure("a phrase is said twice: '\(first)' and '\(second)'") }
        }
    }

    /// A language's name for itself.
    static func ownName(_ language: Language) -> String {
        switch language {
        case .english: "English"
        case .hindi: "हिन्दी"
        }
    }

    subscript(_ phrase: Phrase) -> String {
        guard let text = phrases[phrase] else { preconditionFailure("\(language.rawValue) has no \(phrase.rawValue)") }
        return text
    }

    /// A phrase with its gaps filled, each once: what is put in is not looked through again.
    subscript(_ phrase: Phrase, _ values: [String: String]) -> String {
        var (filled, rest) = ("", self[phrase][...])
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            filled += rest[..<open]
            filled += values[String(rest[rest.index(after: open)..<close])] ?? ""
            rest = rest[rest.index(after: close)...]
        }
        return filled + rest
    }

    /// Digits in groups as India writes them, in both languages: 1,23,456.
    func number(_ number: Int) -> String {
        let digits = String(number.magnitude)
        var (groups, rest) = ([String(digits.suffix(3))], digits.dropLast(3))
        while !rest.isEmpty {
            groups.insert(String(rest.suffix(2)), at: 0)
            rest = rest.dropLast(2)
        }
        return (number < 0 ? "-" : "") + groups.joined(separator: ",")
    }

    /// `22 November 2026, 20:14`, by the clocks there.
    func time(_ time: WallTime) -> String {
        let minute = parts(of: time)
        func two(_ number: Int?) -> String { (number ?? 0) < 10 ? "0\(number ?? 0)" : "\(number ?? 0)" }
        return "\(day(time)), \(two(minute.hour)):\(two(minute.minute))"
    }

    /// `22 November 2026`, by the clocks there.
    func day(_ time: WallTime) -> String {
        let parts = parts(of: time)
        return "\(parts.day ?? 0) \(Texts.months(language)[(parts.month ?? 1) - 1]) \(parts.year ?? 0)"
    }

    private func parts(of time: WallTime) -> DateComponents {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(secondsFromGMT: Int(offsetMinutes) * 60) ?? .gmt
        return calendar.dateComponents(
            [.day, .month, .year, .hour, .minute], from: Date(timeIntervalSince1970: TimeInterval(time.seconds)))
    }

    /// A wait, never said shorter than it is: whole seconds up to two minutes, then whole minutes.
    func wait(nanoseconds: Int64) -> String {
        let seconds = Int((max(nanoseconds, 1) + 999_999_999) / 1_000_000_000)
        guard seconds > 120 else { return seconds == 1 ? self[.oneSecond] : self[.seconds, ["count": number(seconds)]] }
        return self[.minutes, ["count": number((seconds + 59) / 60)]]
    }

    private static func months(_ language: Language) -> [String] {
        switch language {
        case .english:
            [
                "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
            ]
        case .hindi:
            ["जनवरी", "फ़रवरी", "मार्च", "अप्रैल", "मई", "जून", "जुलाई", "अगस्त", "सितंबर", "अक्टूबर", "नवंबर", "दिसंबर"]
        }
    }
}

extension Texts {
    func name(_ role: Role) -> String {
        switch role {
        case .reviewer: self[.roleReviewer]
        case .approver: self[.roleApprover]
        case .ops: self[.roleOps]
        case .admin: self[.roleAdmin]
        case .auditor: self[.roleAuditor]
        }
    }

    func what(_ role: Role) -> String {
        switch role {
        case .reviewer: self[.roleReviewerWhat]
        case .approver: self[.roleApproverWhat]
        case .ops: self[.roleOpsWhat]
        case .admin: self[.roleAdminWhat]
        case .auditor: self[.roleAuditorWhat]
        }
    }

    func name(_ state: Account.State) -> String {
        switch state {
        case .invited: self[.stateInvited]
        case .active: self[.stateActive]
        case .disabled: self[.stateDisabled]
        }
    }

    /// Why somebody was not signed in.
    func sentence(_ refusal: SignInRefusal) -> String {
        switch refusal {
        case .wrongPassword: self[.wrongPassword]
        case .wrongCode: self[.wrongCode]
        case .throttled(let nanoseconds): self[.throttled, ["wait": wait(nanoseconds: nanoseconds)]]
        case .busy: self[.busy]
        case .disabled: self[.disabled]
        case .sessionOver: self[.sessionOver]
        case .linkOver: self[.linkOver]
        case .linkElsewhere: self[.linkElsewhere]
        case .password(let fault): sentence(fault)
        }
    }

    private func sentence(_ fault: PasswordFault) -> String {
        switch fault {
        case .tooShort: self[.passwordTooShort]
        case .tooLong: self[.passwordTooLong]
        case .hasName: self[.passwordHasName]
        case .tooPlain: self[.passwordTooPlain]
        case .notTheSame: self[.passwordNotTheSame]
        }
    }
}
