import Registry

/// What was done, or refused: what a caller says of it, before it is a link of the chain.
package struct AuditEvent: Sendable {
    /// What was done.
    package var action: AuditAction
    /// To what.
    package var subject: AuditSubject
    /// What held of it before; nil where there was nothing.
    package var before: AuditFacts?
    /// What holds of it now; nil where nothing is left, and where it was refused.
    package var after: AuditFacts?
    /// Why, as given; empty where nobody said.
    package var reason: String
    /// Why it was refused; nil where it was done.
    package var refusal: String?

    /// An event from its parts.
    package init(
        _ action: AuditAction, of subject: AuditSubject, before: AuditFacts? = nil, after: AuditFacts? = nil, reason: String = "",
        refusal: String? = nil
    ) {
        (self.action, self.subject, self.before, self.after) = (action, subject, before, after)
        (self.reason, self.refusal) = (reason, refusal)
    }
}

/// What can be done, as `noun.verb`: a table of its own for each part of the control plane, in an extension.
package struct AuditAction: Hashable, Sendable, ExpressibleByStringLiteral {
    /// The name on record.
    package let name: String

    /// An action by its name.
    package init(stringLiteral name: String) { self.name = name }

    /// The chain begins.
    static let begin: AuditAction = "audit.begin"
    /// The chain was handed out.
    static let export: AuditAction = "audit.export"
    /// A partner or an application is new, or what it declares has changed.
    static let importPartner: AuditAction = "partner.import"
    /// What named a partner's people was erased.
    static let erasePartner: AuditAction = "partner.erase"
    /// The same of a piece of evidence: its file and its name.
    static let eraseEvidence: AuditAction = "evidence.erase"
    /// Partners were handed out as files.
    static let exportPartners: AuditAction = "partner.export"
    /// The same of an application.
    static let importApplication: AuditAction = "application.import"
    /// Client certificates were bound.
    static let bindCertificates: AuditAction = "application.bind-certificate"
    /// Evidence was handed in.
    static let addEvidence: AuditAction = "evidence.add"
    /// Evidence was handed out.
    static let readEvidence: AuditAction = "evidence.read"
    /// Evidence was taken back.
    static let withdrawEvidence: AuditAction = "evidence.withdraw"
    /// Somebody stands in for another.
    static let delegate: AuditAction = "delegation.make"
    /// Nobody does any more.
    static let endDelegation: AuditAction = "delegation.end"
    /// An application has more than its plan for a time.
    static let giveExtraQuota: AuditAction = "application.give-extra-quota"
    /// It has no more than its plan again.
    static let endExtraQuota: AuditAction = "application.end-extra-quota"
    /// Somebody said something about an application, or the gateway did.
    static let note: AuditAction = "application.note"
    /// Somebody of the team has an application.
    static let assign: AuditAction = "application.assign"
    /// By which rules applications move is another file's word.
    static let acceptRules: AuditAction = "lifecycle-rules.accept"
    /// A key was made.
    static let issueKey: AuditAction = "key.issue"
    /// A key got a successor.
    static let rotateKey: AuditAction = "key.rotate"
    /// A key ended.
    static let revokeKey: AuditAction = "key.revoke"
    /// A personal access token was made.
    static let createToken: AuditAction = "token.create"
    /// One ended before its time.
    static let revokeToken: AuditAction = "token.revoke"
    /// One was shown that is not good.
    static let refuseToken: AuditAction = "token.refuse"
    /// A page of the console was asked for.
    package static let openPage: AuditAction = "console.open-page"
    /// A form of the console was sent.
    package static let sendForm: AuditAction = "console.send-form"
    /// A policy came into force.
    static let applyPolicy: AuditAction = "policy.apply"
    /// An earlier policy came into force again.
    static let rollBackPolicy: AuditAction = "policy.roll-back"
    /// A policy was announced for a time.
    static let announcePolicy: AuditAction = "policy.announce"
    /// An announcement was taken back.
    static let cancelPolicy: AuditAction = "policy.cancel"
    /// An announcement's time came.
    static let takeAnnouncedPolicy: AuditAction = "policy.take-announced"
    /// A policy is tried beside the one in force, or none is any more.
    static let shadowPolicy: AuditAction = "policy.shadow"
    /// Policy files were read that are not in force by it: which they were counts when they are read again.
    static let readPolicy: AuditAction = "policy.read"
    /// The registry was filled for the first time.
    static let firstStart: AuditAction = "registry.first-start"
    /// A copy of the state was made.
    static let backUp: AuditAction = "state.backup"
    /// The state is a copy that was put back.
    static let restore: AuditAction = "state.restore"

    /// A move of an application.
    static func move(_ move: LifecycleMove) -> AuditAction { AuditAction(stringLiteral: "application." + move.rawValue) }
}

/// What something was done to: a sort of thing, and its id.
package struct AuditSubject: Hashable, Sendable {
    /// What sort of thing: `application`, `key`.
    package let kind: String
    /// Which one; a name, never a secret.
    package let id: String

    /// A thing of a sort.
    package init(_ kind: String, _ id: String) { (self.kind, self.id) = (kind, id) }

    /// A partner.
    static func partner(_ id: Identifier) -> AuditSubject { AuditSubject("partner", id.text) }
    /// An application.
    static func application(_ id: Identifier) -> AuditSubject { AuditSubject("application", id.text) }
    /// A key by its id, never by itself.
    static func key(_ id: String) -> AuditSubject { AuditSubject("key", id) }
    /// A token by its id, never by itself.
    static func token(_ id: String) -> AuditSubject { AuditSubject("token", id) }
    /// A piece of evidence by its id.
    static func evidence(_ id: String) -> AuditSubject { AuditSubject("evidence", id) }
    /// A policy by its version, or by what somebody gave of it.
    static func policy(_ version: String) -> AuditSubject { AuditSubject("policy", version) }
    /// The registry as a whole.
    static let registry = AuditSubject("registry", "registry")
    /// The chain itself.
    static let audit = AuditSubject("audit", "audit")
}

/// Something asked for that may be refused: what is put on record then.
struct AuditAttempt: Sendable {
    let action: AuditAction
    let subject: AuditSubject
    let actor: Actor
    let reason: String
    let time: WallTime

    init(_ action: AuditAction, of subject: AuditSubject, by actor: Actor, reason: String = "", at time: WallTime) {
        (self.action, self.subject, self.actor) = (action, subject, actor)
        (self.reason, self.time) = (reason, time)
    }

    /// The same about a policy.
    init(_ action: AuditAction, of version: String, as decision: PolicyDecision) {
        self.init(action, of: .policy(version), by: decision.actor, reason: decision.reason, at: decision.time)
    }
}
