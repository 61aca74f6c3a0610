import Admission
import Decisions
import Registry
import Wire

// What the gateway tells an application of itself, by its key: no rule of the plan is spent for it.
extension Exchange {
    /// Introduce: who asks, and may they ask now?
    mutating func introduceAsker(_ client: Int, _ bytes: Span<UInt8>, at now: Moment) throws(Refusal) -> Introduction {
        let facts = RequestFacts(
            key: presentedKey(bytes), route: -1, address: clients[client].address, citizen: .none, certificate: certificate(of: client))
        let asker: Introduction
        do throws(Refusal) {
            asker = try introduce(facts, under: rules.snapshot, spending: rules.asking, failures: setting.failures, at: now)
        } catch {
            noteCaller(of: facts, refused: error, for: client, at: now)
            throw error
        }
        clients[client].request.decision.application = rules.applicationFacts[asker.application]
        clients[client].request.decision.caller = CallerFacts(
            key: .good, spelt: asker.environment, registered: asker.environment,
            certificate: rules.isBound[asker.application] ? .fitting : .notRead, isSecure: clients[client].isSecure,
            isHead: head.method == .head)
        return asker
    }

    /// Answers with a page about the application that asks.
    mutating func answer(_ client: Int, with page: KeyedPage, at path: Span<UInt8>, to asker: Introduction, now: Moment) {
        switch page {
        case .limits: show(LimitsPage(of: asker, under: rules, at: now).json, to: client, at: now)
        case .decision: ask(client, path, for: asker, at: now)
        }
    }

    /// Answers with what concerns the application that asks alone.
    mutating func show(_ json: [UInt8], to client: Int, at now: Moment) {
        show(json, of: "application/json", OwnText.keyedFields, status: 200, to: client, at: now)
    }
}
