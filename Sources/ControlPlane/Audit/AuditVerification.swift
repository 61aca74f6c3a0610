package import Registry

/// What is wrong with an audit, and at which record it begins.
package struct AuditFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// The first record changed, removed or out of its place.
    package var number: Int64
    /// What is wrong with it, as the rest of a sentence.
    package var problem: String

    /// One sentence.
    package var description: String { "record \(number) \(problem)" }

    init(_ number: Int64, _ problem: String) { (self.number, self.problem) = (number, problem) }
}

/// Checks a chain record by record, in the order in which they stand, and the checkpoints where they belong.
struct AuditVerification {
    /// The first record there was; nil while there was none.
    private(set) var first: Int64?
    /// The last record found in order, and its hash.
    private(set) var last: (number: Int64, hash: Digest)?
    /// How far a signature vouches for the chain.
    private(set) var vouched: Int64 = 0
    /// How many checkpoints stood between the records.
    private(set) var checkpoints = 0

    private let keys: [AuditPublicKey]
    /// Checkpoints kept elsewhere, and of a database its own: met when their record is.
    private var awaited: [Int64: [AuditCheckpoint]]
    /// Whether the chain must be there from its beginning.
    private let isWhole: Bool
    /// A record whole in itself that does not follow the one before: the next tells which of the two was written anew.
    private var doubt: AuditRecord?

    init(keys: [AuditPublicKey], awaiting checkpoints: [AuditCheckpoint] = [], isWhole: Bool) {
        (self.keys, self.isWhole) = (keys, isWhole)
        awaited = Dictionary(grouping: checkpoints, by: \.number)
    }

    /// The number that the next record must have, where that is known.
    var expected: Int64? { last.map { $0.number + 1 } ?? (isWhole ? 1 : nil) }

    /// The record that should stand where a later one does; nil where none is wanting.
    func gap(before record: AuditRecord) -> Int64? {
        guard doubt == nil, let expected, record.number > expected else { return nil }
        return expected
    }

    /// The next record of the chain.
    mutating func take(_ record: AuditRecord) throws(AuditFault) {
        if let doubt { throw written(anew: doubt, isFollowed: record.previous == doubt.hash && record.number == doubt.number + 1) }
        if !isWhole, let last, last.number == first, record.number <= last.number {
            // The chain began with a record that is not the first: what follows it tells.
            throw AuditFault(max(1, record.number - 1), "is not in its place: record \(last.number) stands there")
        }
        if let expected, record.number != expected {
            throw AuditFault(expected, "is not in its place: record \(record.number) stands there")
        }
        guard record.isIntact else {
            let place = record.trueNumber.map { "stands in the place of another: it was written as record \($0)" }
            throw AuditFault(record.number, place ?? "was changed: its hash does not fit what it says")
        }
        if let last, record.previous != last.hash { return doubt = record }
        if last == nil, record.number == 1, record.previous != AuditRecord.noHash {
            throw AuditFault(1, "was written anew: a first record follows none")
        }
        first = first ?? record.number
        last = (record.number, record.hash)
        for checkpoint in awaited.removeValue(forKey: record.number) ?? [] { try check(checkpoint) }
    }

    /// A checkpoint of the record taken last.
    mutating func take(_ checkpoint: AuditCheckpoint) throws(AuditFault) {
        try check(checkpoint)
        checkpoints += 1
    }

    private mutating func check(_ checkpoint: AuditCheckpoint) throws(AuditFault) {
        guard keys.contains(where: { $0.isValid(checkpoint.signature, of: checkpoint.signedBytes) }) else {
            throw AuditFault(
                vouched + 1, "or one up to \(checkpoint.number) was written anew: the signature under \(checkpoint.number) is wrong")
        }
        try settle(signed: checkpoint)
        guard let last, last.number == checkpoint.number else {
            throw AuditFault(checkpoint.number, "is signed by a checkpoint that stands in another place")
        }
        guard last.hash == checkpoint.hash else {
            throw AuditFault(vouched + 1, "or one up to \(last.number) was written anew: another record \(last.number) was signed")
        }
        vouched = max(vouched, checkpoint.number)
    }

    /// No record follows.
    mutating func end() throws(AuditFault) {
        if let doubt { try settle(signed: awaited[doubt.number]?.first) }
        let next = (last?.number ?? 0) + 1
        // Checkpoints of before what is here cannot be held against it.
        let missing = awaited.keys.filter { $0 >= next && (first != nil || isWhole) }.sorted()
        if let number = missing.first { throw AuditFault(next, "is missing, and what followed: record \(number) was signed") }
    }

    /// Which of two records that do not fit was written anew, where no other follows: what was signed tells.
    private func settle(signed checkpoint: AuditCheckpoint?) throws(AuditFault) {
        guard let doubt else { return }
        let isSigned = checkpoint.map { $0.number == doubt.number && $0.hash == doubt.hash }
        throw written(anew: doubt, isFollowed: isSigned ?? true)
    }

    private func written(anew record: AuditRecord, isFollowed: Bool) -> AuditFault {
        isFollowed
            ? AuditFault(record.number - 1, "was written anew: record \(record.number) follows another")
            : AuditFault(record.number, "was written anew: it follows another record \(record.number - 1)")
    }
}

extension AuditVerification {
    /// What was found where nothing is wrong.
    var summary: AuditSummary {
        AuditSummary(
            first: first ?? 0, last: last?.number ?? 0, hash: last?.hash ?? AuditRecord.noHash, checkpoints: checkpoints, vouched: vouched)
    }
}

/// A chain in which nothing is wrong.
package struct AuditSummary: Hashable, Sendable {
    /// The first record's number; 0 where there is none.
    package var first: Int64
    /// The last one's.
    package var last: Int64
    /// The last one's hash.
    package var hash: Digest
    /// How many checkpoints are in it.
    package var checkpoints: Int
    /// The last record that is signed for.
    package var vouched: Int64
}
