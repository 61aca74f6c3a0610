package import Registry

/// Why a request gets no answer of the core store's: the partner's doing, or the core store's seen from outside; `problem(for:)` says how it
/// reads. Payloads are small and trivially copied: refusing allocates nothing.
package enum Refusal: Error, Sendable {
    /// Not HTTP as RFC 9112 has it, or not a target this gateway passes on; the sentence says what is wrong.
    case malformedRequest(StaticString)
    /// A query parameter of the route is missing, repeated or out of form; `parameter` indexes the route's parameters.
    case badParameter(route: Int, parameter: Int, fault: ParameterFault)
    /// A protected route without `x-api-key`.
    case missingKey
    /// A key nobody was given.
    case unknownKey
    /// A key whose checksum does not match: a typing error.
    case mistypedKey
    /// A key that was revoked, or was retiring and has ended.
    case revokedKey
    /// The route needs a citizen and no Bearer token came.
    case missingCitizenToken
    /// The citizen's token was obtained through another application.
    case foreignCitizenToken
    /// The key's environment is not open to an application in this state.
    case applicationState(ApplicationState)
    /// The application was not granted the route's scope, or its plan has no bucket for it.
    case scopeNotGranted(Scope)
    /// The client's address is not on the application's allow-list.
    case addressNotAllowed
    /// The application is bound to client certificates, and none came (`isShown` false) or another one did.
    case certificateRequired(isShown: Bool)
    /// The key is spelt for one environment and registered for the other.
    case wrongEnvironment
    /// No route has this path.
    case noSuchRoute
    /// The path has routes, none of this method.
    case methodNotAllowed(allowed: MethodSet)
    /// The request was not complete in time.
    case requestTimeout
    /// The body is longer than the route takes.
    case bodyTooLarge(limitBytes: Int64)
    /// The request target is too long.
    case targetTooLong
    /// The client expects something other than 100 (Continue).
    case expectationFailed
    /// The head has too many bytes or fields.
    case headTooLarge
    /// The bucket cannot pay; the request is admitted after exactly this wait, if nothing else spends.
    case rateLimited(waitNanoseconds: Int64, level: LevelReading)
    /// The day's quota cannot pay; it is admitted after exactly this wait, when the next day begins.
    case dailyQuota(waitNanoseconds: Int64, level: LevelReading)
    /// As many of the application's requests as may be are in flight.
    case tooManyInFlight(level: LevelReading)
    /// The application asked for the gateway's own pages too often; the next is answered after this wait.
    case askedTooOften(waitNanoseconds: Int64)
    /// Too many failed authentications from this address; the next one is judged after this wait.
    case tooManyFailures(waitNanoseconds: Int64)
    /// A transfer coding other than chunked.
    case notImplemented
    /// Not HTTP/1.0 or HTTP/1.1.
    case version
    /// The core store answered 5xx or nonsense.
    case coreStoreFailed
    /// The core store cannot be reached or says 503; with its own `Retry-After` where it gave one.
    case coreStoreUnavailable(retryAfterSeconds: Int64?)
    /// The core store did not answer in time; nothing was changed by a GET.
    case coreStoreTimeout
    /// A writing call was passed on and no answer came: it may or may not have been done.
    case outcomeUnknown
    /// No request of the application that asks has the id; where `areKept` is false nobody's has, for no records are kept.
    case noSuchDecision(areKept: Bool)
    /// Too many ask for decisions at once, or the disk is too slow.
    case decisionsBusy
}

/// What is wrong with a query parameter.
package enum ParameterFault: UInt8, CaseIterable, Sendable {
    case missing, repeated, outOfForm

    /// The fault in words, to follow the parameter's name.
    package var words: StaticString {
        switch self {
        case .missing: "is missing"
        case .repeated: "is given more than once"
        case .outOfForm: "is out of form"
        }
    }
}

/// The methods a path answers to, for the `Allow` field.
package struct MethodSet: OptionSet, Sendable {
    /// Bit n is the method whose raw value is n.
    package var rawValue: UInt8

    /// A set from its bits.
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Adds a method.
    package mutating func insert(_ method: RouteMethod) { rawValue |= 1 << method.rawValue }

    /// Whether the method is in the set.
    package func contains(_ method: RouteMethod) -> Bool { rawValue & (1 << method.rawValue) != 0 }
}
