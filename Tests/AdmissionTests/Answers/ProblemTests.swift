import Admission
import Registry
import Support
import Testing

/// The one answer contract.
struct ProblemTests {
    static let contract: [(ProblemSlug, String, Int, String, again: Bool, getAgain: Bool)] = [
        (.malformedRequest, "malformed-request", 400, "GWREQ0001", false, false),
        (.badParameter, "bad-parameter", 400, "GWREQ0002", false, false),
        (.missingKey, "missing-key", 401, "GWAUT0001", false, false),
        (.unknownKey, "unknown-key", 401, "GWAUT0002", false, false),
        (.mistypedKey, "mistyped-key", 401, "GWAUT0003", false, false),
        (.revokedKey, "revoked-key", 401, "GWAUT0004", false, false),
        (.missingCitizenToken, "missing-citizen-token", 401, "GWAUT0005", false, false),
        (.foreignCitizenToken, "foreign-citizen-token", 401, "GWAUT0006", false, false),
        (.applicationState, "application-state", 403, "GWAPP0001", false, false),
        (.scopeNotGranted, "scope-not-granted", 403, "GWAPP0002", false, false),
        (.addressNotAllowed, "address-not-allowed", 403, "GWAPP0003", false, false),
        (.wrongEnvironment, "wrong-environment", 403, "GWAPP0004", false, false),
        (.certificateRequired, "certificate-required", 403, "GWAPP0005", false, false),
        (.noSuchRoute, "no-such-route", 404, "GWREQ0004", false, false),
        (.methodNotAllowed, "method-not-allowed", 405, "GWREQ0005", false, false),
        (.requestTimeout, "request-timeout", 408, "GWREQ0008", true, true),
        (.bodyTooLarge, "body-too-large", 413, "GWREQ0013", false, false),
        (.targetTooLong, "target-too-long", 414, "GWREQ0014", false, false),
        (.expectationFailed, "expectation-failed", 417, "GWREQ0017", false, false),
        (.headTooLarge, "head-too-large", 431, "GWREQ0031", false, false),
        (.rateLimited, "rate-limited", 429, "GWLIM0001", true, true),
        (.dailyQuota, "daily-quota", 429, "GWLIM0002", true, true),
        (.tooManyFailures, "too-many-failures", 429, "GWLIM0003", true, true),
        (.tooManyInFlight, "too-many-in-flight", 429, "GWLIM0004", true, true),
        (.notImplemented, "not-implemented", 501, "GWREQ0501", false, false),
        (.version, "version", 505, "GWREQ0505", false, false),
        (.coreStoreFailed, "core-store-failed", 502, "GWCOR0001", false, true),
        (.coreStoreUnavailable, "core-store-unavailable", 503, "GWCOR0002", false, true),
        (.coreStoreTimeout, "core-store-timeout", 504, "GWCOR0003", false, true),
        (.outcomeUnknown, "outcome-unknown", 504, "GWCOR0004", false, true),
        (.noSuchDecision, "no-such-decision", 404, "GWDEC0001", false, false),
        (.decisionsBusy, "decisions-busy", 503, "GWDEC0002", true, true),
        (.askedTooOften, "asked-too-often", 429, "GWLIM0005", true, true),
    ]

    @Test(arguments: ProblemTests.contract)
    func `each refusal reads as its row of the contract`(
        _ slug: ProblemSlug, _ text: String, _ status: Int, _ code: String, _ again: Bool, _ getAgain: Bool
    ) {
        let problem = problem(for: slug.example)
        #expect(problem.slug == slug)
        #expect(slug.text.description == text)
        #expect(problem.status == status)
        #expect(problem.errorCode.description == code)
        #expect(problem.isRetryable(repeatable: false) == again)
        #expect(problem.isRetryable(repeatable: true) == getAgain)
    }

    @Test func `the contract has every slug, and no code or title means two things`() {
        #expect(ProblemTests.contract.map(\.0) == ProblemSlug.allCases)
        let problems = ProblemSlug.allCases.map { problem(for: $0.example) }
        #expect(Set(problems.map(\.errorCode.description)).count == problems.count)
        #expect(Set(problems.map(\.title.description)).count == problems.count)
    }

    @Test(arguments: ApplicationState.allCases)
    func `each state has a detail of its own`(_ state: ApplicationState) {
        let others = ApplicationState.allCases.filter { $0 != state }.map { problem(for: .applicationState($0)).detail.description }
        #expect(!others.contains(problem(for: .applicationState(state)).detail.description))
    }

    @Test func `what is said of a malformed request or a bad parameter is in the detail`() {
        #expect(problem(for: .malformedRequest("Two hosts.")).detail.description == "Two hosts.")
        let details = ParameterFault.allCases.map { problem(for: .badParameter(route: 0, parameter: 0, fault: $0)).detail.description }
        #expect(Set(details).count == ParameterFault.allCases.count)
    }

    @Test func `details need no escaping in JSON`() {
        let states = ApplicationState.allCases.map { problem(for: .applicationState($0)) }
        for problem in ProblemSlug.allCases.map({ problem(for: $0.example) }) + states {
            for text in [problem.detail, problem.title, problem.errorCode] {
                #expect(text.description.utf8.allSatisfy { (0x20..<0x7F).contains($0) && $0 != 0x22 && $0 != 0x5C })
            }
        }
    }
}
