import Registry
import Wire

/// How endpoints are checked; one loop does it for all.
package struct CheckSetting: Sendable {
    /// From one check of an endpoint to the next.
    package var milliseconds: Int64
    /// What is asked for: any answer below 500 is good.
    package var path: String

    /// A setting from its parts.
    package init(milliseconds: Int64, path: String) {
        self.milliseconds = milliseconds
        self.path = path
    }
}

/// What the loop that checks remembers of one endpoint.
struct Check {
    /// Monotonic nanoseconds of the next one.
    var next: Int64 = 0
    /// Its connection, −1 where none is under way.
    var upstream = -1
    /// The connection is open.
    var isOpen = false
    /// Good and bad ones since the last of the other kind.
    var good = 0
    var bad = 0
}

// Checks of the endpoints' health: a GET now and then, each on a connection of its own that belongs to no client.
extension Exchange {
    /// Begins the checks that are due.
    mutating func beginChecks(at now: Moment) {
        guard let checking = setting.checks, !isDraining else { return }
        for environment in Environment.allCases {
            for endpoint in EndpointTable.names(setting.endpoints.active(environment), environment)
            where checks[endpoint.place].upstream < 0 && checks[endpoint.place].next <= now.monotonic.nanoseconds {
                checks[endpoint.place].next = now.monotonic.after(milliseconds: checking.milliseconds)
                beginCheck(of: endpoint, checking.path, at: now)
            }
        }
    }

    private mutating func beginCheck(of endpoint: EndpointName, _ path: String, at now: Moment) {
        guard let upstream = newUpstream(to: endpoint) else { return }
        checks[endpoint.place].upstream = upstream
        checks[endpoint.place].isOpen = false
        upstreams[upstream].phase = .probing
        upstreamDeadlines[upstream] = now.monotonic.after(milliseconds: Limits.checkMilliseconds)
        var output = buffer()
        output.append("GET ")
        output.append(path)
        output.append(targetEnds[Int(endpoint.environment.rawValue)])
        output.append("User-Agent: partner-gateway-check\r\nConnection: close\r\n\r\n")
        upstreams[upstream].output = output
        perform(.connect(handle(upstream: upstream), endpoint))
    }

    /// Whether a check's connection is not open yet.
    func isCheckConnecting(_ upstream: Int) -> Bool { !checks[upstreams[upstream].endpoint.place].isOpen }

    mutating func checkConnected(_ upstream: Int) {
        checks[upstreams[upstream].endpoint.place].isOpen = true
        perform(.send(handle(upstream: upstream)))
    }

    mutating func checkReceived(_ upstream: Int, _ bytes: Span<UInt8>, at now: Moment) {
        var held = ByteQueue()
        swap(&held, &upstreams[upstream].input)
        if held.capacity == 0 { held = buffer() }
        held.append(bytes)
        let isGood = held.withReadable { checkVerdict($0) }
        if let isGood {
            recycle(held)
            return endCheck(upstream, isGood: isGood, at: now)
        }
        upstreams[upstream].input = held
    }

    /// nil until the answer's head is whole.
    private mutating func checkVerdict(_ bytes: Span<UInt8>) -> Bool? {
        var start = 0
        while true {
            switch answerHead.parse(bytes.extracting(start...), answering: .get) {
            case .incomplete: return bytes.count > Limits.absorbedBodyBytes ? false : nil
            case .refused: return false
            case .complete(let headBytes) where answerHead.isInterim: start += headBytes
            case .complete: return answerHead.status < 500
            }
        }
    }

    /// A check has its result: an answer, or none in time.
    mutating func endCheck(_ upstream: Int, isGood: Bool, at now: Moment) {
        let endpoint = upstreams[upstream].endpoint
        let place = endpoint.place
        forgetCheck(upstream)
        guard setting.endpoints.isActive(endpoint) else { return checks[place] = Check() }
        checks[place].good = isGood ? checks[place].good + 1 : 0
        checks[place].bad = isGood ? 0 : checks[place].bad + 1
        guard checks[place].good >= Limits.goodChecks || checks[place].bad >= Limits.badChecks else { return }
        if let item = setting.endpoints.noteHealth(endpoint, isGood: isGood, at: now) { news.append(item) }
    }

    /// Ends a check; without a result, it says nothing of its endpoint.
    mutating func forgetCheck(_ upstream: Int) {
        checks[upstreams[upstream].endpoint.place].upstream = -1
        close(upstream: upstream)
    }

    /// Ends the checks under way without a result.
    mutating func stopChecks() {
        for place in checks.indices where checks[place].upstream >= 0 { forgetCheck(checks[place].upstream) }
    }
}
