import ControlPlane
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Registry

extension ConsoleRoute {
    private static let readers: Access = .signedIn(as: [.admin, .auditor])

    static let audit: [ConsoleRoute] = [
        .get("/audit", readers) { console, visit in
            .page(try console.auditTrail(AuditQuestion(visit), visit.texts))
        },
        .post("/audit/verify", readers) { console, visit in
            var page = try console.auditTrail(AuditQuestion(), visit.texts)
            do {
                let found = try await console.slowWork.run { try console.registry.verifyAudit() }
                page.notice = Notice(found, visit.texts)
                return .page(page)
            } catch let fault as AuditFault {
                page.notice = Notice(text: visit.texts[.auditBad], isBad: true)
                page.fault = fault.description
                return .page(page)
            }
        },
        .post("/audit/export", readers) { console, visit in
            let export = try console.registry.beginAuditExport(by: visit.actor(), at: visit.now)
            return .stream(
                FileAnswer(name: "audit.jsonl", type: "application/jsonl; charset=utf-8") { writer in
                    var export = export
                    while let lines = try export.lines() {
                        try await writer.write(ByteBuffer(string: lines.map { $0.text + "\n" }.joined()))
                    }
                })
        },
    ]
}

/// Which records somebody asks for, as a form has it.
private struct AuditQuestion {
    var (actor, action, subject, from, until, outcome) = ("", "", "", "", "", "")
    var place = AuditPage.Place.newest

    init() {}

    init(_ visit: Visit) {
        (actor, action, subject) = (visit.query["actor"], visit.query["action"], visit.query["subject"])
        (from, until, outcome) = (visit.query["from"], visit.query["until"], visit.query["outcome"])
        if let number = Int64(visit.query["before"]) { place = .before(number) }
        if let number = Int64(visit.query["after"]) { place = .after(number) }
    }

    var isFiltered: Bool { ![actor, action, subject, from, until, outcome].allSatisfy(\.isEmpty) }

    /// Nil where a date is out of form.
    func filter(by clock: DayClock) -> AuditFilter? {
        func day(_ text: String) -> Int64?? { text.isEmpty ? .some(nil) : DayClock.day(text).map { .some($0) } }
        guard let first = day(from), let last = day(until) else { return nil }
        func asked(_ text: String) -> String? { text.isEmpty ? nil : text }
        return AuditFilter(
            since: first.map { clock.beginning(of: $0) }, until: last.map { clock.beginning(of: $0 + 1) }, actor: asked(actor),
            action: asked(action), subject: asked(subject), isRefused: outcome.isEmpty ? nil : outcome == "refused")
    }

    func path(_ place: String, _ number: Int64) -> String {
        "/audit?"
            + QueryText.of([
                ("actor", actor), ("action", action), ("subject", subject), ("from", from), ("until", until), ("outcome", outcome),
                (place, String(number)),
            ])
    }
}

extension Console {
    /// Records of a page: each is several lines.
    private static let auditRows = 50

    fileprivate func auditTrail(_ question: AuditQuestion, _ texts: Texts) throws -> AuditTrailPage {
        let clock = DayClock(offsetMinutes: texts.offsetMinutes)
        guard let filter = question.filter(by: clock) else {
            let none = AuditPage(records: [], hasNewer: false, hasOlder: false)
            var page = AuditTrailPage(none, question, texts)
            page.notice = Notice(text: texts[.auditBadDate], isBad: true)
            return page
        }
        return AuditTrailPage(try registry.auditPage(filter, at: question.place, rows: Console.auditRows), question, texts)
    }
}

extension Notice {
    /// That nothing is wrong with the audit.
    fileprivate init(_ found: AuditSummary, _ texts: Texts) {
        self.init(
            text: texts[
                .auditGood,
                [
                    "first": String(found.first), "last": String(found.last), "checkpoints": texts.number(found.checkpoints),
                    "vouched": String(found.vouched),
                ]])
    }
}

extension AuditTrailPage {
    fileprivate init(_ page: AuditPage, _ question: AuditQuestion, _ texts: Texts) {
        title = texts[.auditTrail]
        actionHint = texts[.auditActionHint, ["example": "application.go-live"]]
        subjectHint = texts[.auditSubjectHint, ["example": "application/eka-care-app"]]
        (actor, action, subject) = (question.actor, question.action, question.subject)
        // A browser's field for dates takes nothing else.
        func day(_ text: String) -> String { DayClock.day(text) == nil ? "" : text }
        (from, until) = (day(question.from), day(question.until))
        let choices: [(String, Phrase)] = [("", .auditAny), ("done", .auditDone), ("refused", .auditRefused)]
        outcomes = choices.map { Option(value: $0, name: texts[$1], isChosen: $0 == question.outcome) }
        isFiltered = question.isFiltered
        rows = page.records.map { Row($0, texts) }
        hasRows = !rows.isEmpty
        newer = page.hasNewer ? page.records.first.map { question.path("after", $0.number) } : nil
        older = page.hasOlder ? page.records.last.map { question.path("before", $0.number) } : nil
    }
}

extension AuditTrailPage.Row {
    fileprivate init(_ record: AuditRecord, _ texts: Texts) {
        number = String(record.number)
        // What is recorded is in form; were it not, its own text would be shown.
        time = WallTime(calendar: record.time.prefix(19) + "Z").map(texts.time) ?? record.time
        actor = record.origin == "gateway" ? texts[.auditGateway, ["part": record.actor]] : record.actor
        origin = [record.origin == "gateway" ? nil : record.origin, record.address, record.token].compactMap(\.self).joined(separator: " ")
        action = record.action
        subject = "\(record.subjectKind)/\(record.subject)"
        let isThing = Identifier(record.subject) != nil
        path =
            switch record.subjectKind {
            case "application" where isThing: "/applications/" + record.subject
            case "partner" where isThing: "/partners/" + record.subject
            default: nil
            }
        refusal = record.refusal
        reason = record.reason.isEmpty ? nil : record.reason
        let all = AuditTrailPage.Change.all(before: record.before, after: record.after)
        hasMany = all.count > AuditTrailPage.Change.few
        (changes, manyChanges) = hasMany ? ([], all) : (all, [])
    }
}

extension AuditTrailPage.Change {
    /// As many facts are read at a glance.
    fileprivate static let few = 3

    /// What holds now and held before, by name; what says nothing either way is left out.
    fileprivate static func all(before: String?, after: String?) -> [AuditTrailPage.Change] {
        let (before, after) = (facts(before), facts(after))
        return Set(before.keys).union(after.keys).sorted().compactMap { name in
            let (old, new) = (before[name] ?? "", after[name] ?? "")
            guard !old.isEmpty || !new.isEmpty else { return nil }
            return AuditTrailPage.Change(name: name, before: old.isEmpty ? nil : old, after: new.isEmpty ? "–" : new)
        }
    }

    /// A JSON object's members as texts.
    private static func facts(_ text: String?) -> [String: String] {
        guard let text, let object = try? JSONDecoder().decode([String: Fact].self, from: Data(text.utf8)) else { return [:] }
        return object.mapValues(\.text)
    }

    /// What a fact of the audit may be.
    private struct Fact: Decodable {
        let text: String

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let texts = try? container.decode([String].self) {
                text = texts.joined(separator: ", ")
            } else if let flag = try? container.decode(Bool.self) {
                text = String(flag)
            } else if let number = try? container.decode(Int64.self) {
                text = String(number)
            } else {
                text = try container.decode(String.self)
            }
        }
    }
}
