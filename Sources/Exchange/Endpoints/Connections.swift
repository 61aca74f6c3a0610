import Registry
import Wire

// Connections to endpoints: one that waits is taken, else a new one opened; unused ones wait in a list of their endpoint's.
extension Exchange {
    /// A connection to the endpoint with the least to do, counted as one request in flight there; nil where there is no endpoint, or no room.
    mutating func reach(_ environment: Environment, isSafe: Bool, besides tried: UInt64 = 0, at now: Moment) -> Int? {
        var tried = tried
        while let endpoint = setting.endpoints.choose(environment, besides: tried, turn: &turn, at: now) {
            if let upstream = connection(to: endpoint, isSafe: isSafe, at: now) {
                upstreams[upstream].isCounted = true
                setting.endpoints.begin(endpoint)
                return upstream
            }
            tried |= endpoint.bit
        }
        return nil
    }

    /// A request that must not be sent twice takes a connection used a moment ago, or a new one, and only where there is no room for one an
    /// old one: the other side may be closing that at this very time, and what became of the request would not be known.
    private mutating func connection(to endpoint: EndpointName, isSafe: Bool, at now: Moment) -> Int? {
        let newest = Int(newestIdle[endpoint.place])
        guard newest >= 0 else { return newUpstream(to: endpoint) }
        if !isSafe, !isFresh(newest, at: now), let upstream = newUpstream(to: endpoint) { return upstream }
        unpark(newest)
        upstreams[newest].isReused = true
        return newest
    }

    private func isFresh(_ upstream: Int, at now: Moment) -> Bool {
        upstreamDeadlines[upstream] - now.monotonic.nanoseconds >= (Limits.pooledMilliseconds - Limits.freshMilliseconds) * 1_000_000
    }

    /// The request on a connection is over, in whatever way.
    mutating func stopCounting(upstream: Int) {
        upstreams[upstream].isCounted = false
        setting.endpoints.end(upstreams[upstream].endpoint)
        guard upstreams[upstream].isResent else { return }
        upstreams[upstream].isResent = false
        setting.endpoints.endResending(upstreams[upstream].environment)
    }

    // MARK: Unused connections

    /// Whether its endpoint is still there.
    func isWanted(_ upstream: Int) -> Bool { setting.endpoints.isActive(upstreams[upstream].endpoint) }

    /// Keeps a connection for the next request.
    mutating func park(_ upstream: Int, at now: Moment) {
        upstreams[upstream].phase = .pooled
        upstreamDeadlines[upstream] = now.monotonic.after(milliseconds: Limits.pooledMilliseconds)
        let place = upstreams[upstream].endpoint.place
        let second = newestIdle[place]
        if second >= 0 { upstreams[Int(second)].newer = Int32(upstream) }
        upstreams[upstream].older = second
        upstreams[upstream].newer = -1
        newestIdle[place] = Int32(upstream)
    }

    /// Takes a connection out of its endpoint's list.
    mutating func unpark(_ upstream: Int) {
        let (newer, older) = (upstreams[upstream].newer, upstreams[upstream].older)
        if older >= 0 { upstreams[Int(older)].newer = newer }
        if newer >= 0 { upstreams[Int(newer)].older = older } else { newestIdle[upstreams[upstream].endpoint.place] = older }
    }

    /// Endpoints that went away: what waited for them is closed.
    mutating func leaveGoneEndpoints() {
        let departures = setting.endpoints.departures
        guard departures != departuresSeen else { return }
        departuresSeen = departures
        for place in checks.indices where checks[place].upstream < 0 { checks[place] = Check() }
        for upstream in upstreams.indices where upstreams[upstream].phase == .pooled && !isWanted(upstream) { close(upstream: upstream) }
    }

    /// What an answer says of its endpoint. 502 to 504 are what a server says of itself; a 500 is not held against it, nor for it, for one
    /// caller's request that a store cannot digest would else take all its endpoints out one after the other.
    mutating func noteStatus(_ status: Int, on upstream: Int, at now: Moment) {
        switch status {
        case ..<500: setting.endpoints.noteSuccess(upstreams[upstream].endpoint)
        case 502...504: noteFault(on: upstream, at: now)
        default: return
        }
    }

    /// What an endpoint did wrong, where it is its doing and not the request's.
    mutating func noteFault(on upstream: Int, at now: Moment) {
        if let item = setting.endpoints.noteFault(upstreams[upstream].endpoint, at: now) { news.append(item) }
    }
}
