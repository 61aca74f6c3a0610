/// What was adopted for one application: its record or its limits were other ones from then on.
package struct RuleChange: Hashable, Sendable {
    /// When the new rules were taken up, in wall nanoseconds.
    package var wallNanoseconds: Int64
    /// Fact number of the application as it was; 0 where there was none.
    package var applicationBefore: UInt32
    /// Fact number of the application as it is since; 0 where there is none.
    package var applicationAfter: UInt32
    /// Fact numbers of the rules that were in force, and are.
    package var rulesBefore: UInt32
    /// Fact number of the rules in force since.
    package var rulesAfter: UInt32

    /// A change from its parts.
    package init(
        wallNanoseconds: Int64, applicationBefore: UInt32, applicationAfter: UInt32, rulesBefore: UInt32, rulesAfter: UInt32
    ) {
        self.wallNanoseconds = wallNanoseconds
        self.applicationBefore = applicationBefore
        self.applicationAfter = applicationAfter
        self.rulesBefore = rulesBefore
        self.rulesAfter = rulesAfter
    }

    /// The fact numbers it names.
    package var facts: [UInt32] { [applicationBefore, applicationAfter, rulesBefore, rulesAfter] }
}

/// Records that are not in the log, since there was no room for them.
package struct DroppedRecords: Hashable, Sendable {
    /// How many, since the last such entry.
    package var count: UInt64
    /// When they were counted, in wall nanoseconds.
    package var wallNanoseconds: Int64

    /// So many by then.
    package init(count: UInt64, wallNanoseconds: Int64) {
        self.count = count
        self.wallNanoseconds = wallNanoseconds
    }
}

/// One frame of a live segment: what was appended at once.
package enum LiveFrame: Equatable {
    /// A fact under its number, before anything that names it.
    case fact(UInt32, Fact)
    /// Records in the order they were handed over: a loop's own in theirs, several loops' side by side.
    case records([DecisionWords])
    /// A change of somebody's rules.
    case change(RuleChange)
    /// Records that are missing.
    case dropped(DroppedRecords)

    /// Frames are equal by what they hold.
    package static func == (left: LiveFrame, right: LiveFrame) -> Bool {
        switch (left, right) {
        case (.fact(let number, let fact), .fact(let otherNumber, let otherFact)): number == otherNumber && fact == otherFact
        case (.records(let records), .records(let others)):
            records.count == others.count && records.indices.allSatisfy { Decision(records[$0]) == Decision(others[$0]) }
        case (.change(let change), .change(let other)): change == other
        case (.dropped(let dropped), .dropped(let other)): dropped == other
        default: false
        }
    }
}

extension RuleChange {
    var words: [UInt64] {
        [
            UInt64(bitPattern: wallNanoseconds), UInt64(applicationBefore) | UInt64(applicationAfter) << 32,
            UInt64(rulesBefore) | UInt64(rulesAfter) << 32,
        ]
    }

    init?(_ words: ArraySlice<UInt64>) {
        guard words.count == 3 else { return nil }
        let start = words.startIndex
        self.init(
            wallNanoseconds: Int64(bitPattern: words[start]), applicationBefore: UInt32(truncatingIfNeeded: words[start + 1]),
            applicationAfter: UInt32(words[start + 1] >> 32), rulesBefore: UInt32(truncatingIfNeeded: words[start + 2]),
            rulesAfter: UInt32(words[start + 2] >> 32))
    }
}

extension DroppedRecords {
    var words: [UInt64] { [count, UInt64(bitPattern: wallNanoseconds)] }

    init?(_ words: ArraySlice<UInt64>) {
        guard words.count == 2 else { return nil }
        self.init(count: words[words.startIndex], wallNanoseconds: Int64(bitPattern: words[words.startIndex + 1]))
    }
}
