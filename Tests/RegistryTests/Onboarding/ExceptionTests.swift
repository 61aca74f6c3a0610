import Registry
import Testing

/// Break-glass, plans and scopes, standing in: what one person may do alone, and who then counts as whom.
@Suite struct ExceptionTests {
    private let now = WallTime(seconds: 1_700_000_000)
    private let terms = GrantTerms(scopes: ScopeSet([.search]), plan: SnapshotSample.identifier("large"))

    private func suspended(submitters: Set<String> = []) -> Lifecycle {
        Lifecycle(state: .suspended, returnsTo: .live, submitters: submitters, pending: nil, withdrawnUntil: nil)
    }

    @Test func `break-glass resumes by one person, and another looks at it afterwards`() throws {
        var lifecycle = suspended()
        #expect(try lifecycle.move(.breakGlass, by: "asha", at: now) == .moved(.live))
        #expect(lifecycle.review == Lifecycle.OpenReview(actor: "asha", since: now))
        #expect(throws: Lifecycle.Objection.mayNotReviewOwn("asha")) { _ = try lifecycle.move(.reviewBreakGlass, by: "asha", at: now) }
        #expect(try lifecycle.move(.reviewBreakGlass, by: "bela", at: now) == .moved(.live))
        #expect(lifecycle.review == nil)
        #expect(throws: Lifecycle.Objection.self) { _ = try lifecycle.move(.reviewBreakGlass, by: "bela", at: now) }
    }

