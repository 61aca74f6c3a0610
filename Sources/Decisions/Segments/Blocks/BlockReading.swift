extension DecisionBlock {
    /// Takes a block of a file, without reading any column yet.
    mutating func take(_ packed: PackedBlock) {
        reset(count: packed.count)
        self.packed = packed
    }

    /// Reads these columns, and those that they are reckoned from, where they were not read yet.
    mutating func read(_ columns: DecisionColumns, by book: PriceBook) throws(SegmentDamage) {
        guard let packed else { return }
        let wanted = columns.withSources.subtracting(loaded)
        guard !wanted.isEmpty else { return }
        if wanted.contains(.monotonic) { try readMonotonic(packed) }
        if wanted.contains(.wall) { try readWall(packed) }
        if !wanted.intersection(.byPair).isEmpty { try readPairs(packed) }
        if wanted.contains(.application) { spread(packed.applications, at: applicationPlaces, over: .application) }
        readShapes(packed, wanted)
        if wanted.contains(.sequence) { try readStreams(packed) }
        if !wanted.intersection(.identifiers).isEmpty { try readIdentifiers(packed, by: book) }
        if !wanted.intersection(.levels).isEmpty { try readLevels(packed, by: book) }
        try readPlain(packed, wanted)
        loaded.formUnion(wanted)
    }

    private mutating func list(_ list: BlockList, of packed: PackedBlock, into column: DecisionColumn) throws(SegmentDamage) {
        var numbers = lift(column)
        defer { lay(numbers, as: column) }
        try packed.unpack(list, into: &numbers)
    }

    private mutating func readMonotonic(_ packed: PackedBlock) throws(SegmentDamage) {
        try list(.monotonic, of: packed, into: .monotonic)
        var times = lift(.monotonic)
        var space = times.mutableSpan
        var time: UInt64 = 0
        for index in 0..<count {
            time &+= space[index]
            space[index] = time
        }
        lay(times, as: .monotonic)
    }

    private mutating func readWall(_ packed: PackedBlock) throws(SegmentDamage) {
        try list(.wall, of: packed, into: .wall)
        add(.monotonic, to: .wall)
    }

    private mutating func add(_ other: DecisionColumn, to column: DecisionColumn) {
        var sums = lift(column)
        let others = self[other]
        let added = others.span
        var space = sums.mutableSpan
        for index in 0..<count { space[index] &+= added[index] }
        lay(sums, as: column)
    }

    /// Each record's place among the applications and among the shapes.
    private mutating func readPairs(_ packed: PackedBlock) throws(SegmentDamage) {
        applicationPlaces.makeRoom(for: count)
        shapePlaces.makeRoom(for: count)
        try packed.unpack(.application, below: packed.applications.count, into: &applicationPlaces)
        try packed.unpack(.shape, below: packed.shapes.count, into: &shapePlaces)
    }

    private mutating func spread(_ entries: [UInt64], at places: [UInt64], over column: DecisionColumn) {
        var numbers = lift(column)
        var space = numbers.mutableSpan
        let known = entries.span
        let from = places.span
        for index in 0..<count { space[index] = known[Int(truncatingIfNeeded: from[index])] }
        lay(numbers, as: column)
    }

    private mutating func readShapes(_ packed: PackedBlock, _ wanted: DecisionColumns) {
        for place in Shape.columns.indices where wanted.contains(Shape.columns[place]) {
            let column = Shape.columns[place]
            spread(packed.shapes.map { $0[column] }, at: shapePlaces, over: column)
        }
    }

    private mutating func readStreams(_ packed: PackedBlock) throws(SegmentDamage) {
        scratch.makeRoom(for: count)
        try packed.unpack(.stream, below: packed.streams.count, into: &scratch)
        try list(.sequence, of: packed, into: .sequence)
        var next = [UInt64](repeating: 0, count: packed.streams.count)
        var (streams, sequences) = (lift(.stream), lift(.sequence))
        for index in 0..<count {
            let place = Int(truncatingIfNeeded: scratch[index])
            streams[index] = packed.streams[place]
            sequences[index] = next[place] &+ sequences[index].unfolded
            next[place] = sequences[index] &+ 1
        }
        lay(streams, as: .stream)
        lay(sequences, as: .sequence)
    }

    private mutating func readIdentifiers(_ packed: PackedBlock, by book: PriceBook) throws(SegmentDamage) {
        try list(.idHigh, of: packed, into: .idHigh)
        try list(.idLow, of: packed, into: .idLow)
        var (highs, lows) = (lift(.idHigh), lift(.idLow))
        crossIdentifiers(&highs, &lows, by: book)
        lay(highs, as: .idHigh)
        lay(lows, as: .idLow)
    }

    private mutating func readLevels(_ packed: PackedBlock, by book: PriceBook) throws(SegmentDamage) {
        try list(.debt, of: packed, into: .debt)
        try list(.dayRemaining, of: packed, into: .dayRemaining)
        try list(.wait, of: packed, into: .wait)
        var (debts, days, waits) = (lift(.debt), lift(.dayRemaining), lift(.wait))
        reckonLevels(&debts, &days, &waits, of: packed, by: book)
        lay(debts, as: .debt)
        lay(days, as: .dayRemaining)
        lay(waits, as: .wait)
    }

    private func reckonLevels(
        _ debts: inout [UInt64], _ days: inout [UInt64], _ waits: inout [UInt64], of packed: PackedBlock, by book: PriceBook
    ) {
        let (monotonics, walls) = (self[.monotonic], self[.wall])
        var forecast = LevelForecast(of: packed.applications, packed.shapes, by: book)
        var debtSpace = debts.mutableSpan
        var daySpace = days.mutableSpan
        var waitSpace = waits.mutableSpan
        for index in 0..<count {
            let monotonic = Int64(bitPattern: monotonics[index])
            let charge = forecast.charge(applicationPlaces[index], shapePlaces[index])
            let debt = forecast.debt(charge, at: monotonic) &+ Int64(bitPattern: debtSpace[index].unfolded)
            let day = forecast.dayRemaining(charge) &+ Int64(bitPattern: daySpace[index].unfolded)
            let wait = LevelForecast.wait(charge, debt: debt, wall: Int64(bitPattern: walls[index]))
            waitSpace[index] = UInt64(bitPattern: wait) &+ waitSpace[index].unfolded
            (debtSpace[index], daySpace[index]) = (UInt64(bitPattern: debt), UInt64(bitPattern: day))
            forecast.note(charge, debt: debt, dayRemaining: day, at: monotonic)
        }
    }

    private mutating func readPlain(_ packed: PackedBlock, _ wanted: DecisionColumns) throws(SegmentDamage) {
        if wanted.contains(.inFlight) { try readNarrow(.inFlight, as: .inFlight, less: 1, packed) }
        if wanted.contains(.store) { try readNarrow(.store, as: .store, less: 0, packed) }
        if wanted.contains(.total) {
            try list(.own, of: packed, into: .total)
            add(.store, to: .total)
            narrow(.total, less: 0)
        }
        if wanted.contains(.bytesIn) { try readBytes(.bytesIn, .bytesIn, packed, byPair: packed.choices.contains(.bytesInByPair)) }
        if wanted.contains(.bytesOut) { try readBytes(.bytesOut, .bytesOut, packed, byPair: packed.choices.contains(.bytesOutByPair)) }
        if wanted.contains(.subject) { try list(.subject, of: packed, into: .subject) }
    }

    private mutating func readNarrow(
        _ list: BlockList, as column: DecisionColumn, less: UInt64, _ packed: PackedBlock
    ) throws(SegmentDamage) {
        try self.list(list, of: packed, into: column)
        narrow(column, less: less)
    }

    /// Keeps the 32 bits that such a column has in a record.
    private mutating func narrow(_ column: DecisionColumn, less: UInt64) {
        var numbers = lift(column)
        var space = numbers.mutableSpan
        for index in 0..<count { space[index] = (space[index] &- less) & 0xFFFF_FFFF }
        lay(numbers, as: column)
    }

    private mutating func readBytes(
        _ list: BlockList, _ column: DecisionColumn, _ packed: PackedBlock, byPair: Bool
    ) throws(SegmentDamage) {
        try self.list(list, of: packed, into: column)
        guard byPair else { return }
        guard let pairs = BlockPairs(packed.applications.count, packed.shapes.count) else { throw packed.damage("pairs") }
        var last = [UInt64](repeating: 0, count: pairs.count)
        var numbers = lift(column)
        var space = numbers.mutableSpan
        for index in 0..<count {
            let pair = pairs.place(applicationPlaces[index], shapePlaces[index])
            last[pair] &+= space[index].unfolded
            space[index] = last[pair]
        }
        lay(numbers, as: column)
    }
}
