/// What a problem's page tells a partner's developer beyond the answer itself.
struct ProblemGuidance: Sendable {
    /// Why the gateway answers so.
    var meaning: String
    /// What to do now, a step each, the likeliest first.
    var steps: [String]

    init(_ meaning: String, _ steps: String...) {
        self.meaning = meaning
        self.steps = steps
    }

    /// A page's worth for each problem; a test sees that none is missing.
    static let all: [ProblemSlug: ProblemGuidance] = requests.merging(identities) { first, _ in first }.merging(services) { first, _ in
        first
    }

    private static let requests: [ProblemSlug: ProblemGuidance] = [
        .malformedRequest: ProblemGuidance(
            "Not every reader would understand the bytes sent alike, so the gateway does not guess. The connection was closed.",
            "Read detail: it names the rule that was broken.",
            "Use an HTTP library instead of writing requests by hand, and check any proxy between you and the gateway.",
            "In paths, do not send dot segments, doubled slashes or an encoded slash."),
        .badParameter: ProblemGuidance(
            "Queries are read strictly, so that one question has one spelling. Parameters the call does not know are ignored.",
            "Read the members parameter and expected: they name the parameter and the form it must have.",
            "Write dates as DD-MM-YYYY with leading zeros (08-06-2021), codes as plain digits, and each parameter once."),
        .noSuchRoute: ProblemGuidance(
            "Paths are matched exactly, including upper and lower case, and a path ends where the documentation ends it.",
            "Compare the path with the API's documentation; all paths begin with /api/v2.",
            "Remove a slash at the end."),
        .methodNotAllowed: ProblemGuidance(
            "The path exists and the method is another one.",
            "Use a method named in the field Allow."),
        .requestTimeout: ProblemGuidance(
            "The request was begun and not finished within the gateway's limit, so the connection was closed.",
            "Send the request again on a new connection.",
            "If it happens often, look at the network between you and the gateway, and send the body at once."),
        .bodyTooLarge: ProblemGuidance(
            "Each call has a limit on its body, far above what a valid one needs.",
            "Check that you send this call's own body, and once."),
        .targetTooLong: ProblemGuidance(
            "The path and query together exceed the gateway's limit, far above what a valid call needs.",
            "Remove parameters that the call does not have."),
        .expectationFailed: ProblemGuidance(
            "The field Expect asks for something that this gateway does not do.",
            "Send no Expect field, or 100-continue alone."),
        .headTooLarge: ProblemGuidance(
            "The fields of the request exceed 16 KiB or 100 fields in all.",
            "Do not send cookies: the gateway uses none.",
            "Check that your client does not add the same fields again at each retry."),
        .notImplemented: ProblemGuidance(
            "The field Transfer-Encoding names a coding other than chunked.",
            "Send the body with Content-Length, or chunked and not compressed."),
        .version: ProblemGuidance(
            "The request's first line names a version of HTTP that this gateway does not speak.",
            "Use HTTP/1.1."),
    ]

    private static let identities: [ProblemSlug: ProblemGuidance] = [
        .missingKey: ProblemGuidance(
            "Every call but the public ones names the application that makes it.",
            "Send the key you were issued in the field x-api-key.",
            "If you do send it, check that no proxy removes the field."),
        .unknownKey: ProblemGuidance(
            "The key was never issued by this gateway, or it is not a key at all.",
            "Check that you call the gateway that issued the key.",
            "If the key is lost, issue another: a key is shown only once and cannot be looked up.",
            "Do not try keys: after 20 failures an address has to wait 15 seconds for each further one."),
        .mistypedKey: ProblemGuidance(
            "A key ends in a checksum of all before it, and this one's does not match: it was mistyped or cut short.",
            "Copy the whole key again; it begins with pgw_sandbox_ or pgw_production_ and 49 letters and digits follow."),
        .revokedKey: ProblemGuidance(
            "The key was good once. It was revoked, or rotated and its time of grace is over.",
            "Use the application's current key; its names and states are in the list of keys.",
            "If nobody of yours revoked it, ask the onboarding team: a key found in public is revoked at once."),
        .missingCitizenToken: ProblemGuidance(
            "The call reads or changes what belongs to a citizen, so it must name the citizen as well as the application.",
            "Ask for an OTP (generateOTP), confirm it (confirmOTP), and send the token as Authorization: Bearer.",
            "A token lives 15 minutes. When it has ended, ask for a new OTP."),
        .foreignCitizenToken: ProblemGuidance(
            "A citizen agrees to one application at a time: a token works only for the application that obtained it.",
            "Ask for a new OTP with the key you are making this call with.",
            "Do not hand tokens from one of your applications to another."),
        .applicationState: ProblemGuidance(
            "An application passes from draft to live in steps, and each step opens certain keys: sandbox keys work from the sandbox on, "
                + "production keys once it is live. A suspended or revoked application's keys do not work.",
            "Read the member state: it names where the application stands, and detail says what comes next.",
            "Ask the onboarding team if the state is not the one you expect. Trying again changes nothing."),
        .scopeNotGranted: ProblemGuidance(
            "Calls come in families (scopes), and an application is granted those it asked for and needs.",
            "Read the member scope and compare it with those of your application.",
            "Ask the onboarding team for the scope, and say what for."),
        .addressNotAllowed: ProblemGuidance(
            "The application has a list of addresses it calls from, and this call came from another.",
            "Call from one of those addresses, or have the list changed."),
        .certificateRequired: ProblemGuidance(
            "The application is bound to client certificates, so that its key is of no use to anyone who lacks their private keys.",
            "Connect by TLS to the listener that asks for certificates, with one of those the application is bound to.",
            "If the certificate was renewed, have the new one's SHA-256 fingerprint added before you switch.",
            "If you never asked for this, ask the onboarding team: application show names the fingerprints."),
        .wrongEnvironment: ProblemGuidance(
            "The key's spelling and its registration disagree on sandbox or production. This is rare, and not of your making.",
            "Have a new key issued and this one revoked."),
    ]

