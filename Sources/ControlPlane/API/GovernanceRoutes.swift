import HTTPTypes
import Registry

extension AdminRoute {
    /// The team.
    static let accounts: [AdminRoute] = [
        AdminRoute(.get, "/accounts", "listAccounts", .accounts, Privilege.seeAccounts) { api, _ in
            .list(try api.registry.allAccounts().map(AccountRow.init))
        },
        AdminRoute(.post, "/accounts", "inviteAccount", .accounts, Privilege.accounts) { api, call in
            let body = try call.members("name", "person", "roles", "language")
            let roles = try body.texts("roles").map { name in
                guard let role = Role(name: name) else {
                    let all = Role.allCases.map(\.name).joined(separator: ", ")
                    throw ProblemAnswer(.malformedRequest, "the member roles is out of form: expected some of \(all)")
                }
                return role
            }
            let language = try body.optionalWord("language", Language.allCases.map(\.rawValue), Language.init(rawValue:)) ?? .english
            let invitation = try Invitation(
                name: body.text("name"), displayName: body.optionalText("person") ?? "", roles: Set(roles), language: language)
            let token = try api.registry.invite(invitation, by: call.actor, at: call.now)
            let account = try api.registry.account(body.text("name"))
            let link = ConsoleAddress.link(token, base: api.settings.consoleBase)
            return .json(InvitationAnswer(account: AccountRow(account), link: link), status: .created)
        },
        AdminRoute(.post, "/accounts/:name/disable", "disableAccount", .accounts, Privilege.accounts) { api, call in
            let reason = try call.members("reason").text("reason")
            return .json(AccountRow(try api.registry.disable(call.text("name"), reason: reason, by: call.actor, at: call.now)))
        },
    ]

    /// By what requests and moves are judged.
    static let policies: [AdminRoute] = [
        AdminRoute(.get, "/policies", "listPolicies", .read, Privilege.anyone) { api, _ in .list(try PolicyRow.all(of: api.registry)) },
        AdminRoute(.get, "/policies/in-force", "showPolicy", .read, Privilege.anyone) { api, _ in
            let policy = try api.registry.policyInForce()
            return .json(
                PolicyAnswer(version: policy.version, plans: CanonicalPolicy.plans(policy), routes: CanonicalPolicy.routes(policy)))
        },
        AdminRoute(.get, "/lifecycle-rules", "showLifecycleRules", .read, Privilege.anyone) { api, _ in
            let text = try api.registry.lifecycleRulesText()
            return .json(LifecycleRulesAnswer(builtIn: text == nil, text: text))
        },
    ]

    /// Changes of plans and routes, as files: whole or not at all. By which rules people move applications is not theirs to say through here: those
    /// are the machine's owner's, by `lifecycle.yaml`.
    static let policyChanges: [AdminRoute] = [
        AdminRoute(.post, "/policies/diff", "comparePolicy", .read, Privilege.anyone) { api, call in
            let body = try call.members("plans", "routes")
            let (inForce, policy) = (
                try api.registry.policyInForce(), try readPolicy(plans: body.text("plans"), routes: body.text("routes"))
            )
            guard inForce.version != policy.version else {
                return .json(PolicyDifference(old: inForce.version, new: policy.version, changes: [], objections: []))
            }
            let changes = comparePolicies(inForce, to: policy, among: try api.registry.applications()).map { PolicyChangeRow($0) }
            let objections = try api.registry.misfits(of: policy)
            return .json(PolicyDifference(old: inForce.version, new: policy.version, changes: changes, objections: objections))
        },
        AdminRoute(.post, "/policies", "applyPolicy", .policies, Privilege.policies) { api, call in
            let body = try call.members("plans", "routes", "at", "plannedOn", "reason")
            let policy = try readPolicy(plans: body.text("plans"), routes: body.text("routes"))
            let decision = try PolicyDecision(
                by: call.actor, reason: Person.reason(body.text("reason")), plannedOn: body.text("plannedOn"), at: call.now)
            if let due = try body.optionalTime("at") {
                return .json(PolicyRow(try api.registry.announcePolicy(policy, from: due, as: decision)), status: .created)
            }
            let isNew = try api.registry.acceptPolicy(policy, as: decision)
            guard let entry = try api.registry.policies().first else { throw RegistryError.noPolicy }
            return .json(PolicyRow(entry, isInForce: true), status: isNew ? .created : .ok)
        },
        AdminRoute(.post, "/policies/:version/cancel", "cancelPolicy", .policies, Privilege.policies) { api, call in
            let reason = try call.members("reason").text("reason")
            let decision = try PolicyDecision(by: call.actor, reason: Person.reason(reason), at: call.now)
            return .json(PolicyRow(try api.registry.cancelAnnouncement(of: call.text("version"), as: decision)))
        },
        AdminRoute(.post, "/policies/:version/rollback", "rollBackPolicy", .policies, Privilege.policies) { api, call in
            let reason = try call.members("reason").text("reason")
            let decision = try PolicyDecision(by: call.actor, reason: Person.reason(reason), at: call.now)
            let version = call.text("version")
            let entry = try api.registry.rollBackPolicy(to: version == "previous" ? nil : version, as: decision)
            return .json(PolicyRow(entry, isInForce: true))
        },
    ]
}

/// Somebody invited, and what they begin by: shown once.
struct InvitationAnswer: Encodable, Sendable {
    let account: AccountRow
    let link: String
}

/// The policy in force, as its files would say it.
struct PolicyAnswer: Encodable, Sendable {
    let version: String
    let plans: String
    let routes: String
}

/// The rules by which applications move, word for word; no text where there was no file.
struct LifecycleRulesAnswer: Encodable, Sendable {
    let builtIn: Bool
    let text: String?
}

/// What a policy would change, for whom, and why it would be refused.
struct PolicyDifference: Encodable, Sendable {
    let old: String
    let new: String
    let changes: [PolicyChangeRow]
    let objections: [String]
}
