import Foundation
import Registry

/// An exported audit, on whatever machine.
package enum AuditFile {
    /// Checks an exported audit from its first line to its signed end. Throws `AuditFault` for the first record that is not as it was.
    package static func verify(_ path: String, keys: [AuditPublicKey], kept: [AuditCheckpoint] = []) throws -> AuditSummary {
        var verification = AuditVerification(keys: keys, awaiting: kept, isWhole: false)
        var end: AuditEnd?
        var lines = try LineReader(path)
        var number = 0
        while let line = try lines.next() {
            number += 1
            let next = verification.expected ?? 1
            guard end == nil else { throw AuditFault(next, "and what follows stand behind the end of the export, on line \(number)") }
            switch AuditLine(line) {
            case .record(let record):
                if let missing = verification.gap(before: record) { throw try outOfPlace(missing, record.number, &lines) }
                try verification.take(record)
            case .checkpoint(let checkpoint): try verification.take(checkpoint)
            case .end(let found): end = found
            case nil: throw AuditFault(next, "cannot be read: line \(number) is not as it was written")
            }
        }
        guard lines.isWhole else { throw AuditFault(verification.expected ?? 1, "is cut off: the last line has no end") }
        try verification.end()
        return try check(end, against: verification.summary, keys: keys)
    }

    /// Checkpoints kept elsewhere: lines of an export, of whatever else the file holds.
    package static func checkpoints(of path: String) throws -> [AuditCheckpoint] {
        var lines = try LineReader(path)
        var found: [AuditCheckpoint] = []
        while let line = try lines.next() {
            if case .checkpoint(let checkpoint) = AuditLine(line) { found.append(checkpoint) }
        }
        guard !found.isEmpty else { throw RegistryError.outOfForm("there is no checkpoint in \(path)") }
        return found
    }

    private static func check(_ end: AuditEnd?, against summary: AuditSummary, keys: [AuditPublicKey]) throws(AuditFault) -> AuditSummary {
        guard let end else { throw AuditFault(summary.last + 1, "or the end of the export is missing: it was cut off") }
        guard keys.contains(where: { $0.isValid(end.signature, of: end.signedBytes) }) else {
            throw AuditFault(summary.last, "is the last one, and the end of the export behind it is not signed by this key")
        }
        guard end.first == summary.first || summary.first == 0 else {
            throw AuditFault(end.first, "is missing: the export began with it")
        }
        guard end.last == summary.last, end.hash == summary.hash else {
            throw AuditFault(min(end.last, summary.last) + 1, "is not as it was: the export ended with record \(end.last)")
        }
        guard end.checkpoints == Int64(summary.checkpoints) else {
            throw AuditFault(
                summary.last, "is the last one, and \(end.checkpoints) checkpoints were in the export, not \(summary.checkpoints)")
        }
        return summary
    }

    /// Tells a record that comes later from one that is gone.
    private static func outOfPlace(_ number: Int64, _ found: Int64, _ lines: inout LineReader) throws -> AuditFault {
        while let line = try lines.next() {
            guard case .record(let record) = AuditLine(line), record.number == number else { continue }
            return AuditFault(number, "is out of its place: record \(found) stands there, and it comes later")
        }
        return AuditFault(number, "is missing: record \(found) follows record \(number - 1)")
    }
}

/// A file's lines, one at a time.
private struct LineReader {
    private let file: FileHandle
    private let path: String
    private var buffer: [UInt8] = []
    /// Where the next line begins in it.
    private var start = 0
    private var isAtEnd = false
    /// Whether the last line was ended.
    private(set) var isWhole = true

    private static let pieceBytes = 1 << 16

    init(_ path: String) throws(RegistryError) {
        guard let file = FileHandle(forReadingAtPath: path) else { throw .storage("\(path) cannot be read") }
        (self.file, self.path) = (file, path)
    }

    mutating func next() throws(RegistryError) -> [UInt8]? {
        while true {
            if let end = buffer[start...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { start = end + 1 }
                return Array(buffer[start..<end])
            }
            buffer.removeFirst(start)
            start = 0
            guard !isAtEnd else {
                guard !buffer.isEmpty else { return nil }
                isWhole = false
                defer { buffer = [] }
                return buffer
            }
            guard buffer.count <= Limits.auditLineBytes else {
                throw .outOfForm("\(path) is no exported audit: it has a line without an end")
            }
            do {
                let piece = try file.read(upToCount: LineReader.pieceBytes) ?? Data()
                if piece.isEmpty { isAtEnd = true } else { buffer += piece }
            } catch { throw .storage("\(path) cannot be read: \(error.localizedDescription)") }
        }
    }
}
