/// What someone asks to happen to an application; the names are the command line's.
package enum LifecycleMove: String, CaseIterable, Sendable {
    case submit, review, requestChanges = "request-changes", reject, grantSandbox = "grant-sandbox", certify, approve
    case goLive = "go-live", changePlan = "change-plan", grantScopes = "grant-scopes", suspend, resume, breakGlass = "break-glass"
    case reviewBreakGlass = "review-break-glass", withdraw, revoke
}

/// Where an application stands, and what is pending: a value that only `move` changes.
package struct Lifecycle: Hashable, Sendable {
    /// The state now.
    package private(set) var state: ApplicationState
    /// While suspended or revoked: the state a resume returns to.
    package private(set) var returnsTo: ApplicationState?
    /// Everyone who ever made a `submit`: none of them is one of the two who let it go live.
    package private(set) var submitters: Set<String>
    /// The first of two people, where a move needs both: the move and who asked.
    package private(set) var pending: PendingMove?
    /// When a withdrawal ends: while withdrawn, and kept while a withdrawn application is revoked or suspended.
    package private(set) var withdrawnUntil: WallTime?
    /// A break-glass resume that nobody else has looked at yet.
    package private(set) var review: OpenReview?

    /// A move that one person has made and a second must confirm.
    package struct PendingMove: Hashable, Sendable {
        /// The move.
        package var move: LifecycleMove
        /// The first person.
        package var actor: String
        /// Whose part the first person took, being away; that person counts as the first, too.
        package var standingInFor: String?
        /// What was asked for: the second must ask for the same.
        package var terms: GrantTerms?
        /// SHA-256 of the limits that this meant then: where the plan has others now, the second has not confirmed what the first saw.
        package var limits: Digest?
        /// When the first person made it.
        package var time: WallTime

        /// A pending move from its parts.
        package init(
            move: LifecycleMove, actor: String, standingInFor: String? = nil, terms: GrantTerms? = nil, limits: Digest? = nil,
            time: WallTime
        ) {
            (self.move, self.actor, self.standingInFor) = (move, actor, standingInFor)
            (self.terms, self.limits, self.time) = (terms, limits, time)
        }
    }

    /// What a move did.
    package enum Outcome: Hashable, Sendable {
        /// The application is now in this state.
        case moved(ApplicationState)
        /// Recorded; a second, different person must make the same move.
        case awaitsSecondPerson
    }

    /// Why a move was not made.
    package enum Objection: Error, Hashable, Sendable {
        /// The state has no such move; `allowed` is what it has.
        case notAllowed(LifecycleMove, from: ApplicationState, allowed: [LifecycleMove])
        /// The second person must differ from the first.
        case samePersonTwice(String)
        /// Whoever submitted, at any time, may not also let it go live.
        case submitterMayNotApprove(String)
        /// Nothing leads out of this state.
        case isFinal(ApplicationState)
        /// The rules give the move to these roles, and whoever asks has none of them.
        case lacksRole(LifecycleMove, needs: RoleSet)
        /// The rules ask for evidence that is not on file, or no longer in date.
        case lacksEvidence(LifecycleMove, [EvidenceGap])
        /// A break-glass resume is looked at by another than who made it.
        case mayNotReviewOwn(String)
        /// What a person made with break-glass must be looked at before it is done again.
        case reviewIsOpen(by: String)
        /// Nothing was said of what to grant.
        case nothingAskedFor(LifecycleMove)
    }

    /// Days a withdrawn application goes on working: a partner gives 30 days' notice.
    package static let withdrawalDays: Int64 = 30

    /// Days a first person's move waits for the second: both should have judged the same evidence, which a week later may be another.
    package static let pendingDays: Int64 = 7

    /// A new application's lifecycle.
    package init() { (state, submitters) = (.draft, []) }

    /// A lifecycle as kept by the registry.
    package init(
        state: ApplicationState, returnsTo: ApplicationState?, submitters: Set<String>, pending: PendingMove?, withdrawnUntil: WallTime?,
        review: OpenReview? = nil
    ) {
        self.state = state
        self.returnsTo = returnsTo
        self.submitters = submitters
        self.pending = pending
        self.withdrawnUntil = withdrawnUntil
        self.review = review
    }

    /// The lifecycle of an application imported in a state; one suspended or revoked returns to `returnsTo`.
    package init(importedIn state: ApplicationState, returnsTo: ApplicationState = .live, at now: WallTime) {
        self.init(
            state: state, returnsTo: state == .suspended || state == .revoked ? returnsTo : nil, submitters: [], pending: nil,
            withdrawnUntil: state == .withdrawn ? Lifecycle.end(ofDays: Lifecycle.withdrawalDays, from: now) : nil)
    }

    /// The moves the state has, for one person or the first of two.
    package func allowedMoves(at now: WallTime) -> [LifecycleMove] {
        LifecycleMove.allCases.filter { destination(of: $0, at: now) != nil }
    }

    /// The first person's move that still waits for the second; one that has waited too long counts no more.
    package func awaited(at now: WallTime) -> PendingMove? {
        pending.flatMap { now <= Lifecycle.end(ofDays: Lifecycle.pendingDays, from: $0.time) ? $0 : nil }
    }

    /// Makes one move by one person, or throws why not and stays as it was. Whom somebody stands in for counts as that somebody, too: one
    /// person's part is never taken twice. What roles and evidence the rules ask for, `move(_:as:of:on:under:asking:at:)` sees to first.
    package mutating func move(
        _ move: LifecycleMove, by actor: String, standingInFor away: String? = nil, asking proposal: Proposal? = nil, at now: WallTime
    ) throws(Objection) -> Outcome {
        let destination = try destination(of: move, allowedAt: now)
        let people = Set([actor, away].compactMap(\.self))
        if move.grants && proposal == nil { throw .nothingAskedFor(move) }
        if isForOthers(move) || needsTwoPeople(move, proposal) {
            if let submitter = submitters.intersection(people).min() { throw .submitterMayNotApprove(submitter) }
        }
        // Resumed before somebody has looked, it would be suspended again at once.
        if move == .breakGlass || move == .resume, let review { throw .reviewIsOpen(by: review.actor) }
        if move == .reviewBreakGlass, let made = review?.people.intersection(people).min() { throw .mayNotReviewOwn(made) }
        if needsTwoPeople(move, proposal) {
            guard let first = awaited(at: now), first.isAnswered(by: move, proposal) else {
                pending = PendingMove(
                    move: move, actor: actor, standingInFor: away, terms: proposal?.terms, limits: proposal?.limits, time: now)
                return .awaitsSecondPerson
            }
            guard first.people.isDisjoint(with: people) else { throw .samePersonTwice(first.actor) }
        }
        if destination == state && move.keepsState { stay(after: move) } else { arrive(in: destination, by: move, people, at: now) }
        if move == .breakGlass { review = OpenReview(actor: actor, standingInFor: away, since: now) }
        return .moved(destination)
    }

    /// Forgets the first of two people, who may no longer make the move.
    package mutating func forgetFirstPerson() { pending = nil }

    /// Where a move leads now, or why it leads nowhere.
    package func destination(of move: LifecycleMove, allowedAt now: WallTime) throws(Objection) -> ApplicationState {
        if let destination = destination(of: move, at: now) { return destination }
        guard !isFinal(at: now) else { throw .isFinal(state) }
        throw .notAllowed(move, from: state, allowed: allowedMoves(at: now))
    }

    /// Suspends what was resumed by break-glass and not looked at; the review stays open. False where there is nothing to suspend.
    package mutating func suspendUnreviewed(at now: WallTime) -> Bool { review != nil && suspendWorking(at: now) }

    /// Suspends what works though it lacks evidence. False where there is nothing to suspend.
    package mutating func suspendWithoutEvidence(at now: WallTime) -> Bool { suspendWorking(at: now) }

    private mutating func suspendWorking(at now: WallTime) -> Bool {
        guard state.isWorking, !isFinal(at: now) else { return false }
        (returnsTo, state, pending) = (state, .suspended, nil)
        return true
    }

    private mutating func stay(after move: LifecycleMove) {
        if move == .reviewBreakGlass { review = nil } else { pending = nil }
    }

    private mutating func arrive(in destination: ApplicationState, by move: LifecycleMove, _ people: Set<String>, at now: WallTime) {
        let before = state
        pending = nil
        if move == .submit { submitters.formUnion(people) }
        switch destination {
        case .suspended: returnsTo = before == .revoked ? (returnsTo ?? .sandbox) : before
        case .revoked: returnsTo = before == .suspended ? returnsTo : before
        default: returnsTo = nil
        }
        // A withdrawal ends once: revoking, suspending and resuming must not grant another 30 days.
        switch destination {
        case .withdrawn: withdrawnUntil = withdrawnUntil ?? Lifecycle.end(ofDays: Lifecycle.withdrawalDays, from: now)
        case .suspended, .revoked: break
        default: withdrawnUntil = nil
        }
        state = destination
    }

    /// The graph: where each move leads from the state now, or nil.
    private func destination(of move: LifecycleMove, at now: WallTime) -> ApplicationState? {
        // What was done by break-glass is looked at, whatever became of the application since.
        guard !isFinal(at: now) || move == .reviewBreakGlass else { return nil }
        switch (state, move) {
        case (.draft, .submit), (.changesRequested, .submit): return .submitted
        case (.submitted, .review): return .inReview
        case (.inReview, .requestChanges): return .changesRequested
        case (.inReview, .reject): return .rejected
        case (.inReview, .grantSandbox), (.certifying, .grantSandbox): return .sandbox
        case (.sandbox, .certify): return .certifying
        case (.certifying, .approve): return .approved
        case (.approved, .goLive): return .live
        case (.sandbox, .suspend), (.certifying, .suspend), (.approved, .suspend), (.live, .suspend): return .suspended
        case (.revoked, .suspend): return .suspended
        case (.suspended, .resume), (.suspended, .breakGlass): return returnsTo
        case (_, .reviewBreakGlass): return review == nil ? nil : state
        case (.sandbox, _) where move.grants, (.certifying, _) where move.grants: return state
        case (.approved, _) where move.grants, (.live, _) where move.grants: return state
        case (.live, .withdraw): return .withdrawn
        case (.revoked, .revoke), (.rejected, .revoke): return nil
        case (_, .revoke): return .revoked
        default: return nil
        }
    }

    private func needsTwoPeople(_ move: LifecycleMove, _ proposal: Proposal?) -> Bool {
        move == .goLive || (state == .revoked && move == .suspend) || (move.grants && proposal?.raises == true)
    }

    /// What a submitter does not do, even where one person is enough.
    private func isForOthers(_ move: LifecycleMove) -> Bool { move == .breakGlass || move == .reviewBreakGlass }

    private func isFinal(at now: WallTime) -> Bool {
        switch state {
        case .rejected: true
        case .withdrawn: withdrawnUntil.map { $0 <= now } ?? false
        default: false
        }
    }

    private static func end(ofDays days: Int64, from start: WallTime) -> WallTime {
        WallTime(nanoseconds: start.nanoseconds + days * 86_400 * 1_000_000_000)
    }
}
