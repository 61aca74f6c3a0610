import Admission
import Registry
import Wire

// A problem's members as JSON. Every text in it is ours or checked to need no escaping.
extension Exchange {
    func writeProblem(_ problem: Problem, _ refusal: Refusal, for client: Int, to body: inout ByteQueue) {
        let request = clients[client].request
        body.append("{\"type\":\"/problems/")
        body.append(problem.slug.text.description)
        body.append("\",\"title\":\"")
        body.append(problem.title.description)
        body.append("\",\"status\":")
        body.append(decimal: problem.status)
        body.append(",\"detail\":\"")
        body.append(problem.detail.description)
        body.append("\",\"instance\":\"/decisions/")
        body.append(request.id)
        body.append("\",\"errorCode\":\"")
        body.append(problem.errorCode.description)
        body.append("\",\"error\":\"")
        body.append(problem.error.description)
        body.append("\",\"retryable\":")
        body.append(problem.isRetryable(repeatable: request.isSafe) ? "true" : "false")
        writeMembers(of: refusal, to: &body)
        body.append("}\n")
    }

    /// The members only some problems have.
    private func writeMembers(of refusal: Refusal, to body: inout ByteQueue) {
        switch refusal {
        case .rateLimited(let wait, let level):
            writeWait(wait, to: &body)
            body.append(",\"violated-policies\":[\"")
            body.append(level.scope.name)
            body.append("\"]")
        case .tooManyFailures(let wait):
            writeWait(wait, to: &body)
            body.append(",\"violated-policies\":[\"failed-authentication\"]")
        case .badParameter(let route, let parameter, _): writeParameter(rules.routes[route].parameters[parameter], to: &body)
        case .applicationState(let state):
            body.append(",\"state\":\"")
            body.append(state.name)
            body.append("\"")
        case .scopeNotGranted(let scope):
            body.append(",\"scope\":\"")
            body.append(scope.name)
            body.append("\"")
        case .bodyTooLarge(let limit):
            body.append(",\"limitBytes\":")
            body.append(decimal: limit)
        default: break
        }
    }

    private func writeWait(_ nanoseconds: Int64, to body: inout ByteQueue) {
        body.append(",\"retryAfterMilliseconds\":")
        body.append(decimal: (nanoseconds + 999_999) / 1_000_000)
    }

    private func writeParameter(_ parameter: CompiledParameter, to body: inout ByteQueue) {
        body.append(",\"parameter\":\"")
        body.append(parameter.name)
        body.append("\",\"expected\":\"")
        body.append(parameter.expected)
        body.append("\"")
    }
}

extension CompiledParameter {
    /// What the value may be, for the caller.
    var expected: String {
        switch form {
        case .date: "a day as DD-MM-YYYY"
        case .digits(let least, let most) where least == most: "\(least) digits"
        case .digits(let least, let most): "\(least) to \(most) digits"
        case .degrees: "decimal degrees such as 18.5204"
        case .oneOf(let words): "one of: \(words.joined(separator: ", "))"
        }
    }
}