    private static let services: [ProblemSlug: ProblemGuidance] = [
        .rateLimited: ProblemGuidance(
            "Each application has a bucket of tokens for each family of calls. It fills evenly, calls spend from it, and it is empty. "
                + "A refused call costs nothing, and no other application can empty your bucket.",
            "Wait as long as retryAfterMilliseconds says, which is exact, and then send the call again.",
            "Watch the field RateLimit: r is how many tokens are left and t the seconds until the bucket is full.",
            "If normal use meets this limit, ask for a larger plan. A second application to get a second bucket is not the way."),
        .dailyQuota: ProblemGuidance(
            "Beside its bucket, a plan may allow so many tokens of a family of calls a calendar day, whose beginning the platform sets. "
                + "Today's are used up. A refused call costs nothing.",
            "Wait as long as retryAfterMilliseconds says: that is when the next day begins.",
            "Watch the field RateLimit: the item whose name ends in -day says in r how many tokens are left today.",
            "Keep answers for as long as they are fresh instead of asking again. If normal use meets this limit, ask for a larger plan."),
        .tooManyInFlight: ProblemGuidance(
            "A plan may bound how many calls of a family an application has running at once, so that one that waits for slow answers does "
                + "not fill the system behind the gateway. The refused call cost nothing.",
            "Wait for one of the running calls to end, then send it again; Retry-After is a suggestion here, for nobody knows the wait.",
            "Send calls through a queue of fixed width instead of all at once."),
        .tooManyFailures: ProblemGuidance(
            "Calls from your address came with keys that are unknown, mistyped or revoked, 20 of them at once or more than 4 a minute. "
                + "Calls with a good key are not affected, whatever their address.",
            "Correct the key; the earlier answers say what was wrong with it.",
            "Otherwise wait as long as retryAfterMilliseconds says."),
        .coreStoreFailed: ProblemGuidance(
            "The gateway passed the call on, and the system behind it failed or answered in a way that cannot be passed back.",
            "Send a GET again after a short while.",
            "If it goes on, report the request id of the field X-Request-Id."),
        .coreStoreUnavailable: ProblemGuidance(
            "The system behind the gateway cannot be reached, or says that it is not ready. The call was not done.",
            "Wait as the field Retry-After says, or a few seconds where there is none, and send a GET again.",
            "Lengthen the wait each time it fails."),
        .coreStoreTimeout: ProblemGuidance(
            "The system behind the gateway did not answer within the time this call has.",
            "Send a GET again after a short while."),
        .outcomeUnknown: ProblemGuidance(
            "A call that changes something was passed on and its answer was lost. It may or may not have been done.",
            "Look first: read the citizen's beneficiaries and appointments again, then decide.",
            "Do not simply repeat the call."),
        .noSuchDecision: ProblemGuidance(
            "Under /decisions/ an application finds what became of its own requests, by their ids. Of another's it learns nothing, "
                + "not even that there is one.",
            "Ask with a key of the application that made the request.",
            "Take the id as it stands in the field X-Request-Id, 32 digits in lower case, or follow a problem's member instance.",
            "Ask soon: records are kept for some days. A request that is still running has none yet."),
        .decisionsBusy: ProblemGuidance(
            "Explaining a decision means reading the log, which is done beside the traffic and never at its cost. At the moment more is "
                + "asked than can be read.",
            "Wait as the field Retry-After says, and ask again."),
        .askedTooOften: ProblemGuidance(
            "What an application asks about itself, its limits and decisions, costs nothing of its plan, and has a bound of its own: 30 at "
                + "once, then one a second.",
            "Wait as the field Retry-After says, and ask again.",
            "Read the fields RateLimit and RateLimit-Policy of each answer instead: they say the same without a question."),
    ]
}

extension ProblemSlug {
    /// What to do about it, in one sentence: the likeliest of its page's steps.
    package var advice: String? { ProblemGuidance.all[self]?.steps.first }
}
