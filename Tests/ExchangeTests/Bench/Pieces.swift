import Support

/// How bytes are cut on their way: each read and each send moves so many at most.
enum Pieces {
    case whole
    case bytes
    case random(SplitMix64)

    mutating func next(of count: Int) -> Int {
        switch self {
        case .whole: return count
        case .bytes: return min(count, 1)
        case .random(var generator):
            let limit = [1, 7, 100, 4_096, 65_536][Int.random(in: 0..<5, using: &generator)]
            let size = min(count, Int.random(in: 1...limit, using: &generator))
            self = .random(generator)
            return size
        }
    }

    /// The order in which connections are looked at in a turn.
    mutating func order(_ peers: [Peer]) -> [Peer] {
        guard case .random(var generator) = self else { return peers }
        defer { self = .random(generator) }
        return peers.shuffled(using: &generator)
    }
}
