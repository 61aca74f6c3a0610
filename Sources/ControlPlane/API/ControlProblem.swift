import HTTPTypes

/// What the control plane does not do, in names that programs may switch on; where the data plane refuses for the same cause, it has the same
/// name and code. Each is explained at `/problems/<slug>` of the control plane.
package enum ControlProblem: String, CaseIterable, Sendable {
    case malformedRequest = "malformed-request", badParameter = "bad-parameter", noSuchRoute = "no-such-route"
    case methodNotAllowed = "method-not-allowed", bodyTooLarge = "body-too-large", rateLimited = "rate-limited"
    case tooManyFailures = "too-many-failures"
    case signInNeeded = "sign-in-needed", missingToken = "missing-token", unknownToken = "unknown-token"
    case mistypedToken = "mistyped-token", endedToken = "ended-token", tokenScope = "token-scope", notAllowed = "not-allowed"
    case notThere = "not-there", notNow = "not-now", gone, changedMeanwhile = "changed-meanwhile"
    case unsupportedType = "unsupported-type", notAccepted = "not-accepted", preconditionNeeded = "precondition-needed"
    case gatewayFailed = "gateway-failed", unavailable
    case addressNotAllowed = "address-not-allowed"

    /// How it reads; the detail stands where nobody knows better.
    struct Row {
        let status: HTTPResponse.Status
        let code: String
        let title: String
        let detail: String
        /// Whether the very same request may succeed later.
        var isRetryable = false
    }

    /// Its row of the contract.
    var row: Row {
        switch self {
        case .malformedRequest:
            Row(status: .badRequest, code: "GWREQ0001", title: "Malformed request", detail: "The request cannot be read.")
        case .badParameter:
            Row(status: .badRequest, code: "GWREQ0002", title: "Bad parameter", detail: "A parameter is missing, repeated or out of form.")
        case .noSuchRoute:
            Row(status: .notFound, code: "GWREQ0004", title: "No such route", detail: "Nothing of the control plane has this path.")
        case .methodNotAllowed:
            Row(
                status: .methodNotAllowed, code: "GWREQ0005", title: "Method not allowed",
                detail: "This path does not answer to this method; the field Allow names those it does.")
        case .bodyTooLarge:
            Row(status: .contentTooLarge, code: "GWREQ0013", title: "Body too large", detail: "The body is longer than this call takes.")
        case .rateLimited:
            Row(
                status: .tooManyRequests, code: "GWLIM0001", title: "Rate limited",
                detail: "This token asks faster than it may. It may again after the wait given.", isRetryable: true)
        case .tooManyFailures:
            Row(
                status: .tooManyRequests, code: "GWLIM0003", title: "Too many failed authentications",
                detail: "Too many from this address failed to prove who they are. The next is looked at after the wait given.",
                isRetryable: true)
        default: identityRow
        }
    }

    private var identityRow: Row {
        switch self {
        case .signInNeeded:
            Row(
                status: .unauthorized, code: "GWADM0001", title: "Sign-in needed",
                detail: "This page is for people who are signed in to the console. Programs use /admin/v1 with a token.")
        case .missingToken:
            Row(
                status: .unauthorized, code: "GWADM0002", title: "Missing token",
                detail: "This call needs a personal access token: Authorization: Bearer pgw_pat_... Cookies count for nothing here.")
        case .unknownToken: Row(status: .unauthorized, code: "GWADM0003", title: "Unknown token", detail: "There is no such token.")
        case .mistypedToken:
            Row(
                status: .unauthorized, code: "GWADM0004", title: "Mistyped token",
                detail: "The token is mistyped or cut short: its checksum does not match.")
        case .endedToken:
            Row(
                status: .unauthorized, code: "GWADM0005", title: "Ended token",
                detail: "The token has expired or was revoked, or its account is disabled.")
        case .tokenScope:
            Row(status: .forbidden, code: "GWADM0006", title: "Scope of the token", detail: "The token was not made for this call.")
        case .notAllowed: Row(status: .forbidden, code: "GWADM0007", title: "Not allowed", detail: "The account's roles do not allow this.")
        case .addressNotAllowed:
            Row(
                status: .forbidden, code: "GWAPP0003", title: "Address not allowed",
                detail: "This page is for the machine that the gateway runs on, and for the addresses that it was told of.")
        default: contentRow
        }
    }

    private var contentRow: Row {
        switch self {
        case .notThere: Row(status: .notFound, code: "GWADM0008", title: "Not there", detail: "There is nothing of this name.")
        case .notNow:
            Row(status: .conflict, code: "GWADM0009", title: "Not now", detail: "What is asked for does not go with how things stand.")
        case .gone: Row(status: .gone, code: "GWADM0010", title: "Gone", detail: "It was used, has expired, or was replaced.")
        case .changedMeanwhile:
            Row(
                status: .preconditionFailed, code: "GWADM0011", title: "Changed meanwhile",
                detail: "Somebody has changed it since you looked. Look again, and then decide.")
        case .unsupportedType:
            Row(
                status: .unsupportedMediaType, code: "GWADM0012", title: "Unsupported type",
                detail: "This call does not take a body of that Content-Type.")
        case .notAccepted:
            Row(
                status: .unprocessableContent, code: "GWADM0013", title: "Not accepted",
                detail: "What was sent can be read, and does not do.")
        case .preconditionNeeded:
            Row(
                status: .preconditionRequired, code: "GWADM0014", title: "Precondition needed",
                detail: "A decision names what it was made on: If-Match with the ETag of the application, or * for whatever it now is.")
        case .unavailable:
            Row(
                status: .serviceUnavailable, code: "GWADM0503", title: "Not available", detail: "This cannot be answered just now.",
                isRetryable: true)
        default:
            Row(
                status: .internalServerError, code: "GWADM0500", title: "The gateway failed",
                detail: "It is our fault. The request's id finds in the log what happened.")
        }
    }

    /// What an answer without words of its own means, by its status.
    init(_ status: HTTPResponse.Status) {
        self =
            switch status {
            case .badRequest: .malformedRequest
            case .unauthorized: .signInNeeded
            case .forbidden: .notAllowed
            case .notFound: .noSuchRoute
            case .methodNotAllowed: .methodNotAllowed
            case .conflict: .notNow
            case .gone: .gone
            case .preconditionFailed: .changedMeanwhile
            case .contentTooLarge: .bodyTooLarge
            case .unsupportedMediaType: .unsupportedType
            case .unprocessableContent: .notAccepted
            case .preconditionRequired: .preconditionNeeded
            case .tooManyRequests: .tooManyFailures
            case .serviceUnavailable: .unavailable
            default: status.kind == .clientError ? .malformedRequest : .gatewayFailed
            }
    }
}
