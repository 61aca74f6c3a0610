import ControlPlane
import Registry

/// Evidence, keys, and the forms beside the moves.
struct ApplicationPapers {
    private let shown: ApplicationShown
    private let visit: Visit
    private var texts: Texts { visit.texts }
    private var words: ApplicationWords { ApplicationWords(shown, visit) }
    private var mayAct: Bool { shown.dossier.mayDoPaperwork && !shown.isPrinted }

    init(_ shown: ApplicationShown, _ visit: Visit) { (self.shown, self.visit) = (shown, visit) }

    var evidence: [ApplicationPage.Evidence] {
        shown.dossier.evidence.map { entry in
            let (standing, colour): (Phrase, String) =
                entry.erased != nil
                ? (.evidenceErased, "plain")
                : entry.withdrawn != nil
                    ? (.evidenceWithdrawn, "plain")
                    : entry.expires.map { $0 <= visit.now } == true ? (.evidenceExpired, "disabled") : (.evidenceInDate, "active")
            let path = words.path + "/evidence/" + entry.id
            let withdrawal = PaperForm(
                id: "withdraw-" + entry.id, action: path + "/withdraw", name: texts[.withdrawEvidence],
                label: texts[.withdrawEvidenceOf, ["name": entry.name]], isDangerous: true, field: "reason", fieldLabel: texts[.reason])
            return ApplicationPage.Evidence(
                id: entry.id, path: entry.erased == nil ? path : nil, kind: texts.name(entry.kind), name: entry.name,
                standing: texts[standing], standingClass: colour,
                until: entry.expires.map { texts[.untilDay, ["time": texts.day(WallTime(seconds: $0.seconds - 1))]] } ?? texts[.noEnd],
                added: texts[.byPerson, ["time": texts.time(entry.added), "person": words.person(entry.addedBy)]],
                withdrawal: mayAct && entry.withdrawn == nil && entry.erased == nil ? withdrawal.again(in: visit) : nil,
                reason: entry.withdrawnReason)
        }
    }

    var evidenceForm: EvidenceForm? {
        guard mayAct else { return nil }
        let missing = shown.dossier.missing.first?.kind.name ?? ""
        let chosen = visit.form["kind"].isEmpty ? missing : visit.form["kind"]
        let kinds = EvidenceKind.allCases.map { Choice(value: $0.name, name: texts.name($0), isChosen: $0.name == chosen) }
        return EvidenceForm(
            action: words.path + "/evidence",
            kind: ChoiceField(id: "evidence-kind", name: "kind", label: texts[.kind], choices: kinds), issued: visit.form["issued"],
            until: visit.form["until"], isOpen: !visit.form["kind"].isEmpty)
    }

    var keys: [ApplicationPage.Key] {
        shown.dossier.keys.map { key in
            let (state, colour): (String, String) =
                switch key.state {
                case .active: (texts[.keyActive], "active")
                case .retiring: (texts[.keyRetiring, ["time": key.until.map(texts.time) ?? "–"]], "invited")
                case .revoked: (texts[.keyRevoked], "disabled")
                }
            return ApplicationPage.Key(
                id: key.id, name: key.name, environment: texts.name(key.environment), state: state, stateClass: colour,
                created: texts[.keyCreated] + ": "
                    + texts[.byPerson, ["time": texts.time(key.created), "person": words.person(key.createdBy)]],
                lastUsed: texts[.lastUsed] + ": " + (key.lastUsed.map(texts.time) ?? texts[.never]),
                rotation: mayAct && key.state == .active ? rotation(of: key).again(in: visit) : nil,
                revocation: mayAct && key.state != .revoked ? revocation(of: key).again(in: visit) : nil)
        }
    }

    private func rotation(of key: RegisteredKey) -> PaperForm {
        PaperForm(
            id: "rotate-" + key.id, action: words.path + "/keys/\(key.id)/rotate", name: texts[.rotateKey],
            label: texts[.rotateKeyOf, ["name": key.name]], isDangerous: false, field: "days", fieldLabel: texts[.rotateDays],
            fieldType: "number", value: String(Limits.retiringSeconds / 86_400))
    }

    private func revocation(of key: RegisteredKey) -> PaperForm {
        PaperForm(
            id: "revoke-" + key.id, action: words.path + "/keys/\(key.id)/revoke", name: texts[.revokeKey],
            label: texts[.revokeKeyOf, ["name": key.name]], isDangerous: true, field: "reason", fieldLabel: texts[.reason])
    }

    var keyForms: [PaperForm] {
        guard mayAct else { return [] }
        return [Environment.sandbox, .production].filter(shown.dossier.application.lifecycle.state.mayIssue).map { environment in
            let name = texts[environment == .sandbox ? .issueSandboxKey : .issueProductionKey]
            return PaperForm(
                id: "issue-" + environment.name, action: words.path + "/keys/" + environment.name, name: name, label: name,
                isDangerous: false, field: "name", fieldLabel: texts[.keyName],
                remark: environment == .production ? texts[.asksPassword] : nil
            ).again(in: visit)
        }
    }

    var noteForm: NoteForm? {
        guard mayAct else { return nil }
        let audiences = RegistryStore.Audience.allCases.map { audience in
            Choice(
                value: audience.rawValue, name: texts[audience == .team ? .noteTeam : .notePartner],
                isChosen: visit.form["audience"] == audience.rawValue)
        }
        return NoteForm(
            action: words.path + "/notes",
            audience: ChoiceField(id: "note-audience", name: "audience", label: texts[.noteFor], choices: audiences),
            text: visit.form["text"])
    }

    var assignForm: AssignForm? {
        guard mayAct else { return nil }
        let (me, assignee) = (visit.signedIn?.account.name ?? "", shown.dossier.application.assignee)
        let nobody = Choice(value: "-", name: texts[.nobody], isChosen: assignee == nil)
        let isColleague = shown.desk.colleagues.contains { $0.name == me }
        return AssignForm(
            action: words.path + "/assignment",
            person: ChoiceField(
                id: "assign-person", name: "person", label: texts[.assignTo], choices: [nobody] + shown.desk.people(chosen: assignee ?? "")),
            me: isColleague && assignee != me ? me : nil)
    }
}
