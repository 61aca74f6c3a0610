import Admission
import Decisions
import Registry
import Wire

// The journey of one request: accept → find → admit → forward → respond → (next request).
extension Exchange {
    /// Bytes of a client: the next request, the rest of this one's body, or too early for either.
    mutating func clientReceived(_ client: Int, _ bytes: Span<UInt8>, at now: Moment) {
        switch clients[client].phase {
        case .free, .opening: return
        case .idle:
            let taken = takeRequest(of: client, from: bytes, at: now)
            hold(bytes.extracting(taken...), for: client)
        case .head:
            clientDeadlines[client] = LeastRate.head.deadline(clientDeadlines[client], movedBy: bytes.count, at: now.monotonic)
            hold(bytes, for: client)
            continueInput(of: client, at: now)
        case .exchanging where !clients[client].request.isRead && clients[client].input.isEmpty:
            let taken = takeBody(of: client, from: bytes, at: 0, now: now)
            hold(bytes.extracting(taken...), for: client)
        case .exchanging, .asking, .answering: hold(bytes, for: client)
        case .lingering:
            clients[client].dropped += bytes.count
            if clients[client].dropped > Limits.lingeringBytes { close(client: client, at: now) }
        }
    }

    /// Accept: takes one request from the front of the bytes; gives how many bytes are done with.
    mutating func takeRequest(of client: Int, from bytes: Span<UInt8>, at now: Moment) -> Int {
        switch head.parse(bytes) {
        case .incomplete:
            if clients[client].phase == .idle { beginHead(of: client, at: now) }
            if case .refused(let fault) = clients[client].progress.scan(bytes) {
                refuseHead(client, bytes, fault, at: now)
                return bytes.count
            }
            return 0
        case .refused(let fault):
            refuseHead(client, bytes, fault, at: now)
            return bytes.count
        case .complete(let headBytes):
            beginRequest(of: client, at: now)
            clients[client].request.decision.bytesIn = UInt64(headBytes)
            if clients[client].isTrustedProxy { readClientAddress(of: client, from: bytes) }
            do throws(Refusal) {
                switch try find(client, bytes) {
                case .own(let page):
                    let end = skipBody(of: client, from: bytes, at: headBytes)
                    answer(client, with: page, path: bytes.extracting(head.path.range), at: now)
                    return end
                case .keyed(let page):
                    let asker = try introduceAsker(client, bytes, at: now)
                    let end = skipBody(of: client, from: bytes, at: headBytes)
                    answer(client, with: page, at: bytes.extracting(head.path.range), to: asker, now: now)
                    return end
                case .route(let route):
                    let permit = try admitRequest(client, bytes, route: route, at: now)
                    try forward(permit, of: client, from: bytes, at: now)
                    return takeBody(of: client, from: bytes, at: headBytes, now: now)
                }
            } catch {
                let end = skipBody(of: client, from: bytes, at: headBytes)
                refuse(client, error, at: now)
                return end
            }
        }
    }

    private enum Found {
        case own(OwnPage)
        case keyed(KeyedPage)
        case route(Int)
    }

    /// Find: which call is this, and is it well formed? Nobody is asked who they are before.
    private mutating func find(_ client: Int, _ bytes: Span<UInt8>) throws(Refusal) -> Found {
        switch rules.table.match(head.method, path: bytes.extracting(head.path.range)) {
        case .none: throw .noSuchRoute
        case .methodNotAllowed(let allowed): throw .methodNotAllowed(allowed: allowed)
        case .own(let page): return .own(page)
        case .keyed(let page): return .keyed(page)
        case .route(let route):
            clients[client].request.route = route
            clients[client].request.decision.route = Int16(truncatingIfNeeded: route)
            clients[client].request.isSafe = rules.routes[route].isSafe
            if let flaw = query.read(bytes, head.query, for: rules.routes[route].parameters) {
                throw .badParameter(route: route, parameter: flaw.parameter, fault: flaw.fault)
            }
            let limit = rules.routes[route].maximumBodyBytes
            switch head.framing {
            case .none, .untilClose: break
            case .length(let length): if length > limit { throw .bodyTooLarge(limitBytes: Int64(limit)) }
            // Servers that look for no body where none is expected would read even an empty one's chunks as the next request.
            case .chunked: if limit == 0 { throw .bodyTooLarge(limitBytes: 0) }
            }
            clients[client].request.body = BodyDecoder(head.framing, limit: limit)
            return .route(route)
        }
    }

