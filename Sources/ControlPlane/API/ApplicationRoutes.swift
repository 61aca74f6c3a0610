import HTTPTypes
import Registry

extension AdminRoute {
    /// A token about itself.
    static let own: [AdminRoute] = [
        AdminRoute(.get, "/token", "showToken", nil, nil) { _, call in .json(OwnTokenAnswer(call.caller, at: call.now)) },
        AdminRoute(.delete, "/token", "revokeToken", nil, nil) { api, call in
            let id = call.caller.token.id
            let ended = try api.registry.revokeToken(id, by: call.actor, reason: "revoked by itself", at: call.now)
            return .json(AccessTokenRow(ended, at: call.now))
        },
    ]

    /// Partners, one by one and as files.
    static let partners: [AdminRoute] = [
        AdminRoute(.get, "/partners", "listPartners", .read, Privilege.anyone, query: ["after", "limit"]) { api, call in
            let (after, limit) = (try call.queryIdentifier("after"), try call.queryLimit())
            let found = try api.registry.partners(after: after, atMost: limit + 1)
            return .page(found.map(PartnerRow.init), atMost: limit, by: \.id)
        },
        AdminRoute(.get, "/partners/:id", "showPartner", .read, Privilege.anyone) { api, call in
            .json(PartnerRow(try api.registry.partner(call.identifier(of: "partner"))))
        },
        AdminRoute(.post, "/partners/:id/erase", "erasePartner", .onboard, Privilege.anyone, query: ["dryRun"]) { api, call in
            let reason = try call.members("reason").text("reason")
            return .json(
                ErasureRow(
                    try api.registry.erase(
                        call.identifier(of: "partner"), by: call.actor, reason: reason, isTrial: call.queryFlag("dryRun"), at: call.now)))
        },
        AdminRoute(
            .post, "/import", "importPartners", .onboard, Privilege.importing, query: ["dryRun"],
            body: .bytes(of: PartnerForm.allCases.map(\.mediaType), atMost: Limits.adminBodyBytes)
        ) { api, call in
            let isTrial = try call.queryFlag("dryRun")
            let form = PartnerForm(contentType: call.fields[.contentType] ?? "")
            // Bytes of another encoding would be repaired, and names taken over without their letters.
            guard let text = String(validating: call.body, as: UTF8.self) else {
                throw ProblemAnswer(.malformedRequest, "the body is not UTF-8")
            }
            let partners = try readPartners(text, as: form, under: api.registry.policyInForce())
            return .json(
                ImportRow("request", try api.registry.importPartners(partners, by: call.actor, isTrial: isTrial, at: call.now)))
        },
        AdminRoute(.get, "/export", "exportPartners", .read, Privilege.anyone, query: ["as", "partner"]) { api, call in
            let form = try call.query("as", "yaml, json or csv", PartnerForm.init(rawValue:)) ?? .yaml
            let partner = try call.queryIdentifier("partner")
            let text = try await api.slowWork.run {
                form.text(of: try api.registry.exportedPartners(partner, by: call.actor, at: call.now))
            }
            return .bytes(Array(text.utf8), type: form.mediaType, name: "partners." + form.rawValue)
        },
    ]

