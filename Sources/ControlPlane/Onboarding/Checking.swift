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
        let (rules, others, subject) = try read { database in
            let rules = try RegistryStore.lifecycleRules(database)
            let application = try RegistryStore.application(application, database)
            let partner = try RegistryStore.checkedPartner(application.partner, database)
            let subject = try RegistryStore.checked(application, of: partner, under: rules, database)
            return (rules, try RegistryStore.partners(like: partner, atMost: CheckedPartner.alikeAtMost, database), subject)
        }
        var checked = subject
        if rules.checks.asksSite { checked.siteAnswered = await prober.answers(subject.partner.site) }
        return checked.checks(against: others, under: rules.checks, at: now)
    }

    static func checked(
        _ application: RegisteredApplication, of partner: CheckedPartner, under rules: LifecycleRules, _ database: Database
    ) throws -> CheckedApplication {
        CheckedApplication(
            partner: partner, scopes: application.declaration.scopes,
            evidence: try evidenceOnFile(of: application.declaration.id, database), neededEvidence: application.neededEvidence(under: rules)
        )
    }

    static func checkedPartner(_ id: Identifier, _ database: Database) throws -> CheckedPartner {
        guard let partner = try partner(id, database) else { throw RegistryError.unknown("partner", id.text) }
        return CheckedPartner(partner.declaration)
    }

    /// Partners that share a number, a contact or a domain with this one, by id: found by indexes, and of each sort so many at most, since one
    /// agency's address may be on thousands.
    static func partners(like partner: CheckedPartner, atMost count: Int, _ database: Database) throws -> [CheckedPartner] {
        let own = partner.id.text
        let marks: SQLRequest<String> = """
            SELECT id FROM (SELECT id FROM partner WHERE number_mark = \(partner.number) AND number_mark <> '' AND id <> \(own) LIMIT \(count))
            UNION SELECT id FROM (SELECT id FROM partner WHERE domain_mark = \(partner.domain) AND id <> \(own) LIMIT \(count))
            UNION SELECT partner FROM (SELECT DISTINCT partner FROM contact
                WHERE lower(address) IN \(partner.contacts.map { $0.lowercased() }) AND partner <> \(own) LIMIT \(count))
            ORDER BY 1
            """
        return try marks.fetchAll(database).compactMap(Identifier.init).map { try checkedPartner($0, database) }
    }
}

extension RegisteredApplication {
    /// What must be on file before its next step; of what is over, nothing.
    func neededEvidence(under rules: LifecycleRules) -> EvidenceSet {
        guard lifecycle.state != .rejected, lifecycle.state != .revoked else { return [] }
        return rules.evidence(for: lifecycle.nextMove, of: kind, returningTo: lifecycle.returnsTo)
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
