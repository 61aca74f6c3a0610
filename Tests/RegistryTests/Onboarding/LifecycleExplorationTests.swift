import Registry
import Testing

@Suite struct LifecycleExplorationTests {
    private typealias Exploration = LifecycleExploration

    @Test func `nothing reaches live without two distinct people who never submitted it`() {
        var reached = 0
        let exploration = Exploration(visit: { step in
            let (before, after) = (step.before.lifecycle, step.after.lifecycle)
            if step.outcome == .awaitsSecondPerson {
                #expect(after.pending?.people == step.people, "who is recorded as the first is who made it")
                #expect(after.state == before.state)
            }
            guard after.state == .live, before.state != .live else { return }
            reached += 1
            guard step.move == .goLive else {
                #expect(step.before.wentLive && before.returnsTo == .live, "\(step.move) leads to live only where it was")
                return
            }
            let first = before.pending?.people ?? []
            #expect(before.pending?.move == .goLive && !first.isEmpty && first.isDisjoint(with: step.people), "\(before) by \(step.people)")
            #expect(step.before.submitters.isDisjoint(with: first.union(step.people)), "\(before) by \(step.people)")
        })
        #expect(reached > 0)
        #expect(exploration.nodes.count > 1_000, "\(exploration.nodes.count) states by \(exploration.steps) moves")
        #expect(Set(exploration.nodes.map(\.lifecycle.state)) == Set(ApplicationState.allCases))
        #expect(exploration.nodes.allSatisfy { $0.submitters == $0.lifecycle.submitters })
        #expect(exploration.nodes.allSatisfy { $0.wentLive || ($0.lifecycle.state != .live && $0.lifecycle.returnsTo != .live) })
    }

