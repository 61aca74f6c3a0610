import Decisions
import Foundation
import GRDB
package import Registry

/// Makes a registry with so many applications in an empty folder, for measuring what the team's pages take: in every state, of every kind, of
/// partners with four each, with received dates over a year, evidence for about half of what is needed, and people who have them. The same
/// seed gives the same. One transaction, everything that is decided on record.
package func makeInboxRegistry(
    stateDirectory: String, policiesDirectory: String, applications count: Int, seed: UInt64, at now: WallTime = .now()
) throws {
    let policy = try loadPolicy(from: policiesDirectory)
    let registry = try RegistryStore(stateDirectory: stateDirectory)
    guard try registry.isEmpty() else { throw RegistryError.outOfForm("\(stateDirectory) holds a registry already: name an empty folder") }
    var fill = InboxFill(random: SeededNumbers(state: seed), now: now)
    try registry.write { database in
        _ = try RegistryStore.acceptPolicy(policy, as: PolicyDecision(ofGateway: InboxFill.actor, at: now), database)
        let partners = try fill.partners(applications: count)
        _ = try RegistryStore.importPartners(partners, by: InboxFill.actor, at: now, database)
        for application in partners.flatMap(\.applications) { try fill.work(on: application, database) }
    }
    try SnapshotPublisher.publish(registry, to: stateDirectory)
    try registry.close()
}

/// Numbers that look random and come from a seed (SplitMix64).
private struct SeededNumbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

private struct InboxFill {
    static let actor = Actor("benchmark", from: .gateway)
    private static let perPartner = 4
    private static let people = ["asha", "bela", "dev", "meera", "omar", "reva"]
    /// As many of a hundred are in each state: most wait for somebody.
    private static let shares: [(ApplicationState, Int)] = [
        (.draft, 10), (.submitted, 12), (.inReview, 14), (.changesRequested, 10), (.rejected, 8), (.sandbox, 14), (.certifying, 6),
        (.approved, 6), (.live, 14), (.suspended, 3), (.revoked, 2), (.withdrawn, 1),
    ]
    private static let kinds: [(PartnerKind, Int)] = [(.app, 58), (.hospital, 22), (.pharmacy, 15), (.government, 5)]

    var random: SeededNumbers
    let now: WallTime

    mutating func partners(applications count: Int) throws -> [PartnerDeclaration] {
        try stride(from: 0, to: count, by: InboxFill.perPartner).map { first in
            let id = "generated-\(first)"
            let kind = pick(InboxFill.kinds)
            return PartnerDeclaration(
                id: try identifier(id), kind: kind, name: "Generated \(kind.name) \(first)",
                registration: "U\(10_000 + first % 90_000)KA2019PTC\(100_000 + first)", site: "https://\(id).example",
                contacts: [.technical: "technical@\(id).example"],
                applications: try (first..<min(first + InboxFill.perPartner, count)).map { try application($0) })
        }
    }

    private mutating func application(_ index: Int) throws -> ApplicationDeclaration {
        let day = (now.seconds - Int64.random(in: 0..<31_536_000, using: &random)) / DayClock.daySeconds
        let date = CivilDate(epochSeconds: day * DayClock.daySeconds)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return ApplicationDeclaration(
            id: try identifier("generated-app-\(index)"), name: "Booking \(index)", purpose: "Is measured.",
            scopes: ScopeSet([.metadata, .search, .booking]), state: pick(InboxFill.shares), resumesIn: nil,
            received: ReceivedDate("\(date.year)-\(two(date.month))-\(two(date.day))"))
    }

    /// What a team would have done: when it came into its state, who has it, what is on file.
    mutating func work(on declaration: ApplicationDeclaration, _ database: Database) throws {
        let id = declaration.id
        let since = now.nanoseconds - Int64.random(in: 0..<(60 * DayClock.dayNanoseconds), using: &random)
        try database.execute(sql: "UPDATE application SET since = ? WHERE id = ?", arguments: [since, id.text])
        if Int.random(in: 0..<100, using: &random) < 60, let person = InboxFill.people.randomElement(using: &random) {
            let before = try RegistryStore.application(id, database)
            try database.execute(
                sql: "INSERT INTO assignment (application, person, time, actor) VALUES (?, ?, ?, ?)",
                arguments: [id.text, person, now.nanoseconds, InboxFill.actor.name])
            try database.execute(sql: "UPDATE application SET assignee = ? WHERE id = ?", arguments: [person, id.text])
            let after = try RegistryStore.application(id, database)
            let event = AuditEvent(.assign, of: .application(id), before: AuditFacts(before), after: AuditFacts(after))
            try RegistryStore.audit(event, by: InboxFill.actor, at: now, database)
        }
        for kind in EvidenceKind.allCases where Bool.random(using: &random) { try handIn(kind, for: id, database) }
    }

    /// A row of evidence whose file nobody will ask for: a tenth has expired.
    private mutating func handIn(_ kind: EvidenceKind, for application: Identifier, _ database: Database) throws {
        let (id, days) = ("ev-\(UInt64.random(in: .min ... .max, using: &random))", Int64.random(in: -36..<324, using: &random))
        let digest = sha256(Array(id.utf8))
        let expires = WallTime(nanoseconds: now.nanoseconds + days * DayClock.dayNanoseconds)
        try database.execute(
            sql: """
                INSERT INTO evidence (id, application, kind, digest, name, media_type, bytes, issued, expires, added, added_by)
                VALUES (?, ?, ?, ?, 'report.pdf', ?, 1, NULL, ?, ?, ?)
                """,
            arguments: [
                id, application.text, kind.name, Data(digest.bytes), EvidenceFileType.pdf.rawValue, expires.nanoseconds, now.nanoseconds,
                InboxFill.actor.name,
            ])
        let facts: AuditFacts = [
            "application": .text(application.text), "kind": .text(kind.name), "sha256": .text(CertificateText.text(digest)),
            "expires": .text(expires.timestamp()),
        ]
        try RegistryStore.audit(AuditEvent(.addEvidence, of: .evidence(id), after: facts), by: InboxFill.actor, at: now, database)
    }

    private mutating func pick<Value>(_ shares: [(Value, Int)]) -> Value {
        var rest = Int.random(in: 0..<shares.map(\.1).reduce(0, +), using: &random)
        for (value, share) in shares {
            guard rest >= share else { return value }
            rest -= share
        }
        preconditionFailure("a number below the sum falls into one of the shares")
    }

    private func identifier(_ text: String) throws(RegistryError) -> Identifier {
        guard let identifier = Identifier(text) else { throw .outOfForm("'\(text)' is no id") }
        return identifier
    }
}
