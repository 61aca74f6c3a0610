import Admission
import Decisions
import Registry
import Wire

// What the gateway answers itself: refusals as problems, its few pages, and whether it is ready.
extension Exchange {
    /// A head against the rules; whoever meant to send HEAD gets no body all the same (RFC 9110 §9.3.2).
    mutating func refuseHead(_ client: Int, _ bytes: Span<UInt8>, _ fault: WireFault, at now: Moment) {
        beginUnreadRequest(of: client, at: now)
        clients[client].request.decision.bytesIn = UInt64(bytes.count)
        if RequestHead.beginsLikeHead(bytes) { clients[client].request.method = .head }
        refuseUnread(client, fault, at: now)
    }

    /// A message against the rules of the wire: what the bytes broke decides, and the connection ends.
    mutating func refuseUnread(_ client: Int, _ fault: WireFault, at now: Moment) {
        clients[client].request.keepsAlive = false
        let limit = clients[client].request.compiledRoute?.maximumBodyBytes ?? 0
        refuse(client, Refusal(fault, bodyLimit: Int64(limit)), at: now)
    }

    mutating func beginUnreadRequest(of client: Int, at now: Moment) {
        clients[client].phase = .exchanging
        beginRecord(of: client, at: now)
    }

    /// Answers with a problem (RFC 9457) in place of the core store's answer.
    mutating func refuse(_ client: Int, _ refusal: Refusal, at now: Moment) {
        let problem = problem(for: refusal)
        note(refusal, as: problem.slug, status: problem.status, for: client)
        if let level = refusal.level { clients[client].request.level = level }
        endOwnAnswer(of: client, at: now)
        openOutput(client: client)
        var body = buffer()
        writeProblem(problem, refusal, for: client, to: &body)
        var output = ByteQueue()
        swap(&output, &clients[client].output)
        output.append(problemForms[Int(problem.slug.rawValue)].head)
        writeDate(to: &output, at: now)
        writeRefusalFields(refusal, to: &output)
        finishOwnAnswer(body.count, for: client, to: &output)
        if clients[client].request.method != .head { output.append(body) }
        recycle(body)
        clients[client].output = output
        perform(.send(handle(client: client)))
    }

    /// Answers with a page of our own.
    mutating func answer(_ client: Int, with page: OwnPage, path: Span<UInt8>, at now: Moment) {
        let body: [UInt8]
        var type = "text/plain; charset=utf-8"
        var status = 200
        switch page {
        case .alive: body = OwnText.ok
        // Whoever spreads calls over several gateways is to send no more of them here.
        case .ready:
            body = isDraining ? OwnText.draining : OwnText.ok
            if isDraining { status = 503 }
        case .problems:
            type = "text/html; charset=utf-8"
            let slug = path.extracting(OwnText.problemsPathBytes...)
            guard let found = slug.isEmpty ? problemIndexPage : problemPage(slug: slug) else {
                return refuse(client, .noSuchRoute, at: now)
            }
            body = found
        }
        show(body, of: type, OwnText.pageFields, status: status, to: client, at: now)
    }

    /// Answers with these bytes and fields.
    mutating func show(_ body: [UInt8], of type: String, _ fields: String, status: Int, to client: Int, at now: Moment) {
        endOwnAnswer(of: client, at: now)
        clients[client].request.decision.status = UInt16(status)
        openOutput(client: client)
        var output = ByteQueue()
        swap(&output, &clients[client].output)
        output.appendStatusLine(status)
        writeDate(to: &output, at: now)
        output.append("Content-Type: ")
        output.append(type)
        output.append("\r\nX-Content-Type-Options: nosniff\r\n")
        output.append(fields)
        finishOwnAnswer(body.count, for: client, to: &output)
        if clients[client].request.method != .head { output.append(body) }
        clients[client].output = output
        perform(.send(handle(client: client)))
    }

    /// A body that was not read whole ends the connection: what follows could not be told from it.
    private mutating func endOwnAnswer(of client: Int, at now: Moment) {
        clients[client].request.hasAnswerBegun = true
        endAnswer(of: client, at: now)
    }

    private mutating func finishOwnAnswer(_ bodyBytes: Int, for client: Int, to output: inout ByteQueue) {
        writeOwnFields(for: client, to: &output)
        output.append("Content-Length: ")
        output.append(decimal: bodyBytes)
        output.append("\r\n\r\n")
    }

    private func writeRefusalFields(_ refusal: Refusal, to output: inout ByteQueue) {
        switch refusal {
        case .methodNotAllowed(let allowed): output.appendAllow(allowed)
        case .missingKey, .unknownKey, .mistypedKey, .revokedKey: output.append("WWW-Authenticate: ApiKey field=\"x-api-key\"\r\n")
        case .missingCitizenToken: output.append("WWW-Authenticate: Bearer\r\n")
        case .foreignCitizenToken: output.append("WWW-Authenticate: Bearer error=\"invalid_token\"\r\n")
        case .noSuchDecision, .decisionsBusy: output.append(OwnText.keyedFields)
        default: break
        }
        if let seconds = refusal.retryAfterSeconds {
            output.append("Retry-After: ")
            output.append(decimal: seconds)
            output.append("\r\n")
        }
    }
}

enum OwnText {
    static let ok = Array("ok\n".utf8)
    static let draining = Array("draining\n".utf8)
    static let problemsPathBytes = "/problems/".utf8.count
    static let decisionsPath = "/decisions/"
    static let pageFields = "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\n"
    /// What an application learns of itself is nobody else's, and other a moment later.
    static let keyedFields = "Cache-Control: no-store\r\n"
}

extension ByteQueue {
    /// The `Allow` field (RFC 9110 §10.2.1); a path that answers GET answers HEAD.
    fileprivate mutating func appendAllow(_ methods: MethodSet) {
        append("Allow: ")
        var separator = ""
        for method in RouteMethod.allCases where methods.contains(method) {
            append(separator)
            append(method == .get ? "GET, HEAD" : method.token)
            separator = ", "
        }
        append("\r\n")
    }
}

extension Refusal {
    /// What a message against the wire's rules is refused as.
    init(_ fault: WireFault, bodyLimit: Int64) {
        switch fault {
        case .malformed(let reason): self = .malformedRequest(reason)
        case .unknownExpectation: self = .expectationFailed
        case .targetTooLong: self = .targetTooLong
        case .headTooLarge, .tooManyFields: self = .headTooLarge
        case .versionNotSupported: self = .version
        case .codingNotImplemented: self = .notImplemented
        case .bodyTooLarge: self = .bodyTooLarge(limitBytes: bodyLimit)
        }
    }

    /// The wait, for `Retry-After`: rounded up, so that whoever waits it is served.
    var retryAfterSeconds: Int64? {
        switch self {
        case .rateLimited(let wait, _), .dailyQuota(let wait, _), .tooManyFailures(let wait), .askedTooOften(let wait):
            (wait + 999_999_999) / 1_000_000_000
        case .tooManyInFlight: Limits.inFlightRetryMilliseconds / 1_000
        case .coreStoreUnavailable(let seconds): seconds ?? 1
        case .decisionsBusy: Limits.lookUpRetrySeconds
        default: nil
        }
    }

    /// What the RateLimit fields tell with the refusal, where a rule of the caller's own refused.
    var level: LevelReading? {
        switch self {
        case .rateLimited(_, let level), .dailyQuota(_, let level), .tooManyInFlight(let level): level
        default: nil
        }
    }
}
