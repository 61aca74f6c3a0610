/// What an application may do after a grant or a change of plan.
package struct GrantTerms: Hashable, Sendable {
    /// All scopes it then has.
    package var scopes: ScopeSet
    /// The plan it then has.
    package var plan: Identifier

    /// Terms from their parts.
    package init(scopes: ScopeSet, plan: Identifier) {
        self.scopes = scopes
        self.plan = plan
    }
}

/// Terms that somebody asks for, and whether they are more than before.
package struct Proposal: Hashable, Sendable {
    /// What is asked for.
    package var terms: GrantTerms
    /// Whether a limit rises or a scope is added: then two people have to agree.
    package var raises: Bool
    /// SHA-256 of the limits that the terms mean now; nil where nobody reckoned it.
    package var limits: Digest?

    /// A proposal held against what an application has under a policy; where it has no plan there, all is more than before.
    package init(_ terms: GrantTerms, insteadOf before: GrantTerms, under policy: Policy) {
        self.terms = terms
        guard let old = policy.plan(before.plan), let new = policy.plan(terms.plan) else {
            raises = true
            return
        }
        raises =
            !terms.scopes.isSubset(of: before.scopes)
            || terms.scopes.scopes.contains { scope in
                guard let allowance = new[scope] else { return false }
                return old[scope].map { allowance.exceeds($0) } ?? true
            }
    }

    /// A proposal of which it is known whether it is more.
    package init(_ terms: GrantTerms, raises: Bool, limits: Digest? = nil) {
        (self.terms, self.raises, self.limits) = (terms, raises, limits)
    }
}

extension Allowance {
    /// Whether anything is more in this allowance: rate, burst, the day's quota or requests in flight, where none means no end.
    package func exceeds(_ other: Allowance) -> Bool {
        func isMore(_ new: Int64, _ old: Int64) -> Bool { old > 0 && (new == 0 || new > old) }
        return bucket.burst > other.bucket.burst || bucket.isFaster(than: other.bucket) || isMore(dayTokens, other.dayTokens)
            || isMore(concurrency, other.concurrency)
    }
}

extension BucketRule {
    /// Whether more tokens come in the same time: compared exactly, by the products of 128 bits.
    fileprivate func isFaster(than other: BucketRule) -> Bool {
        tokens.multipliedFullWidth(by: other.periodNanoseconds) > other.tokens.multipliedFullWidth(by: periodNanoseconds)
    }
}

extension LifecycleMove {
    /// Whether it changes scopes or plan and leaves the state.
    package var grants: Bool { self == .changePlan || self == .grantScopes }

    /// Whether it leaves the state as it is.
    var keepsState: Bool { grants || self == .reviewBreakGlass }
}

extension Lifecycle {
    /// A break-glass resume that another person has to look at.
    package struct OpenReview: Hashable, Sendable {
        /// Who resumed.
        package var actor: String
        /// Whose part that one took.
        package var standingInFor: String?
        /// When.
        package var since: WallTime

        /// A review from its parts.
        package init(actor: String, standingInFor: String? = nil, since: WallTime) {
            self.actor = actor
            self.standingInFor = standingInFor
            self.since = since
        }

        /// All who count as having resumed.
        package var people: Set<String> { Set([actor, standingInFor].compactMap(\.self)) }

        /// When somebody must have looked at it.
        package func due(under rules: LifecycleRules) -> WallTime { rules.reviewDue(after: since) }
    }
}

extension Lifecycle.PendingMove {
    /// All who count as the first person.
    package var people: Set<String> { Set([actor, standingInFor].compactMap(\.self)) }

    /// Whether a second person asks for the same: the move, the terms, and the limits that these mean.
    func isAnswered(by move: LifecycleMove, _ proposal: Proposal?) -> Bool {
        self.move == move && terms == proposal?.terms && limits == proposal?.limits
    }
}