    @Test func `nobody breaks the glass for what they submitted, nor looks at it`() throws {
        var lifecycle = suspended(submitters: ["asha"])
        #expect(throws: Lifecycle.Objection.submitterMayNotApprove("asha")) { _ = try lifecycle.move(.breakGlass, by: "asha", at: now) }
        _ = try lifecycle.move(.breakGlass, by: "bela", at: now)
        #expect(throws: Lifecycle.Objection.submitterMayNotApprove("asha")) {
            _ = try lifecycle.move(.reviewBreakGlass, by: "asha", at: now)
        }
    }

    @Test func `what nobody looked at is suspended again, and is not resumed by break-glass once more`() throws {
        var lifecycle = suspended()
        _ = try lifecycle.move(.breakGlass, by: "asha", at: now)
        let isSuspended = lifecycle.suspendUnreviewed(at: now)
        #expect(isSuspended)
        #expect(lifecycle.state == .suspended && lifecycle.returnsTo == .live && lifecycle.review != nil)
        let isSuspendedTwice = lifecycle.suspendUnreviewed(at: now)
        #expect(!isSuspendedTwice, "it is suspended already")
        #expect(throws: Lifecycle.Objection.reviewIsOpen(by: "asha")) { _ = try lifecycle.move(.breakGlass, by: "bela", at: now) }
        #expect(throws: Lifecycle.Objection.reviewIsOpen(by: "asha")) { _ = try lifecycle.move(.resume, by: "bela", at: now) }
        #expect(try lifecycle.move(.reviewBreakGlass, by: "bela", at: now) == .moved(.suspended))
        #expect(lifecycle.returnsTo == .live, "looking at it leaves the state before as it was")
        #expect(try lifecycle.move(.resume, by: "bela", at: now) == .moved(.live))
    }

    @Test func `more needs two people who ask for the same, less needs one`() throws {
        var lifecycle = Lifecycle(importedIn: .live, at: now)
        let (more, other) = (Proposal(terms, raises: true), Proposal(GrantTerms(scopes: [], plan: terms.plan), raises: true))
        #expect(try lifecycle.move(.changePlan, by: "asha", asking: more, at: now) == .awaitsSecondPerson)
        #expect(lifecycle.pending?.terms == terms)
        #expect(try lifecycle.move(.changePlan, by: "bela", asking: other, at: now) == .awaitsSecondPerson, "another proposal begins anew")
        #expect(try lifecycle.move(.changePlan, by: "asha", asking: other, at: now) == .moved(.live))
        #expect(try lifecycle.move(.changePlan, by: "asha", asking: Proposal(terms, raises: false), at: now) == .moved(.live))
        #expect(throws: Lifecycle.Objection.nothingAskedFor(.grantScopes)) { _ = try lifecycle.move(.grantScopes, by: "asha", at: now) }
    }

    @Test func `whoever stands in for somebody is not a second one beside that one`() throws {
        for (first, second) in [
            (("asha", nil), ("bela", "asha")), (("bela", "asha"), ("asha", nil)), (("asha", "chitra"), ("bela", "chitra")),
        ]
            as [((String, String?), (String, String?))]
        {
            var lifecycle = Lifecycle(importedIn: .approved, at: now)
            _ = try lifecycle.move(.goLive, by: first.0, standingInFor: first.1, at: now)
            #expect(throws: Lifecycle.Objection.samePersonTwice(first.0)) {
                _ = try lifecycle.move(.goLive, by: second.0, standingInFor: second.1, at: now)
            }
        }
        var submitted = Lifecycle(state: .approved, returnsTo: nil, submitters: ["asha"], pending: nil, withdrawnUntil: nil)
        #expect(throws: Lifecycle.Objection.submitterMayNotApprove("asha")) {
            _ = try submitted.move(.goLive, by: "bela", standingInFor: "asha", at: now)
        }
    }

    @Test func `a delegation counts from its beginning to its end, lends what its owner has, and comes after one's own roles`() {
        let end = WallTime(seconds: now.seconds + 60)
        let lent = Delegation(away: "asha", roles: RoleSet([.approver]), from: now, until: end)
        func right(_ own: [Role], _ needed: Role, at time: WallTime) -> Right? {
            Asker(name: "bela", authority: .staff(RoleSet(own), standingInFor: [lent])).right(among: RoleSet([needed]), at: time)
        }
        #expect(right([], .approver, at: now) == .inPlaceOf("asha"))
        #expect(right([.approver], .approver, at: now) == .own)
        #expect(right([], .ops, at: now) == nil)
        #expect(right([], .approver, at: end) == nil)
        #expect(right([], .approver, at: WallTime(nanoseconds: now.nanoseconds - 1)) == nil)
    }

    @Test func `a proposal is more where a scope is added or any limit rises`() {
        let bucket = BucketRule(tokens: 100, periodNanoseconds: 1_000, burst: 10)
        func plan(_ name: String, _ allowance: Allowance) -> Plan {
            Plan(id: SnapshotSample.identifier(name), allowances: [.search: allowance, .booking: Allowance(bucket: bucket)])
        }
        let base = Allowance(bucket: bucket, dayTokens: 1_000, concurrency: 5)
        let others: [(Allowance, Bool)] = [
            (base, false),
            (Allowance(bucket: BucketRule(tokens: 101, periodNanoseconds: 1_000, burst: 10), dayTokens: 1_000, concurrency: 5), true),
            (Allowance(bucket: BucketRule(tokens: 200, periodNanoseconds: 2_000, burst: 10), dayTokens: 1_000, concurrency: 5), false),
            (Allowance(bucket: BucketRule(tokens: 100, periodNanoseconds: 1_000, burst: 11), dayTokens: 1_000, concurrency: 5), true),
            (Allowance(bucket: bucket, dayTokens: 1_001, concurrency: 5), true),
            (Allowance(bucket: bucket, dayTokens: 0, concurrency: 5), true),
            (Allowance(bucket: bucket, dayTokens: 999, concurrency: 5), false),
            (Allowance(bucket: bucket, dayTokens: 1_000, concurrency: 6), true),
            (Allowance(bucket: bucket, dayTokens: 1_000, concurrency: 0), true),
        ]
        let before = GrantTerms(scopes: ScopeSet([.search]), plan: SnapshotSample.identifier("old"))
        for (allowance, isMore) in others {
            let policy = Policy(
                version: "v", plans: [plan("old", base), plan("new", allowance)], anonymousPlan: SnapshotSample.identifier("old"),
                defaultPlans: [:], routes: [])
            let after = GrantTerms(scopes: before.scopes, plan: SnapshotSample.identifier("new"))
            #expect(Proposal(after, insteadOf: before, under: policy).raises == isMore, "\(allowance)")
            let wider = GrantTerms(scopes: ScopeSet([.search, .booking]), plan: before.plan)
            #expect(Proposal(wider, insteadOf: before, under: policy).raises)
            #expect(!Proposal(before, insteadOf: wider, under: policy).raises)
        }
    }
}
