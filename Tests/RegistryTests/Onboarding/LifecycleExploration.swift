import Registry
import Support
import Testing

/// Every state that an application can come into by any moves of some people, whatever evidence is handed in, ends or is withdrawn meanwhile, and
/// however much time passes: found breadth first.
struct LifecycleExploration {
    /// What is on file: all kinds or none.
    enum Evidence: CaseIterable {
        case never, inDate, lapsed

        var onFile: EvidenceOnFile {
            let (always, gone) = (WallTime(nanoseconds: .max), WallTime(nanoseconds: .min))
            func all(_ end: WallTime) -> [EvidenceKind: WallTime] {
                Dictionary(uniqueKeysWithValues: EvidenceKind.allCases.map { ($0, end) })
            }
            return switch self {
            case .never: EvidenceOnFile()
            case .inDate: EvidenceOnFile(all(always))
            case .lapsed: EvidenceOnFile([:], heldUntil: all(gone))
            }
        }

        /// What may become of it.
        var next: [Evidence] { self == .inDate ? [.lapsed] : [.inDate] }
    }

    /// An application at a time, and what an onlooker remembers of it who trusts nobody's records.
    struct Node: Hashable {
        var lifecycle = Lifecycle()
        var evidence = Evidence.never
        /// Which of `times` it is.
        var time = 0
        /// What it was granted.
        var granted: ScopeSet = []
        /// Everyone who ever submitted it, and in whose place.
        var submitters: Set<String> = []
        /// Who made a move first that waits for a second person, and when.
        var first: First?
        /// Whether it went live by go-live, once.
        var wentLive = false
    }

    /// The first of two people.
    struct First: Hashable {
        var move: LifecycleMove
        var people: Set<String>
        var time: Int
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

    static let start = WallTime(seconds: 1_700_000_000)
    /// Between them a first person's word and a review lapse, then a withdrawal ends.
    static let times = [Int64(0), 8, 40].map { WallTime(seconds: start.seconds + $0 * 86_400) }
    static let narrow = ScopeSet([.search])
    static let wide = ScopeSet([.search, .booking])
    static let plan = SnapshotSample.identifier("plan")

    private(set) var nodes: [Node] = [Node()]
    private(set) var steps = 0

    /// Goes on until nothing new appears; `visit` sees every move made, `refused` every one that the state has and was not made.
    init(by cast: Cast, visit: (Step) -> Void = { _ in }, refused: (Node, LifecycleMove, Asker, Lifecycle) -> Void = { _, _, _, _ in }) {
        var known: Set<Node> = [Node()]
        var place = 0
        while place < nodes.count {
            let node = nodes[place]
            place += 1
            var found = node.others
            for move in node.lifecycle.allowedMoves(at: LifecycleExploration.times[node.time]) {
                for asker in cast.askers {
                    var lifecycle = node.lifecycle
                    guard let outcome = node.make(move, of: &lifecycle, as: asker) else {
                        refused(node, move, asker, lifecycle)
                        continue
                    }
                    let people = asker.people(for: move, at: LifecycleExploration.times[node.time])
                    let after = node.after(move, people, outcome, lifecycle)
                    visit(Step(before: node, move: move, asker: asker, people: people, outcome: outcome, after: after))
                    steps += 1
                    found.append(after)
                }
            }
            for next in found where known.insert(next).inserted { nodes.append(next) }
        }
    }
}

extension LifecycleExploration.Node {
    private typealias Exploration = LifecycleExploration

    /// What comes about without anybody's move: evidence, time, and what the gateway does by itself.
    fileprivate var others: [Self] {
        var found = evidence.next.map { next in
            var other = self
            other.evidence = next
            return other
        }
        if time + 1 < Exploration.times.count {
            var later = self
            later.time += 1
            found.append(later)
        }
        let now = Exploration.times[time]
        var unseen = self
        if let review = lifecycle.review, review.due(under: .standard) <= now, unseen.lifecycle.suspendUnreviewed(at: now) {
            found.append(unseen)
        }
        var bare = self
        let needed = LifecycleRules.standard.suspending(.app, in: lifecycle.state)
        if !evidence.onFile.lapses(of: needed, at: now).isEmpty, bare.lifecycle.suspendWithoutEvidence(at: now) { found.append(bare) }
        for place in found.indices where found[place].lifecycle.pending == nil { found[place].first = nil }
        return found
    }

