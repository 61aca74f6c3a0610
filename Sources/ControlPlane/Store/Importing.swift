import GRDB
package import Registry

extension RegistryStore {
    /// Takes over what partner files declare. Only into an empty registry, and by the machine's owner, do states, grants and plans count: at the
    /// first start, or by command while nobody has an account. Else new applications become drafts, and of known ones the declared facts alone
    /// change. All of it or nothing; of a trial nothing, and it is not on record.
    package func importPartners(
        _ declarations: [PartnerDeclaration], by actor: Actor = .importing, isTrial: Bool = false, at now: WallTime
    ) throws(RegistryError) -> ImportSummary {
        let body = { (database: Database) in
            let actor = actor == .importing ? actor : try Person.actor(actor)
            try self.demand(Privilege.importing, of: actor, to: "import partners", at: now, database)
            let isOwner = try self.asker(actor, at: now, database).authority == .owner
            return try RegistryStore.importPartners(declarations, by: actor, asOwner: isOwner, at: now, database)
        }
        guard !isTrial else { return try write(.trial, body) }
        return try write(asked: AuditAttempt(.importPartner, of: .registry, by: actor, at: now), body)
    }

    static func importPartners(
        _ declarations: [PartnerDeclaration], by actor: Actor, asOwner isOwner: Bool = true, at now: WallTime, _ database: Database
    ) throws -> ImportSummary {
        let policy = try RegistryStore.policyInForce(database)
        try refuseConflicts(declarations, by: DayClock(offsetMinutes: policy.dayOffsetMinutes), at: now, database)
        var summary = ImportSummary()
        summary.isFirst = try isOwner && Int.fetchOne(database, sql: "SELECT count(*) FROM partner") == 0
        for file in declarations {
            let declaration = try withoutErased(file, at: now, into: &summary, database)
            try putPartner(declaration, by: actor, at: now, into: &summary, database)
            for application in declaration.applications {
                let id = application.id
                let before = try known(id, database)
                try putApplication(application, of: declaration, known: before, policy: policy, at: now, into: &summary, database)
                let after = try RegistryStore.application(id, database)
                guard before != after else { continue }
                let event = AuditEvent(
                    .importApplication, of: .application(id), before: before.map { AuditFacts($0) }, after: AuditFacts(after))
                try audit(event, by: actor, at: now, database)
            }
        }
        return summary
    }

    static func known(_ id: Identifier, _ database: Database) throws -> RegisteredApplication? {
        let sql = "SELECT \(RegistryRows.applicationColumns) WHERE application.id = ?"
        return try Row.fetchOne(database, sql: sql, arguments: [id.text]).map(RegistryRows.application)
    }

    private static func putPartner(
        _ declaration: PartnerDeclaration, by actor: Actor, at now: WallTime, into summary: inout ImportSummary, _ database: Database
    ) throws {
        var facts = declaration
        facts.applications = []
        let known = try partner(declaration.id, database)?.declaration
        guard known != facts else { return }
        if known == nil { summary.partnersAdded += 1 } else { summary.partnersChanged += 1 }
        try database.execute(
            sql: """
                INSERT INTO partner (id, kind, name, registration, site, number_mark, domain_mark) VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, name = excluded.name, registration = excluded.registration,
                site = excluded.site, number_mark = excluded.number_mark, domain_mark = excluded.domain_mark
                """,
            arguments: [
                facts.id.text, facts.kind.name, facts.name, facts.registration, facts.site, CheckedPartner(facts).number,
                CheckedPartner(facts).domain,
            ])
        try putContacts(facts.contacts, of: facts.id, at: now, database)
        var after = AuditFacts(facts)
        let changed = ContactRole.allCases.filter { known != nil && known?.contacts[$0] != facts.contacts[$0] }
        if !changed.isEmpty { after["contactsChanged"] = .texts(changed.map(\.rawValue)) }
        let event = AuditEvent(.importPartner, of: .partner(facts.id), before: known.map { AuditFacts($0) }, after: after)
        try audit(event, by: actor, at: now, database)
    }

    /// What a file declares, without what names the people of a partner whose were erased: no import brings them back, unless there is a
    /// reason to write to somebody again: an application that lives, or one that begins.
    private static func withoutErased(
        _ file: PartnerDeclaration, at now: WallTime, into summary: inout ImportSummary, _ database: Database
    ) throws -> PartnerDeclaration {
        guard let known = try partner(file.id, database), known.erased != nil else { return file }
        let living = try known.applications.contains { try application($0, database).isLiving(at: now) }
        guard !living, file.applications.allSatisfy({ known.applications.contains($0.id) }) else { return file }
        if !file.contacts.isEmpty { summary.contactsLeftOut.append(file.id) }
        var declaration = file
        declaration.contacts = [:]
        for index in declaration.applications.indices {
            declaration.applications[index].purpose = SafeText.withoutContacts(declaration.applications[index].purpose)
        }
        return declaration
    }

