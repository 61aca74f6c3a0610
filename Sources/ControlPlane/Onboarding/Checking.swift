import GRDB
import NIOCore
import NIOPosix
package import Registry

/// Asks whether a partner's site is there: injected, since tests and closed networks ask nobody.
package protocol SiteProber: Sendable {
    /// Whether it answers; nil where it cannot be asked.
    func answers(_ site: String) async -> Bool?
}

/// Asks by a connection to the site's port 443 and nothing more: no byte is sent that a page could act on.
package struct ConnectingProber: SiteProber {
    /// A prober.
    package init() {}

    /// Whether somebody listens there. Names only: what an address of the inner network answers is nobody's proof.
    package func answers(_ site: String) async -> Bool? {
        let host = String(site.dropFirst("https://".count).prefix { $0 != "/" && $0 != ":" && $0 != "?" && $0 != "#" })
        guard host.contains("."), host.last?.isLetter == true else { return nil }
        let bootstrap = ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup).connectTimeout(.seconds(Limits.siteSeconds))
        do {
            let channel = try await bootstrap.connect(host: host, port: 443).get()
            try? await channel.close()
            return true
        } catch {
            return false
        }
    }
}

extension RegistryStore {
    /// All automatic checks of an application. The partner's site is asked only where the rules say so.
    package func checks(
        of application: Identifier, asking prober: any SiteProber, at now: WallTime
    ) async throws -> [AutomaticCheck] {
        let (rules, partners, subject) = try read { database in
            let rules = try RegistryStore.lifecycleRules(database)
            let partners = try RegistryStore.checkedPartners(database)
            return (rules, partners, try RegistryStore.checked(application, among: partners, under: rules, database))
        }
        var checked = subject
        if rules.checks.asksSite { checked.siteAnswered = await prober.answers(subject.partner.site) }
        return checked.checks(against: partners, under: rules.checks, at: now)
    }

    private static func checked(
        _ id: Identifier, among partners: [CheckedPartner], under rules: LifecycleRules, _ database: Database
    ) throws -> CheckedApplication {
        let application = try application(id, database)
        guard let partner = partners.first(where: { $0.id == application.partner }) else {
            throw RegistryError.unknown("partner", application.partner.text)
        }
        let next = application.lifecycle.nextMove
        return CheckedApplication(
            partner: partner, scopes: application.declaration.scopes, evidence: try evidenceOnFile(of: id, database),
            neededEvidence: rules.evidence(for: next, of: application.kind, returningTo: application.lifecycle.returnsTo))
    }

    private static func checkedPartners(_ database: Database) throws -> [CheckedPartner] {
        let contacts = Dictionary(
            grouping: try Row.fetchAll(database, sql: "SELECT partner, address FROM contact ORDER BY partner, role"),
            by: { $0["partner"] as String })
        return try Row.fetchAll(database, sql: "SELECT * FROM partner ORDER BY id").map { row in
            guard let kind = PartnerKind(name: row["kind"]) else { throw RegistryRows.damaged("kind") }
            return CheckedPartner(
                id: try row.identifier("id"), kind: kind, registration: row["registration"], site: row["site"],
                contacts: (contacts[row["id"]] ?? []).map { $0["address"] })
        }
    }
}

extension Lifecycle {
    /// The next step on the way to live that evidence is asked for.
    var nextMove: LifecycleMove {
        switch state {
        case .draft, .submitted, .inReview, .changesRequested, .rejected: .grantSandbox
        case .sandbox, .certifying: .approve
        case .approved, .live, .withdrawn: .goLive
        case .suspended, .revoked: .resume
        }
    }
}
