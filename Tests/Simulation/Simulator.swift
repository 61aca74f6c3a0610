import Admission
import Decisions
import Exchange
import Registry

/// Runs schedules, one after the other, each in a fresh world: loops, clients and core stores in memory, time a number.
package final class Simulator {
    /// How core stores take a new connection.
    enum Door { case open, refusing, failing, silent, sick }

    let scenery: Scenery
    var oracle = Oracle()
    var loops: [LoopModel] = []
    var clients: [End] = []
    var stores: [End] = []
    var calls: [Call] = []
    /// What is being looked up.
    var asked: [Asked] = []
    /// Requests that count as in flight.
    var holders: [Call] = []
    var time = Scenery.start
    /// By environment and slot.
    var doors: [Door] = []
    var endpoints = EndpointTable()
    var slots = 1
    var noise = Noise(seed: 0)
    var isCutting = false
    var stalls: [Int] = []
    /// Figures of all schedules so far.
    package var coverage = Coverage()
    private(set) var failure: String?

    /// A failed schedule: what went wrong, and at which of its steps.
    package struct Failure: Sendable {
        /// In words.
        package var what: String
        /// Index of the step; the number of steps where it showed at the end.
        package var step: Int
    }

    /// A simulator with the scenery it needs.
    package init() throws { scenery = try Scenery() }

    func fail(_ what: @autoclosure () -> String) {
        if failure == nil { failure = what() }
    }

    /// Runs one schedule; nil if everything held.
    package func run(_ schedule: Schedule) -> Failure? {
        begin(loops: schedule.loops, slots: min(schedule.endpoints, 8))
        defer { end() }
        coverage.schedules += 1
        for (index, step) in schedule.steps.enumerated() {
            coverage.steps[Int(step.kind.rawValue)] += 1
            noise = Noise(seed: UInt64(step.noise))
            isCutting = step.noise != 0
            apply(step)
            wakeLoops()
            audit()
            if let failure { return Failure(what: failure, step: index) }
        }
        isCutting = false
        finish()
        return failure.map { Failure(what: $0, step: schedule.steps.count) }
    }

    private func begin(loops count: Int, slots: Int) {
        scenery.levels.reset()
        scenery.asking.reset()
        oracle.reset()
        failure = nil
        time = Scenery.start
        self.slots = slots
        doors = [Door](repeating: .open, count: 2 * slots)
        endpoints = EndpointTable()
        for name in endpointNames { endpoints.activate(name) }
        var setting = Exchange.Setting(
            authorities: RequestRules.authorities, digest: { Scenery.digest($0) }, anonymous: AddressLevels(entries: 1, seed: 1),
            failures: AddressLevels(entries: 1, seed: 2), endpoints: endpoints,
            checks: slots > 1 ? CheckSetting(milliseconds: 15_000, path: "/livez") : nil, hstsSeconds: 77,
            subjects: SubjectSecret((1, 2, 3, 4)))
        for index in 0..<min(count, 4) {
            loops.append(LoopModel(index, simulator: self, setting: setting, rules: scenery.rules[0]))
            setting.checks = nil
        }
        stalls = [Int](repeating: 0, count: loops.count)
    }

    private func end() {
        emptySlots()
        // Calls and connections know each other: their rings are opened, or nothing of a schedule would ever be freed.
        for call in calls {
            call.attempts.removeAll()
            call.client.client?.items.removeAll()
        }
        asked.removeAll(keepingCapacity: true)
        loops.removeAll(keepingCapacity: true)
        clients.removeAll(keepingCapacity: true)
        stores.removeAll(keepingCapacity: true)
        calls.removeAll(keepingCapacity: true)
    }

    /// Nothing comes in any more, readers read: all must end by itself, and all memory come back.
    private func finish() {
        for index in stalls.indices { stalls[index] = 0 }
        wakeLoops()
        for end in clients where !end.isClosed {
            end.window = .max
            loops[end.loop].touch(end)
        }
        for _ in 0..<200 {
            pass(milliseconds: 5_000)
            if failure != nil || loops.allSatisfy({ $0.exchange.clientCount == 0 && $0.openClients == 0 }) { break }
        }
        // Checks go on for ever, so a loop's life ends as a process's does: it drains.
        for loop in loops where failure == nil { loop.drain() }
        for _ in 0..<20 where failure == nil && loops.contains(where: { $0.stores.contains { $0 != nil } }) { pass(milliseconds: 5_000) }
        audit()
        for loop in loops where failure == nil {
            let held = loop.exchange.holdings()
            if held.clients > 0 { fail("a client's connection is never closed") }
            if held.upstreams > 0 { fail("a connection to a core store is never closed") }
            if held.bufferBytes > 0 { fail("\(held.bufferBytes) bytes of buffers are not given back") }
        }
        for loop in loops where failure == nil && UInt64(loop.recorded.count) != loop.exchange.idCount {
            fail("\(loop.exchange.idCount) requests, and records of \(loop.recorded.count)")
        }
        for scope in Scope.allCases where failure == nil && scenery.requestsInFlight(of: .other, scope) != 0 {
            fail("requests of \(scope.name) count as in flight for ever")
        }
        for call in calls where call.client.taken >= call.headEnd && !call.client.isClosed {
            fail("request \(call.mark) is never answered")
        }
    }

    // MARK: Time

    /// Time passes, ticks come late; loops that are not run see none of it.
    func pass(milliseconds: Int64) {
        time.wall.nanoseconds += milliseconds * 1_000_000
        time.monotonic.nanoseconds += milliseconds * 1_000_000
        for loop in loops where !loop.isStalled {
            if !loop.isLagging || time.monotonic.nanoseconds - loop.now.monotonic.nanoseconds > 20_000_000_000 { loop.now = time }
            loop.turn()
            loop.tick()
        }
    }

    private func wakeLoops() {
        for loop in loops where loop.isStalled || loop.isLagging {
            stalls[loop.index] -= 1
            guard stalls[loop.index] < 0 else { continue }
            loop.isStalled = false
            loop.isLagging = false
            loop.now = time
            loop.turn()
            loop.tick()
        }
    }

    /// How many of so many bytes are moved at once.
    func cut(_ count: Int) -> Int {
        guard isCutting, count > 1 else { return count }
        let limit = [1, 7, 100, 4_096, 65_536][noise.pick(5)]
        return min(count, 1 + noise.pick(limit))
    }

    var endpointNames: [EndpointName] {
        (0..<2 * slots).map { EndpointName(environment: $0 % 2 == 0 ? .production : .sandbox, slot: $0 / 2) }
    }

    func door(_ endpoint: EndpointName?) -> Door {
        guard let endpoint else { return .open }
        return doors[Int(endpoint.slot) * 2 + (endpoint.environment == .production ? 0 : 1)]
    }
}
