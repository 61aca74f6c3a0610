import Registry
import Testing

@Suite struct LifecycleExplorationTests {
    private typealias Exploration = LifecycleExploration

    @Test(arguments: Cast.able) func `people enough reach every state, and break none of the rules on the way`(_ cast: Cast) {
        var claims = LifecycleClaims()
        let exploration = Exploration(by: cast, visit: { claims.check($0) }, refused: { claims.check(refused: $0, $1, $2, $3) })
        claims.check(exploration.nodes)
        print("\(cast.testDescription): \(exploration.nodes.count) states by \(exploration.steps) moves")
        #expect(claims.reachedLive > 0 && claims.widened > 0 && claims.looked > 0)
        #expect(exploration.nodes.count > 1_000)
        #expect(Set(exploration.nodes.map(\.lifecycle.state)) == Set(ApplicationState.allCases))
    }

    @Test(arguments: Cast.unable) func `too few let nothing go live`(_ cast: Cast) {
        var claims = LifecycleClaims()
        let exploration = Exploration(by: cast, visit: { claims.check($0) }, refused: { claims.check(refused: $0, $1, $2, $3) })
        claims.check(exploration.nodes)
        #expect(claims.reachedLive == 0 && !exploration.nodes.contains { $0.wentLive || $0.lifecycle.state == .live })
    }

    @Test(arguments: 1...12 as ClosedRange<UInt64>) func `nor do any people with any roles break the rules`(_ seed: UInt64) {
        var claims = LifecycleClaims()
        let cast = Cast.random(seed)
        let exploration = Exploration(by: cast, visit: { claims.check($0) }, refused: { claims.check(refused: $0, $1, $2, $3) })
        claims.check(exploration.nodes)
        if cast.askers.count < 3 { #expect(claims.reachedLive == 0) }
    }

    @Test func `nothing leads out of a final state, though a break-glass is looked at in it`() {
        var looked = 0
        for node in Exploration(by: Cast.able[1]).nodes where [.rejected, .withdrawn].contains(node.lifecycle.state) {
            let late = node.lifecycle.withdrawnUntil ?? Exploration.start
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
            let isSuspended = [lifecycle.suspendUnreviewed(at: late), lifecycle.suspendWithoutEvidence(at: late)]
            #expect(isSuspended == [false, false] && lifecycle == node.lifecycle)
        }
        #expect(looked > 0)
    }

    /// One application in every state and returning to every state, with every set of roles, every set of evidence and every kind.
    @Test func `a move is made exactly by who has one of its roles, on exactly the evidence that the rules ask for`() {
        var seen: Set<[UInt8]> = []
        for node in Exploration(by: Cast.able[1]).nodes.map(\.lifecycle)
        where seen.insert([node.state.rawValue, node.returnsTo?.rawValue ?? 255]).inserted {
            for move in LifecycleMove.allCases where node.allowedMoves(at: Exploration.start).contains(move) {
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
                to: move, as: asker, of: Standing(kind: kind, evidence: evidence), under: rules, at: Exploration.start)
            let isComplete = needed.isSubset(of: present)
            #expect((right != nil) == (mayMake && isComplete), "\(node.state) \(move) \(kind) \(roles.roles) \(present.kinds)")
        }
    }
}
