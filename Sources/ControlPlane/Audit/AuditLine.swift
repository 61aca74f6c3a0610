import Decisions
import Foundation
package import Registry

/// A line of an exported audit: a record, a checkpoint behind the record it signs, or the end.
package enum AuditLine: Sendable {
    case record(AuditRecord)
    case checkpoint(AuditCheckpoint)
    case end(AuditEnd)
}

/// What an export ends with, so that one cut off is told from a whole one.
package struct AuditEnd: Hashable, Sendable {
    /// The first record in it.
    package var first: Int64
    /// The last one.
    package var last: Int64
    /// The last one's hash.
    package var hash: Digest
    /// How many checkpoints are in it.
    package var checkpoints: Int64
    /// When it was made.
    package var time: String
    /// Ed25519 over the five.
    package var signature: [UInt8]

    /// What is signed.
    package var signedBytes: [UInt8] {
        var form = HashedForm("partner-gateway audit-export 1")
        for field in ["\(first)", "\(last)", CertificateText.text(hash), "\(checkpoints)", time] { form.append(field) }
        return form.bytes
    }
}

extension AuditLine {
    /// The line without its end: each value has exactly one form.
    package var text: String {
        var json = JSONText()
        json.object { json in
            switch self {
            case .record(let record): AuditLine.write(record, to: &json)
            case .checkpoint(let checkpoint):
                json.member("checkpoint") { json in
                    json.member("number", checkpoint.number)
                    json.member("hash", CertificateText.text(checkpoint.hash))
                    json.member("time", checkpoint.time)
                    json.member("signature", HexText.text(checkpoint.signature))
                }
            case .end(let end):
                json.member("end") { json in
                    json.member("first", end.first)
                    json.member("last", end.last)
                    json.member("hash", CertificateText.text(end.hash))
                    json.member("checkpoints", end.checkpoints)
                    json.member("time", end.time)
                    json.member("signature", HexText.text(end.signature))
                }
            }
        }
        return String(decoding: json.bytes, as: UTF8.self)
    }

    private static func write(_ record: AuditRecord, to json: inout JSONText) {
        json.member("number", record.number)
        for member in record.texts { json.member(member.name, member.text) }
    }

    /// A line as written by `text`, and no other; nil otherwise.
    package init?(_ bytes: [UInt8]) {
        guard let form = try? JSONDecoder().decode(Form.self, from: Data(bytes)), let line = form.line, Array(line.text.utf8) == bytes
        else {
            return nil
        }
        self = line
    }
}

extension AuditRecord {
    /// All but the number by name, in the order in which they are written.
    package var texts: [(name: String, text: String?)] {
        [
            ("time", time), ("actor", actor), ("origin", origin), ("address", address), ("token", token), ("action", action),
            ("subjectKind", subjectKind), ("subject", subject), ("before", before), ("after", after), ("reason", reason),
            ("refusal", refusal), ("previous", CertificateText.text(previous)), ("hash", CertificateText.text(hash)),
        ]
    }
}

/// Any of the three as JSON has it.
private struct Form: Decodable {
    let number: Int64?
    let time, actor, origin, address, token, action, subjectKind, subject, before, after, reason, refusal, previous, hash: String?
    let checkpoint: Checkpoint?
    let end: End?

    struct Checkpoint: Decodable {
        let number: Int64
        let hash, time, signature: String
    }

    struct End: Decodable {
        let first, last, checkpoints: Int64
        let hash, time, signature: String
    }

    var line: AuditLine? {
        if let checkpoint {
            guard let hash = CertificateText.digest(checkpoint.hash), let signature = HexText.bytes(checkpoint.signature) else {
                return nil
            }
            return .checkpoint(.init(number: checkpoint.number, hash: hash, time: checkpoint.time, signature: signature))
        }
        if let end {
            guard let hash = CertificateText.digest(end.hash), let signature = HexText.bytes(end.signature) else { return nil }
            return .end(
                AuditEnd(
                    first: end.first, last: end.last, hash: hash, checkpoints: end.checkpoints, time: end.time, signature: signature))
        }
        return record.map(AuditLine.record)
    }

    private var record: AuditRecord? {
        guard let number, let time, let actor, let origin, let action, let subjectKind, let subject, let reason,
            let previous = previous.flatMap(CertificateText.digest), let hash = hash.flatMap(CertificateText.digest)
        else { return nil }
        return AuditRecord(
            number: number, time: time, actor: actor, origin: origin, address: address, token: token, action: action,
            subjectKind: subjectKind, subject: subject, before: before, after: after, reason: reason, refusal: refusal, previous: previous,
            hash: hash)
    }
}

/// Bytes as pairs of lower-case hexadecimal digits.
enum HexText {
    static func text(_ bytes: [UInt8]) -> String { bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined() }

    static func bytes(_ text: String) -> [UInt8]? {
        let digits = text.utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue.map { UInt8($0) } }
        guard digits.count == text.utf8.count, digits.count.isMultiple(of: 2) else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}
