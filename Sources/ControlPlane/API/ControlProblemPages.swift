import Admission
import HTTPTypes
import Hummingbird
import NIOCore

/// The pages under `/problems/` of the control plane: what `type` in its problems leads to.
enum ControlProblemPages {
    static func add(to router: Router<ControlPlaneContext>) {
        router.get("/problems") { _, _ in response(index) }
        router.get("/problems/:slug") { _, context in
            guard let problem = ControlProblem(rawValue: context.parameters.get("slug") ?? "") else { throw ProblemAnswer(.noSuchRoute) }
            return response(page(of: problem))
        }
    }

    /// Every problem in one table.
    static var index: String {
        let rows = ControlProblem.allCases.map { problem in
            let row = problem.row
            return """
                <tr><td>\(row.status.code)</td><td><code>\(row.code)</code></td>\
                <td><a href="/problems/\(problem.rawValue)">\(escapedHTML(row.title))</a></td>\
                <td>\(row.isRetryable ? "retryable" : "not retryable")</td></tr>
                """
        }
        return problemDocument(
            title: "Problems of the control plane",
            body: """
                <h1>Problems of the control plane</h1>
                <p>What the control plane refuses a program, it refuses in one form: <code>application/problem+json</code> (RFC 9457), with the
                members that the data plane's problems have. <code>detail</code> says in a sentence what happened, <code>instance</code> ends in
                the request's id, which stands in <code>X-Request-Id</code> and in the log. The data plane's problems are explained there.</p>
                <table>
                <tr><th>Status</th><th>Code</th><th>Problem</th><th>Again?</th></tr>
                \(rows.joined(separator: "\n"))
                </table>
                """)
    }

    /// One problem.
    static func page(of problem: ControlProblem) -> String {
        let row = problem.row
        return problemDocument(
            title: row.title,
            body: """
                <p><a href="/problems/">All problems</a></p>
                <h1>\(escapedHTML(row.title))</h1>
                <p><code>\(problem.rawValue)</code> · status \(row.status.code) · code <code>\(row.code)</code> ·
                \(row.isRetryable ? "retryable" : "not retryable")</p>
                <h2>What it means</h2>
                <p>\(escapedHTML(row.detail))</p>
                <h2>What to do now</h2>
                <p>\(escapedHTML(problem.advice))</p>
                """)
    }

    private static func response(_ page: String) -> Response {
        var fields: HTTPFields = [.contentType: "text/html; charset=utf-8", .xContentTypeOptions: "nosniff"]
        if let name = HTTPField.Name("Content-Security-Policy") { fields[name] = "default-src 'none'; style-src 'unsafe-inline'" }
        return Response(status: .ok, headers: fields, body: .init(byteBuffer: ByteBuffer(string: page)))
    }
}

extension ControlProblem {
    /// What to do about it.
    var advice: String {
        switch self {
        case .malformedRequest:
            "Read detail, and compare the body with openapi.yaml: JSON must be whole, with the members named there and no others."
        case .badParameter:
            "Read detail: it names the parameter and the form it must have. Parameters that a call does not know are refused."
        case .noSuchRoute: "Compare the path with openapi.yaml. Paths are matched exactly; those of the API begin with /admin/v1."
        case .methodNotAllowed: "Use a method that the field Allow names."
        case .bodyTooLarge: "Send less: evidence has at most 10 MiB, everything else 1 MiB."
        case .rateLimited: "Wait as long as retryAfterMilliseconds says. The fields RateLimit-Policy and RateLimit tell beforehand."
        case .tooManyFailures:
            "Wait as long as retryAfterMilliseconds or Retry-After says. Tokens that are good are never held up by those that are not."
        case .signInNeeded: "Sign in with a browser, or use /admin/v1 with a token."
        case .missingToken:
            "Make a token on the console's page Tokens, or with 'gateway account token create', and send it in Authorization: Bearer."
        case .unknownToken: "Check that the whole token is sent, and that it belongs to this gateway."
        case .mistypedToken: "Copy the token again, from pgw_pat_ to its end."
        case .endedToken: "Make another token. If the account is disabled, ask an admin."
        case .tokenScope: "Make a token with the scope that detail names."
        case .notAllowed: "The roles are those of the token's account at this moment: an admin can give it the one that detail names."
        case .notThere: "Check the id: the list beside it in the API has all that there are."
        case .notNow: "Look at how it stands now; of an application, allowedMoves says what may be done."
        case .gone: "Ask whoever gave it to you for another."
        case .changedMeanwhile: "Get it again, look at what changed, and send the decision with the new ETag."
        case .unsupportedType: "Send the Content-Type that openapi.yaml names for this call."
        case .notAccepted: "Read detail, and faults where it is there: nothing was changed."
        case .preconditionNeeded: "Get the application first, and send its ETag in If-Match."
        case .addressNotAllowed: "Ask from the machine itself, or let whoever runs the gateway name this address with --metrics-from."
        case .gatewayFailed: "Nothing more can be done from outside. Tell whoever runs the gateway the request's id."
        case .unavailable: "Try again in a moment. If it lasts, the state folder's disk may be full or gone."
        }
    }
}
