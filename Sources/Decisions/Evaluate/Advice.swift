import Admission
import Registry

/// What to do about a record: the first step of its problem's page where it has one, since that is the likeliest.
struct Advice {
    let decision: Decision
    /// Where the application stood; nil where none was known.
    let state: ApplicationState?
    /// It would pass after its wait, but the application's withdrawal takes effect before.
    let endsBefore: Bool

    var sentence: String {
        if endsBefore { return "The application's withdrawal takes effect before this limit would let the call in: no later call passes." }
        if let slug = decision.verdict.slug { return advice(on: slug) }
        if let slug = decision.fault.slug { return advice(on: slug) }
        switch decision.ending {
        case .clientLeft: return "The client closed the connection before the whole answer had left: wait longer for answers."
        case .brokenOff: return "The connection was cut before the whole answer had left: read answers as they come, and send a GET again."
        case .answered:
            return decision.route < 0
                ? "The gateway answered this itself: nothing needs to change."
                : "It was let in, and the answer is the core store's: nothing needs to change."
        }
    }

    private func advice(on slug: ProblemSlug) -> String {
        // What has to happen next hangs on the state, which the problem's page can only speak of in general.
        if slug == .applicationState, let state { return problem(for: .applicationState(state)).detail.description }
        return slug.advice ?? problem(for: slug.example).detail.description
    }
}
