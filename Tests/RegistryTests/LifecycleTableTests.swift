import Registry
import Testing

/// The graph of the design, written out a second time: what is not here is refused.
private let graph: [ApplicationState: [LifecycleMove: ApplicationState]] = [
    .draft: [.submit: .submitted, .revoke: .revoked],
    .submitted: [.review: .inReview, .revoke: .revoked],
    .inReview: [.requestChanges: .changesRequested, .reject: .rejected, .grantSandbox: .sandbox, .revoke: .revoked],
    .changesRequested: [.submit: .submitted, .revoke: .revoked],
    .rejected: [:],
    .sandbox: [
        .certify: .certifying, .changePlan: .sandbox, .grantScopes: .sandbox, .suspend: .suspended, .revoke: .revoked,
    ],
    .certifying: [
        .grantSandbox: .sandbox, .approve: .approved, .changePlan: .certifying, .grantScopes: .certifying, .suspend: .suspended,
        .revoke: .revoked,
    ],
    .approved: [.goLive: .live, .changePlan: .approved, .grantScopes: .approved, .suspend: .suspended, .revoke: .revoked],
    .live: [.changePlan: .live, .grantScopes: .live, .suspend: .suspended, .withdraw: .withdrawn, .revoke: .revoked],
    .suspended: [.resume: .certifying, .breakGlass: .certifying, .revoke: .revoked],
    .revoked: [.suspend: .suspended],
    .withdrawn: [.revoke: .revoked],
]

@Suite struct LifecycleTableTests {
    private let now = WallTime(seconds: 1_700_000_000)

    private let more = Proposal(GrantTerms(scopes: ScopeSet([.booking]), plan: SnapshotSample.identifier("plan")), raises: true)

    private func lifecycle(in state: ApplicationState) -> Lifecycle { Lifecycle(importedIn: state, returnsTo: .certifying, at: now) }

    @Test(arguments: ApplicationState.allCases) func `a state has exactly the moves of the graph`(_ state: ApplicationState) {
        #expect(Set(lifecycle(in: state).allowedMoves(at: now)) == Set(graph[state, default: [:]].keys))
    }

