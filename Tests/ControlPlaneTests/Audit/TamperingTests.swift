import Foundation
import GRDB
import Registry
import Support
import Testing

@testable import ControlPlane

/// Random histories, and whatever can be done to a chain at random: it is always found, and where it was done.
@Suite struct TamperingTests {
    @Test(arguments: 0..<48) func `tampering with the registry is found and placed`(_ seed: UInt64) throws {
        var chance = SplitMix64(seed: seed)
        let audited = try RandomHistory.make(&chance)
        try audited.registry.makeCheckpoint(at: after(900_000))
        let summary = try audited.registry.verifyAudit()
        let tampering = try RandomTampering(of: audited, Int(seed) % RandomTampering.sorts, &chance)
        for statement in tampering.statements { try audited.tamper(statement) }
        let fault = #expect(throws: AuditFault.self, "\(tampering)") { _ = try audited.registry.verifyAudit() }
        #expect(fault.map { tampering.place.contains($0.number) } == true, "\(tampering): \(String(describing: fault)), \(summary)")
    }

    @Test(arguments: 0..<8) func `tampering with an export is found and placed`(_ seed: UInt64) throws {
        var chance = SplitMix64(seed: 1_000 + seed)
        let audited = try RandomHistory.make(&chance)
        let lines = try audited.exported()
        #expect(try audited.fault(ofFile: lines) == nil)
        for _ in 0..<40 {
            let (changed, place) = RandomTampering.tamper(lines, &chance)
            guard changed != lines else { continue }
            let fault = try audited.fault(ofFile: changed)
            #expect(fault.map { place.contains($0.number) } == true, "\(String(describing: fault)) is not in \(place)")
        }
    }

    @Test(arguments: 0..<8) func `a bit changed anywhere in an export is found`(_ seed: UInt64) throws {
        var chance = SplitMix64(seed: 2_000 + seed)
        let audited = try RandomHistory.make(&chance)
        let bytes = Data(try audited.exported().map { $0 + "\n" }.joined().utf8)
        for _ in 0..<40 {
            var changed = bytes
            let place = Int.random(in: 0..<bytes.count, using: &chance)
            changed[place] ^= 1 << UInt8.random(in: 0..<8, using: &chance)
            let line = bytes[..<place].count { $0 == 0x0A } + 1
            let fault = try #require(try audited.fault(ofFile: changed), "bit of byte \(place)")
            #expect(fault.number <= line + 1, "byte \(place) on line \(line): \(fault)")
        }
    }
}

/// Histories of what people do and are refused.
private enum RandomHistory {
    static func make(_ chance: inout SplitMix64) throws -> AuditedRegistry {
        let audited = try AuditedRegistry()
        var keys: [String] = []
        for turn in 0..<Int.random(in: 5...40, using: &chance) {
            let (person, time) = (Actor("person \(Int.random(in: 0..<3, using: &chance))"), after(Int64(turn)))
            switch Int.random(in: 0..<8, using: &chance) {
            case 0: try audited.registry.makeCheckpoint(at: time)
            case 1:
                let key = try? audited.registry.issueKey(to: id("acme-app"), in: .sandbox, named: "k\(turn)", by: person, at: time)
                if let key { keys.append(key.id) }
            case 2:
                let key = keys.randomElement(using: &chance) ?? "none"
                _ = try? audited.registry.revokeKey(key, by: person, reason: "ß \(turn)", at: time)
            case 3:
                let made = partner("partner-\(turn)", application: "application-\(turn)")
                _ = try audited.registry.importPartners([made], by: person, at: time)
            default:
                let move = LifecycleMove.allCases.randomElement(using: &chance) ?? .suspend
                // Revoked for good would end the history.
                if move != .revoke { _ = try? audited.registry.move(id("acme-app"), move, by: person, reason: "turn \(turn)", at: time) }
            }
        }
        return audited
    }
}

