import Admission
package import Decisions
package import Registry
import Wire

/// Who wants to know what about which request.
package struct DecisionQuestion: Hashable, Sendable {
    /// The request asked about.
    package let asked: RequestIdentifier
    /// Whose it must be.
    package let application: Identifier
    /// The request that asks: a client may ask again on its connection before a late answer comes.
    package let asking: RequestID

    /// A question from its parts.
    package init(asked: RequestIdentifier, application: Identifier, asking: RequestID) {
        (self.asked, self.application, self.asking) = (asked, application, asking)
    }
}

/// What was found.
package enum DecisionAnswer: Hashable, Sendable {
    /// The explanation as JSON.
    case explained([UInt8])
    /// No record of that application's with that id.
    case unknown
    /// It was not looked for: too many others wait.
    case busy
    /// It did not come in time.
    case tooLate
}

// GET /decisions/{id}: why a request was answered as it was. The log is read by somebody else, while the loop goes on.
extension Exchange {
    /// What this client waits to learn; nil where it does not any more.
    package mutating func question(of handle: ConnectionHandle) -> DecisionQuestion? {
        guard handle.side == .client, isCurrent(handle) else { return nil }
        return questions[handle.index]
    }

    /// What a `lookUp` came to; whoever does not wait for it any more is not told.
    package mutating func lookedUp(_ handle: ConnectionHandle, _ question: DecisionQuestion, _ found: DecisionAnswer, at now: Moment) {
        guard self.question(of: handle) == question else { return }
        answer(handle.index, found, at: now)
    }

    mutating func ask(_ client: Int, _ path: Span<UInt8>, for asker: Introduction, at now: Moment) {
        guard setting.subjects != nil else { return refuse(client, .noSuchDecision(areKept: false), at: now) }
        guard let asked = RequestIdentifier(path.extracting(OwnText.decisionsPath.utf8.count...)) else {
            return refuse(client, .noSuchDecision(areKept: true), at: now)
        }
        questions[client] = DecisionQuestion(
            asked: asked, application: rules.snapshot.applications[asker.application].id, asking: clients[client].request.id)
        clients[client].phase = .asking
        clientDeadlines[client] = now.monotonic.after(milliseconds: Limits.lookUpMilliseconds)
        perform(.lookUp(handle(client: client)))
    }

    mutating func answer(_ client: Int, _ found: DecisionAnswer, at now: Moment) {
        questions[client] = nil
        switch found {
        case .explained(let json): show(json, to: client, at: now)
        case .unknown: refuse(client, .noSuchDecision(areKept: true), at: now)
        case .busy, .tooLate: refuse(client, .decisionsBusy, at: now)
        }
    }
}

extension RequestIdentifier {
    /// Of a path's end, as answers spell ids: in lower case.
    fileprivate init?(_ bytes: Span<UInt8>) {
        guard bytes.count == 32 else { return nil }
        for index in 0..<32 where (0x41...0x5A).contains(bytes[index]) { return nil }
        self.init(String(decoding: (0..<32).map { bytes[$0] }, as: UTF8.self))
    }
}
