import Registry

/// Every state that an application can come into by any moves of some people, found breadth first.
struct LifecycleExploration {
    /// An application, and what an onlooker remembers of it who trusts nobody's records.
    struct Node: Hashable {
        var lifecycle = Lifecycle()
        /// What it was granted.
        var granted: ScopeSet = []
        /// Everyone who ever submitted it, and in whose place.
        var submitters: Set<String> = []
        /// Whether it went live by go-live, once.
        var wentLive = false
        /// Whether somebody granted the scope that a sandbox did not come with.
        var wasWidened = false
    }

    /// One move that was made.
    struct Step {
        let before: Node
        let move: LifecycleMove
        let asker: Asker
        /// Who counts as having made it.
        let people: Set<String>
        let outcome: Lifecycle.Outcome
        let after: Node
    }

    static let now = WallTime(seconds: 1_700_000_000)
    static let narrow = ScopeSet([.search])
    static let wide = ScopeSet([.search, .booking])
    static let plan = SnapshotSample.identifier("plan")
    static let all = EvidenceOnFile(Dictionary(uniqueKeysWithValues: EvidenceKind.allCases.map { ($0, WallTime(nanoseconds: .max)) }))
    static let full = Standing(kind: .app, evidence: all)

    /// Three people with every role, and one with none who stands in for the first.
    static let askers: [Asker] = {
        let every = RoleSet(Role.allCases)
        let lent = Delegation(away: "asha", roles: every, from: now, until: WallTime(seconds: now.seconds + 60))
        return ["asha", "bela", "chitra"].map { Asker(name: $0, authority: .staff(every, standingInFor: [])) }
            + [Asker(name: "dev", authority: .staff([], standingInFor: [lent]))]
    }()

    private(set) var nodes: Set<Node> = [Node()]
    private(set) var steps = 0

    /// Goes on until nothing new appears; `visit` sees every move made, `refused` every one that was not.
    init(visit: (Step) -> Void = { _ in }, refused: (Node, LifecycleMove, Lifecycle) -> Void = { _, _, _ in }) {
        var frontier = [Node()]
        while let node = frontier.popLast() {
            for move in LifecycleMove.allCases {
                for asker in LifecycleExploration.askers {
                    var lifecycle = node.lifecycle
                    guard let outcome = LifecycleExploration.make(move, of: &lifecycle, as: asker) else {
                        refused(node, move, lifecycle)
                        continue
                    }
                    let people: Set<String> = asker.name == "dev" ? ["dev", "asha"] : [asker.name]
                    let after = LifecycleExploration.after(node, move, people, outcome, lifecycle)
                    visit(Step(before: node, move: move, asker: asker, people: people, outcome: outcome, after: after))
                    steps += 1
                    if nodes.insert(after).inserted { frontier.append(after) }
                }
            }
            // Time runs on as well: nobody looked at a break-glass resume.
            var late = node
            if late.lifecycle.suspendUnreviewed(at: LifecycleExploration.now), nodes.insert(late).inserted { frontier.append(late) }
        }
    }

    /// One move with all evidence on file; nil where it is refused.
    static func make(_ move: LifecycleMove, of lifecycle: inout Lifecycle, as asker: Asker) -> Lifecycle.Outcome? {
        let more = Proposal(GrantTerms(scopes: wide, plan: plan), raises: true)
        let same = Proposal(GrantTerms(scopes: narrow, plan: plan), raises: false)
        let proposal: Proposal? = move == .grantScopes ? more : move == .changePlan ? same : nil
        return try? lifecycle.move(move, as: asker, of: full, under: .standard, asking: proposal, at: now)
    }

    private static func after(
        _ node: Node, _ move: LifecycleMove, _ people: Set<String>, _ outcome: Lifecycle.Outcome, _ lifecycle: Lifecycle
    ) -> Node {
        var after = node
        after.lifecycle = lifecycle
        guard outcome != .awaitsSecondPerson else { return after }
        switch move {
        case .submit: after.submitters.formUnion(people)
        case .grantSandbox: if node.granted.isEmpty { after.granted = narrow }
        case .grantScopes: (after.granted, after.wasWidened) = (wide, true)
        case .goLive: after.wentLive = true
        default: break
        }
        return after
    }
}
