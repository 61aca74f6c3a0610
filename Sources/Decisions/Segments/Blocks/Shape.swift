/// What many records of a block have in common: the parts that take few values, and mostly together. A block keeps each combination once.
struct Shape: BitwiseCopyable, Hashable, Sendable {
    /// rules 24 · endpoint 24 · retries 8 · fault 8
    private var first: UInt64 = 0
    /// cost 32 · route 16 · status 16
    private var second: UInt64 = 0
    /// caller 16 · verdict 8 · shadow 8 · ending 8 · rule 8
    private var third: UInt64 = 0

    /// The parts, in the order of their lists in a block.
    static let columns: InlineArray<12, DecisionColumn> = [
        .rules, .route, .caller, .verdict, .fault, .rule, .shadow, .cost, .status, .ending, .endpoint, .retries,
    ]

    /// Of nothing.
    init() {}

    /// A number alone: so that numbers are ranked as shapes are.
    init(number: UInt64) { first = number }

    /// The shape of one record of a block.
    init(_ block: borrowing DecisionBlock, _ index: Int) {
        first =
            block[.rules, index] | block[.endpoint, index] &<< 24 | block[.retries, index] &<< 48 | block[.fault, index] &<< 56
        second = block[.cost, index] | block[.route, index] &<< 32 | block[.status, index] &<< 48
        third =
            block[.caller, index] | block[.verdict, index] &<< 16 | block[.shadow, index] &<< 24 | block[.ending, index] &<< 32
            | block[.rule, index] &<< 40
    }

    /// The number that it was made of.
    var number: UInt64 { first }

    /// One of its parts.
    subscript(column: DecisionColumn) -> UInt64 {
        let (word, start, bits) = Shape.part(column)
        return (word == 0 ? first : word == 1 ? second : third) &>> start & ((1 &<< bits) &- 1)
    }

    /// Sets a part that is 0 so far; false where it has more bits than it may have.
    mutating func put(_ column: DecisionColumn, _ value: UInt64) -> Bool {
        let (word, start, bits) = Shape.part(column)
        guard value >> bits == 0 else { return false }
        switch word {
        case 0: first |= value << start
        case 1: second |= value << start
        default: third |= value << start
        }
        return true
    }

    private static func part(_ column: DecisionColumn) -> (word: Int, start: UInt64, bits: UInt64) {
        switch column {
        case .rules: (0, 0, 24)
        case .endpoint: (0, 24, 24)
        case .retries: (0, 48, 8)
        case .fault: (0, 56, 8)
        case .cost: (1, 0, 32)
        case .route: (1, 32, 16)
        case .status: (1, 48, 16)
        case .caller: (2, 0, 16)
        case .verdict: (2, 16, 8)
        case .shadow: (2, 24, 8)
        case .ending: (2, 32, 8)
        case .rule: (2, 40, 8)
        default: preconditionFailure("\(column) is no part of a shape")
        }
    }

    /// Whether each part is one that a record can have.
    var isPossible: Bool {
        let watched = UInt8(self[.shadow])
        return CallerFacts(rawValue: UInt16(self[.caller])) != nil && Verdict(rawValue: UInt8(self[.verdict])) != nil
            && Verdict(rawValue: UInt8(self[.fault])) != nil && DecidingRule(rawValue: UInt8(self[.rule])) != nil
            && Ending(rawValue: UInt8(self[.ending])) != nil && (watched == 0 || Verdict(rawValue: watched - 1) != nil)
    }

    /// One word of all three.
    var hash: UInt64 {
        IdentifierStream.mixed(first ^ second &* 0x9E37_79B9_7F4A_7C15 ^ third &* 0xC2B2_AE3D_27D4_EB4F)
    }
}

/// The different shapes of a block's records, the most frequent first, and which one each record has.
struct RankedShapes {
    /// The shapes by rank.
    private(set) var shapes: [Shape] = []
    /// By record: its shape's rank.
    private(set) var ranks: [UInt64] = []

    private var slots = [Int32](repeating: -1, count: DecisionLimits.blockRecords * 2)

    /// Ranks so many records by what `shape` gives for each; on equal counts whichever comes first.
    mutating func rank(_ count: Int, _ shape: (Int) -> Shape) {
        for slot in slots.indices { slots[slot] = -1 }
        shapes.removeAll(keepingCapacity: true)
        ranks.removeAll(keepingCapacity: true)
        var counts: [Int] = []
        var (last, place) = (Shape(), -1)
        for index in 0..<count {
            let next = shape(index)
            if place < 0 || next != last { (last, place) = (next, find(next, &counts)) }
            counts[place] &+= 1
            ranks.append(UInt64(truncatingIfNeeded: place))
        }
        let order = shapes.indices.sorted { (counts[$1], $0) < (counts[$0], $1) }
        var rankOfPlace = [UInt64](repeating: 0, count: shapes.count)
        for (rank, place) in order.enumerated() { rankOfPlace[place] = UInt64(rank) }
        for index in ranks.indices { ranks[index] = rankOfPlace[Int(truncatingIfNeeded: ranks[index])] }
        shapes = order.map { shapes[$0] }
    }

    private mutating func find(_ shape: Shape, _ counts: inout [Int]) -> Int {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: shape.hash) & mask
        while slots[slot] >= 0 {
            if shapes[Int(slots[slot])] == shape { return Int(slots[slot]) }
            slot = (slot + 1) & mask
        }
        slots[slot] = Int32(shapes.count)
        shapes.append(shape)
        counts.append(0)
        return shapes.count - 1
    }
}
