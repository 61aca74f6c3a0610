package import Exchange
package import Registry
import Synchronization

/// One address of a core store, with what is needed to reach it.
package struct StoreTarget: Hashable, Sendable {
    /// Where to connect.
    package let address: SocketAddress
    /// The host as it was told: what a certificate has to name.
    package let serverName: String
    /// For the log: `10.0.0.5:8082`, or `store.example:8082 at 10.0.0.5`.
    package let spelling: String
}

/// What the log is told of a core store's addresses.
package enum StoreNews: Sendable, Equatable {
    /// Its addresses are others now.
    case resolved(Environment, added: [String], gone: [String])
    /// A name has no address, or nobody could say; what was known of it stays. Told once, until it resolves again.
    case unresolved(Environment, host: String)
    /// More addresses than there is room for.
    case tooMany(Environment, unplaced: [String])
    /// Something an endpoint did, and how it is spelt.
    case endpoint(Environment, String, EndpointNews.Event)
    /// TLS was not agreed on with an endpoint, and why; told once, until it is or fails otherwise.
    case handshakeFailed(Environment, String, why: String)
}

/// The core stores' addresses: names are looked up here now and then, and each address becomes an endpoint of the table that loops choose from.
package final class StoreDirectory: Sendable {
    /// All addresses of a name; nil where it has none or nobody can say.
    package typealias Resolver = @Sendable (_ host: String) -> [Address]?

    /// What loops choose from.
    package let table = EndpointTable()
    /// By `Environment.rawValue`.
    package let lists: [StoreList]
    private let resolver: Resolver
    private let reporter: @Sendable (StoreNews) -> Void
    private let state: Mutex<State>

    private struct State {
        var rosters: [EndpointRoster<StoreTarget>]
        /// The last good answer for each name.
        var known: [String: [Address]] = [:]
        /// Names told to have no address.
        var unresolved: Set<String> = []
        /// Why the last handshake with an endpoint failed, by its spelling.
        var handshakeFaults: [String: String] = [:]
    }

    /// A directory of these stores, by `Environment.rawValue`, without addresses until `resolve` is called.
    package init(
        _ lists: [StoreList], resolver: @escaping Resolver = { SocketAddress.addresses(of: $0) },
        reporter: @escaping @Sendable (StoreNews) -> Void
    ) {
        precondition(lists.count == Environment.allCases.count, "one list of addresses for each environment")
        self.lists = lists
        self.resolver = resolver
        self.reporter = reporter
        state = Mutex(State(rosters: Environment.allCases.map { EndpointRoster($0) }))
    }

    /// Whether any host is a name, so that it is worth looking again.
    package var hasNames: Bool { lists.contains { $0.members.contains { SocketAddress.numeric($0.host) == nil } } }

    /// Where an endpoint is; nil where its slot never stood for anything.
    package func target(of name: EndpointName) -> StoreTarget? {
        state.withLock { $0.rosters[Int(name.environment.rawValue)].targets[Int(name.slot)] }
    }

    /// An endpoint as the log names it.
    package func spelling(of name: EndpointName) -> String { target(of: name)?.spelling ?? "" }

    /// Tells the log what an endpoint did.
    package func tell(_ news: EndpointNews) {
        reporter(.endpoint(news.endpoint.environment, spelling(of: news.endpoint), news.event))
    }

    /// What became of a handshake with an endpoint: nil is a good one.
    func noteHandshake(with name: EndpointName, fault: String?) {
        let spelling = spelling(of: name)
        let old = state.withLock { state in
            let old = state.handshakeFaults[spelling]
            if old != fault { state.handshakeFaults[spelling] = fault }
            return old
        }
        if let fault, fault != old { reporter(.handshakeFailed(name.environment, spelling, why: fault)) }
    }

    /// Addresses given as numbers are there at once, without asking anybody.
    package func adoptNumbers(at now: MonotonicTime) { adopt(asking: false, at: now) }

    /// Looks all names up and makes their addresses the stores'. It may wait for the network: one thread calls it, and no loop.
    package func resolve(at now: MonotonicTime) { adopt(asking: true, at: now) }

    private func adopt(asking: Bool, at now: MonotonicTime) {
        for environment in Environment.allCases {
            let members = lists[Int(environment.rawValue)].members
            let found = members.flatMap { targets(of: $0, environment, asking: asking) }
            let change = state.withLock { $0.rosters[Int(environment.rawValue)].adopt(found, in: table, at: now) }
            if !change.added.isEmpty || !change.gone.isEmpty {
                reporter(.resolved(environment, added: change.added.map(\.spelling), gone: change.gone.map(\.spelling)))
            }
            if !change.unplaced.isEmpty { reporter(.tooMany(environment, unplaced: change.unplaced.map(\.spelling))) }
        }
    }

    private func targets(of member: StoreList.Member, _ environment: Environment, asking: Bool) -> [StoreTarget] {
        if let address = SocketAddress.numeric(member.host) {
            return [
                StoreTarget(address: SocketAddress(address, port: member.port), serverName: member.host, spelling: member.text)
            ]
        }
        // Asked without the lock: loops look up addresses meanwhile.
        let found = asking ? resolver(member.host).flatMap { $0.isEmpty ? nil : $0 } : nil
        let (addresses, isNewlyLost) = state.withLock { state in
            if let found {
                state.known[member.host] = found
                state.unresolved.remove(member.host)
                return (found, false)
            }
            return (state.known[member.host] ?? [], asking && state.unresolved.insert(member.host).inserted)
        }
        if isNewlyLost { reporter(.unresolved(environment, host: member.host)) }
        return addresses.map { address in
            let place = SocketAddress(address, port: member.port)
            let text = String(decoding: place.hostText, as: UTF8.self)
            return StoreTarget(address: place, serverName: member.host, spelling: "\(member.text) at \(text)")
        }
    }
}
