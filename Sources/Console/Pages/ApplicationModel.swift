import ControlPlane
import Registry

/// What stands on an application's page beside what the registry has of it.
struct ApplicationShown: Sendable {
    var dossier: Dossier
    var checks: [AutomaticCheck]
    var usage: RecentUsageAnswer
    var desk: InboxDesk
    var notice: Notice?
    var next: ApplicationPage.Link?
    /// What was decided since the form was shown that was refused for it.
    var changes: [AuditRecord] = []
    /// The move whose form was sent and refused: it is shown again as it was filled in.
    var refused: LifecycleMove?
    var isPrinted = false
}

extension ApplicationPage {
    init(_ shown: ApplicationShown, _ visit: Visit) {
        let (dossier, texts, now) = (shown.dossier, visit.texts, visit.now)
        let (application, declared) = (dossier.application, dossier.application.declaration)
        let words = ApplicationWords(shown, visit)
        title = declared.name
        notice = shown.notice
        next = shown.next
        changes = shown.changes.map { record in
            texts[.changedLine, ["time": words.time(record), "what": texts.what(record), "person": words.person(record.actor)]]
        }
        isPrinted = shown.isPrinted
        path = words.path
        printed = texts[.printedAt, ["time": texts.time(now)]]
        state = texts.name(application.lifecycle.state)
        stateClass = application.lifecycle.state.colour
        let reading = application.clock(under: dossier.rules, at: now)
        clock = reading.map { texts.clock(due: $0.due, $0.reading, at: now) }
        clockClass = reading.map { $0.reading == .inTime ? "" : $0.reading == .reminder ? "soon" : "late" } ?? ""
        assigned = application.assignee.map { texts[.withPerson, ["person": words.person($0)]] } ?? texts[.withNobody]
        alerts = words.alerts
        pending = words.pending
        pendingReason = application.lifecycle.awaited(at: now).flatMap { first in
            dossier.moves.last { $0.isPending && $0.move == first.move.rawValue }?.reason
        }
        let forms = MoveForms(shown, visit)
        (main, others, closed) = (forms.main, forms.others, forms.closed)
        let isShown = ([forms.main].compactMap(\.self) + forms.others).contains { $0.move == shown.refused?.rawValue }
        kept = shown.refused == nil || isShown || visit.form["reason"].isEmpty ? nil : visit.form["reason"]
        mayAct = dossier.mayDoPaperwork
        facts = words.facts
        partnerFacts = words.partnerFacts
        checks = shown.checks.map { check in
            let colour = check.result == .passed ? "active" : check.result == .failed ? "disabled" : "plain"
            return Check(name: texts.name(check.subject), result: texts.name(check.result), resultClass: colour, sentence: check.sentence)
        }
        (reviewed, diff, newEvidence) = (words.reviewed, words.diff, words.newEvidence)
        (scopes, planFacts) = (words.scopes, words.planFacts)
        let papers = ApplicationPapers(shown, visit)
        (evidence, evidenceForm, keys, keyForms) = (papers.evidence, papers.evidenceForm, papers.keys, papers.keyForms)
        (notes, noteForm, assignForm) = (words.notes, papers.noteForm, papers.assignForm)
        history = words.history
        usage = UsagePanel(shown.usage, texts)
    }
}

extension UsagePanel {
    init(_ answer: RecentUsageAnswer, _ texts: Texts) {
        func only(_ phrase: Phrase) -> UsagePanel {
            UsagePanel(remark: texts[phrase], counts: [], refusals: [], refusalRemark: nil)
        }
        switch answer {
        case .notRecorded: self = only(.usageOff)
        case .late: self = only(.usageSlow)
        case .failed: self = only(.usageFailed)
        case .known(let usage):
            self.init(
                remark: usage.counts.isEmpty ? texts[.usageNone] : nil,
                counts: usage.counts.map { count in
                    Count(
                        verdict: count.verdict == "admitted" ? texts[.admitted] : count.verdict,
                        count: texts.number(Int(clamping: count.count)))
                },
                refusals: usage.refusals.map { record in
                    Refusal(
                        time: texts.time(record.time), verdict: record.verdict, route: record.route?.text ?? "–",
                        status: record.status == 0 ? "–" : String(record.status))
                }, refusalRemark: usage.refusals.isEmpty ? texts[.refusalsNone] : nil)
        }
    }
}
