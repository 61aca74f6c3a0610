import Glibc

/// Seeded randomness (SplitMix64: Steele, Lea and Flood, 2014), and the shapes that requests come in.
struct Chance {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func word() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    /// Above 0, at most 1.
    mutating func share() -> Double { Double((word() >> 11) + 1) * 0x1p-53 }

    /// Up to but not including a bound.
    mutating func below(_ bound: Int) -> Int { Int(share() * Double(bound) * 0.999_999_999) }

    /// The time to the next of events that come by themselves, the mean being 1.
    mutating func gap() -> Double { -log(share()) }

    /// Around a median, with a long tail: `spread` is the deviation of its logarithm.
    mutating func around(_ median: Double, spread: Double) -> Double {
        median * exp(spread * (-2 * log(share())).squareRoot() * cos(2 * .pi * share()))
    }
}

/// Zipf's law: the n-th of them is asked for 1/n as often as the first.
struct Zipf {
    /// By rank: its share of all.
    let shares: [Double]
    private let sums: [Double]

    init(_ count: Int) {
        let weights = (1...count).map { 1 / Double($0) }
        let all = weights.reduce(0, +)
        shares = weights.map { $0 / all }
        var sums: [Double] = []
        for share in shares { sums.append((sums.last ?? 0) + share) }
        self.sums = sums
    }

    /// A rank.
    func pick(_ chance: inout Chance) -> Int {
        let share = chance.share()
        var (low, high) = (0, sums.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if sums[middle] < share { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
