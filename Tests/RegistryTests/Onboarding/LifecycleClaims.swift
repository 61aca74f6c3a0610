import Registry
import Testing

/// What must hold of every move that anybody makes and of every state that an application comes into.
struct LifecycleClaims {
    private typealias Exploration = LifecycleExploration

    /// How often an application became live, was granted more, and somebody looked at a break-glass.
    private(set) var (reachedLive, widened, looked) = (0, 0, 0)

    mutating func check(_ step: LifecycleExploration.Step) {
        let (before, after) = (step.before.lifecycle, step.after.lifecycle)
        rights(of: step)
        if step.outcome == .awaitsSecondPerson {
            expect(after.pending?.people == step.people && after.state == before.state, step, "the first is who made it")
        } else if step.move != .reviewBreakGlass {
            expect(after.pending == nil, step, "a first person's word never outlives what it was given for")
        }
        if before.state != after.state { expect(after.pending == nil, step, "nor the state") }
        live(step)
        scopes(step)
        breakGlass(step)
    }

    /// Nothing reaches live without two distinct people who never submitted it.
    private mutating func live(_ step: LifecycleExploration.Step) {
        guard step.after.lifecycle.state == .live, step.before.lifecycle.state != .live else { return }
        reachedLive += 1
        guard step.move == .goLive else {
            return expect(step.before.wentLive && step.before.lifecycle.returnsTo == .live, step, "leads to live only where it was")
        }
        expect(isSecond(step), step, "one of two who let it go live")
    }

    /// No scope is granted but by a grant of the team, and none is added but by two people who never submitted.
    private mutating func scopes(_ step: LifecycleExploration.Step) {
        guard step.after.granted != step.before.granted else { return }
        switch step.move {
        case .grantSandbox: expect(step.before.granted.isEmpty, step, "the first grant")
        case .grantScopes:
            widened += 1
            expect(isSecond(step) && step.before.lifecycle.pending?.terms?.scopes == Exploration.wide, step, "one of two who granted it")
        default: expect(false, step, "granted something")
        }
    }

    /// One person's, looked at by another who never submitted, and asked for once at a time.
    private mutating func breakGlass(_ step: LifecycleExploration.Step) {
        let (before, after) = (step.before.lifecycle, step.after.lifecycle)
        switch step.move {
        case .breakGlass:
            let isOnly = before.state == .suspended && before.review == nil
            expect(isOnly && step.before.submitters.isDisjoint(with: step.people), step, "by another than submitted")
            expect(after.review?.people == step.people, step, "who did it")
        case .reviewBreakGlass:
            looked += 1
            let isOther = before.review?.people.isDisjoint(with: step.people) == true
            expect(isOther && step.before.submitters.isDisjoint(with: step.people), step, "looked at by another")
            expect(after.review == nil && after.state == before.state, step, "looked at")
        default: expect(after.review == before.review, step, "does not look at anything")
        }
    }

    /// Each of two, the other by what an onlooker remembers: not too long ago, the same move, no submitter.
    private func isSecond(_ step: LifecycleExploration.Step) -> Bool {
        guard let first = step.before.first, first.move == step.move, first.time == step.before.time else { return false }
        return !first.people.isEmpty && first.people.isDisjoint(with: step.people)
            && step.before.submitters.isDisjoint(with: first.people.union(step.people))
    }

    /// Whoever has an account has a role for it, and the evidence was there; the owner lets nothing in that would be suspended again.
    private func rights(of step: LifecycleExploration.Step) {
        let (rules, state) = (LifecycleRules.standard, step.after.lifecycle.state)
        if case .staff(let own, let lent) = step.asker.authority {
            let roles = lent.reduce(own) { $0.union($1.roles) }
            expect(!roles.isDisjoint(with: rules.roles[step.move] ?? []), step, "has a role")
            let needed = rules.evidence(for: step.move, of: .app, returningTo: step.before.lifecycle.returnsTo)
            expect(needed.isEmpty || step.before.evidence == .inDate, step, "on evidence")
        } else if step.move == .resume || LifecycleRules.movesOnEvidence.contains(step.move), step.outcome != .awaitsSecondPerson {
            expect(step.before.evidence != .lapsed || rules.suspending(.app, in: state).isEmpty, step, "would be suspended again")
        }
    }

    /// What is refused changes nothing.
    func check(refused node: LifecycleExploration.Node, _ move: LifecycleMove, _ asker: Asker, _ lifecycle: Lifecycle) {
        if lifecycle != node.lifecycle { Issue.record("\(move) by \(asker.name) was refused and changed \(node.lifecycle)") }
    }

    /// No key works outside its row, nor where nothing was granted, nor in production before two people let it go live.
    func check(_ nodes: [LifecycleExploration.Node]) {
        let rows: [(Environment, issued: Set<ApplicationState>, works: Set<ApplicationState>)] = [
            (.sandbox, [.sandbox, .certifying, .approved, .live], [.sandbox, .certifying, .approved, .live, .withdrawn]),
            (.production, [.approved, .live], [.live, .withdrawn]),
        ]
        for node in nodes {
            let (lifecycle, now) = (node.lifecycle, Exploration.times[node.time])
            let end = lifecycle.state == .withdrawn ? lifecycle.withdrawnUntil : nil
            for (environment, issued, works) in rows {
                let isOpen = lifecycle.state.works(environment, ends: end ?? WallTime(nanoseconds: .max), at: now)
                let isOver = end.map { $0 <= now } ?? false
                let isRight =
                    isOpen == (works.contains(lifecycle.state) && !isOver)
                    && lifecycle.state.mayIssue(environment) == issued.contains(lifecycle.state)
                    && (!isOpen || !node.granted.isEmpty) && (!isOpen || environment == .sandbox || node.wentLive)
                if !isRight { Issue.record("a \(environment.name) key of \(node)") }
            }
            let isLate = lifecycle.state == .live || lifecycle.returnsTo == .live
            if node.submitters != lifecycle.submitters || (isLate && !node.wentLive) { Issue.record("\(node)") }
        }
    }

    private func expect(_ isTrue: Bool, _ step: LifecycleExploration.Step, _ what: String) {
        if !isTrue { Issue.record("\(what): \(step.move) by \(step.people) of \(step.before)") }
    }
}
