import Registry

/// The last part of a problem's `type`: stable names that clients may switch on.
package enum ProblemSlug: UInt8, CaseIterable, Sendable {
    case malformedRequest, badParameter
    case missingKey, unknownKey, mistypedKey, revokedKey, missingCitizenToken, foreignCitizenToken
    case applicationState, scopeNotGranted, addressNotAllowed, wrongEnvironment, certificateRequired
    case noSuchRoute, methodNotAllowed, requestTimeout, bodyTooLarge, targetTooLong, expectationFailed, headTooLarge
    case rateLimited, dailyQuota, tooManyFailures, tooManyInFlight
    case notImplemented, version
    case coreStoreFailed, coreStoreUnavailable, coreStoreTimeout, outcomeUnknown
    // Records have a problem's place in this list: what is new stands at its end.
    case noSuchDecision, decisionsBusy, askedTooOften

    /// The spelling in `type` and in the page's path.
    package var text: StaticString {
        switch self {
        case .malformedRequest: "malformed-request"
        case .badParameter: "bad-parameter"
        case .missingKey: "missing-key"
        case .unknownKey: "unknown-key"
        case .mistypedKey: "mistyped-key"
        case .revokedKey: "revoked-key"
        case .missingCitizenToken: "missing-citizen-token"
        case .foreignCitizenToken: "foreign-citizen-token"
        case .applicationState: "application-state"
        case .scopeNotGranted: "scope-not-granted"
        case .addressNotAllowed: "address-not-allowed"
        case .wrongEnvironment: "wrong-environment"
        case .certificateRequired: "certificate-required"
        case .noSuchRoute: "no-such-route"
        case .methodNotAllowed: "method-not-allowed"
        case .requestTimeout: "request-timeout"
        case .bodyTooLarge: "body-too-large"
        case .targetTooLong: "target-too-long"
        case .expectationFailed: "expectation-failed"
        case .headTooLarge: "head-too-large"
        case .rateLimited: "rate-limited"
        case .dailyQuota: "daily-quota"
        case .tooManyFailures: "too-many-failures"
        case .tooManyInFlight: "too-many-in-flight"
        case .notImplemented: "not-implemented"
        case .version: "version"
        case .coreStoreFailed: "core-store-failed"
        case .coreStoreUnavailable: "core-store-unavailable"
        case .coreStoreTimeout: "core-store-timeout"
        case .outcomeUnknown: "outcome-unknown"
        case .noSuchDecision: "no-such-decision"
        case .decisionsBusy: "decisions-busy"
        case .askedTooOften: "asked-too-often"
        }
    }

    /// A refusal that reads as this problem, for its page.
    package var example: Refusal {
        let level = LevelReading(scope: .search, quota: 100, windowSeconds: 300, remaining: 0, secondsToFull: 299)
        return switch self {
        case .malformedRequest: .malformedRequest("The field name is followed by a space.")
        case .badParameter: .badParameter(route: 0, parameter: 0, fault: .outOfForm)
        case .missingKey: .missingKey
        case .unknownKey: .unknownKey
        case .mistypedKey: .mistypedKey
        case .revokedKey: .revokedKey
        case .missingCitizenToken: .missingCitizenToken
        case .foreignCitizenToken: .foreignCitizenToken
        case .applicationState: .applicationState(.suspended)
        case .scopeNotGranted: .scopeNotGranted(.booking)
        case .addressNotAllowed: .addressNotAllowed
        case .wrongEnvironment: .wrongEnvironment
        case .certificateRequired: .certificateRequired(isShown: false)
        case .noSuchRoute: .noSuchRoute
        case .methodNotAllowed: .methodNotAllowed(allowed: MethodSet(rawValue: 1 << RouteMethod.get.rawValue))
        case .requestTimeout: .requestTimeout
        case .bodyTooLarge: .bodyTooLarge(limitBytes: 16_384)
        case .targetTooLong: .targetTooLong
        case .expectationFailed: .expectationFailed
        case .headTooLarge: .headTooLarge
        case .rateLimited: .rateLimited(waitNanoseconds: 2_417_000_000, level: level)
        case .dailyQuota: .dailyQuota(waitNanoseconds: 31_284_417_000_000, level: level)
        case .tooManyFailures: .tooManyFailures(waitNanoseconds: 14_200_000_000)
        case .tooManyInFlight: .tooManyInFlight(level: level)
        case .notImplemented: .notImplemented
        case .version: .version
        case .coreStoreFailed: .coreStoreFailed
        case .coreStoreUnavailable: .coreStoreUnavailable(retryAfterSeconds: 5)
        case .coreStoreTimeout: .coreStoreTimeout
        case .outcomeUnknown: .outcomeUnknown
        case .noSuchDecision: .noSuchDecision(areKept: true)
        case .decisionsBusy: .decisionsBusy
        case .askedTooOften: .askedTooOften(waitNanoseconds: 1_000_000_000)
        }
    }
}
