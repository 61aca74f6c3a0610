/// Where an application stands between draft and live; `Lifecycle` says how it moves.
package enum ApplicationState: UInt8, CaseIterable, Sendable {
    case draft, submitted, inReview, changesRequested, rejected, sandbox, certifying, approved, live, suspended, revoked, withdrawn

    /// The name in files, answers and on the command line.
    package var name: String {
        switch self {
        case .draft: "draft"
        case .submitted: "submitted"
        case .inReview: "in_review"
        case .changesRequested: "changes_requested"
        case .rejected: "rejected"
        case .sandbox: "sandbox"
        case .certifying: "certifying"
        case .approved: "approved"
        case .live: "live"
        case .suspended: "suspended"
        case .revoked: "revoked"
        case .withdrawn: "withdrawn"
        }
    }

    /// The state of that name, or nil.
    package init?(name: String) {
        guard let state = ApplicationState.allCases.first(where: { $0.name == name }) else { return nil }
        self = state
    }

    /// Whether any key works in this state, as far as its end.
    package var isWorking: Bool { works(.sandbox, ends: WallTime(nanoseconds: .max), at: WallTime(nanoseconds: 0)) }

    /// Whether a key of the environment may be issued in this state.
    package func mayIssue(_ environment: Environment) -> Bool {
        switch (self, environment) {
        case (.sandbox, .sandbox), (.certifying, .sandbox), (.approved, _), (.live, _): true
        default: false
        }
    }

    /// Whether a key of the environment works in this state; `ends` is when a withdrawal takes effect.
    package func works(_ environment: Environment, ends: WallTime, at now: WallTime) -> Bool {
        switch (self, environment) {
        case (.live, _), (.sandbox, .sandbox), (.certifying, .sandbox), (.approved, .sandbox): true
        case (.withdrawn, _): now < ends
        default: false
        }
    }
}
