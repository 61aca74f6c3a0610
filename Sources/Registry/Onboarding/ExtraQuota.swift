/// What somebody gave an application on top of its plan, for a time.
package struct ExtraQuota: Hashable, Sendable {
    /// Per cent of the plan that come on top of it.
    package var percent: UInt16
    /// When it counts no more.
    package var until: WallTime

    /// Per cent that any rules may allow: beyond ten times as much it is another plan.
    package static let mostPercent: UInt16 = 1_000

    /// Extra quota from its parts.
    package init(percent: UInt16, until: WallTime) {
        self.percent = percent
        self.until = until
    }
}

extension Plan {
    /// This plan with so much more of everything: rate, burst, the day's quota and requests in flight. What is without end stays so.
    package func raised(byPercent percent: UInt16) -> Plan {
        var plan = self
        for scope in plan.allowances.indices { plan.allowances[scope] = plan.allowances[scope]?.raised(byPercent: Int64(percent)) }
        return plan
    }
}

extension Allowance {
    fileprivate func raised(byPercent percent: Int64) -> Allowance {
        Allowance(
            bucket: bucket.raised(byPercent: percent), dayTokens: dayTokens * (100 + percent) / 100,
            concurrency: concurrency * (100 + percent) / 100)
    }
}

extension BucketRule {
    /// The rate is raised exactly: where the tokens do not come out whole, both they and the period grow a hundredfold. A rule at the edge of
    /// what can be counted stays as it is.
    fileprivate func raised(byPercent percent: Int64) -> BucketRule {
        let (raised, burst) = (tokens.multipliedReportingOverflow(by: 100 + percent), burst.multipliedReportingOverflow(by: 100 + percent))
        let longer = periodNanoseconds.multipliedReportingOverflow(by: 100)
        guard !raised.overflow, !burst.overflow, !longer.overflow else { return self }
        let isWhole = raised.partialValue % 100 == 0
        let rule = BucketRule(
            tokens: isWhole ? raised.partialValue / 100 : raised.partialValue,
            periodNanoseconds: isWhole ? periodNanoseconds : longer.partialValue, burst: burst.partialValue / 100)
        let isCountable = !rule.intervalNanoseconds.multipliedReportingOverflow(by: burst.partialValue / 25).overflow
        return isCountable ? rule : self
    }
}

extension Policy {
    /// What an application may spend under this policy at a time: its plan, with what it has on top of it then.
    package func plan(of application: ApplicationRecord, at now: WallTime) -> Plan? {
        guard let plan = plan(application.plan), let extra = application.extra(at: now) else { return plan(application.plan) }
        return plan.raised(byPercent: extra.percent)
    }
}

extension ApplicationRecord {
    /// What it has on top of its plan at a time.
    package func extra(at now: WallTime) -> ExtraQuota? { extra.flatMap { now < $0.until ? $0 : nil } }
}
