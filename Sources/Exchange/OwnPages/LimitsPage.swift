import Admission
import Decisions
import Registry

/// What an application may do now, how much of that is left, and what becomes of it when: no limit of its changes silently.
struct LimitsPage {
    /// Something that will change its limits.
    private struct Change {
        let from: WallTime
        let what: String
        let policy: String?
        /// What holds from then on, by scope.
        let terms: [Scope: LimitTerms]
    }

    private let asker: Introduction
    private let rules: Ruleset
    private let application: ApplicationRecord
    private let now: Moment
    /// By scope, as it is now.
    private let terms: [Scope: LimitTerms]

    init(of asker: Introduction, under rules: Ruleset, at now: Moment) {
        self.asker = asker
        self.rules = rules
        self.now = now
        application = rules.snapshot.applications[asker.application]
        terms = LimitTerms.all(of: application, under: rules.snapshot.policy, at: now.wall)
    }

    var json: [UInt8] {
        let levels = levels()
        let key = rules.snapshot.credentials[asker.credential]
        var json = JSONText()
        json.object { json in
            json.member("application", application.id.text)
            json.member("partner", application.partner.text)
            json.member("environment", asker.environment.name)
            json.member("time", now.wall.timestamp())
            json.member("state", application.state.name)
            json.member("ends", end?.timestamp())
            json.member("keyEnds", key.state == .retiring ? key.until.timestamp() : nil)
            json.member("plan", application.plan.text)
            json.member("extraQuota", isPresent: extra != nil) { json in
                guard let extra else { return }
                json.member("percent", Int64(extra.percent))
                json.member("until", extra.until.timestamp())
            }
            json.member("policy", rules.snapshot.policy.version)
            json.member("limits") { json in
                for scope in application.scopes.scopes { json.member(scope.name, terms[scope], levels[scope]) }
            }
            json.member("changes", list: changes())
        }
        return json.bytes
    }

    private var extra: ExtraQuota? { application.extra(at: now.wall) }

    /// When its withdrawal takes effect.
    private var end: WallTime? {
        application.state == .withdrawn && application.ends.nanoseconds < .max ? application.ends : nil
    }

    /// What is left in each scope: looked at, not taken.
    private func levels() -> [Scope: LevelReading] {
        var kept = Levels()
        rules.levels.withLevels(of: asker.application) { kept = $0 }
        var levels: [Scope: LevelReading] = [:]
        for scope in application.scopes.scopes {
            guard let allowance = rules.snapshot.allowance(ofApplication: asker.application, for: scope, at: now.wall) else { continue }
            levels[scope] = kept.reading(
                of: scope, under: allowance, counting: rules.inFlight[asker.application], by: rules.snapshot.days, at: now)
        }
        return levels
    }

    /// What was announced, in the order of time; behind the end of a withdrawal nothing of it matters.
    private func changes() -> [[UInt8]] {
        var changes = rules.snapshot.announced.map { later in
            Change(
                from: later.from, what: "policy", policy: later.policy.version,
                terms: LimitTerms.all(of: application, under: later.policy, at: later.from))
        }
        if let extra {
            let policy = rules.snapshot.announced.last { $0.from <= extra.until }?.policy ?? rules.snapshot.policy
            let place = changes.firstIndex { extra.until < $0.from } ?? changes.endIndex
            let terms = LimitTerms.all(of: application, under: policy, at: extra.until)
            changes.insert(Change(from: extra.until, what: "extra-quota", policy: nil, terms: terms), at: place)
        }
        if let end {
            changes.removeAll { end <= $0.from }
            changes.append(Change(from: end, what: "withdrawal", policy: nil, terms: [:]))
        }
        var before = terms
        return changes.map { change in
            defer { before = change.terms }
            return describe(change, after: before)
        }
    }

    private func describe(_ change: Change, after before: [Scope: LimitTerms]) -> [UInt8] {
        var json = JSONText()
        json.object { json in
            json.member("from", change.from.timestamp())
            json.member("what", change.what)
            json.member("policy", change.policy)
            json.member("limits") { json in
                for scope in application.scopes.scopes where before[scope] != change.terms[scope] {
                    json.member(scope.name) { json in
                        json.member("before", before[scope])
                        json.member("after", change.terms[scope])
                    }
                }
            }
        }
        return json.bytes
    }
}
