import Decisions
package import HTTPTypes
package import Hummingbird
import NIOCore
package import Registry

/// A problem on its way to a caller: what it is, and what is known of it this time.
package struct ProblemAnswer: Error, Sendable {
    /// Which.
    package var problem: ControlProblem
    /// One or two sentences in place of the problem's own.
    package var detail: String?
    /// Nanoseconds after which the same may succeed; nil where no wait helps.
    package var waitNanoseconds: Int64?
    /// Fields of the answer beside those that every problem has.
    package var fields: HTTPFields
    /// Each thing that is wrong, where it is several.
    package var faults: [String]

    /// A problem with what is known of it.
    package init(
        _ problem: ControlProblem, _ detail: String? = nil, waitNanoseconds: Int64? = nil, fields: HTTPFields = [:], faults: [String] = []
    ) {
        (self.problem, self.detail, self.waitNanoseconds) = (problem, detail, waitNanoseconds)
        (self.fields, self.faults) = (fields, faults)
    }

    /// As `application/problem+json` (RFC 9457) with the members that the data plane's problems have.
    package func response(to requestID: String) -> Response {
        let (fields, body) = content(to: requestID)
        return Response(status: problem.row.status, headers: fields, body: .init(byteBuffer: ByteBuffer(bytes: body)))
    }

    /// The same as fields and bytes.
    func content(to requestID: String) -> (fields: HTTPFields, body: [UInt8]) {
        let row = problem.row
        var json = JSONText()
        json.object { json in
            json.member("type", "/problems/" + problem.rawValue)
            json.member("title", row.title)
            json.member("status", Int64(row.status.code))
            json.member("detail", detail ?? row.detail)
            json.member("instance", "/requests/" + requestID)
            json.member("errorCode", row.code)
            json.member("error", row.title)
            json.member("retryable", row.isRetryable)
            if let waitNanoseconds { json.member("retryAfterMilliseconds", (waitNanoseconds + 999_999) / 1_000_000) }
            if !faults.isEmpty { json.member("faults", texts: faults) }
        }
        var fields = fields
        fields[.contentType] = "application/problem+json"
        fields[.cacheControl] = "no-store"
        fields[.xContentTypeOptions] = "nosniff"
        fields[RequestName.field] = requestID
        if let waitNanoseconds { fields[.retryAfter] = String((waitNanoseconds + 999_999_999) / 1_000_000_000) }
        if row.status == .unauthorized { fields[.wwwAuthenticate] = "Bearer realm=\"admin\"" }
        return (fields, json.bytes)
    }
}

/// What a request is called in its answer and in the log.
package enum RequestName {
    /// `X-Request-Id`.
    package static let field: HTTPField.Name = {
        guard let name = HTTPField.Name("X-Request-Id") else { preconditionFailure("the name is a token") }
        return name
    }()

    /// 48 bits of milliseconds, then 80 random ones, as hexadecimal digits.
    package static func make(at now: WallTime, _ random: RandomBytes) -> String {
        let milliseconds = UInt64(max(now.nanoseconds / 1_000_000, 0))
        let bytes = (0..<6).map { UInt8(truncatingIfNeeded: milliseconds >> UInt64(40 - $0 * 8)) } + random(10)
        return bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}
