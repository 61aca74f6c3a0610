/// The lists of a block in their order: dictionaries first, then one list for each part that a record has of its own.
enum BlockList: Int, CaseIterable {
    /// Fact numbers of the applications in the block, the most frequent first; and of its id streams.
    case applications, streams
    /// The shapes, part by part in the order of `Shape.columns`, the most frequent first.
    case rules, route, caller, verdict, fault, rule, shadow, cost, status, ending, endpoint, retries
    /// Since the record before; the first since 0.
    case monotonic
    /// Wall time less monotonic time.
    case wall
    /// Places in the dictionaries.
    case application, shape, stream
    /// From one more than the number before of the same stream, folded; the first of a stream from 0.
    case sequence
    /// Exclusive or with what the stream gives for the sequence and the wall time; with 0 where the stream is none.
    case idHigh, idLow
    /// From the forecast, folded.
    case debt, dayRemaining, wait
    /// One more, in 32 bits: nothing counted is 0.
    case inFlight
    /// Total less what the core store had it, in 32 bits; then that.
    case own, store
    /// As they are, or folded from the record before of the same application and shape.
    case bytesIn, bytesOut
    /// As it is.
    case subject

    /// The list of the first part of a shape; the others follow.
    static let firstOfShape = BlockList.rules
}

/// Choices that a block's writer made, for its reader: bits of the block's first word from the 32nd on.
struct BlockChoices: OptionSet {
    let rawValue: UInt64

    /// `bytesIn` and `bytesOut` are distances from the record before of the same application and shape.
    static let bytesInByPair = BlockChoices(rawValue: 1)
    static let bytesOutByPair = BlockChoices(rawValue: 2)
    static let all: BlockChoices = [.bytesInByPair, .bytesOutByPair]
}

/// A block as it is in its file: one frame, described but not yet read.
struct PackedBlock {
    /// The frame, its checksum included.
    let words: [UInt64]
    /// Where the frame begins in the file.
    let offset: Int
    /// Records.
    let count: Int
    let choices: BlockChoices
    /// What the dictionaries hold.
    let applications: [UInt64]
    let streams: [UInt64]
    let shapes: [Shape]
    private let lists: [PackedNumbers]

    /// The block in this frame, whose checksum is right.
    init(_ words: [UInt64], offset: Int) throws(SegmentDamage) {
        (self.words, self.offset) = (words, offset)
        func damage(_ what: String) -> SegmentDamage { SegmentDamage(.outOfForm(what), at: offset) }
        guard words.count >= 3 else { throw damage("block") }
        let count = Int(words[1] & 0xFFFF_FFFF)
        (self.count, choices) = (count, BlockChoices(rawValue: words[1] >> 32))
        guard count <= DecisionLimits.blockRecords, choices.isSubset(of: .all) else { throw damage("block") }
        var lists: [PackedNumbers] = []
        lists.reserveCapacity(BlockList.allCases.count)
        var place = 2
        for _ in BlockList.allCases {
            guard let list = PackedNumbers(words.span, at: place) else { throw damage("list") }
            lists.append(list)
            place = list.end
        }
        guard place == words.count - 1 else { throw damage("block") }
        let (first, behind) = (BlockList.monotonic.rawValue, BlockList.allCases.count)
        guard lists[first..<behind].allSatisfy({ $0.count == count }) else { throw damage("list") }
        self.lists = lists
        applications = try PackedBlock.dictionary(lists[0], words, offset)
        streams = try PackedBlock.dictionary(lists[1], words, offset)
        shapes = try PackedBlock.shapes(lists, words, offset)
    }

    /// Writes a list over the first of `numbers`.
    func unpack(_ list: BlockList, into numbers: inout [UInt64]) throws(SegmentDamage) {
        guard lists[list.rawValue].unpack(words.span, into: &numbers) else { throw damage("exceptions") }
    }

    /// Writes a list of places in a dictionary of so many entries.
    func unpack(_ list: BlockList, below bound: Int, into numbers: inout [UInt64]) throws(SegmentDamage) {
        try unpack(list, into: &numbers)
        var most: UInt64 = 0
        for index in 0..<count { most = max(most, numbers[index]) }
        guard count == 0 || most < UInt64(bound) else { throw damage("place") }
    }

    /// Bytes of a list, its description included.
    func bytes(of list: BlockList) -> Int { (lists[list.rawValue].end - lists[list.rawValue].start + 2) * 8 }

    /// Damage of this block.
    func damage(_ what: String) -> SegmentDamage { SegmentDamage(.outOfForm(what), at: offset) }

    private static func dictionary(_ list: PackedNumbers, _ words: [UInt64], _ offset: Int) throws(SegmentDamage) -> [UInt64] {
        var numbers = [UInt64](repeating: 0, count: list.count)
        guard list.unpack(words.span, into: &numbers), numbers.allSatisfy({ $0 <= UInt64(FactTable.capacity) }) else {
            throw SegmentDamage(.outOfForm("dictionary"), at: offset)
        }
        return numbers
    }

    private static func shapes(_ lists: [PackedNumbers], _ words: [UInt64], _ offset: Int) throws(SegmentDamage) -> [Shape] {
        let first = BlockList.firstOfShape.rawValue
        var shapes = [Shape](repeating: Shape(), count: lists[first].count)
        var numbers = [UInt64](repeating: 0, count: shapes.count)
        for place in 0..<Shape.columns.count {
            guard lists[first + place].count == shapes.count, lists[first + place].unpack(words.span, into: &numbers) else {
                throw SegmentDamage(.outOfForm("shapes"), at: offset)
            }
            for index in shapes.indices {
                guard shapes[index].put(Shape.columns[place], numbers[index]) else {
                    throw SegmentDamage(.outOfForm("shape"), at: offset)
                }
            }
        }
        guard shapes.allSatisfy(\.isPossible) else { throw SegmentDamage(.outOfForm("shape"), at: offset) }
        return shapes
    }
}
