import ControlPlane
import Registry

/// What an application's page says of it, in words.
struct ApplicationWords {
    private let shown: ApplicationShown
    private let texts: Texts
    private let now: WallTime
    private var dossier: Dossier { shown.dossier }
    private var application: RegisteredApplication { shown.dossier.application }

    init(_ shown: ApplicationShown, _ visit: Visit) { (self.shown, texts, now) = (shown, visit.texts, visit.now) }

    var path: String { "/applications/" + application.declaration.id.text }

    func person(_ name: String) -> String { shown.desk.colleagues.first { $0.name == name }?.displayName ?? name }

    /// A record's time, which is kept as text to be hashed.
    func time(_ record: AuditRecord) -> String { record.moment.map(texts.time) ?? record.time }

    var alerts: [String] {
        guard let review = application.lifecycle.review, let due = dossier.reviewDue else { return [] }
        return [texts[.reviewOpen, ["person": person(review.actor), "time": texts.time(due)]]]
    }

    var pending: String? {
        application.lifecycle.awaited(at: now).map { first in
            let end = WallTime(nanoseconds: first.time.nanoseconds + Lifecycle.pendingDays * DayClock.dayNanoseconds)
            let values = ["person": person(first.actor), "time": texts.time(first.time), "end": texts.time(end)]
            return texts.name(first.move) + ": " + texts[.pendingWho, values]
        }
    }

    var facts: [ApplicationPage.Fact] {
        let declared = application.declaration
        let allowed = (declared.allowedAddresses ?? []).map(AddressText.text)
        var facts = [
            fact(.applicationID, declared.id.text), fact(.purpose, declared.purpose),
            fact(.received, application.received.map(texts.time) ?? texts[.notReceived]),
            fact(.inStateSince, application.since.map(texts.time) ?? "–"),
            ApplicationPage.Fact(
                name: texts[.allowedAddresses], values: allowed.isEmpty ? [texts[.anywhere]] : allowed),
        ]
        if let certificates = declared.certificates, !certificates.isEmpty {
            facts.append(ApplicationPage.Fact(name: texts[.boundCertificates], values: certificates.map(CertificateText.text)))
        }
        if let until = application.lifecycle.withdrawnUntil { facts.append(fact(.withdrawnUntil, texts.time(until))) }
        return facts
    }

    var partnerFacts: [ApplicationPage.Fact] {
        let partner = dossier.partner.declaration
        var name = fact(.factName, partner.name)
        if ConsoleRoute.all.contains(where: { $0.path == "/partners/:id" }) { name.path = "/partners/" + partner.id.text }
        let contacts = ContactRole.allCases.compactMap { role in partner.contacts[role].map { texts.name(role) + ": " + $0 } }
        return [
            name, fact(.applicationID, partner.id.text), fact(.kind, texts.name(partner.kind)),
            fact(.registrationNumber, partner.registration), fact(.officialSite, partner.site),
            ApplicationPage.Fact(name: texts[.contacts], values: contacts.isEmpty ? [texts[.noneOfThem]] : contacts),
        ]
    }

    var reviewed: String {
        guard let time = dossier.reviewed else { return texts[.sinceReviewNever] }
        let isSame = dossier.changes.isEmpty && newEvidence.isEmpty
        return isSame ? texts[.sinceReviewNone, ["time": texts.time(time)]] : texts.time(time)
    }

    var diff: [ApplicationPage.Change] {
        dossier.changes.map { change in
            let isPartner = change.subject == "partner"
            func values(_ list: [String]) -> [String] {
                change.name == "scopesAsked" ? list.map { Scope(name: $0).map(texts.name) ?? $0 } : list
            }
            let name = (isPartner ? texts[.partner] + ": " : "") + texts.name(fact: change.name)
            return ApplicationPage.Change(name: name, before: values(change.before), after: values(change.after))
        }
    }

    var newEvidence: [String] {
        guard let reviewed = dossier.reviewed else { return [] }
        return dossier.evidence.filter { $0.added > reviewed }.map { texts.name($0.kind) + " · " + $0.name }
    }

    var scopes: [ApplicationPage.ScopeLine] {
        let plan = application.plan.flatMap { dossier.policy.plan($0) } ?? plannedPlan
        return Scope.allCases.filter { application.declaration.scopes.contains($0) || application.granted.contains($0) }.map { scope in
            let isGranted = application.granted.contains(scope)
            return ApplicationPage.ScopeLine(
                name: texts.name(scope), asked: texts[application.declaration.scopes.contains(scope) ? .yes : .no],
                granted: texts[isGranted ? .yes : .no], isGranted: isGranted, limits: plan?[scope].map(limits) ?? [])
        }
    }

    var planFacts: [ApplicationPage.Fact] {
        var facts = [
            fact(.plan, application.plan?.text ?? texts[.planNone]),
            fact(.planAsked, application.declaration.plan?.text ?? texts[.planDefault]),
        ]
        if let extra = dossier.extraQuota {
            let values = ["percent": texts.number(Int(extra.percent)), "time": texts.time(extra.until)]
            facts.append(ApplicationPage.Fact(name: "+", values: [texts[.extraQuotaLine, values]]))
        }
        return facts
    }

    /// The plan that a first sandbox would give.
    private var plannedPlan: Plan? {
        (application.declaration.plan ?? dossier.policy.defaultPlans[application.kind]).flatMap { dossier.policy.plan($0) }
    }

    private func limits(_ allowance: Allowance) -> [String] {
        func number(_ value: Int64) -> String { texts.number(Int(clamping: value)) }
        let bucket = allowance.bucket
        var lines = [
            texts[
                .limitLine,
                [
                    "tokens": number(bucket.tokens), "time": texts.wait(nanoseconds: bucket.periodNanoseconds),
                    "burst": number(bucket.burst),
                ]]
        ]
        if allowance.dayTokens > 0 { lines.append(texts[.limitDay, ["count": number(allowance.dayTokens)]]) }
        if allowance.concurrency > 0 { lines.append(texts[.limitInFlight, ["count": number(allowance.concurrency)]]) }
        return lines
    }

    var notes: [ApplicationPage.Note] {
        dossier.notes.reversed().map { note in
            ApplicationPage.Note(
                text: note.text, audience: texts[note.audience == .team ? .noteTeam : .notePartner], isToPartner: note.audience == .partner,
                when: texts[.byPerson, ["time": texts.time(note.time), "person": person(note.actor)]])
        }
    }

    /// The newest first.
    var history: [ApplicationPage.HistoryLine] {
        dossier.moves.reversed().map { move in
            let names = ["before": texts.name(move.from), "after": texts.name(move.to)]
            var remarks = move.inPlaceOf.map { [texts[.inPlaceOf, ["person": person($0)]]] } ?? []
            if move.isPending { remarks.append(texts[.waitedForSecond]) }
            return ApplicationPage.HistoryLine(
                move: texts.name(recorded: move.move), change: move.from == move.to ? "" : texts[.fromTo, names],
                when: texts[.byPerson, ["time": texts.time(move.time), "person": person(move.actor)]],
                remark: remarks.isEmpty ? nil : remarks.joined(separator: ", "), reason: move.reason)
        }
    }

    private func fact(_ name: Phrase, _ value: String) -> ApplicationPage.Fact {
        ApplicationPage.Fact(name: texts[name], values: [value])
    }
}
