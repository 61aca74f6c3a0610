import Admission
import Registry
import Wire

// A problem's members as JSON. Every text in it is ours or checked to need no escaping.
extension Exchange {
    mutating func writeProblem(_ problem: Problem, _ refusal: Refusal, for client: Int, to body: inout ByteQueue) {
        let form = problemForms[Int(problem.slug.rawValue)]
        if refusal.hasOwnDetail {
            body.append(form.beforeDetail)
            body.append(problem.detail.description)
            body.append(form.beforeIdentifier)
        } else {
            body.append(form.opening)
        }
        body.append(clients[client].request.idText.span)
        body.append(clients[client].request.isSafe ? form.repeatable : form.unrepeatable)
        writeMembers(of: refusal, for: client, to: &body)
        body.append("}\n")
    }

    /// The members only some problems have.
    private func writeMembers(of refusal: Refusal, for client: Int, to body: inout ByteQueue) {
        switch refusal {
        case .rateLimited(let wait, let level):
            writeWait(wait, to: &body)
            writeViolation(of: level.scope, "\"]", to: &body)
        case .dailyQuota(let wait, let level):
            writeWait(wait, to: &body)
            writeViolation(of: level.scope, "-day\"]", to: &body)
        case .tooManyInFlight(let level):
            writeWait(Limits.inFlightRetryMilliseconds * 1_000_000, to: &body)
            writeViolation(of: level.scope, "-concurrency\"]", to: &body)
        case .askedTooOften(let wait):
            writeWait(wait, to: &body)
            body.append(",\"violated-policies\":[\"own-pages\"]")
        case .tooManyFailures(let wait):
            writeWait(wait, to: &body)
            body.append(",\"violated-policies\":[\"failed-authentication\"]")
        case .badParameter(_, let parameter, _):
            if let route = clients[client].request.compiledRoute { writeParameter(route.parameters[parameter], to: &body) }
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

    private func writeViolation(of scope: Scope, _ rest: String, to body: inout ByteQueue) {
        body.append(",\"violated-policies\":[\"")
        body.append(scope.name)
        body.append(rest)
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
