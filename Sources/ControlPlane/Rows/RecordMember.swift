import Decisions
import Registry

/// One member of a record as scripts get it: of the same name in JSON and in CSV, where what is not is empty.
package struct RecordMember: Sendable {
    private enum Value {
        case text(String?)
        case number(Int64?)
    }

    /// What it is called.
    package let name: String
    private let value: Value

    /// A text, or nothing.
    package init(_ name: String, _ text: String?) { (self.name, value) = (name, .text(text)) }
    /// A number, or nothing.
    package init(_ name: String, number: Int64?) { (self.name, value) = (name, .number(number)) }

    /// The value in CSV.
    package var cell: String {
        switch value {
        case .text(let text): text ?? ""
        case .number(let number): number.map { String($0) } ?? ""
        }
    }

    /// An object of members.
    package static func json(_ members: [RecordMember]) -> String { String(decoding: object(members), as: UTF8.self) }

    /// A list of such objects, as the admin API has lists.
    static func items(_ rows: [[RecordMember]]) -> [UInt8] {
        var json = JSONText()
        json.object { json in json.member("items", list: rows.map(object)) }
        return json.bytes
    }

    private static func object(_ members: [RecordMember]) -> [UInt8] {
        var json = JSONText()
        json.object { json in
            for member in members {
                switch member.value {
                case .text(let text): json.member(member.name, text)
                case .number(let number): json.member(member.name, number)
                }
            }
        }
        return json.bytes
    }
}

extension RecordedDecision {
    /// All that is on record, in the order of the columns.
    package var members: [RecordMember] { identity + judgement + outcome }

    private var identity: [RecordMember] {
        [
            RecordMember("id", decision.idText), RecordMember("time", WallTime(nanoseconds: decision.wallNanoseconds).timestamp()),
            RecordMember("application", application?.text), RecordMember("route", route?.text), RecordMember("scope", scope?.name),
        ]
    }

    private var judgement: [RecordMember] {
        let isThrottled = decision.rule != .none
        return [
            RecordMember("verdict", decision.verdict.name), RecordMember("rule", ruleName), RecordMember("policy", policyVersion),
            RecordMember("shadow", decision.shadow?.name), RecordMember("cost", number: Int64(decision.cost)),
            RecordMember("owedNanoseconds", number: isThrottled ? decision.debtNanoseconds : nil),
            RecordMember("dayRemaining", number: decision.dayRemaining < 0 ? nil : decision.dayRemaining),
            RecordMember("inFlight", number: decision.inFlight < 0 ? nil : Int64(decision.inFlight)),
            RecordMember("waitNanoseconds", number: decision.waitNanoseconds),
        ]
    }

    private var outcome: [RecordMember] {
        [
            RecordMember("status", number: decision.status == 0 ? nil : Int64(decision.status)),
            RecordMember("fault", decision.fault == .admitted ? nil : decision.fault.name), RecordMember("ending", decision.ending.name),
            RecordMember("totalMicroseconds", number: Int64(decision.totalMicroseconds)),
            RecordMember("storeMicroseconds", number: Int64(decision.storeMicroseconds)),
            RecordMember("bytesIn", number: Int64(clamping: decision.bytesIn)),
            RecordMember("bytesOut", number: Int64(clamping: decision.bytesOut)), RecordMember("endpoint", endpoint),
            RecordMember("retries", number: Int64(decision.retries)), RecordMember("subject", subjectText),
        ]
    }

    private var subjectText: String? {
        guard decision.subject != 0 else { return nil }
        let digits = String(decision.subject, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// The names of all members, without a record.
    package static let memberNames = RecordedDecision(Decision(), [:]).members.map(\.name)
}

extension AuditRecord {
    /// All that is on record, in the order of the columns.
    package var members: [RecordMember] { [RecordMember("number", number: number)] + texts.map { RecordMember($0.name, $0.text) } }
}
