import Decisions
import Registry

// Records are reckoned again by someone else.
extension Scenery {
    /// What is wrong with a record by the rules it names, in the evaluator's eyes; nil where nothing is.
    func flaw(of decision: Decision) -> String? {
        var application: ApplicationRecord?
        if case .application(let named)? = facts.fact(decision.application) { application = named }
        guard case .rules(let policy, _)? = facts.fact(decision.rules) else { return "a record names no rules" }
        let evaluation = evaluate(decision, of: application, under: policy)
        return evaluation.agrees ? nil : "a record says \(decision), and the evaluator \(evaluation)"
    }
}
