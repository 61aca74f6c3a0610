/// Up to 8,192 records in columns, which one block after the other is read into: it keeps its room, and nobody copies it by mistake.
package struct DecisionBlock: ~Copyable {
    /// Records in it.
    package internal(set) var count = 0
    /// The columns that were read; the others hold what was there before.
    package internal(set) var loaded: DecisionColumns = []

    /// By column: its bits, a signed one's in its own width.
    var columns = InlineArray<28, [UInt64]>(repeating: [])
    /// The block as it is in its file, until another is read.
    var packed: PackedBlock?
    /// By record: its place among the block's applications and among its shapes, where they were read.
    var applicationPlaces: [UInt64] = []
    var shapePlaces: [UInt64] = []
    /// Room to work in.
    var scratch: [UInt64] = []

    /// No records.
    package init() {}

    /// A column's numbers, the first `count` of which mean something; signed ones as the bits that a record's words have.
    package subscript(column: DecisionColumn) -> [UInt64] { columns[Int(column.rawValue)] }

    /// One number of a column that was read.
    package subscript(column: DecisionColumn, index: Int) -> UInt64 { columns[Int(column.rawValue)][index] }

    /// Makes it hold so many records, of which nothing was read.
    mutating func reset(count: Int) {
        precondition(count <= DecisionLimits.blockRecords, "a block holds \(DecisionLimits.blockRecords) records")
        self.count = count
        loaded = []
        packed = nil
    }

    /// A column taken out to be changed, with room for the block's records; `lay` puts it back.
    mutating func lift(_ column: DecisionColumn) -> [UInt64] {
        var numbers: [UInt64] = []
        swap(&numbers, &columns[Int(column.rawValue)])
        numbers.makeRoom(for: count)
        return numbers
    }

    mutating func lay(_ numbers: consuming [UInt64], as column: DecisionColumn) { columns[Int(column.rawValue)] = numbers }

    /// Puts these records in it, all columns of them; each must be one that `Decision` reads.
    package mutating func take(_ records: Span<DecisionWords>) {
        reset(count: records.count)
        let whole: [DecisionColumn] = [
            .idHigh, .idLow, .sequence, .wall, .monotonic, .debt, .dayRemaining, .wait, .subject, .bytesIn, .bytesOut,
        ]
        for (word, column) in whole.enumerated() { take(records, word, 0, 64, as: column) }
        take(records, 11, 0, 32, as: .total)
        take(records, 11, 32, 32, as: .store)
        take(records, 12, 0, 24, as: .application)
        take(records, 12, 24, 24, as: .rules)
        take(records, 12, 48, 8, as: .retries)
        take(records, 12, 56, 8, as: .fault)
        take(records, 13, 0, 24, as: .endpoint)
        take(records, 13, 24, 24, as: .stream)
        take(records, 13, 48, 8, as: .ending)
        take(records, 13, 56, 8, as: .rule)
        take(records, 14, 0, 32, as: .cost)
        take(records, 14, 32, 32, as: .inFlight)
        take(records, 15, 0, 16, as: .route)
        take(records, 15, 16, 16, as: .caller)
        take(records, 15, 32, 16, as: .status)
        take(records, 15, 48, 8, as: .verdict)
        take(records, 15, 56, 8, as: .shadow)
        loaded = .all
    }

    private mutating func take(_ records: Span<DecisionWords>, _ word: Int, _ start: UInt64, _ bits: UInt64, as column: DecisionColumn) {
        var numbers = lift(column)
        let mask = UInt64.max &>> (64 &- bits)
        var space = numbers.mutableSpan
        for index in 0..<records.count { space[index] = records[index][word] &>> start & mask }
        lay(numbers, as: column)
    }

    /// One record, of the columns that were read; the others are as in a record of nothing.
    package func decision(_ index: Int) -> Decision {
        precondition(index < count, "a block has the records it has")
        var decision = Decision()
        fillIdentity(&decision, index)
        fillJudgement(&decision, index)
        fillOutcome(&decision, index)
        return decision
    }

    private func value(_ column: DecisionColumn, _ index: Int, or nothing: UInt64 = 0) -> UInt64 {
        loaded.contains(column) ? columns[Int(column.rawValue)][index] : nothing
    }

    private func fillIdentity(_ decision: inout Decision, _ index: Int) {
        decision.idHigh = value(.idHigh, index)
        decision.idLow = value(.idLow, index)
        decision.sequence = value(.sequence, index)
        decision.stream = UInt32(truncatingIfNeeded: value(.stream, index))
        decision.wallNanoseconds = Int64(bitPattern: value(.wall, index))
        decision.monotonicNanoseconds = Int64(bitPattern: value(.monotonic, index))
        decision.application = UInt32(truncatingIfNeeded: value(.application, index))
        decision.rules = UInt32(truncatingIfNeeded: value(.rules, index))
        decision.route = Int16(truncatingIfNeeded: value(.route, index, or: .max))
        decision.caller = CallerFacts(rawValue: UInt16(truncatingIfNeeded: value(.caller, index))) ?? CallerFacts()
    }

    private func fillJudgement(_ decision: inout Decision, _ index: Int) {
        decision.verdict = Verdict(rawValue: UInt8(truncatingIfNeeded: value(.verdict, index))) ?? .admitted
        decision.fault = Verdict(rawValue: UInt8(truncatingIfNeeded: value(.fault, index))) ?? .admitted
        decision.rule = DecidingRule(rawValue: UInt8(truncatingIfNeeded: value(.rule, index))) ?? .none
        let watched = UInt8(truncatingIfNeeded: value(.shadow, index))
        decision.shadow = watched == 0 ? nil : Verdict(rawValue: watched &- 1)
        decision.cost = UInt32(truncatingIfNeeded: value(.cost, index))
        decision.debtNanoseconds = Int64(bitPattern: value(.debt, index))
        decision.dayRemaining = Int64(bitPattern: value(.dayRemaining, index, or: .max))
        decision.inFlight = Int32(truncatingIfNeeded: value(.inFlight, index, or: .max))
        decision.waitNanoseconds = Int64(bitPattern: value(.wait, index))
    }

    private func fillOutcome(_ decision: inout Decision, _ index: Int) {
        decision.status = UInt16(truncatingIfNeeded: value(.status, index))
        decision.ending = Ending(rawValue: UInt8(truncatingIfNeeded: value(.ending, index))) ?? .answered
        decision.totalMicroseconds = UInt32(truncatingIfNeeded: value(.total, index))
        decision.storeMicroseconds = UInt32(truncatingIfNeeded: value(.store, index))
        decision.bytesIn = value(.bytesIn, index)
        decision.bytesOut = value(.bytesOut, index)
        decision.endpoint = UInt32(truncatingIfNeeded: value(.endpoint, index))
        decision.retries = UInt8(truncatingIfNeeded: value(.retries, index))
        decision.subject = value(.subject, index)
    }
}

extension [UInt64] {
    /// Makes it as long as this at least, whatever stands in it.
    mutating func makeRoom(for count: Int) {
        if self.count < count { self = [UInt64](repeating: 0, count: count) }
    }
}