    /// Puts contacts in the place of others; those are swept out of the files, too.
    private static func putContacts(
        _ contacts: [ContactRole: String], of partner: Identifier, at now: WallTime, _ database: Database
    ) throws {
        let rows = try Row.fetchAll(database, sql: "SELECT role, address FROM contact WHERE partner = ?", arguments: [partner.text])
        let isReplacing = rows.contains { row in ContactRole(rawValue: row["role"]).flatMap { contacts[$0] } != row["address"] as String }
        if isReplacing { try demandSettling(at: now, database) }
        try database.execute(sql: "DELETE FROM contact WHERE partner = ?", arguments: [partner.text])
        for (role, address) in contacts {
            try database.execute(
                sql: "INSERT INTO contact (partner, role, address) VALUES (?, ?, ?)", arguments: [partner.text, role.rawValue, address])
        }
        if !contacts.isEmpty { try database.execute(sql: "UPDATE partner SET erased = NULL WHERE id = ?", arguments: [partner.text]) }
    }

    private static func putApplication(
        _ declaration: ApplicationDeclaration, of partner: PartnerDeclaration, known: RegisteredApplication?, policy: Policy,
        at now: WallTime, into summary: inout ImportSummary, _ database: Database
    ) throws {
        var facts = declaration
        (facts.state, facts.resumesIn, facts.granted) = (nil, nil, nil)
        guard let known else {
            summary.applicationsAdded += 1
            try insert(facts, of: partner.id, at: now, database)
            try receive(facts, by: policy, database)
            guard let state = declaration.state, state != .draft else { return }
            guard summary.isFirst else { return summary.statesIgnored.append(facts.id) }
            return try place(declaration, of: partner.kind, in: state, policy: policy, at: now, database)
        }
        if let state = declaration.state, state != known.lifecycle.state { summary.statesIgnored.append(facts.id) }
        // What a file does not mention it does not open: a table without a column of addresses frees nobody from theirs.
        let bound = facts.certificates ?? known.declaration.certificates ?? []
        let allowed = facts.allowedAddresses ?? known.declaration.allowedAddresses ?? []
        (facts.certificates, facts.allowedAddresses) = (bound.isEmpty ? nil : bound, allowed.isEmpty ? nil : allowed)
        if known.declaration.received != nil || facts.received == nil {
            facts.received = known.declaration.received
        } else {
            try receive(facts, by: policy, database)
        }
        guard known.declaration != facts else { return }
        summary.applicationsChanged += 1
        try database.execute(
            sql: """
                UPDATE application SET name = ?, purpose = ?, scopes_asked = ?, plan_asked = ?, allowed_addresses = ?, certificates = ?
                WHERE id = ?
                """,
            arguments: [
                facts.name, facts.purpose, Int64(facts.scopes.rawValue), facts.plan?.text, RegistryRows.text(facts.allowedAddresses),
                RegistryRows.text(facts.certificates), facts.id.text,
            ])
        if facts.certificates != known.declaration.certificates {
            try recordBinding(of: known, by: .gateway(.importing), reason: "declared by an import", at: now, database)
        }
    }

    private static func insert(
        _ facts: ApplicationDeclaration, of partner: Identifier, at now: WallTime, _ database: Database
    ) throws {
        try database.execute(
            sql: """
                INSERT INTO application
                (id, partner, name, purpose, scopes_asked, scopes_granted, plan_asked, allowed_addresses, certificates, state, since)
                VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?, 'draft', ?)
                """,
            arguments: [
                facts.id.text, partner.text, facts.name, facts.purpose, Int64(facts.scopes.rawValue), facts.plan?.text,
                RegistryRows.text(facts.allowedAddresses), RegistryRows.text(facts.certificates), now.nanoseconds,
            ])
    }

    /// Takes over when an application was received, where the file says it.
    private static func receive(_ facts: ApplicationDeclaration, by policy: Policy, _ database: Database) throws {
        guard let received = facts.received else { return }
        let time = received.time(by: DayClock(offsetMinutes: policy.dayOffsetMinutes))
        try database.execute(
            sql: "UPDATE application SET received = ?, received_said = ? WHERE id = ?",
            arguments: [time.nanoseconds, received.text, facts.id.text])
    }

    /// Puts a new application straight into a state, as only the first import may.
    private static func place(
        _ declaration: ApplicationDeclaration, of kind: PartnerKind, in state: ApplicationState, policy: Policy, at now: WallTime,
        _ database: Database
    ) throws {
        let lifecycle = Lifecycle(importedIn: state, returnsTo: declaration.resumesIn ?? .live, at: now)
        let wasGranted = [.sandbox, .certifying, .approved, .live, .withdrawn].contains(lifecycle.returnsTo ?? state)
        var terms: GrantTerms?
        if wasGranted {
            terms = try firstTerms(declaration.granted, for: declaration, of: kind, under: policy)
        }
        if let terms { try checkFit(of: terms, to: declaration.id, database) }
        try save(lifecycle, terms: terms, of: declaration.id, at: now, database)
        try record(
            RecordedMove(
                number: 0, application: declaration.id, from: .draft, to: state, move: GatewayPart.importing.rawValue,
                actor: GatewayPart.importing.rawValue, time: now, reason: "first import", isPending: false),
            database)
    }
}
