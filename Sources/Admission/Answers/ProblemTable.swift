import Registry

/// The one table from refusal to answer: no default, so a new refusal does not build until it reads as something.
package func problem(for refusal: Refusal) -> Problem {
    switch refusal {
    case .malformedRequest(let fault): row(.malformedRequest, detail: fault)
    case .badParameter(_, _, let fault): row(.badParameter, detail: fault.detail)
    case .missingKey: row(.missingKey)
    case .unknownKey: row(.unknownKey)
    case .mistypedKey: row(.mistypedKey)
    case .revokedKey: row(.revokedKey)
    case .missingCitizenToken: row(.missingCitizenToken)
    case .foreignCitizenToken: row(.foreignCitizenToken)
    case .applicationState(let state): row(.applicationState, detail: state.refusalDetail)
    case .scopeNotGranted: row(.scopeNotGranted)
    case .addressNotAllowed: row(.addressNotAllowed)
    case .wrongEnvironment: row(.wrongEnvironment)
    case .certificateRequired(let isShown): row(.certificateRequired, detail: CertificateDetail.text(isShown: isShown))
    case .noSuchRoute: row(.noSuchRoute)
    case .methodNotAllowed: row(.methodNotAllowed)
    case .requestTimeout: row(.requestTimeout)
    case .bodyTooLarge: row(.bodyTooLarge)
    case .targetTooLong: row(.targetTooLong)
    case .expectationFailed: row(.expectationFailed)
    case .headTooLarge: row(.headTooLarge)
    case .rateLimited: row(.rateLimited)
    case .askedTooOften: row(.rateLimited, detail: OwnPageDetail.askedTooOften)
    case .dailyQuota: row(.dailyQuota)
    case .tooManyFailures: row(.tooManyFailures)
    case .tooManyInFlight: row(.tooManyInFlight)
    case .notImplemented: row(.notImplemented)
    case .version: row(.version)
    case .coreStoreFailed: row(.coreStoreFailed)
    case .coreStoreUnavailable: row(.coreStoreUnavailable)
    case .coreStoreTimeout: row(.coreStoreTimeout)
    case .outcomeUnknown: row(.outcomeUnknown)
    }
}

/// One row of the contract: status, code, title and whether a retry helps.
private func row(_ slug: ProblemSlug, detail: StaticString? = nil) -> Problem {
    func row(_ status: Int, _ errorCode: StaticString, _ title: StaticString, _ retry: Problem.Retry = .never) -> Problem {
        Problem(slug: slug, status: status, errorCode: errorCode, title: title, detail: detail ?? slug.detail, retry: retry)
    }
    return switch slug {
    case .malformedRequest: row(400, "GWREQ0001", "Malformed request")
    case .badParameter: row(400, "GWREQ0002", "Bad parameter")
    case .missingKey: row(401, "GWAUT0001", "Missing key")
    case .unknownKey: row(401, "GWAUT0002", "Unknown key")
    case .mistypedKey: row(401, "GWAUT0003", "Mistyped key")
    case .revokedKey: row(401, "GWAUT0004", "Revoked key")
    case .missingCitizenToken: row(401, "GWAUT0005", "Missing citizen token", .afterNewToken)
    case .foreignCitizenToken: row(401, "GWAUT0006", "Another application's citizen token", .afterNewToken)
    case .applicationState: row(403, "GWAPP0001", "Not in this application state")
    case .scopeNotGranted: row(403, "GWAPP0002", "Scope not granted")
    case .addressNotAllowed: row(403, "GWAPP0003", "Address not allowed")
    case .wrongEnvironment: row(403, "GWAPP0004", "Wrong environment")
    case .certificateRequired: row(403, "GWAPP0005", "Certificate required")
    case .noSuchRoute: row(404, "GWREQ0004", "No such route")
    case .methodNotAllowed: row(405, "GWREQ0005", "Method not allowed")
    case .requestTimeout: row(408, "GWREQ0008", "Request timeout", .yes)
    case .bodyTooLarge: row(413, "GWREQ0013", "Body too large")
    case .targetTooLong: row(414, "GWREQ0014", "Target too long")
    case .expectationFailed: row(417, "GWREQ0017", "Expectation failed")
    case .headTooLarge: row(431, "GWREQ0031", "Head too large")
    case .rateLimited: row(429, "GWLIM0001", "Rate limited", .yes)
    case .dailyQuota: row(429, "GWLIM0002", "Daily quota used up", .yes)
    case .tooManyFailures: row(429, "GWLIM0003", "Too many failed authentications", .yes)
    case .tooManyInFlight: row(429, "GWLIM0004", "Too many requests in flight", .yes)
    case .notImplemented: row(501, "GWREQ0501", "Transfer coding not implemented")
    case .version: row(505, "GWREQ0505", "HTTP version not supported")
    case .coreStoreFailed: row(502, "GWCOR0001", "Core store failed", .ifRepeatable)
    case .coreStoreUnavailable: row(503, "GWCOR0002", "Core store unavailable", .ifRepeatable)
    case .coreStoreTimeout: row(504, "GWCOR0003", "Core store timeout", .ifRepeatable)
    case .outcomeUnknown: row(504, "GWCOR0004", "Outcome unknown", .ifRepeatable)
    }
}
