import Admission
import Decisions
import Registry

/// Asks the real admission again, a nanosecond before the instant that the evaluator gives and at it, with the levels as the refusal left
/// them: it takes nothing, but settles them under the rules in force.
struct WaitProbe {
    private(set) var seen: [DecidingRule: Int] = [:]
    private(set) var failures: [String] = []

    mutating func look(at decision: Decision, _ request: RequestFacts, in world: RandomWorld) {
        let snapshot = world.snapshot
        let credential = world.credential(of: request)
        let application = credential.map { snapshot.applications[$0.application] }
        let explanation = Explanation(of: decision, application: application, policy: snapshot.policy)
        func verdict(after wait: Int64) -> String {
            let copy = world.spendable.copy(for: snapshot.applications)
            do throws(Refusal) {
                _ = try copy.admit(request, under: snapshot, at: world.now.later(wait))
                return "admitted"
            } catch {
                return problem(for: error).slug.text.description
            }
        }
        func expect(_ isTrue: Bool, _ what: String) {
            if !isTrue { failures.append("\(what): \(decision)") }
        }
        seen[decision.rule, default: 0] += decision.verdict == .admitted ? 0 : 1
        let wait = explanation.evaluation.waitNanoseconds
        switch decision.rule {
        case _ where decision.verdict == .admitted: expect(explanation.earliest == world.now.wall, "let in, and earliest is not now")
        case .none: expect(explanation.earliest == nil, "no wait helps, and earliest is given")
        case .concurrency:
            expect(explanation.earliest == nil, "nobody knows the wait, and earliest is given")
            expect(verdict(after: 0) == "admitted", "with nothing in flight it would have passed")
        case .failures:
            expect(explanation.earliest == nil, "the key stays bad, and earliest is given")
            expect(verdict(after: wait - 1) == "too-many-failures", "judged a nanosecond early")
            expect(verdict(after: wait) != "too-many-failures", "not judged in time")
        case .bucket, .anonymousBucket, .day:
            expect(verdict(after: wait - 1) != "admitted", "admitted a nanosecond early")
            let then = world.now.later(wait).wall
            guard let application, let credential else { return expect(verdict(after: wait) == "admitted", "not admitted in time") }
            if application.state == .withdrawn, then >= application.ends {
                expect(explanation.earliest == nil, "the application has ended, and earliest is given")
            } else {
                expect(explanation.earliest == then, "earliest is not the wait's end")
                // When a key ends is no fact of the record's.
                expect(verdict(after: wait) == (credential.isGood(at: then) ? "admitted" : "revoked-key"), "not admitted in time")
            }
        }
    }
}
