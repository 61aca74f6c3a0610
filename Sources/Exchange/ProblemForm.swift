import Admission
import Wire

/// What is the same in every answer with one problem, as bytes made once; between the parts go the detail where it differs, the request's
/// id, and the members of its own.
struct ProblemForm: Sendable {
    /// Status line.
    var head: [UInt8]
    /// The body up to the detail's text.
    var beforeDetail: [UInt8]
    /// The detail that most answers with this problem have.
    var detail: [UInt8]
    /// From the detail's end to the id.
    var beforeIdentifier: [UInt8]
    /// From the id to the value of `retryable`.
    var afterIdentifier: [UInt8]

    init(_ slug: ProblemSlug) {
        let problem = problem(for: slug.example)
        var line = ByteQueue()
        line.appendStatusLine(problem.status)
        head = line.withReadable { bytes in bytes.indices.map { bytes[$0] } }
        let type = "{\"type\":\"/problems/\(slug.text)\",\"title\":\"\(problem.title)\",\"status\":\(problem.status),\"detail\":\""
        beforeDetail = Array(type.utf8)
        detail = Array(problem.detail.description.utf8)
        beforeIdentifier = Array("\",\"instance\":\"/decisions/".utf8)
        let codes = "\",\"errorCode\":\"\(problem.errorCode)\",\"error\":\"\(problem.error)\",\"retryable\":"
        afterIdentifier = Array(codes.utf8)
    }
}

extension Refusal {
    /// Whether this refusal's detail is its own and not its problem's.
    var hasOwnDetail: Bool {
        switch self {
        case .malformedRequest, .badParameter, .applicationState: true
        default: false
        }
    }
}
