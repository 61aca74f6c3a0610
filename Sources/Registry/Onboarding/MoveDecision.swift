/// Whoever asks for a move, with what gives the right to it.
package struct Asker: Hashable, Sendable {
    /// The name that is recorded.
    package var name: String
    /// What the name may do.
    package var authority: Authority

    /// What gives somebody a right.
    package enum Authority: Hashable, Sendable {
        /// The machine's owner, while nobody has an account; and the gateway itself. Roles and evidence are not asked for: two people are.
        case owner
        /// Somebody with an account: its roles, and whom its owner stands in for.
        case staff(RoleSet, standingInFor: [Delegation])
    }

    /// An asker from the parts.
    package init(name: String, authority: Authority) {
        self.name = name
        self.authority = authority
    }
}

/// Somebody away, in whose place another may act for a time.
package struct Delegation: Hashable, Sendable {
    /// Who is away.
    package var away: String
    /// What the one who is away may do.
    package var roles: RoleSet
    /// From when on.
    package var from: WallTime
    /// Until when.
    package var until: WallTime

    /// A delegation from its parts.
    package init(away: String, roles: RoleSet, from: WallTime, until: WallTime) {
        self.away = away
        self.roles = roles
        self.from = from
        self.until = until
    }

    /// Whether it counts now.
    package func counts(at now: WallTime) -> Bool { from <= now && now < until }
}

/// On what an application is judged.
package struct Standing: Hashable, Sendable {
    /// Its partner's kind.
    package var kind: PartnerKind
    /// What is on file.
    package var evidence: EvidenceOnFile

    /// A standing from its parts.
    package init(kind: PartnerKind, evidence: EvidenceOnFile) {
        self.kind = kind
        self.evidence = evidence
    }
}

/// By what right somebody may do something.
package enum Right: Hashable, Sendable {
    /// By one's own.
    case own
    /// In the place of somebody away.
    case inPlaceOf(String)

    /// Who is away, where somebody is.
    package var away: String? { if case .inPlaceOf(let away) = self { away } else { nil } }
}

extension Asker {
    /// By what right these roles count for the asker now; nil where they do not. One's own come first.
    package func right(among roles: RoleSet, at now: WallTime) -> Right? {
        switch authority {
        case .owner: return .own
        case .staff(let own, let delegations):
            guard own.isDisjoint(with: roles) else { return .own }
            let lent = delegations.filter { $0.counts(at: now) && $0.away != name && !$0.roles.isDisjoint(with: roles) }
            return lent.map(\.away).min().map(Right.inPlaceOf)
        }
    }
}

extension Lifecycle {
    /// The decision: makes a move where the state has it, the asker may, the evidence is there and the people are different ones; else throws
    /// why not and stays as it was. Command line, pages and interface all go through here.
    package mutating func move(
        _ move: LifecycleMove, as asker: Asker, of standing: Standing, under rules: LifecycleRules, asking proposal: Proposal? = nil,
        at now: WallTime
    ) throws(Objection) -> Outcome {
        let right = try right(to: move, as: asker, of: standing, under: rules, at: now)
        return try self.move(move, by: asker.name, standingInFor: right.away, asking: proposal, at: now)
    }

    /// By what right the asker may make the move, as far as state, roles and evidence go.
    package func right(
        to move: LifecycleMove, as asker: Asker, of standing: Standing, under rules: LifecycleRules, at now: WallTime
    ) throws(Objection) -> Right {
        let destination = try destination(of: move, allowedAt: now)
        let roles = rules.roles[move] ?? []
        guard let right = asker.right(among: roles, at: now) else { throw .lacksRole(move, needs: roles) }
        let gaps =
            if case .owner = asker.authority {
                lapses(after: move, to: destination, of: standing, under: rules, at: now)
            } else { gaps(before: move, of: standing, under: rules, at: now) }
        guard gaps.isEmpty else { throw .lacksEvidence(move, gaps) }
        return right
    }

    /// The evidence for want of which an application would be suspended again as soon as it got where the move leads: nobody is let into that,
    /// not even the machine's owner. Break-glass is the way that remains.
    private func lapses(
        after move: LifecycleMove, to destination: ApplicationState, of standing: Standing, under rules: LifecycleRules, at now: WallTime
    ) -> [EvidenceGap] {
        guard move == .resume || LifecycleRules.movesOnEvidence.contains(move) else { return [] }
        return standing.evidence.lapses(of: rules.suspending(standing.kind, in: destination), at: now)
    }

    /// The evidence that a move needs and does not find.
    package func gaps(before move: LifecycleMove, of standing: Standing, under rules: LifecycleRules, at now: WallTime) -> [EvidenceGap] {
        standing.evidence.gaps(in: rules.evidence(for: move, of: standing.kind, returningTo: returnsTo), at: now)
    }
}
