/// The parts of a record, each a list of its own in a block.
package enum DecisionColumn: UInt8, CaseIterable, Sendable {
    /// When, and which request.
    case wall, monotonic, idHigh, idLow, sequence, stream
    /// Whose, and what for.
    case application, rules, route, caller
    /// What was decided, and by what.
    case verdict, fault, rule, shadow, cost, debt, dayRemaining, inFlight, wait
    /// What became of it.
    case status, ending, total, store, bytesIn, bytesOut, endpoint, retries, subject
}

/// A choice of columns: what is not asked for is not read.
package struct DecisionColumns: OptionSet, Sendable {
    /// Bit n is the column whose raw value is n.
    package let rawValue: UInt32

    /// Columns from their bits.
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Columns from a list.
    package init(_ columns: [DecisionColumn]) { rawValue = columns.reduce(0) { $0 | 1 << UInt32($1.rawValue) } }

    /// Whole records.
    package static let all = DecisionColumns(DecisionColumn.allCases)

    /// Whether the column is among them.
    package func contains(_ column: DecisionColumn) -> Bool { rawValue >> UInt32(column.rawValue) & 1 == 1 }
}
