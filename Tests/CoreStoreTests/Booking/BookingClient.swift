import GRDB
import Synchronization
import Testing

@testable import CoreStore

/// One of the sixteen: draws calls at random, makes them over its own connection, writes down what came back.
struct BookingClient {
    let world: BookingWorld
    let ticks: Ticks
    var random: SplitMix64

    /// A clock all clients share; it only orders.
    final class Ticks: Sendable {
        private let count = Atomic(0)

        func next() -> Int { count.wrappingAdd(1, ordering: .sequentiallyConsistent).newValue }
    }

    mutating func run(_ count: Int, _ client: StoreClient, sample: () async throws -> Void) async throws -> [RecordedCall] {
        var calls: [RecordedCall] = []
        for number in 0..<count {
            calls.append(try await make(draw(), client))
            if number % 100 == 0 { try await sample() }
        }
        return calls
    }

    private func make(_ call: BookingCall, _ client: StoreClient) async throws -> RecordedCall {
        let (path, body, account) = request(call)
        let began = ticks.next()
        let answer = try await client.post("/api/v2/appointment/\(path)", body, world.logins[account].fields)
        let ended = ticks.next()
        let appointment = answer.status == 200 ? try answer.json()["appointment_confirmation_no"]?.string : nil
        if case .cancel(_, let gone, nil) = call { world.seen.withLock { $0[account]?.removeAll { $0 == gone } } }
        if let appointment { world.seen.withLock { $0[account, default: []].append(appointment) } }
        return RecordedCall(
            call: call, began: began, ended: ended, status: answer.status, code: answer.errorCode, appointment: appointment)
    }

    private mutating func draw() -> BookingCall {
        let account = Int.random(in: 0..<world.logins.count, using: &random)
        let session =
            chance(2) ? "6f1d6c0a-0000-4000-8000-000000000000" : world.sessions[Int.random(in: 0..<world.sessions.count, using: &random)]
        let slots = world.oracle.sessions[session]?.slots ?? []
        let slot = slots.isEmpty || chance(2) ? "FORENOON" : slots[Int.random(in: 0..<slots.count, using: &random)]
        // Mostly the latest appointments, which are the ones still alive; sometimes another account's.
        let owner = chance(3) ? Int.random(in: 0..<world.logins.count, using: &random) : account
        let recent = world.seen.withLock { Array(($0[owner] ?? []).suffix(3)) }
        guard let appointment = recent.randomElement(using: &random), !chance(50) else {
            let isVaccinated = account >= BookingScene.vaccinatedFrom
            let dose = isVaccinated != chance(3) ? 2 : 1
            return .schedule(account: account, dose: dose, session: session, slot: slot, people: some(of: account))
        }
        if chance(50) { return .reschedule(account: account, appointment: appointment, session: session, slot: slot) }
        return .cancel(account: account, appointment: appointment, people: chance(50) ? nil : some(of: account))
    }

    private mutating func some(of account: Int) -> [String] {
        let count = [1, 1, 1, 2, 2, 3, 4][Int.random(in: 0..<7, using: &random)]
        return Array(world.people[account].shuffled(using: &random).prefix(count))
    }

    private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

    private func request(_ call: BookingCall) -> (path: String, body: String, account: Int) {
        func list(_ people: [String]) -> String { "[\(people.map { "\"\($0)\"" }.joined(separator: ","))]" }
        switch call {
        case .schedule(let account, let dose, let session, let slot, let people):
            return (
                "schedule", #"{"dose":\#(dose),"session_id":"\#(session)","slot":"\#(slot)","beneficiaries":\#(list(people))}"#, account
            )
        case .reschedule(let account, let appointment, let session, let slot):
            return ("reschedule", #"{"appointment_id":"\#(appointment)","session_id":"\#(session)","slot":"\#(slot)"}"#, account)
        case .cancel(let account, let appointment, let people):
            let named = people.map { #","beneficiariesToCancel":\#(list($0))"# } ?? ""
            return ("cancel", #"{"appointment_id":"\#(appointment)"\#(named)}"#, account)
        }
    }
}
