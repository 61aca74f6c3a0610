import GRDB
import Registry

extension InboxQuery {
    /// The query as conditions of SQL on `application` and, where it asks for more than that has, `partner`.
    func condition(under rules: LifecycleRules, at now: WallTime, ofStates: Bool = true) -> SQL {
        var parts: [SQL] = []
        if ofStates, let states { parts.append("application.state IN \(states.map(\.name).sorted())") }
        if let kind { parts.append("partner.kind = \(kind.name)") }
        switch assignee {
        case .anyone: break
        case .nobody: parts.append("application.assignee IS NULL")
        case .person(let name): parts.append("application.assignee = \((try? Person.name(name)) ?? name)")
        }
        if let missing { parts.append(contentsOf: InboxQuery.lacks(missing, under: rules, at: now)) }
        if isOverdue { parts.append(InboxQuery.overdue(under: rules, at: now)) }
        if awaitsSecond {
            let oldest = now.nanoseconds - Lifecycle.pendingDays * DayClock.dayNanoseconds
            parts.append("application.pending_move IS NOT NULL AND application.pending_since >= \(oldest)")
        }
        parts.append(contentsOf: words.map(InboxQuery.contains))
        return parts.isEmpty ? SQL(sql: "TRUE") : parts.map { "(\($0))" as SQL }.joined(separator: " AND ")
    }

    /// Whether anything is asked for that partners alone have.
    var needsPartner: Bool { kind != nil || missing != nil || !words.isEmpty }

    /// What comes first; the number tells apart what came at once.
    func order(under rules: LifecycleRules) -> SQL {
        switch order {
        case .age: return "coalesce(application.received, application.since), application.number"
        case .clock:
            let due = InboxQuery.due(under: rules)
            return "\(due) IS NULL, \(due), application.number"
        }
    }

    /// When a reminder is due; null where no clock runs.
    private static func due(under rules: LifecycleRules) -> SQL {
        let clocks = rules.clocks.sorted { $0.key.rawValue < $1.key.rawValue }
        guard !clocks.isEmpty else { return SQL(sql: "NULL") }
        let cases = clocks.map { state, clock in
            "WHEN \(state.name) THEN application.since + \(clock.reminderDays * DayClock.dayNanoseconds)" as SQL
        }
        return "CASE application.state \(cases.joined(separator: " ")) END"
    }

    private static func overdue(under rules: LifecycleRules, at now: WallTime) -> SQL {
        let clocks = rules.clocks.sorted { $0.key.rawValue < $1.key.rawValue }
        guard !clocks.isEmpty else { return SQL(sql: "FALSE") }
        return clocks.map { state, clock in
            let latest = now.nanoseconds - clock.reminderDays * DayClock.dayNanoseconds
            return "(application.state = \(state.name) AND application.since <= \(latest))" as SQL
        }.joined(separator: " OR ")
    }

    /// Of a kind and in a state whose next step needs it, and without any that is in date.
    private static func lacks(_ kind: EvidenceKind, under rules: LifecycleRules, at now: WallTime) -> [SQL] {
        let places: [SQL] = PartnerKind.allCases.compactMap { partner in
            func needs(_ state: ApplicationState, returningTo: ApplicationState?) -> Bool {
                let lifecycle = Lifecycle(state: state, returnsTo: returningTo, submitters: [], pending: nil, withdrawnUntil: nil)
                return rules.evidence(for: lifecycle.nextMove, of: partner, returningTo: returningTo).contains(kind)
            }
            let stopped: Set<ApplicationState> = [.suspended, .rejected, .revoked]
            let states = ApplicationState.allCases.filter { !stopped.contains($0) && needs($0, returningTo: nil) }
            let returning = ApplicationState.allCases.filter { needs(.suspended, returningTo: $0) }
            guard !states.isEmpty || !returning.isEmpty else { return nil }
            return """
                (partner.kind = \(partner.name) AND (application.state IN \(states.map(\.name))
                OR (application.state = 'suspended' AND application.returns_to IN \(returning.map(\.name)))))
                """
        }
        guard !places.isEmpty else { return [SQL(sql: "FALSE")] }
        return [
            "(\(places.joined(separator: " OR ")))",
            """
            NOT EXISTS (SELECT 1 FROM evidence WHERE evidence.application = application.id AND evidence.kind = \(kind.name)
            AND evidence.withdrawn IS NULL AND (evidence.expires IS NULL OR evidence.expires > \(now.nanoseconds)))
            """,
        ]
    }

    private var words: [String] { text.split(whereSeparator: \.isWhitespace).prefix(Limits.inboxWords).map(String.init) }

    private static func contains(_ word: String) -> SQL {
        let plain = word.replacing("\\", with: "\\\\").replacing("%", with: "\\%").replacing("_", with: "\\_")
        let columns = ["application.id", "application.name", "partner.id", "partner.name", "partner.registration"]
        return columns.map { SQL("\(sql: $0) LIKE \("%" + plain + "%") ESCAPE \("\\")") }.joined(separator: " OR ")
    }
}