    /// One move; nil where it is refused.
    fileprivate func make(_ move: LifecycleMove, of lifecycle: inout Lifecycle, as asker: Asker) -> Lifecycle.Outcome? {
        let more = Proposal(GrantTerms(scopes: Exploration.wide, plan: Exploration.plan), raises: true)
        let same = Proposal(GrantTerms(scopes: Exploration.narrow, plan: Exploration.plan), raises: false)
        let proposal: Proposal? = move == .grantScopes ? more : move == .changePlan ? same : nil
        let standing = Standing(kind: .app, evidence: evidence.onFile)
        return try? lifecycle.move(move, as: asker, of: standing, under: .standard, asking: proposal, at: Exploration.times[time])
    }

    fileprivate func after(
        _ move: LifecycleMove, _ people: Set<String>, _ outcome: Lifecycle.Outcome, _ lifecycle: Lifecycle
    ) -> Self {
        var after = self
        after.lifecycle = lifecycle
        guard outcome != .awaitsSecondPerson else {
            after.first = Exploration.First(move: move, people: people, time: time)
            return after
        }
        if lifecycle.pending == nil { after.first = nil }
        switch move {
        case .submit: after.submitters.formUnion(people)
        case .grantSandbox: if granted.isEmpty { after.granted = Exploration.narrow }
        case .grantScopes: after.granted = Exploration.wide
        case .goLive: after.wentLive = true
        default: break
        }
        return after
    }
}

/// Some people who act, with what gives them a right to.
struct Cast: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let askers: [Asker]

    private static let every = RoleSet(Role.allCases)
    private static let end = WallTime(nanoseconds: .max)

    private static func staff(_ name: String, _ roles: RoleSet, away: (String, RoleSet)? = nil) -> Asker {
        let lent = away.map { [Delegation(away: $0.0, roles: $0.1, from: LifecycleExploration.start, until: end)] } ?? []
        return Asker(name: name, authority: .staff(roles, standingInFor: lent))
    }

    private static func owner(_ name: String) -> Asker { Asker(name: name, authority: .owner) }

    /// People enough to let an application go live, of every sort.
    static let able = [
        Cast(
            "three with every role, and one with none who stands in for the first",
            ["asha", "bela", "chitra"].map { staff($0, every) }
                + [staff("dev", [], away: ("asha", every))]),
        Cast("the machine's owner under three names", ["asha", "bela", "chitra"].map(owner)),
        Cast(
            "each role apart",
            [
                staff("reva", RoleSet([.reviewer])), staff("asha", RoleSet([.approver])), staff("bela", RoleSet([.approver])),
                staff("omar", RoleSet([.ops])), staff("anu", RoleSet([.auditor])), staff("adi", RoleSet([.admin])),
            ]),
        Cast("owners, and staff after them", [owner("asha"), owner("bela"), staff("chitra", every)]),
    ]

    /// Too few, by whatever names and rights.
    static let unable = [
        Cast("the machine's owner alone", [owner("asha")]),
        Cast("two with every role", ["asha", "bela"].map { staff($0, every) }),
        Cast(
            "two, and one with no role who stands in for both",
            ["asha", "bela"].map { staff($0, every) } + [
                Asker(
                    name: "dev",
                    authority: .staff(
                        [],
                        standingInFor: ["asha", "bela"].map {
                            Delegation(away: $0, roles: every, from: LifecycleExploration.start, until: end)
                        }))
            ]),
        Cast(
            "one approver among others",
            [
                staff("reva", RoleSet([.reviewer])), staff("asha", RoleSet([.approver])), staff("omar", RoleSet([.ops])),
                staff("adi", RoleSet([.admin])),
            ]),
    ]

    /// Some people with some roles, each now and then standing in for another.
    static func random(_ seed: UInt64) -> Cast {
        var random = SplitMix64(seed: seed)
        let names = ["asha", "bela", "chitra", "dev"].prefix(Int.random(in: 2...4, using: &random))
        let roles = Dictionary(uniqueKeysWithValues: names.map { ($0, RoleSet(rawValue: .random(in: 0..<32, using: &random))) })
        let askers = names.map { name in
            guard Int.random(in: 0..<6, using: &random) > 0 else { return owner(name) }
            let away = Bool.random(using: &random) ? names.filter { $0 != name }.randomElement(using: &random) : nil
            return staff(name, roles[name] ?? [], away: away.map { ($0, roles[$0] ?? []) })
        }
        return Cast("people of seed \(seed)", askers)
    }

    private init(_ description: String, _ askers: [Asker]) { (testDescription, self.askers) = (description, askers) }
}

extension Asker {
    /// Who counts as having made a move.
    fileprivate func people(for move: LifecycleMove, at now: WallTime) -> Set<String> {
        let away = right(among: LifecycleRules.standard.roles[move] ?? [], at: now)?.away
        return Set([name, away].compactMap(\.self))
    }
}