/// One thing done to a chain, and where it must be found.
private struct RandomTampering: CustomStringConvertible {
    static let sorts = 6
    var statements: [String]
    /// Records one of which must be named: one, but where only signatures tell.
    var place: ClosedRange<Int64>

    var description: String { "\(statements.joined(separator: "; ")) at \(place)" }

    init(of audited: AuditedRegistry, _ sort: Int, _ chance: inout SplitMix64) throws {
        let records = try audited.registry.auditRecords()
        let checkpoints = try audited.registry.auditCheckpoints()
        let number = Int64.random(in: 1...Int64(records.count), using: &chance)
        (statements, place) = ([], number...number)
        switch sort {
        case 0: statements = ["DELETE FROM audit WHERE number = \(number)"]
        case 1:
            let other = number == 1 ? 2 : Int64.random(in: 1..<number, using: &chance)
            statements = [(number, 0), (other, number), (0, other)].map { "UPDATE audit SET number = \($1) WHERE number = \($0)" }
            place = min(number, other)...min(number, other)
        case 2: statements = ["DELETE FROM audit WHERE number >= \(number)"]
        case 3:
            let record = records[Int(number) - 1]
            let texts = ["actor": record.actor, "subject": record.subject, "reason": record.reason + " "]
            let (column, text) = texts.randomElement(using: &chance) ?? ("actor", record.actor)
            var bytes = Array(text.utf8)
            bytes[Int.random(in: 0..<bytes.count, using: &chance)] ^= 1 << UInt8.random(in: 0..<7, using: &chance)
            statements = ["UPDATE audit SET \(column) = CAST(x'\(HexText.text(bytes))' AS TEXT) WHERE number = \(number)"]
        case 4:
            let column = ["hash", "previous"].randomElement(using: &chance) ?? "hash"
            let record = records[Int(number) - 1]
            var bytes = column == "hash" ? record.hash.bytes : record.previous.bytes
            bytes[Int.random(in: 0..<32, using: &chance)] ^= 1 << UInt8.random(in: 0..<8, using: &chance)
            statements = ["UPDATE audit SET \(column) = x'\(HexText.text(bytes))' WHERE number = \(number)"]
        default:
            let index = Int.random(in: 0..<checkpoints.count, using: &chance)
            var signature = checkpoints[index].signature
            signature[Int.random(in: 0..<64, using: &chance)] ^= 1 << UInt8.random(in: 0..<8, using: &chance)
            let change = ["signature = x'\(HexText.text(signature))'", "time = time + 1"].randomElement(using: &chance) ?? ""
            statements = ["UPDATE checkpoint SET \(change) WHERE number = \(checkpoints[index].number)"]
            place = (index == 0 ? 1 : checkpoints[index - 1].number + 1)...checkpoints[index].number
        }
    }

    /// Lines taken away, doubled or put elsewhere; what was done to records must be named exactly.
    static func tamper(_ lines: [String], _ chance: inout SplitMix64) -> ([String], ClosedRange<Int64>) {
        /// The record on a line, or the one that would come next.
        func number(_ index: Int) -> Int64 { Int64(lines[..<index].count { $0.hasPrefix("{\"number\"") }) + 1 }
        var changed = lines
        let first = Int.random(in: 0..<lines.count, using: &chance)
        let second = Int.random(in: 0..<lines.count, using: &chance)
        let low = min(first, second)
        let isRecord = [first, second].allSatisfy { lines[$0].hasPrefix("{\"number\"") }
        // A checkpoint or the end that is not in its place says so of all that it signs, or of what is missing behind it.
        var place = 1...Int64(lines.count)
        switch Int.random(in: 0..<4, using: &chance) {
        case 0:
            changed.remove(at: first)
            if isRecord { place = number(first)...number(first) }
        case 1:
            changed.swapAt(first, second)
            if isRecord { place = number(low)...number(low) }
        case 2: changed.removeSubrange(first...)
        default: changed.insert(lines[second], at: first)
        }
        return (changed, place)
    }
}