    /// Admit: who is calling, may they, and can they afford it?
    private mutating func admitRequest(
        _ client: Int, _ bytes: Span<UInt8>, route: Int, at now: Moment
    ) throws(Refusal) -> Permit {
        let facts = RequestFacts(
            key: presentedKey(bytes), route: route, address: clients[client].address,
            citizen: rules.routes[route].demandsCitizen ? presentedToken(bytes) : .none, certificate: certificate(of: client))
        let permit: Permit
        do throws(Refusal) {
            permit = try admit(
                facts, under: rules.snapshot, spending: rules.levels, counting: rules.inFlight, anonymous: setting.anonymous,
                failures: setting.failures, at: now)
        } catch {
            noteCaller(of: facts, refused: error, for: client, at: now)
            if let watching = rules.watching { noteWatching(watching.judge(facts, refusedBy: error, at: now), for: client) }
            throw error
        }
        if let watching = rules.watching { noteWatching(watching.judge(facts, admittedBy: permit, at: now), for: client) }
        clients[client].request.application = permit.application ?? -1
        clients[client].request.environment = permit.environment
        clients[client].request.level = permit.level
        clients[client].request.holdsSlot = permit.holdsSlot
        note(permit, for: client, at: now)
        return permit
    }

    mutating func presentedKey(_ bytes: Span<UInt8>) -> PresentedKey {
        guard let slice = head.apiKey else { return .none }
        let key = bytes.extracting(slice.range)
        switch KeyForm.read(key) {
        case .foreign: return .foreign
        case .mistyped: return .mistyped
        case .wellFormed(let environment): return .digest(setting.digest(key), environment)
        }
    }

    private mutating func presentedToken(_ bytes: Span<UInt8>) -> CitizenToken {
        guard let slice = head.authorization else { return .none }
        return tokens.read(bytes.extracting(slice.range))
    }

    /// Forward: to the endpoint with the least to do, on a connection that waits, else on a new one. Asks for the permit that only `admit` gives.
    private mutating func forward(
        _ permit: Permit, of client: Int, from bytes: Span<UInt8>, at now: Moment
    ) throws(Refusal) {
        let route = rules.routes[permit.route]
        var reached = reach(permit.environment, isSafe: route.isSafe, at: now)
        if reached == nil, takeFromSlowest(permit.environment, at: now) {
            reached = reach(permit.environment, isSafe: route.isSafe, at: now)
        }
        guard let upstream = reached else { throw .coreStoreUnavailable(retryAfterSeconds: 1) }
        upstreams[upstream].client = client
        clients[client].request.upstream = upstream
        noteEndpoint(of: client, upstream)
        clients[client].request.firstByteNanoseconds = route.firstByteNanoseconds
        clients[client].request.forwardedAt = now.monotonic.nanoseconds
        clients[client].request.deadline = now.monotonic.nanoseconds + route.requestNanoseconds
        clients[client].phase = .exchanging
        clientDeadlines[client] = clients[client].request.deadline
        upstreams[upstream].output = buffer()
        writeRequest(to: upstream, for: client, from: bytes, permit: permit, parameters: route.parameters, at: now)
        upstreams[upstream].mayRetry = route.isSafe && clients[client].request.isRead
        begin(on: upstream, at: now)
    }

    /// The request is written: on a connection that was waiting its answer is awaited, a new one is opened first.
    mutating func begin(on upstream: Int, at now: Moment) {
        if upstreams[upstream].isReused {
            upstreams[upstream].phase = .waiting
            awaitAnswer(on: upstream, at: now)
        } else {
            upstreams[upstream].phase = .connecting
            upstreamDeadlines[upstream] = now.monotonic.after(milliseconds: Limits.connectMilliseconds)
            perform(.connect(handle(upstream: upstream), upstreams[upstream].endpoint))
        }
    }

    /// The first byte of the answer is due a while after the last thing we did.
    mutating func awaitAnswer(on upstream: Int, at now: Moment) {
        let client = upstreams[upstream].client
        guard client >= 0 else { return }
        upstreamDeadlines[upstream] = now.monotonic.nanoseconds + clients[client].request.firstByteNanoseconds
    }

    /// A request is over and its answer out: record it, then wait for the next, begin the one already here, or part.
    mutating func finishRequest(of client: Int, at now: Moment) {
        record(client, .answered, at: now)
        guard clients[client].request.keepsAlive, !clients[client].hasEnded else { return part(from: client, at: now) }
        clients[client].phase = .idle
        clients[client].request.rules = nil
        clientDeadlines[client] = idleDeadline(at: now)
        perform(.read(handle(client: client)))
        guard !clients[client].input.isEmpty else { return recycleInput(client: client) }
        beginHead(of: client, at: now)
        continueInput(of: client, at: now)
    }

    /// Closes such that the client can still read our last answer: half close, then drop what comes (RFC 9112 §9.6).
    mutating func part(from client: Int, at now: Moment) {
        guard !clients[client].hasEnded else { return close(client: client, at: now) }
        clients[client].phase = .lingering
        recycleInput(client: client)
        clientDeadlines[client] = now.monotonic.after(milliseconds: Limits.lingeringMilliseconds)
        perform(.finishSending(handle(client: client)))
        perform(.read(handle(client: client)))
    }
}