    /// Applications as they stand.
    static let applications: [AdminRoute] = [
        AdminRoute(
            .get, "/applications", "listApplications", .read, Privilege.anyone,
            query: ["after", "limit", "state", "partner", "kind", "assignee"]
        ) { api, call in
            let states = ApplicationState.allCases.map(\.name).joined(separator: ", ")
            let kinds = PartnerKind.allCases.map(\.name).joined(separator: ", ")
            let filter = ApplicationFilter(
                state: try call.query("state", "one of \(states)", ApplicationState.init(name:)),
                partner: try call.queryIdentifier("partner"),
                kind: try call.query("kind", "one of \(kinds)", PartnerKind.init(name:)), assignee: try call.queryName("assignee"),
                after: try call.queryIdentifier("after"))
            let limit = try call.queryLimit()
            let found = try api.registry.applications(matching: filter, atMost: limit + 1)
            return .page(found.map { ApplicationRow($0, at: call.now) }, atMost: limit, by: \.id)
        },
        AdminRoute(.get, "/applications/:id", "showApplication", .read, Privilege.anyone) { api, call in
            let id = try call.identifier(of: "application")
            let view = try api.registry.applicationWithRecord(id)
            let detail = ApplicationDetail(view.application, moves: try api.registry.moves(of: id), at: call.now)
            return .json(detail, etag: EntityTag.text(view.record))
        },
        AdminRoute(.get, "/applications/:id/moves", "listMoves", .read, Privilege.anyone) { api, call in
            .list(try api.registry.moves(of: call.identifier(of: "application")).map(MoveRow.init))
        },
        AdminRoute(.get, "/applications/:id/checks", "checkApplication", .read, Privilege.anyone) { api, call in
            let checks = try await api.registry.checks(of: call.identifier(of: "application"), asking: api.prober, at: call.now)
            return .list(checks.map(CheckRow.init))
        },
        AdminRoute(.get, "/open-reviews", "listOpenReviews", .read, Privilege.anyone) { api, call in
            .list(try api.registry.openReviews().map { OpenReviewRow($0, at: call.now) })
        },
    ]

    /// Decisions about an application, on what was seen of it.
    static let moves: [AdminRoute] = [
        AdminRoute(.post, "/applications/:id/moves", "moveApplication", .onboard, Privilege.anyone) { api, call in
            let body = try call.members("move", "reason", "scopes", "plan")
            let names = LifecycleMove.allCases.map(\.rawValue)
            let (move, reason) = (try body.word("move", names, LifecycleMove.init(rawValue:)), try body.text("reason"))
            let wish = RegistryStore.Wish(scopes: try body.scopes(), plan: try body.plan())
            let id = try call.identifier(of: "application")
            let result = try api.registry.move(
                id, move, by: call.actor, reason: reason, asking: wish, unchangedSince: try EntityTag.demanded(call.fields), at: call.now)
            return .json(MoveAnswer(result, at: call.now), etag: EntityTag.text(result.record))
        }
    ]
}

extension BodyMembers {
    fileprivate func scopes() throws -> ScopeSet? {
        try optionalTexts("scopes").map { names in
            ScopeSet(
                try names.map { name in
                    guard let scope = Scope(name: name) else {
                        let all = Scope.allCases.map(\.name).joined(separator: ", ")
                        throw ProblemAnswer(.malformedRequest, "the member scopes is out of form: expected some of \(all)")
                    }
                    return scope
                })
        }
    }

    fileprivate func plan() throws -> Identifier? { try optionalWord("plan", ["a plan's id"], Identifier.init) }
}

/// A token as it is told about itself.
struct OwnTokenAnswer: Encodable, Sendable {
    let id: String
    let account: String
    let name: String
    let scopes: [String]
    let roles: [String]
    let expires: String

    init(_ caller: TokenCaller, at now: WallTime) {
        (id, account, name) = (caller.token.id, caller.account.name, caller.token.name)
        (scopes, expires) = (caller.token.scopes.names, caller.token.expires.text)
        roles = Role.allCases.filter(caller.account.roles.contains).map(\.name)
    }
}

/// What a move did.
struct MoveAnswer: Encodable, Sendable {
    /// `moved`, or `awaits-second-person`.
    let outcome: String
    let application: ApplicationRow
    /// Evidence that the rules ask of whoever has an account.
    let missingEvidence: [String]
    /// Who had made the move first and may no longer make it, so that this one counts as the first.
    let forgotten: String?

    init(_ result: RegistryStore.MoveResult, at now: WallTime) {
        outcome = result.outcome == .awaitsSecondPerson ? "awaits-second-person" : "moved"
        application = ApplicationRow(result.application, at: now)
        missingEvidence = result.gaps.map(\.kind.name)
        forgotten = result.forgotten
    }
}
