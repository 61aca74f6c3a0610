/// Places for what is kept by application and shape while a block is read or written.
struct BlockPairs {
    /// How many places there are.
    let count: Int
    private let shapes: Int

    /// Beyond this nothing is kept by pairs: what a block takes to read must not grow as the square of its records.
    static let most = 65_536

    /// Places for so many applications and shapes, or nil where they would be too many.
    init?(_ applications: Int, _ shapes: Int) {
        (count, self.shapes) = (applications * shapes, shapes)
        guard count <= BlockPairs.most else { return nil }
    }

    /// The place of one of the applications and one of the shapes.
    func place(_ application: UInt64, _ shape: UInt64) -> Int {
        Int(truncatingIfNeeded: application) &* shapes &+ Int(truncatingIfNeeded: shape)
    }
}

extension DecisionColumns {
    /// What is reckoned together.
    static let identifiers = DecisionColumns([.idHigh, .idLow])
    static let levels = DecisionColumns([.debt, .dayRemaining, .wait])
    /// What takes the places of applications and shapes to read.
    static let byPair: DecisionColumns = DecisionColumns([.application, .bytesIn, .bytesOut]).union(levels).union(shaped)
    private static let shaped = DecisionColumns([
        .rules, .route, .caller, .verdict, .fault, .rule, .shadow, .cost, .status, .ending, .endpoint, .retries,
    ])

    /// With the columns that these are reckoned from.
    var withSources: DecisionColumns {
        var all = self
        if !all.intersection(.identifiers).isEmpty { all.formUnion(DecisionColumns([.idHigh, .idLow, .sequence, .wall])) }
        if !all.intersection(.levels).isEmpty { all.formUnion(.levels.union(DecisionColumns([.wall]))) }
        if !all.intersection(DecisionColumns([.sequence, .stream])).isEmpty { all.formUnion(DecisionColumns([.sequence, .stream])) }
        if all.contains(.total) { all.formUnion(DecisionColumns([.store])) }
        if all.contains(.wall) { all.formUnion(DecisionColumns([.monotonic])) }
        return all
    }
}

extension DecisionBlock {
    /// Turns the halves of ids into their distance from what their streams give, or back: both by exclusive or.
    func crossIdentifiers(_ highs: inout [UInt64], _ lows: inout [UInt64], by book: PriceBook) {
        let (streams, sequences, walls) = (self[.stream], self[.sequence], self[.wall])
        // A few streams take turns: what was looked up last under a number's lowest bits is at hand.
        var known = InlineArray<16, (number: UInt64, stream: IdentifierStream?)>(repeating: (0, nil))
        var highSpace = highs.mutableSpan
        var lowSpace = lows.mutableSpan
        for index in 0..<count {
            let (number, place) = (streams[index], Int(truncatingIfNeeded: streams[index] & 15))
            if known[place].number != number { known[place] = (number, book.stream(UInt32(truncatingIfNeeded: number))) }
            guard let stream = known[place].stream else { continue }
            let milliseconds = UInt64(bitPattern: Int64(bitPattern: walls[index]) / 1_000_000)
            let words = stream.words(sequence: sequences[index], wallMilliseconds: milliseconds)
            highSpace[index] ^= words.high
            lowSpace[index] ^= words.low
        }
    }
}
