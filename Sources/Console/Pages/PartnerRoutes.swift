import ControlPlane
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
            guard let id = Identifier(visit.parameters["id"] ?? "") else { throw Problem.notFound }
            do {
                return .page(
                    PartnerPage(
                        try console.registry.partner(id).declaration, try console.registry.applications(of: id),
                        try console.registry.duplicates(of: id), visit.texts))
            } catch RegistryError.unknown { throw Problem.notFound }
        },
    ]
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
    init(_ facts: PartnerDeclaration, _ applications: [RegisteredApplication], _ duplicates: [PartnerDuplicate], _ texts: Texts) {
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
