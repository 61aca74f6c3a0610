import ControlPlane
import HTTPTypes
import Registry

extension ConsoleRoute {
    static let partners: [ConsoleRoute] = [
        .get("/partners", .signedIn(as: Set(Role.allCases))) { console, visit in
            let search = PartnerSearch(
                text: String(visit.query["text"].prefix(100)), kind: PartnerKind(name: visit.query["kind"]),
                page: Int(visit.query["page"]) ?? 1)
            return .page(PartnersPage(try console.registry.find(search), search, visit.texts))
        },
        .get("/partners/:id", .signedIn(as: Set(Role.allCases))) { console, visit in
            return .page(try console.partnerPage(visit, visit.erasedNotice()))
        },
        .post("/partners/:id/erase", .signedIn(as: Set(Role.allCases), recently: true)) { console, visit in
            let id = try console.partner(visit).declaration.id
            do {
                let erasure = try console.registry.erase(id, by: visit.actor(), reason: visit.form["reason"], at: visit.now)
                let numbers = erasure.quoted.prefix(Limits.recordsNamed).map(String.init).joined(separator: ",")
                let quoted = numbers.isEmpty ? "" : "&quoted=" + numbers + (erasure.quoted.count > Limits.recordsNamed ? ",0" : "")
                return .redirect("/partners/\(id.text)?erased=yes\(quoted)")
            } catch let error as RegistryError {
                return .page(try console.partnerPage(visit, try Notice(error, visit.texts)), status: .unprocessableContent)
            }
        },
    ]
}

extension Visit {
    /// What a form that came before has erased, and what it could not.
    fileprivate func erasedNotice() -> Notice? {
        guard !query["erased"].isEmpty else { return nil }
        let quoted = query["quoted"].split(separator: ",").prefix(Limits.recordsNamed + 1).compactMap { Int($0) }
        guard !quoted.isEmpty else { return Notice(text: texts[.erasedNow]) }
        // A zero: there are more.
        let numbers = quoted.map { $0 > 0 ? String($0) : "…" }.joined(separator: ", ")
        return Notice(text: texts[.erasedNow] + " " + texts[.erasedQuoted, ["numbers": numbers]])
    }
}

extension Console {
    fileprivate func partner(_ visit: Visit) throws -> RegisteredPartner {
        guard let id = Identifier(visit.parameters["id"] ?? "") else { throw Problem.notFound }
        do { return try registry.partner(id) } catch {
            guard case .unknown = error else { throw error }
            throw Problem.notFound
        }
    }

    fileprivate func partnerPage(_ visit: Visit, _ notice: Notice?) throws -> PartnerPage {
        let partner = try partner(visit)
        let id = partner.declaration.id
        let applications = try registry.applications(of: id)
        var erasure: PartnerPage.Erasure?
        let roles = try registry.lifecycleRules().retention.mayErase.roles
        if try !visit.account().account.roles.isDisjoint(with: roles) {
            let living = applications.filter { $0.isLiving(at: visit.now) }
            erasure = PartnerPage.Erasure(try registry.erasable(of: id), living, visit)
        }
        return PartnerPage(partner, applications, try registry.duplicates(of: id), erasure, notice, visit.texts)
    }
}

extension PartnerPage.Erasure {
    /// Nil where nothing is left to erase.
    fileprivate init?(_ erasable: ControlPlane.Erasure, _ living: [RegisteredApplication], _ visit: Visit) {
        guard !erasable.isEmpty else { return nil }
        let texts = visit.texts
        action = "/partners/\(erasable.partner.text)/erase"
        counts =
            texts[
                .erasureCounts,
                [
                    "contacts": texts.number(erasable.contacts.count), "evidence": texts.number(erasable.evidence.count),
                    "notes": texts.number(erasable.notes.count),
                ]]
        let names = living.map { "\($0.declaration.name) (\(texts.name($0.lifecycle.state)))" }.joined(separator: ", ")
        self.living = living.isEmpty ? nil : texts[.erasureLiving, ["applications": names]]
        reason = Field(name: "reason", label: texts[.reason], value: visit.form["reason"])
    }
}

extension PartnersPage {
    init(_ found: FoundPartners, _ search: PartnerSearch, _ texts: Texts) {
        title = texts[.partners]
        count = texts[.partnersFound, ["count": texts.number(found.total)]]
        text = search.text
        let kinds = PartnerKind.allCases.map { Option(value: $0.name, name: texts.name($0), isChosen: $0 == search.kind) }
        self.kinds = [Option(value: "", name: texts[.anyKind], isChosen: search.kind == nil)] + kinds
        isFiltered = !search.text.isEmpty || search.kind != nil
        empty = texts[isFiltered || search.page > 1 ? .nothingFits : .partnersEmpty]
        hasRows = !found.rows.isEmpty
        rows = found.rows.map { row in
            let states = ApplicationState.allCases.compactMap { state in
                row.states[state].map { texts[.countIn, ["state": texts.name(state), "count": texts.number($0)]] }
            }
            let facts = row.declaration
            return Row(
                name: facts.name, path: "/partners/" + facts.id.text, id: facts.id.text, kind: texts.name(facts.kind),
                registration: facts.registration, states: states)
        }
        let pages = max(1, (found.total + PartnerSearch.pageRows - 1) / PartnerSearch.pageRows)
        func path(_ page: Int) -> String? {
            guard (1...pages).contains(page) else { return nil }
            return "/partners?" + QueryText.of([("text", search.text), ("kind", search.kind?.name ?? ""), ("page", String(page))])
        }
        paging =
            pages == 1
            ? nil
            : Paging(
                sentence: texts[.pageOf, ["page": texts.number(search.page), "pages": texts.number(pages)]],
                previous: path(search.page - 1), next: path(search.page + 1), previousName: texts[.previousPage],
                nextName: texts[.nextPage])
    }
}

extension PartnerPage {
    init(
        _ partner: RegisteredPartner, _ applications: [RegisteredApplication], _ duplicates: [PartnerDuplicate], _ erasure: Erasure?,
        _ notice: Notice?, _ texts: Texts
    ) {
        let facts = partner.declaration
        (self.erasure, self.notice) = (erasure, notice)
        erased = partner.erased.map { texts[.contactsErased, ["day": texts.day($0)]] }
        title = facts.name
        id = facts.id.text
        kind = texts.name(facts.kind)
        registration = facts.registration
        site = facts.site
        contacts = ContactRole.allCases.compactMap { role in facts.contacts[role].map { Contact(role: texts.name(role), address: $0) } }
        self.applications = applications.map { application in
            let state = application.lifecycle.state
            return Application(
                name: application.declaration.name, id: application.declaration.id.text,
                path: "/applications/" + application.declaration.id.text, state: texts.name(state), stateClass: state.name,
                since: application.since.map(texts.time) ?? "–", received: application.received.map(texts.day) ?? "–")
        }
        hasApplications = !applications.isEmpty
        self.duplicates = duplicates.map { duplicate in
            Duplicate(
                shared: texts.name(sharedBy: duplicate.subject), value: duplicate.value, partner: duplicate.partner.text,
                path: "/partners/" + duplicate.partner.text)
        }
        hasDuplicates = !duplicates.isEmpty
    }
}

extension Texts {
    /// What a check for duplicates looks at.
    fileprivate func name(sharedBy subject: AutomaticCheck.Subject) -> String {
        switch subject {
        case .duplicateNumber: self[.sharedNumber]
        case .duplicateOfficer: self[.sharedContact]
        case .duplicateDomain: self[.sharedDomain]
        case .registrationForm, .siteReachable, .evidence, .usualScopes: subject.rawValue
        }
    }
}
