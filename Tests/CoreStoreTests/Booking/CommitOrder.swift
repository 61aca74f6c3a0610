import GRDB
import Testing

@testable import CoreStore

/// One call as a client saw it: when it was begun and ended on a clock all clients share, and what came back.
struct RecordedCall: Sendable {
    let call: BookingCall
    let began: Int
    let ended: Int
    let status: Int
    let code: String?
    /// The appointment a schedule made.
    let appointment: String?

    var succeeded: Bool { status < 300 }
}

/// The order in which the database committed the successful calls, written by triggers of the test's own.
enum CommitOrder {
    static func install(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE commit_order (number INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT, appointment TEXT, detail TEXT);
                CREATE TRIGGER order_of_schedules AFTER INSERT ON appointment
                BEGIN INSERT INTO commit_order (kind, appointment) VALUES ('schedule', NEW.appointment_id); END;
                CREATE TRIGGER order_of_moves AFTER UPDATE ON appointment
                BEGIN INSERT INTO commit_order (kind, appointment, detail)
                    VALUES ('move', NEW.appointment_id, NEW.session_id || ' ' || NEW.slot); END;
                CREATE TRIGGER order_of_cancels AFTER UPDATE OF state ON place WHEN NEW.state = 'cancelled'
                BEGIN INSERT INTO commit_order (kind, appointment, detail)
                    VALUES ('cancel', NEW.appointment_id, NEW.beneficiary_reference_id); END;
                """)
    }

    /// Indices of the successful calls in the order they were committed; what cannot be matched is a fault.
    static func read(_ database: Database, of calls: [RecordedCall]) throws -> (order: [Int], faults: [String]) {
        var matcher = Matcher(calls)
        var order: [Int] = []
        var faults: [String] = []
        for row in try Row.fetchAll(database, sql: "SELECT kind, appointment, coalesce(detail, '') FROM commit_order ORDER BY number") {
            let key = "\(row[0] as String) \(row[1] as String) \(row[2] as String)"
            guard let call = matcher.take(key, appointment: row[1]) else {
                faults.append("the database did \(key), which no call was told of")
                continue
            }
            // One cancel writes a line for each of its people.
            if order.last != call { order.append(call) }
        }
        let committed = Set(order)
        if committed.count != order.count { faults.append("a call was committed in two parts") }
        for (index, call) in calls.enumerated() where call.succeeded && !committed.contains(index) {
            faults.append("\(call.call) was told \(call.status), and the database knows nothing of it")
        }
        return (order, faults)
    }

    /// Finds the call behind a line. Equal moves of one appointment are taken in the order they ended; the others are unique.
    private struct Matcher {
        private var waiting: [String: [Int]] = [:]
        private var wholeCancels: [String: Int] = [:]

        init(_ calls: [RecordedCall]) {
            for (index, call) in calls.enumerated().sorted(by: { $0.element.ended < $1.element.ended }) where call.succeeded {
                switch call.call {
                case .schedule: waiting["schedule \(call.appointment ?? "") ", default: []].append(index)
                case .reschedule(_, let id, let session, let slot): waiting["move \(id) \(session) \(slot)", default: []].append(index)
                case .cancel(_, let id, let people?): for person in people { waiting["cancel \(id) \(person)", default: []].append(index) }
                case .cancel(_, let id, nil): wholeCancels[id] = index
                }
            }
        }

        mutating func take(_ key: String, appointment: String) -> Int? {
            if let first = waiting[key]?.first {
                waiting[key]?.removeFirst()
                return first
            }
            return key.hasPrefix("cancel") ? wholeCancels[appointment] : nil
        }
    }
}

/// Whether all calls could have happened one after another: successes in commit order, each refusal at some moment of its own
/// call when the oracle would have given the same code.
struct Linearization {
    let calls: [RecordedCall]
    let order: [Int]

    /// Replays the commits on the oracle and returns everything that was not legal.
    func faults(_ oracle: inout BookingOracle) -> [String] {
        var faults: [String] = []
        let windows = windows()
        var opening = Dictionary(grouping: calls.indices.filter { !calls[$0].succeeded }, by: { windows[$0].lowerBound })
        var unexplained: Set<Int> = []
        for position in 0...order.count {
            if position > 0 {
                let call = calls[order[position - 1]]
                if !windows[order[position - 1]].contains(position) { faults.append("\(call.call) took effect outside its own call") }
                if let code = oracle.verdict(call.call) { faults.append("\(call.call) succeeded, and should have been \(code)") }
                oracle.apply(call.call, id: call.appointment ?? "")
            }
            unexplained.formUnion(opening.removeValue(forKey: position) ?? [])
            for index in unexplained {
                if oracle.verdict(calls[index].call) == calls[index].code {
                    unexplained.remove(index)
                } else if position >= windows[index].upperBound {
                    faults.append("\(calls[index].call) was refused with \(calls[index].code ?? "no code"), in no state of its time")
                    unexplained.remove(index)
                }
            }
        }
        return faults
    }

    /// For each call the positions it may take: after all that ended before it began, before all that began after it ended.
    private func windows() -> [ClosedRange<Int>] {
        let successes = order.enumerated().map { (position: $0.offset + 1, call: calls[$0.element]) }
        let byEnd = successes.sorted { $0.call.ended < $1.call.ended }
        let byBegin = successes.sorted { $0.call.began > $1.call.began }
        var lower = Array(repeating: 0, count: calls.count)
        var upper = Array(repeating: order.count, count: calls.count)
        var next = 0
        var latest = 0
        for index in calls.indices.sorted(by: { calls[$0].began < calls[$1].began }) {
            while next < byEnd.count, byEnd[next].call.ended < calls[index].began {
                latest = max(latest, byEnd[next].position)
                next += 1
            }
            lower[index] = latest
        }
        next = 0
        var earliest = order.count + 1
        for index in calls.indices.sorted(by: { calls[$0].ended > calls[$1].ended }) {
            while next < byBegin.count, byBegin[next].call.began > calls[index].ended {
                earliest = min(earliest, byBegin[next].position)
                next += 1
            }
            upper[index] = earliest - 1
        }
        return calls.indices.map { index in lower[index]...max(lower[index], upper[index]) }
    }
}