    @Test func `what is refused changes nothing, and a first person's word never outlives the state it was given in`() {
        _ = Exploration(
            visit: { step in
                let (before, after) = (step.before.lifecycle, step.after.lifecycle)
                if before.state != after.state { #expect(after.pending == nil, "\(before) by \(step.move)") }
                if step.outcome != .awaitsSecondPerson, step.move != .reviewBreakGlass { #expect(after.pending == nil) }
            }, refused: { node, move, lifecycle in #expect(lifecycle == node.lifecycle, "\(move)") })
    }

    @Test func `no scope is granted but by a grant, and none is added but by two people who never submitted`() {
        var widened = 0
        let exploration = Exploration(visit: { step in
            guard step.after.granted != step.before.granted else { return }
            switch step.move {
            case .grantSandbox: #expect(step.before.granted.isEmpty)
            case .grantScopes:
                widened += 1
                let first = step.before.lifecycle.pending?.people ?? []
                #expect(step.before.lifecycle.pending?.terms?.scopes == Exploration.wide)
                #expect(!first.isEmpty && first.isDisjoint(with: step.people))
                #expect(step.before.submitters.isDisjoint(with: first.union(step.people)))
            default: Issue.record("\(step.move) granted something")
            }
        })
        #expect(widened > 0)
        #expect(exploration.nodes.allSatisfy { $0.wasWidened == ($0.granted == Exploration.wide) })
    }

    @Test func `no key works outside its row, nor where nothing was granted`() {
        let rows: [(Environment, issued: Set<ApplicationState>, works: Set<ApplicationState>)] = [
            (.sandbox, [.sandbox, .certifying, .approved, .live], [.sandbox, .certifying, .approved, .live, .withdrawn]),
            (.production, [.approved, .live], [.live, .withdrawn]),
        ]
        for node in Exploration().nodes {
            let lifecycle = node.lifecycle
            let end = lifecycle.withdrawnUntil ?? WallTime(nanoseconds: .max)
            for (environment, issued, works) in rows {
                let doesWork = lifecycle.state.works(environment, ends: end, at: Exploration.now)
                #expect(doesWork == works.contains(lifecycle.state))
                #expect(lifecycle.state.mayIssue(environment) == issued.contains(lifecycle.state))
                if doesWork { #expect(!node.granted.isEmpty, "\(lifecycle)") }
                if doesWork, environment == .production { #expect(node.wentLive, "\(lifecycle)") }
                if lifecycle.state == .withdrawn { #expect(!lifecycle.state.works(environment, ends: end, at: end)) }
            }
        }
    }

    @Test func `nothing leads out of a final state, though a break-glass is looked at in it`() {
        var looked = 0
        for node in Exploration().nodes where [.rejected, .withdrawn].contains(node.lifecycle.state) {
            let late = node.lifecycle.withdrawnUntil ?? Exploration.now
            for move in LifecycleMove.allCases {
                var lifecycle = node.lifecycle
                if move == .reviewBreakGlass, lifecycle.review != nil {
                    looked += (try? lifecycle.move(move, by: "dora", at: late)) == .moved(lifecycle.state) ? 1 : 0
                    #expect(lifecycle.review == nil && lifecycle.state == node.lifecycle.state)
                    continue
                }
                #expect(throws: Lifecycle.Objection.isFinal(lifecycle.state)) { _ = try lifecycle.move(move, by: "asha", at: late) }
                #expect(lifecycle == node.lifecycle)
            }
            var lifecycle = node.lifecycle
            let isSuspended = lifecycle.suspendUnreviewed(at: late)
            #expect(!isSuspended && lifecycle == node.lifecycle)
        }
        #expect(looked > 0)
    }

    @Test func `break-glass is one person's, looked at by another who never submitted, and asked for once at a time`() {
        var looked = 0
        _ = Exploration(visit: { step in
            let review = step.before.lifecycle.review
            if step.move == .breakGlass {
                #expect(step.before.lifecycle.state == .suspended && review == nil && step.before.submitters.isDisjoint(with: step.people))
                #expect(step.after.lifecycle.review?.people == step.people)
            } else if step.move == .reviewBreakGlass {
                looked += 1
                #expect(review?.people.isDisjoint(with: step.people) == true && step.before.submitters.isDisjoint(with: step.people))
                #expect(step.after.lifecycle.review == nil && step.after.lifecycle.state == step.before.lifecycle.state)
            } else {
                #expect(step.after.lifecycle.review == review, "\(step.move) does not look at anything")
            }
        })
        #expect(looked > 0)
    }

    /// One application in every state and returning to every state, with every set of roles, every set of evidence and every kind.
    @Test func `a move is made exactly by who has one of its roles, on exactly the evidence that the rules ask for`() {
        var seen: Set<[UInt8]> = []
        for node in Exploration().nodes.map(\.lifecycle) where seen.insert([node.state.rawValue, node.returnsTo?.rawValue ?? 255]).inserted
        {
            for move in LifecycleMove.allCases where node.allowedMoves(at: Exploration.now).contains(move) {
                for kind in PartnerKind.allCases {
                    for bits in UInt8(0)..<32 { check(node, move, kind, RoleSet(rawValue: bits)) }
                }
            }
        }
        #expect(seen.count > 12)
    }

    private func check(_ node: Lifecycle, _ move: LifecycleMove, _ kind: PartnerKind, _ roles: RoleSet) {
        let rules = LifecycleRules.standard
        let asked: LifecycleMove? =
            switch (move, node.returnsTo) {
            case (.resume, .sandbox): .grantSandbox
            case (.resume, .certifying): .certify
            case (.resume, .approved): .approve
            case (.resume, .live), (.resume, .withdrawn): .goLive
            case (.resume, _): nil
            default: move
            }
        let needed = asked.flatMap { rules.evidence[kind]?[$0] } ?? []
        let mayMake = Role.allCases.contains { roles.contains($0) && rules.roles[move]?.contains($0) == true }
        for bits in UInt8(0)..<16 {
            let present = EvidenceSet(rawValue: bits)
            let evidence = EvidenceOnFile(Dictionary(uniqueKeysWithValues: present.kinds.map { ($0, WallTime(nanoseconds: .max)) }))
            let asker = Asker(name: "nobody-else", authority: .staff(roles, standingInFor: []))
            let right = try? node.right(
                to: move, as: asker, of: Standing(kind: kind, evidence: evidence), under: rules, at: Exploration.now)
            let isComplete = needed.isSubset(of: present)
            #expect((right != nil) == (mayMake && isComplete), "\(node.state) \(move) \(kind) \(roles.roles) \(present.kinds)")
        }
    }

    @Test func `the machine's owner needs neither roles nor evidence, and two people all the same`() throws {
        func owner(_ name: String) -> Asker { Asker(name: name, authority: .owner) }
        let bare = Standing(kind: .app, evidence: EvidenceOnFile())
        var lifecycle = Lifecycle()
        for (move, name) in [
            (LifecycleMove.submit, "asha"), (.review, "bela"), (.grantSandbox, "bela"), (.certify, "bela"), (.approve, "bela"),
            (.goLive, "bela"),
        ] { _ = try lifecycle.move(move, as: owner(name), of: bare, under: .standard, at: Exploration.now) }
        #expect(lifecycle.state == .approved)
        for name in ["asha", "bela"] {
            #expect(throws: Lifecycle.Objection.self) {
                _ = try lifecycle.move(.goLive, as: owner(name), of: bare, under: .standard, at: Exploration.now)
            }
        }
        #expect(try lifecycle.move(.goLive, as: owner("chitra"), of: bare, under: .standard, at: Exploration.now) == .moved(.live))
    }
}