    @Test(arguments: ApplicationState.allCases, LifecycleMove.allCases)
    func `a move leads where the graph says, and a refused one changes nothing`(_ state: ApplicationState, _ move: LifecycleMove) throws {
        var moved = lifecycle(in: state)
        guard let destination = graph[state]?[move] else {
            let objection: Lifecycle.Objection =
                state == .rejected ? .isFinal(state) : .notAllowed(move, from: state, allowed: moved.allowedMoves(at: now))
            #expect(throws: objection) { _ = try moved.move(move, by: "asha", at: now) }
            #expect(moved == lifecycle(in: state))
            return
        }
        let proposal = move.grants ? more : nil
        let needsTwo = (state == .approved && move == .goLive) || (state == .revoked && move == .suspend) || move.grants
        if needsTwo {
            #expect(try moved.move(move, by: "asha", asking: proposal, at: now) == .awaitsSecondPerson)
            #expect(moved.state == state)
            #expect(throws: Lifecycle.Objection.samePersonTwice("asha")) {
                _ = try moved.move(move, by: "asha", asking: proposal, at: now)
            }
        }
        #expect(try moved.move(move, by: "bela", asking: proposal, at: now) == .moved(destination))
        #expect(moved.state == destination)
        #expect(moved.pending == nil)
    }

    @Test(arguments: [ApplicationState.sandbox, .certifying, .approved, .live])
    func `a resume returns to the state before the suspension`(_ state: ApplicationState) throws {
        var lifecycle = lifecycle(in: state)
        _ = try lifecycle.move(.suspend, by: "asha", at: now)
        #expect(try lifecycle.move(.resume, by: "asha", at: now) == .moved(state))
    }

    @Test(arguments: [ApplicationState.sandbox, .live])
    func `revoked while suspended, it still returns to the state before`(_ state: ApplicationState) throws {
        var lifecycle = lifecycle(in: state)
        _ = try lifecycle.move(.suspend, by: "asha", at: now)
        _ = try lifecycle.move(.revoke, by: "asha", at: now)
        _ = try lifecycle.move(.suspend, by: "asha", at: now)
        _ = try lifecycle.move(.suspend, by: "bela", at: now)
        #expect(try lifecycle.move(.resume, by: "asha", at: now) == .moved(state))
    }

    @Test func `the submitter is neither of the two who let it go live`() throws {
        var lifecycle = Lifecycle()
        for (move, actor) in [
            (LifecycleMove.submit, "asha"), (.review, "bela"), (.grantSandbox, "bela"), (.certify, "asha"), (.approve, "bela"),
        ] { _ = try lifecycle.move(move, by: actor, at: now) }
        #expect(throws: Lifecycle.Objection.submitterMayNotApprove("asha")) { _ = try lifecycle.move(.goLive, by: "asha", at: now) }
        #expect(try lifecycle.move(.goLive, by: "bela", at: now) == .awaitsSecondPerson)
        #expect(throws: Lifecycle.Objection.submitterMayNotApprove("asha")) { _ = try lifecycle.move(.goLive, by: "asha", at: now) }
        #expect(try lifecycle.move(.goLive, by: "chitra", at: now) == .moved(.live))
    }

    @Test func `everyone who ever submitted is neither of the two, not only the last`() throws {
        var lifecycle = Lifecycle()
        for (move, actor) in [
            (LifecycleMove.submit, "asha"), (.review, "bela"), (.requestChanges, "bela"), (.submit, "chitra"), (.review, "bela"),
            (.grantSandbox, "bela"), (.certify, "asha"), (.approve, "bela"),
        ] { _ = try lifecycle.move(move, by: actor, at: now) }
        #expect(lifecycle.submitters == ["asha", "chitra"])
        for submitter in ["asha", "chitra"] {
            let before = lifecycle
            #expect(throws: Lifecycle.Objection.submitterMayNotApprove(submitter)) {
                _ = try lifecycle.move(.goLive, by: submitter, at: now)
            }
            #expect(lifecycle == before)
        }
    }

    @Test(arguments: [(ApplicationState.approved, LifecycleMove.goLive), (.revoked, .suspend)])
    func `a first person's move counts for seven days, then the next one is the first`(
        _ state: ApplicationState, _ move: LifecycleMove
    ) throws {
        let last = WallTime(seconds: now.seconds + 7 * 86_400)
        let late = WallTime(nanoseconds: last.nanoseconds + 1)
        var waiting = lifecycle(in: state)
        #expect(try waiting.move(move, by: "asha", at: now) == .awaitsSecondPerson)
        var inTime = waiting
        #expect(inTime.awaited(at: last)?.actor == "asha")
        #expect(try inTime.move(move, by: "bela", at: last) != .awaitsSecondPerson)
        var again = waiting
        #expect(again.awaited(at: late) == nil)
        #expect(try again.move(move, by: "asha", at: late) == .awaitsSecondPerson, "the same person may begin anew")
        #expect(try waiting.move(move, by: "bela", at: late) == .awaitsSecondPerson)
        #expect(waiting.pending == Lifecycle.PendingMove(move: move, actor: "bela", time: late))
        #expect(try waiting.move(move, by: "asha", at: late) != .awaitsSecondPerson)
    }

    @Test func `a withdrawal ends after thirty days and is final then`() throws {
        var lifecycle = lifecycle(in: .live)
        _ = try lifecycle.move(.withdraw, by: "asha", at: now)
        let end = WallTime(seconds: now.seconds + 30 * 86_400)
        #expect(lifecycle.withdrawnUntil == end)
        let before = WallTime(nanoseconds: end.nanoseconds - 1)
        #expect(lifecycle.allowedMoves(at: before) == [.revoke])
        #expect(lifecycle.allowedMoves(at: end) == [])
        #expect(throws: Lifecycle.Objection.isFinal(.withdrawn)) { _ = try lifecycle.move(.revoke, by: "asha", at: end) }
        #expect(ApplicationState.withdrawn.works(.production, ends: end, at: before))
        #expect(!ApplicationState.withdrawn.works(.production, ends: end, at: end))
    }

    @Test func `revoking and resuming a withdrawn application grants no further days`() throws {
        var lifecycle = lifecycle(in: .withdrawn)
        let end = lifecycle.withdrawnUntil
        let later = WallTime(seconds: now.seconds + 20 * 86_400)
        _ = try lifecycle.move(.revoke, by: "asha", at: later)
        _ = try lifecycle.move(.suspend, by: "asha", at: later)
        _ = try lifecycle.move(.suspend, by: "bela", at: later)
        #expect(try lifecycle.move(.resume, by: "asha", at: later) == .moved(.withdrawn))
        #expect(lifecycle.withdrawnUntil == end)
    }

    @Test func `keys are issued and work in the states of the design's table`() {
        let end = WallTime(nanoseconds: .max)
        func states(_ holds: (ApplicationState) -> Bool) -> Set<ApplicationState> { Set(ApplicationState.allCases.filter(holds)) }
        #expect(states { $0.mayIssue(.sandbox) } == [.sandbox, .certifying, .approved, .live])
        #expect(states { $0.mayIssue(.production) } == [.approved, .live])
        #expect(states { $0.works(.sandbox, ends: end, at: now) } == [.sandbox, .certifying, .approved, .live, .withdrawn])
        #expect(states { $0.works(.production, ends: end, at: now) } == [.live, .withdrawn])
    }
}
