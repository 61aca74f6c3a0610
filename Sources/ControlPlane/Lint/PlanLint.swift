import Registry

/// Plans that nobody has, and numbers in them that can never count.
enum PlanLint {
    static func findings(_ files: LintedFiles) -> [LintFinding] {
        missing(files)
            + files.plans.plans.flatMap { entry in
                unused(entry, files)
                    + Scope.allCases.flatMap { scope -> [LintFinding] in
                        guard let allowance = entry.plan[scope], let places = entry.allowances[scope] else { return [] }
                        let subject = "plan '\(entry.plan.id.text)', \(scope.name): "
                        return idle(entry.plan.id, scope, at: places.burst, subject, files)
                            + day(allowance, places, subject) + concurrency(allowance, scope, places, subject, files)
                    }
            }
    }

    /// Applications that the policy would be refused for.
    private static func missing(_ files: LintedFiles) -> [LintFinding] {
        files.holders.filter(\.isGranted).compactMap { holder in
            guard let name = holder.plan else { return nil }
            let entry = files.plans.plans.first { $0.plan.id == name }
            let lacking = holder.scopes.scopes.filter { entry?.plan[$0] == nil }.map(\.name)
            guard let place = entry?.position ?? files.plans.anonymous?.position, !lacking.isEmpty else { return nil }
            let says = entry == nil ? "which is not here" : "which has no bucket for \(lacking.joined(separator: ", ")) that it was granted"
            return LintFinding(
                .planMissing, at: place, "application \(holder.id.text) has the plan '\(name.text)', \(says): the policy would be refused",
                advice: "keep what applications have")
        }
    }

    private static func unused(_ entry: PlansFile.Entry, _ files: LintedFiles) -> [LintFinding] {
        let id = entry.plan.id
        let isNamed = files.isAnonymous(id) || files.plans.defaults.values.contains { $0.value == id }
        guard !isNamed, !files.holders.contains(where: { $0.plan == id }) else { return [] }
        return [
            LintFinding(
                .planOfNobody, at: entry.position, "no application has the plan '\(id.text)', and it is no kind's default",
                advice: "leave it if applications will come, else take it out")
        ]
    }

    private static func idle(
        _ plan: Identifier, _ scope: Scope, at place: FilePosition, _ subject: String, _ files: LintedFiles
    ) -> [LintFinding] {
        let routes = files.routes(of: scope).map(\.value)
        let isOpen = files.isAnonymous(plan) ? routes.contains { $0.identities == .anyone } : !routes.isEmpty
        guard !isOpen else { return [] }
        let whose = files.isAnonymous(plan) ? "no public route" : "no route"
        return [
            LintFinding(
                .bucketWithoutRoutes, at: place, subject + "the scope has \(whose), so nobody ever spends from this bucket",
                advice: "take the bucket out, or add the routes")
        ]
    }

    private static func day(_ allowance: Allowance, _ places: PlansFile.AllowancePositions, _ subject: String) -> [LintFinding] {
        guard let place = places.day, allowance.dayTokens > 0 else { return [] }
        let bucket = allowance.bucket
        if allowance.dayTokens < bucket.burst {
            return [
                LintFinding(
                    .dayBelowBurst, at: place,
                    subject + "a full bucket has \(bucket.burst) tokens, more than the \(allowance.dayTokens) of a day",
                    advice: "raise the day or lower the burst")
            ]
        }
        // The most that any day can give: it begins with a full bucket and goes on at the rate.
        let most = bucket.burst + DayClock.dayNanoseconds / bucket.intervalNanoseconds
        guard allowance.dayTokens > most else { return [] }
        return [
            LintFinding(
                .dayNeverReached, at: place,
                subject + "the bucket gives at most \(most) tokens a day, so that \(allowance.dayTokens) never count",
                advice: "lower the day below that, or leave it out")
        ]
    }

    private static func concurrency(
        _ allowance: Allowance, _ scope: Scope, _ places: PlansFile.AllowancePositions, _ subject: String, _ files: LintedFiles
    ) -> [LintFinding] {
        guard let place = places.concurrency, let least = files.leastCost(of: scope) else { return [] }
        let longest = files.routes(of: scope).map(\.value.timeouts.requestMilliseconds).max() ?? 0
        // What is in flight began within the longest request's time, and was paid for.
        let tokens = allowance.bucket.burst + longest * 1_000_000 / allowance.bucket.intervalNanoseconds + 1
        guard allowance.concurrency > tokens / least else { return [] }
        return [
            LintFinding(
                .concurrencyNeverReached, at: place,
                subject + "the bucket lets at most \(tokens / least) of its requests begin within the \(longest) ms that one may"
                    + " take, so that \(allowance.concurrency) are never in flight",
                advice: "lower the concurrency below that, or leave it out")
        ]
    }
}
