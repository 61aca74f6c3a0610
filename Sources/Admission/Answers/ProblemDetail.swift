import Registry

extension ProblemSlug {
    /// What the caller reads in `detail`: what happened and what to do, the same each time.
    var detail: StaticString {
        switch self {
        case .malformedRequest: "The request is not well-formed HTTP/1.1."
        case .badParameter: "A query parameter is missing, repeated or out of form."
        case .missingKey: "This call needs the application's key in the field x-api-key."
        case .unknownKey: "The key in x-api-key belongs to no application."
        case .mistypedKey: "The key in x-api-key is mistyped or cut short: its checksum does not match."
        case .revokedKey: "The key in x-api-key was revoked or has ended. Use the application's current key."
        case .missingCitizenToken: "This call needs a citizen's token: Authorization: Bearer, from confirmOTP."
        case .foreignCitizenToken: "The citizen's token was obtained through another application. Ask for a new OTP through this one."
        case .applicationState: "A key of this environment does not work in the application's state."
        case .scopeNotGranted: "The application was not granted this family of calls, or its plan has no allowance for it."
        case .addressNotAllowed: "The call came from an address that is not on the application's allow-list."
        case .wrongEnvironment: "The key is spelt for one environment and registered for the other. Ask for a new key."
        case .certificateRequired: CertificateDetail.text(isShown: false)
        case .noSuchRoute: "No call of this API has this path; paths are matched exactly."
        case .methodNotAllowed: "This path does not answer to this method; the field Allow names those it does."
        case .requestTimeout: "The request was not complete in time. Send it again."
        case .bodyTooLarge: "The body is longer than this call takes."
        case .targetTooLong: "The path and query together are too long."
        case .expectationFailed: "The only expectation this gateway meets is 100-continue."
        case .headTooLarge: "The request's head has too many bytes or too many fields."
        case .rateLimited: "The bucket of this family of calls cannot pay for this call yet. It can after the wait given."
        case .dailyQuota: "The application has used up today's quota of this family of calls. The next day begins after the wait given."
        case .tooManyFailures: "Too many calls from this address showed a key that is not good. The next is judged after the wait given."
        case .tooManyInFlight: "As many of the application's calls of this family as may run at once are running. Wait for one to end."
        case .notImplemented: "The only transfer coding this gateway takes is chunked."
        case .version: "This gateway speaks HTTP/1.1 and HTTP/1.0."
        case .coreStoreFailed: "The core store failed to answer properly. The request id finds what happened."
        case .coreStoreUnavailable: "The core store cannot be reached just now."
        case .coreStoreTimeout: "The core store did not answer in time."
        case .outcomeUnknown: "The call was passed on and no answer came back: it may or may not have been done. Look before repeating it."
        case .noSuchDecision: "No request of this application's has this id, or its record is not kept any more."
        case .decisionsBusy: "Too many ask about decisions just now. The calls themselves are not affected."
        case .askedTooOften:
            "The application asks for this gateway's own pages faster than it may. Its calls to the API are not affected."
        }
    }
}

/// What a bound application's call lacked; fingerprints are never echoed.
enum CertificateDetail {
    static func text(isShown: Bool) -> StaticString {
        isShown
            ? "The application is bound to client certificates, and the one this connection showed is not among them."
            : "The application is bound to client certificates, and this connection showed none: its key alone is not enough."
    }
}

/// What is said on the gateway's own pages in place of what they have to say.
enum OwnPageDetail {
    static let noDecisions: StaticString = "This gateway keeps no records of its decisions, so there is nothing to explain."
}

extension ParameterFault {
    /// The detail of a bad parameter.
    var detail: StaticString {
        switch self {
        case .missing: "A query parameter that this call needs is missing."
        case .repeated: "A query parameter is given more than once."
        case .outOfForm: "A query parameter is out of form. Dates are DD-MM-YYYY, codes are digits."
        }
    }
}

extension ApplicationState {
    /// The detail when a key does not work in this state: what has to happen next.
    var refusalDetail: StaticString {
        switch self {
        case .draft: "The application is a draft: submit it for review first."
        case .submitted: "The application is submitted and waits for review: no key works yet."
        case .inReview: "The application is in review: no key works yet."
        case .changesRequested: "Changes were requested: make them and submit the application again."
        case .rejected: "The application was rejected."
        case .sandbox: "The application is in the sandbox: only its sandbox key works until it goes live."
        case .certifying: "The application is being certified: only its sandbox key works until it goes live."
        case .approved: "The application is approved but not live: its production key works once it goes live."
        case .live: "The application is live, but not for this key."
        case .suspended: "The application is suspended: no key works until it is resumed."
        case .revoked: "The application was revoked: no key works."
        case .withdrawn: "The application was withdrawn and its 30 days are over: no key works."
        }
    }
}
