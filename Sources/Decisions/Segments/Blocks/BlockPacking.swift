/// Writes blocks: the lists of `BlockList`, each packed for itself.
struct BlockPacking {
    private var applications = RankedShapes()
    private var streams = RankedShapes()
    private var shapes = RankedShapes()
    private var first: [UInt64] = []

    /// Appends a frame with these records, which are in order of time and all read.
    mutating func append(_ block: borrowing DecisionBlock, by book: PriceBook, to words: inout [UInt64]) {
        let count = block.count
        let head = words.count
        words += [0, 0]
        applications.rank(count) { Shape(number: block[.application, $0]) }
        streams.rank(count) { Shape(number: block[.stream, $0]) }
        shapes.rank(count) { Shape(block, $0) }
        appendDictionaries(to: &words)
        appendTimes(block, to: &words)
        NumberPacking.pack(applications.ranks.span, from: .zero, into: &words)
        NumberPacking.pack(shapes.ranks.span, from: .zero, into: &words)
        NumberPacking.pack(streams.ranks.span, from: .zero, into: &words)
        appendIdentifiers(block, by: book, to: &words)
        appendLevels(block, by: book, to: &words)
        appendDurations(block, to: &words)
        var choices: BlockChoices = []
        if appendBytes(block, .bytesIn, to: &words) { choices.insert(.bytesInByPair) }
        if appendBytes(block, .bytesOut, to: &words) { choices.insert(.bytesOutByPair) }
        append(block[.subject], count, to: &words)
        words[head + 1] = UInt64(count) | choices.rawValue << 32
        words[head] = SegmentFrame.head(.block, count: words.count - head - 1)
        words.append(WordChecksum.xxh64(words.span.extracting(head...)))
    }

    private mutating func appendDictionaries(to words: inout [UInt64]) {
        appendDictionary(applications.shapes.map(\.number), to: &words)
        appendDictionary(streams.shapes.map(\.number), to: &words)
        for place in Shape.columns.indices {
            let column = Shape.columns[place]
            appendDictionary(shapes.shapes.map { $0[column] }, to: &words)
        }
    }

    private func appendDictionary(_ entries: [UInt64], to words: inout [UInt64]) {
        NumberPacking.pack(entries.span, from: .near, into: &words)
    }

    /// Appends the first of these numbers, which are small.
    private func append(_ numbers: [UInt64], _ count: Int, to words: inout [UInt64]) {
        NumberPacking.pack(numbers.span.extracting(..<count), from: .zero, into: &words)
    }

    private mutating func appendTimes(_ block: borrowing DecisionBlock, to words: inout [UInt64]) {
        let (monotonics, walls) = (block[.monotonic], block[.wall])
        fill(block.count) { $0 == 0 ? monotonics[0] : monotonics[$0] &- monotonics[$0 &- 1] }
        NumberPacking.pack(first.span, from: .near, into: &words)
        fill(block.count) { walls[$0] &- monotonics[$0] }
        NumberPacking.pack(first.span, from: .near, into: &words)
    }

    private mutating func appendIdentifiers(_ block: borrowing DecisionBlock, by book: PriceBook, to words: inout [UInt64]) {
        let sequences = block[.sequence]
        let ranks = streams.ranks
        var next = [UInt64](repeating: 0, count: streams.shapes.count)
        fill(block.count) { index in
            let place = Int(truncatingIfNeeded: ranks[index])
            defer { next[place] = sequences[index] &+ 1 }
            return .folded(sequences[index] &- next[place])
        }
        NumberPacking.pack(first.span, from: .zero, into: &words)
        var (highs, lows) = (block[.idHigh], block[.idLow])
        block.crossIdentifiers(&highs, &lows, by: book)
        append(highs, block.count, to: &words)
        append(lows, block.count, to: &words)
    }

    private func appendLevels(_ block: borrowing DecisionBlock, by book: PriceBook, to words: inout [UInt64]) {
        var (debts, days, waits) = (block[.debt], block[.dayRemaining], block[.wait])
        let (monotonics, walls) = (block[.monotonic], block[.wall])
        var forecast = LevelForecast(of: applications.shapes.map(\.number), shapes.shapes, by: book)
        for index in 0..<block.count {
            let monotonic = Int64(bitPattern: monotonics[index])
            let charge = forecast.charge(applications.ranks[index], shapes.ranks[index])
            let (debt, day) = (Int64(bitPattern: debts[index]), Int64(bitPattern: days[index]))
            let wait = LevelForecast.wait(charge, debt: debt, wall: Int64(bitPattern: walls[index]))
            waits[index] = .folded(waits[index] &- UInt64(bitPattern: wait))
            debts[index] = .folded(UInt64(bitPattern: debt &- forecast.debt(charge, at: monotonic)))
            days[index] = .folded(UInt64(bitPattern: day &- forecast.dayRemaining(charge)))
            forecast.note(charge, debt: debt, dayRemaining: day, at: monotonic)
        }
        for numbers in [debts, days, waits] { append(numbers, block.count, to: &words) }
    }

    private mutating func appendDurations(_ block: borrowing DecisionBlock, to words: inout [UInt64]) {
        let (inFlight, total, store) = (block[.inFlight], block[.total], block[.store])
        fill(block.count) { (inFlight[$0] &+ 1) & 0xFFFF_FFFF }
        NumberPacking.pack(first.span, from: .zero, into: &words)
        fill(block.count) { (total[$0] &- store[$0]) & 0xFFFF_FFFF }
        NumberPacking.pack(first.span, from: .near, into: &words)
        append(store, block.count, to: &words)
    }

    /// Appends a column as it is or by pairs, whichever is shorter; true for the latter.
    private mutating func appendBytes(_ block: borrowing DecisionBlock, _ column: DecisionColumn, to words: inout [UInt64]) -> Bool {
        let bytes = block[column]
        let plain = bytes.span.extracting(..<block.count)
        guard let pairs = BlockPairs(applications.shapes.count, shapes.shapes.count) else {
            NumberPacking.pack(plain, from: .near, into: &words)
            return false
        }
        var last = [UInt64](repeating: 0, count: pairs.count)
        let (owners, kinds) = (applications.ranks, shapes.ranks)
        fill(block.count) { index in
            let pair = pairs.place(owners[index], kinds[index])
            defer { last[pair] = bytes[index] }
            return .folded(bytes[index] &- last[pair])
        }
        let isByPair = NumberPacking.cost(first.span, from: .zero) < NumberPacking.cost(plain, from: .near)
        if isByPair {
            NumberPacking.pack(first.span, from: .zero, into: &words)
        } else {
            NumberPacking.pack(plain, from: .near, into: &words)
        }
        return isByPair
    }

    /// Makes `first` of what `number` gives for each record.
    private mutating func fill(_ count: Int, _ number: (Int) -> UInt64) {
        first.removeAll(keepingCapacity: true)
        for index in 0..<count { first.append(number(index)) }
    }
}

extension BlockPacking {
    /// Fact numbers of the applications in the block that was packed last.
    var applicationNumbers: [UInt32] { applications.shapes.map { UInt32(truncatingIfNeeded: $0.number) } }
}
