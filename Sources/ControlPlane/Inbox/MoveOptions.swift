import GRDB
package import Registry

/// A move that an application's state has, and whether somebody may make it now.
package struct MoveOption: Sendable {
    /// The move.
    package var move: LifecycleMove
    /// Why not; nil where nothing is in the way but evidence.
    package var objection: RegistryError?
    /// Evidence that it needs and does not find.
    package var gaps: [EvidenceGap]
    /// Whether it would confirm what a first person decided.
    package var isConfirmation: Bool
    /// Whether a second person would be needed after it, as far as that is known before it is known what is asked for.
    package var needsSecond: Bool
}

extension RegistryStore {
    /// The moves of an application's state, for somebody: those that may be made, and why the others may not.
    static func moveOptions(
        of application: RegisteredApplication, for asker: Asker, at now: WallTime, _ database: Database
    ) throws -> [MoveOption] {
        let rules = try lifecycleRules(database)
        let id = application.declaration.id
        let standing = Standing(kind: application.kind, evidence: try evidenceOnFile(of: id, database))
        let lifecycle = application.lifecycle
        return lifecycle.allowedMoves(at: now).map { move in
            var gaps = lifecycle.gaps(before: move, of: standing, under: rules, at: now)
            // Until somebody has an account, evidence is asked for by nobody.
            if case .owner = asker.authority { gaps = [] }
            let full = gaps.isEmpty ? standing : Standing(kind: application.kind, evidence: EvidenceOnFile(gapsFilled(standing, gaps)))
            let isConfirmation = lifecycle.awaited(at: now)?.move == move
            var option = MoveOption(move: move, objection: nil, gaps: gaps, isConfirmation: isConfirmation, needsSecond: false)
            do throws(Lifecycle.Objection) {
                option.needsSecond = try trial(of: move, lifecycle, by: asker, on: full, under: rules, at: now)
            } catch {
                option.objection = .objection(application: id.text, error)
            }
            return option
        }
    }

    /// Whether a second person would be needed; of what gives scopes or a plan that is known only with what is asked for.
    private static func trial(
        of move: LifecycleMove, _ lifecycle: Lifecycle, by asker: Asker, on standing: Standing, under rules: LifecycleRules,
        at now: WallTime
    ) throws(Lifecycle.Objection) -> Bool {
        guard !move.grants else {
            _ = try lifecycle.right(to: move, as: asker, of: standing, under: rules, at: now)
            return false
        }
        var lifecycle = lifecycle
        return try lifecycle.move(move, as: asker, of: standing, under: rules, at: now) == .awaitsSecondPerson
    }

    /// The same evidence as if what is missing were there.
    private static func gapsFilled(_ standing: Standing, _ gaps: [EvidenceGap]) -> [EvidenceKind: WallTime] {
        var until = standing.evidence.until
        for gap in gaps { until[gap.kind] = WallTime(nanoseconds: .max) }
        return until
    }
}
