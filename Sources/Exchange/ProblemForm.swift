import Admission
import Wire

/// What is the same in every answer with one problem, as bytes made once; between the parts go the detail where it differs, the request's
/// id, and the members of its own.
struct ProblemForm: Sendable {
    /// By slug.
    static let all = ProblemSlug.allCases.map(ProblemForm.init)

    /// Status line and content type.
    let head: [UInt8]
    /// The body up to the detail's text.
    let beforeDetail: [UInt8]
    /// From the detail's end to the id.
    let beforeIdentifier: [UInt8]
    /// The body up to the id, with the detail that most answers with this problem have.
    let opening: [UInt8]
    /// From the id to the members of its own, where the request may be repeated and where not.
    let repeatable: [UInt8]
    let unrepeatable: [UInt8]

    init(_ slug: ProblemSlug) {
        let problem = problem(for: slug.example)
        var line = ByteQueue()
        line.appendStatusLine(problem.status)
        line.append("Content-Type: application/problem+json\r\n")
        head = line.withReadable { bytes in bytes.indices.map { bytes[$0] } }
        let type = "{\"type\":\"/problems/\(slug.text)\",\"title\":\"\(problem.title)\",\"status\":\(problem.status),\"detail\":\""
        beforeDetail = Array(type.utf8)
        beforeIdentifier = Array("\",\"instance\":\"/decisions/".utf8)
        opening = beforeDetail + Array(problem.detail.description.utf8) + beforeIdentifier
        let codes = "\",\"errorCode\":\"\(problem.errorCode)\",\"error\":\"\(problem.error)\",\"retryable\":"
        repeatable = Array("\(codes)\(problem.isRetryable(repeatable: true))".utf8)
        unrepeatable = Array("\(codes)\(problem.isRetryable(repeatable: false))".utf8)
    }
}

extension Refusal {
    /// Whether this refusal's detail is its own and not its problem's.
    var hasOwnDetail: Bool {
        switch self {
        case .malformedRequest, .badParameter, .applicationState, .certificateRequired, .noSuchDecision: true
        default: false
        }
    }
}
