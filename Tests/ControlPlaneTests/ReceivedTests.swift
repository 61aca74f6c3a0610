import Foundation
import GRDB
import Registry
import Testing

@testable import ControlPlane

/// When an application was received: said by an import, once, and never in the future.
@Suite struct ReceivedTests {
    private let scratch: Scratch
    /// 15 November 2023, 03:43:20 by Indian clocks.
    private let now = Scratch.now

    init() throws { scratch = try Scratch() }

    private func declared(
        _ received: String?, application: String = "acme-app", in state: ApplicationState? = nil
    ) throws -> PartnerDeclaration {
        var declaration = partner("acme", application: application, in: state)
        declaration.applications[0].received = try received.map { try #require(ReceivedDate($0)) }
        return declaration
    }

    private func refusal(_ body: () throws -> Void) -> String? {
        #expect(throws: RegistryError.self) { try body() }?.description
    }

    @Test func `a day begins by the policy's clocks, and what nobody says is when it was first submitted`() throws {
        let registry = try scratch.registry()
        _ = try registry.importPartners([try declared("2021-06-10")], at: now)
        let application = try registry.application(id("acme-app"))
        #expect(application.received?.text == "2021-06-09T18:30:00Z")
        #expect(application.since == now && application.lifecycle.state == .draft)
        _ = try registry.importPartners([partner("bolt", application: "bolt-app")], at: now)
        #expect(try registry.application(id("bolt-app")).received == nil)
        let moves: [(LifecycleMove, Int64)] = [(.submit, 1), (.review, 2), (.requestChanges, 3), (.submit, 4)]
        for (move, days) in moves {
            let time = WallTime(seconds: now.seconds + days * 86_400)
            for application in ["acme-app", "bolt-app"] {
                _ = try registry.move(id(application), move, by: "reva", reason: "as it goes", at: time)
            }
        }
        #expect(try registry.application(id("bolt-app")).received == WallTime(seconds: now.seconds + 86_400))
        #expect(try registry.application(id("acme-app")).received?.text == "2021-06-09T18:30:00Z")
        let records = try registry.auditRecords(AuditFilter(action: "application.import", subject: "acme-app"))
        #expect(records.count == 1 && records[0].after?.contains(#""received":"2021-06-10""#) == true)
    }

    @Test func `it sets no state, and a state it stands beside counts as ever`() throws {
        let registry = try scratch.registry()
        _ = try registry.importPartners([try declared("2021-06-10", in: .live)], at: now)
        #expect(try registry.application(id("acme-app")).lifecycle.state == .live)
        let moves = try registry.moves(of: id("acme-app"))
        #expect(moves.map(\.time) == [now])
    }

    @Test func `of a draft it may be said later, once; the same again in another spelling changes nothing`() throws {
        let registry = try scratch.registry()
        _ = try registry.importPartners([try declared(nil)], at: now)
        let said = try registry.importPartners([try declared("2021-06-10")], at: now)
        #expect(said.applicationsChanged == 1)
        #expect(try registry.application(id("acme-app")).received?.text == "2021-06-09T18:30:00Z")
        let revision = try registry.revision()
        for again in ["2021-06-10", "2021-06-10T00:00:00+05:30", "2021-06-09T18:30:00Z", nil] {
            #expect(try registry.importPartners([try declared(again)], at: now).applicationsChanged == 0)
        }
        #expect(try registry.revision() == revision)
        #expect(try registry.exported(id("acme")).applications[0].received?.text == "2021-06-10")
        let otherwise = refusal { _ = try registry.importPartners([try declared("2021-06-11")], at: now) }
        #expect(otherwise == "application acme-app was received 2021-06-10, as was said before, and now it says 2021-06-11")
        let file = try DatabaseQueue(path: scratch.path + "/state/registry.sqlite")
        #expect(throws: DatabaseError.self) { try file.write { try $0.execute(sql: "UPDATE application SET received = 0") } }
    }

    @Test func `of what is no draft any more it is not said; all conflicts are told together`() throws {
        let registry = try scratch.registry()
        _ = try registry.importPartners([try declared(nil), partner("bolt", application: "bolt-app")], at: now)
        _ = try registry.move(id("acme-app"), .submit, by: "reva", reason: "complete", at: now)
        var taking = partner("cord", application: "bolt-app")
        taking.applications += try declared("2023-11-16", application: "cord-app").applications
        let told = refusal { _ = try registry.importPartners([try declared("2021-06-10"), taking], at: now) }
        #expect(
            told == """
                application acme-app is submitted: when it was received can be said of a draft only; application bolt-app belongs to \
                partner bolt already; application cord-app was received 2023-11-16, which is still to come
                """)
        #expect(try registry.partners().count == 2)
    }

    @Test(arguments: [
        ("2023-11-15", true), ("2023-11-16", false), ("2023-11-15T03:43:20+05:30", true), ("2023-11-15T03:43:21+05:30", false),
        ("1970-01-01", true),
    ])
    func `nothing was received in the future`(text: String, isTaken: Bool) throws {
        let registry = try scratch.registry()
        if isTaken {
            _ = try registry.importPartners([try declared(text)], at: now)
        } else {
            #expect(refusal { _ = try registry.importPartners([try declared(text)], at: now) }?.hasSuffix("which is still to come") == true)
        }
    }
}

extension WallTime {
    fileprivate var text: String { Date(timeIntervalSince1970: TimeInterval(seconds)).formatted(.iso8601) }
}
