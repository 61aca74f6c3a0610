import HTTPTypes
import Registry

extension AdminRoute {
    /// Notes and assignments.
    static let paperwork: [AdminRoute] = [
        AdminRoute(.get, "/applications/:id/notes", "listNotes", .read, Privilege.anyone) { api, call in
            let id = try call.identifier(of: "application")
            _ = try api.registry.application(id)
            return .list(try api.registry.notes(on: id).map(NoteRow.init))
        },
        AdminRoute(.post, "/applications/:id/notes", "addNote", .onboard, Privilege.anyone) { api, call in
            let body = try call.members("to", "text")
            let audience = try body.word(
                "to", RegistryStore.Audience.allCases.map(\.rawValue), RegistryStore.Audience.init(rawValue:))
            let note = try api.registry.addNote(
                body.text("text"), on: call.identifier(of: "application"), to: audience, by: call.actor, at: call.now)
            return .json(NoteRow(note), status: .created)
        },
        AdminRoute(.put, "/applications/:id/assignment", "assignApplication", .onboard, Privilege.anyone) { api, call in
            let id = try call.identifier(of: "application")
            let person = try call.members("to").nullableText("to")
            try api.registry.assign(id, to: person, by: call.actor, at: call.now)
            return .json(ApplicationRow(try api.registry.application(id), at: call.now))
        },
    ]

    /// What partners hand in.
    static let evidence: [AdminRoute] = [
        AdminRoute(.get, "/applications/:id/evidence", "listEvidence", .read, Privilege.anyone) { api, call in
            .list(try api.registry.evidence(of: call.identifier(of: "application")).map { EvidenceRow($0, at: call.now) })
        },
        AdminRoute(
            .post, "/applications/:id/evidence", "addEvidence", .onboard, Privilege.anyone, query: ["kind", "name", "issued", "expires"],
            body: .bytes(of: EvidenceFileType.allCases.map(\.rawValue), atMost: Limits.evidenceBytes)
        ) { api, call in
            let kinds = EvidenceKind.allCases.map(\.name).joined(separator: ", ")
            guard let kind = try call.query("kind", "one of \(kinds)", EvidenceKind.init(name:)), let name = call.query["name"] else {
                throw ProblemAnswer(.badParameter, "kind and name are needed: kind is one of \(kinds), name the file's own with its ending")
            }
            let submission = EvidenceSubmission(
                kind: kind, name: name, bytes: call.body, issued: try call.queryTime("issued"), expires: try call.queryTime("expires"))
            let entry = try api.registry.addEvidence(submission, to: call.identifier(of: "application"), by: call.actor, at: call.now)
            return .json(EvidenceRow(entry, at: call.now), status: .created)
        },
        AdminRoute(.get, "/evidence/:id", "downloadEvidence", .read, Privilege.anyone) { api, call in
            let (entry, bytes) = try api.registry.evidenceFile(call.text("id"), by: call.actor, at: call.now)
            return .bytes(bytes, type: entry.type.rawValue, name: entry.name)
        },
        AdminRoute(.post, "/evidence/:id/withdraw", "withdrawEvidence", .onboard, Privilege.anyone) { api, call in
            let reason = try call.members("reason").text("reason")
            let entry = try api.registry.withdrawEvidence(call.text("id"), by: call.actor, reason: reason, at: call.now)
            return .json(EvidenceRow(entry, at: call.now))
        },
    ]

    /// Applications' keys. There is no Idempotency-Key: a key's text is kept nowhere, so that a repeated call could not be answered with it.
    static let keys: [AdminRoute] = [
        AdminRoute(.get, "/keys", "listKeys", .read, Privilege.anyone, query: ["after", "application", "limit"]) { api, call in
            let limit = try call.queryLimit()
            let found = try api.registry.keys(
                of: call.queryIdentifier("application"), after: call.queryIdentifier("after")?.text, atMost: limit + 1)
            return .page(found.map(KeyRow.init), atMost: limit, by: \.id)
        },
        AdminRoute(.post, "/applications/:id/keys", "issueKey", .keys, Privilege.anyone) { api, call in
            let body = try call.members("environment", "name")
            let environment = try body.word("environment", Environment.allCases.map(\.name), Environment.init(name:))
            let name = try body.text("name")
            let issued = try api.registry.issueKey(
                to: call.identifier(of: "application"), in: environment, named: name, by: call.actor, at: call.now)
            return .json(IssuedKeyRow(issued), status: .created)
        },
        AdminRoute(.post, "/keys/:id/rotate", "rotateKey", .keys, Privilege.anyone) { api, call in
            let seconds = try call.members("retireAfterSeconds").optionalNumber("retireAfterSeconds") ?? Limits.retiringSeconds
            let issued = try api.registry.rotateKey(call.text("id"), by: call.actor, retiringForSeconds: seconds, at: call.now)
            return .json(IssuedKeyRow(issued), status: .created)
        },
        AdminRoute(.post, "/keys/:id/revoke", "revokeKey", .keys, Privilege.anyone) { api, call in
            let reason = try call.members("reason").text("reason")
            return .json(KeyRow(try api.registry.revokeKey(call.text("id"), by: call.actor, reason: reason, at: call.now)))
        },
    ]

    /// Extra quota and stand-ins.
    static let exceptions: [AdminRoute] = [
        AdminRoute(.get, "/applications/:id/extra-quota", "listExtraQuota", .read, Privilege.anyone) { api, call in
            let id = try call.identifier(of: "application")
            _ = try api.registry.application(id)
            return .list(try api.registry.extraQuotas(of: id).map(ExtraQuotaRow.init))
        },
        AdminRoute(.post, "/applications/:id/extra-quota", "giveExtraQuota", .onboard, Privilege.anyone) { api, call in
            let body = try call.members("percent", "until", "reason")
            let entry = try api.registry.giveExtraQuota(
                body.number("percent"), to: call.identifier(of: "application"), until: body.time("until"), by: call.actor,
                reason: body.text("reason"), at: call.now)
            return .json(ExtraQuotaRow(entry), status: .created)
        },
        AdminRoute(.post, "/applications/:id/extra-quota/end", "endExtraQuota", .onboard, Privilege.anyone) { api, call in
            let reason = try call.members("reason").text("reason")
            let id = try call.identifier(of: "application")
            return .json(ExtraQuotaRow(try api.registry.endExtraQuota(of: id, by: call.actor, reason: reason, at: call.now)))
        },
        AdminRoute(.get, "/delegations", "listDelegations", .read, Privilege.anyone) { api, _ in
            .list(try api.registry.delegations().map(DelegationRow.init))
        },
        AdminRoute(.post, "/delegations", "delegate", .onboard, Privilege.anyone) { api, call in
            let body = try call.members("away", "to", "from", "until", "reason")
            let entry = try api.registry.delegate(
                from: body.text("away"), to: body.text("to"), since: body.optionalTime("from") ?? call.now, until: body.time("until"),
                by: call.actor, reason: body.text("reason"), at: call.now)
            return .json(DelegationRow(entry), status: .created)
        },
        AdminRoute(.post, "/delegations/:number/end", "endDelegation", .onboard, Privilege.anyone, body: .nothing) {
            api, call in
            guard let number = Int64(call.text("number")), number > 0 else {
                throw ProblemAnswer(.notThere, "there is no delegation of this number")
            }
            try api.registry.endDelegation(number, by: call.actor, at: call.now)
            guard let entry = try api.registry.delegations().first(where: { $0.number == number }) else {
                throw RegistryError.unknown("delegation", "\(number)")
            }
            return .json(DelegationRow(entry))
        },
    ]
}
