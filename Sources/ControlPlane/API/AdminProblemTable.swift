import HTTPTypes
import Registry

/// The one table from what went wrong to what a caller of the admin API reads: no default, so a new refusal does not build until it reads as something.
enum AdminProblemTable {
    /// What an error reads as; nil for what nobody foresaw.
    static func answer(to error: any Error) -> ProblemAnswer? {
        switch error {
        case let answer as ProblemAnswer: answer
        case let error as RegistryError: refusal(error)
        case let faults as ConfigurationFaults:
            ProblemAnswer(.notAccepted, "What was sent has \(faults.faults.count) faults.", faults: faults.faults.map(\.description))
        case is SlowWork.Busy:
            ProblemAnswer(
                .unavailable, "Many calls wait for long answers just now. Try again in a few seconds.", waitNanoseconds: 5_000_000_000)
        case let refusal as SignInRefusal: ProblemAnswer(refusal == .busy ? .unavailable : .notAccepted)
        default: nil
        }
    }

    private static func refusal(_ error: RegistryError) -> ProblemAnswer {
        let problem: ControlProblem =
            switch error {
            case .unknown: .notThere
            case .objection(_, let objection): self.problem(for: objection)
            case .mayNotIssue, .keyState, .tooManyKeys, .policyInUse, .noPolicy, .conflicts, .stillLiving: .notNow
            case .outOfForm, .scopes, .plan: .notAccepted
            case .plannedOnAnother, .changedMeanwhile: .changedMeanwhile
            case .noAccount, .lacksRole: .notAllowed
            case .storage: .unavailable
            case .newerSchema, .snapshotAhead, .unaudited: .gatewayFailed
            }
        // What went wrong with the world is for the log.
        guard problem.row.status.kind == .clientError else { return ProblemAnswer(problem) }
        return ProblemAnswer(problem, sentence(error.description), faults: faults(of: error))
    }

    private static func problem(for objection: Lifecycle.Objection) -> ControlProblem {
        switch objection {
        case .lacksRole, .samePersonTwice, .submitterMayNotApprove, .mayNotReviewOwn: .notAllowed
        case .notAllowed, .isFinal, .reviewIsOpen, .lacksEvidence: .notNow
        case .nothingAskedFor: .notAccepted
        }
    }

    /// Each of several, where it is several.
    private static func faults(of error: RegistryError) -> [String] {
        switch error {
        case .policyInUse(let problems): problems
        case .conflicts(let conflicts): conflicts.map(\.sentence)
        case .changedMeanwhile(_, let records): records.map { "\($0.action) by \($0.actor)" }
        default: []
        }
    }

    /// A refusal as people read it.
    static func sentence(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() + (text.hasSuffix(".") ? "" : ".") }
}
