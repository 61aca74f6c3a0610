import Decisions
import Registry
import Wire

// A request whose endpoint failed it goes to another, where that can do no harm.
extension Exchange {
    /// No connection came to be, so nothing was sent: any request may go to another endpoint. That asks the store for nothing twice and so
    /// needs no leave of the budget.
    mutating func connectElsewhere(_ lost: Int, at now: Moment) -> Bool {
        guard Int(upstreams[lost].attempts) + 1 < Limits.endpointsTried else { return false }
        return move(lost, at: now)
    }

    /// No answer will come. A request of which nothing was sent may go elsewhere, whatever it asks; a safe one may be sent once more, for it
    /// changes nothing (RFC 9110 §9.2.2); any other may have been carried out and is never sent twice (RFC 9112 §9.3.1).
    mutating func sendElsewhere(_ lost: Int, at now: Moment) -> Bool {
        guard upstreams[lost].isSilent else { return false }
        guard upstreams[lost].hasSent else { return connectElsewhere(lost, at: now) }
        guard upstreams[lost].mayRetry, !upstreams[lost].isResent else { return false }
        guard setting.endpoints.beginResending(upstreams[lost].environment) else { return false }
        upstreams[lost].isResent = true
        return move(lost, at: now)
    }

    /// Gives a request to another endpoint; where there is no other, to the same one on a new connection, if the one it was on had been used
    /// before: then the other side may just have closed that.
    private mutating func move(_ lost: Int, at now: Moment) -> Bool {
        let endpoint = upstreams[lost].endpoint
        let tried = upstreams[lost].tried | endpoint.bit
        guard let next = reachAnother(for: lost, besides: tried, at: now) ?? reopen(lost) else { return false }
        let client = upstreams[lost].client
        var request = ByteQueue()
        swap(&request, &upstreams[lost].output)
        upstreams[next].output = request
        upstreams[next].client = client
        upstreams[next].mayRetry = upstreams[lost].mayRetry
        upstreams[next].attempts = upstreams[lost].attempts + 1
        upstreams[next].tried = tried
        upstreams[next].isResent = upstreams[lost].isResent
        upstreams[lost].isResent = false
        clients[client].request.upstream = next
        noteEndpoint(of: client, next)
        clients[client].request.decision.retries &+= 1
        close(upstream: lost)
        begin(on: next, at: now)
        if upstreams[next].phase == .waiting { perform(.send(handle(upstream: next))) }
        return true
    }

    /// What is sent for the second time takes a new connection, and only where there is no room for one a used one: the other side may be
    /// closing that at this very time, as it may have closed the first, and there is no third try.
    private mutating func reachAnother(for lost: Int, besides tried: UInt64, at now: Moment) -> Int? {
        let environment = upstreams[lost].environment
        var full = tried
        while upstreams[lost].isResent, let endpoint = setting.endpoints.choose(environment, besides: full, turn: &turn, at: now) {
            if let next = open(to: endpoint) { return next }
            full |= endpoint.bit
        }
        return reach(environment, isSafe: false, besides: tried, at: now)
    }

    private mutating func reopen(_ lost: Int) -> Int? {
        upstreams[lost].isReused ? open(to: upstreams[lost].endpoint) : nil
    }

    private mutating func open(to endpoint: EndpointName) -> Int? {
        guard let next = newUpstream(to: endpoint) else { return nil }
        upstreams[next].isCounted = true
        setting.endpoints.begin(endpoint)
        return next
    }
}
