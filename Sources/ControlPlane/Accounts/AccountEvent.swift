import GRDB
import Registry

/// What happened to an account or at its door, for the history: never a secret, nor a name typed that no account has.
struct AccountEvent: Sendable {
    /// What a sign-in that was refused is called.
    static let refusedSignIn = "refuse-sign-in"

    /// In a word: `invite`, `sign-in`, `refuse-sign-in` …
    var what: String
    /// The account; nil where the name that was typed is nobody's (it may be a password in the wrong box).
    var account: String?
    var before: String?
    var after: String?
    var reason = ""
}

extension RegistryStore {
    /// The one place where accounts meet the history.
    static func record(_ event: AccountEvent, by actor: Actor, at now: WallTime, _ database: Database) throws {
        let isRefused = event.what == AccountEvent.refusedSignIn
        let entry = AuditEvent(
            AuditAction(stringLiteral: "account." + event.what), of: AuditSubject("account", event.account ?? "unknown"),
            before: event.before.map { ["value": .text($0)] }, after: event.after.map { ["value": .text($0)] },
            reason: isRefused ? "" : event.reason, refusal: isRefused ? event.reason : nil)
        try audit(entry, by: actor, at: now, database)
    }
}
