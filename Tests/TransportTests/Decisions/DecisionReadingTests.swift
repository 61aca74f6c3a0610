import Decisions
import Exchange
import Foundation
import Registry
import Support
import Testing

@testable import Transport

/// Whom the desk tells what, whatever form the log is in.
@Suite(.serialized) struct DecisionReadingTests {
    private let folder: TemporaryDirectory
    private let facts = FactTable()

    init() throws { folder = try TemporaryDirectory() }

    private var path: String { folder.path + "/decisions" }

    private func application(_ name: String) throws -> ApplicationRecord {
        ApplicationRecord(
            id: try #require(Identifier(name)), partner: try #require(Identifier("partner")), state: .live,
            ends: WallTime(nanoseconds: .max), scopes: ScopeSet([.search]), plan: try #require(Identifier("plan")), allowedAddresses: [])
    }

    private func question(_ decision: Decision, of name: String) throws -> DecisionQuestion {
        DecisionQuestion(
            asked: try #require(RequestIdentifier(decision.idText)), application: try #require(Identifier(name)),
            asking: RequestID(high: 1, low: 1))
    }

    /// A record of this application's, judged this moment.
    private func decision(_ number: UInt64, of application: ApplicationRecord?) -> Decision {
        let now = SystemClock.now()
        var decision = Decision()
        decision.idHigh = UInt64(now.wall.nanoseconds / 1_000_000) << 16 | number
        (decision.idLow, decision.sequence, decision.status) = (number << 1 | 1, number, 200)
        (decision.wallNanoseconds, decision.monotonicNanoseconds) = (now.wall.nanoseconds, now.monotonic.nanoseconds)
        if let application { decision.application = facts.number(of: .application(application)) }
        return decision
    }

    private func write(_ decisions: [Decision]) throws {
        let setting = DecisionLog.Setting(path: path, keptBytes: 1 << 30, keptDays: 30)
        let log = try DecisionLog(setting, loops: 1, facts: facts, spelling: { "\($0)" }, reporter: { _ in })
        try log.start()
        log.rings[0].put(decisions)
        log.finish()
    }

    private func isExplained(_ answer: DecisionAnswer) -> Bool { if case .explained = answer { true } else { false } }

    @Test func `an application learns of its own requests, and of nobody else's whether there are any`() throws {
        let (mine, others) = (try application("app-one"), try application("app-two"))
        let decisions = [decision(1, of: mine), decision(2, of: others), decision(3, of: nil)]
        try write(decisions)
        var reading = DecisionReading(folder: SegmentFolder(at: path))
        for _ in 0..<2 {
            #expect(isExplained(reading.answer(try question(decisions[0], of: "app-one"))))
            #expect(isExplained(reading.answer(try question(decisions[1], of: "app-two"))))
            #expect(reading.answer(try question(decisions[1], of: "app-one")) == .unknown)
            #expect(reading.answer(try question(decisions[0], of: "app-two")) == .unknown)
            #expect(reading.answer(try question(decisions[2], of: "app-one")) == .unknown)
            #expect(reading.answer(try question(decision(4, of: mine), of: "app-one")) == .unknown)
            SegmentSealing(folder: SegmentFolder(at: path), reporter: { _ in }).turn()
        }
    }

    @Test func `a damaged segment hides what is in it and nothing else, and where there is no folder there is nothing`() async throws {
        let mine = try application("app-one")
        var reading = DecisionReading(folder: SegmentFolder(at: path))
        let decisions = [decision(1, of: mine), decision(2, of: mine)]
        #expect(reading.answer(try question(decisions[0], of: "app-one")) == .unknown)
        try write([decisions[0]])
        // The log's own thread seals it.
        var names: [String] = []
        _ = try await eventually {
            names = try FileManager.default.contentsOfDirectory(atPath: path)
            return names.count == 1 && names[0].hasSuffix(".sealed")
        }
        let first = try #require(names.first)
        try write([decisions[1]])
        try Data(repeating: 7, count: 4_096).write(to: URL(fileURLWithPath: path + "/" + first))
        #expect(reading.answer(try question(decisions[0], of: "app-one")) == .unknown)
        #expect(isExplained(reading.answer(try question(decisions[1], of: "app-one"))))
    }

    @Test func `takes so many questions and no more`() async throws {
        let desk = try DecisionDesk(path: path)
        let mailbox = try DecisionMailbox()
        let question = try question(decision(1, of: nil), of: "app-one")
        let handle = ConnectionHandle(index: 0, generation: 0, side: .client)
        for _ in 0..<TransportLimits.decisionQuestions { #expect(desk.take(question, of: handle, to: mailbox)) }
        #expect(!desk.take(question, of: handle, to: mailbox))
        try desk.start()
        var found: [DecisionAnswer] = []
        _ = await eventually {
            found += mailbox.takeAll().map(\.found)
            return found.count == TransportLimits.decisionQuestions
        }
        #expect(found == [DecisionAnswer](repeating: .unknown, count: TransportLimits.decisionQuestions))
        #expect(desk.take(question, of: handle, to: mailbox), "there is room again")
    }
}
