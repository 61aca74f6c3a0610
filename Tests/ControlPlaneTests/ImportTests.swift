import Foundation
import Registry
import Testing

@testable import ControlPlane

@Suite struct ImportTests {
    private let scratch: Scratch
    private let now = Scratch.now

    init() throws { scratch = try Scratch() }

    @Test func `only the first import sets states, and says who did`() throws {
        let registry = try scratch.registry()
        let first = try registry.importPartners([partner("acme", application: "acme-app", in: .live)], at: now)
        #expect(first.isFirst && first.applicationsAdded == 1 && first.statesIgnored.isEmpty)
        let moves = try registry.moves(of: id("acme-app"))
        #expect(moves.map(\.actor) == ["import"] && moves.map(\.to) == [.live])
        let second = try registry.importPartners([partner("bolt", application: "bolt-app", in: .live)], at: now)
        #expect(!second.isFirst && second.statesIgnored == [id("bolt-app")])
        #expect(try registry.application(id("bolt-app")).lifecycle.state == .draft)
        #expect(try registry.application(id("bolt-app")).granted.isEmpty)
    }

    @Test func `a later import changes declared facts, never a state, a grant or a plan`() throws {
        let registry = try scratch.registry()
        _ = try registry.importPartners([partner("acme", application: "acme-app", in: .live)], at: now)
        let before = try registry.application(id("acme-app"))
        var declaration = partner("acme", application: "acme-app", in: .revoked, scopes: [.metadata, .search, .booking])
        declaration.name = "Acme Limited"
        declaration.contacts = [.security: "security@acme.example"]
        declaration.applications[0].plan = id("government")
        declaration.applications[0].purpose = "Books too."
        declaration.applications[0].granted = ScopeSet([.booking])
        let summary = try registry.importPartners([declaration], at: now)
        #expect(summary.partnersChanged == 1 && summary.applicationsChanged == 1 && summary.statesIgnored == [id("acme-app")])
        let after = try registry.application(id("acme-app"))
        #expect(after.lifecycle == before.lifecycle && after.granted == before.granted && after.plan == before.plan)
        #expect(after.declaration.purpose == "Books too." && after.declaration.plan == id("government"))
        #expect(try registry.partner(id("acme")).declaration.contacts == [.security: "security@acme.example"])
        let revision = try registry.revision()
        _ = try registry.importPartners([declaration], at: now)
        #expect(try registry.revision() == revision, "importing the same again changes nothing")
    }

    @Test func `an import that takes another partner's application is undone whole`() throws {
        let registry = try scratch.registry()
        _ = try registry.importPartners([partner("acme", application: "acme-app", in: .live)], at: now)
        let error = #expect(throws: RegistryError.self) {
            _ = try registry.importPartners([partner("bolt", application: "bolt-app"), partner("cord", application: "acme-app")], at: now)
        }
        #expect(error?.description == "application acme-app belongs to partner acme already")
        #expect(try registry.partners().map(\.declaration.id) == [id("acme")])
    }

    @Test func `all conflicts of an import are told, and a trial changes nothing`() throws {
        let registry = try scratch.registry()
        let (acme, bolt) = (partner("acme", application: "acme-app"), partner("bolt", application: "bolt-app"))
        _ = try registry.importPartners([acme, bolt], at: now)
        var taking = partner("cord", application: "acme-app")
        taking.applications += partner("cord", application: "bolt-app").applications
        let error = #expect(throws: RegistryError.self) { _ = try registry.importPartners([taking], at: now) }
        #expect(
            error?.description
                == "application acme-app belongs to partner acme already; application bolt-app belongs to partner bolt already")
        let (revision, length) = (try registry.revision(), try registry.read { try RegistryStore.auditLength($0) })
        let summary = try registry.importPartners([partner("dart", application: "dart-app")], isTrial: true, at: now)
        #expect(summary.partnersAdded == 1 && summary.applicationsAdded == 1)
        #expect(throws: RegistryError.self) { _ = try registry.importPartners([taking], isTrial: true, at: now) }
        #expect(try registry.partners().map(\.declaration.id) == [id("acme"), id("bolt")])
        #expect(try registry.revision() == revision)
        #expect(try registry.read { try RegistryStore.auditLength($0) } == length)
    }

    @Test(arguments: [
        (ApplicationState.live, [Scope.search, .booking], ApplicationState.live, [Scope.search]),
        (.live, [.booking], .draft, []), (.suspended, [.booking], .suspended, []), (.suspended, [.search], .suspended, [.search]),
    ])
    func `what is asked for no longer is exported as granted no longer, and imports`(
        _ state: ApplicationState, _ asked: [Scope], _ exportedState: ApplicationState, _ granted: [Scope]
    ) throws {
        let policy = try loadPolicy(from: repository + "/policies")
        let first = try scratch.registry()
        _ = try first.importPartners([partner("acme", application: "acme-app", in: state)], at: now)
        _ = try first.importPartners([partner("acme", application: "acme-app", scopes: asked)], at: now)
        #expect(try first.application(id("acme-app")).granted == ScopeSet([.metadata, .search]))
        try scratch.write(try first.exported(id("acme")).yaml, to: "exported/acme.yaml")
        let second = try RegistryStore(stateDirectory: scratch.path + "/second")
        _ = try second.acceptPolicy(policy, by: "test", at: now)
        _ = try second.importPartners(try loadPartners(from: scratch.path + "/exported", under: policy), at: now)
        let again = try second.application(id("acme-app"))
        #expect(again.lifecycle.state == exportedState)
        #expect(again.granted == ScopeSet(granted))
        #expect(again.lifecycle.returnsTo == (state == .suspended ? (granted.isEmpty ? .draft : .live) : nil))
    }

    @Test func `what is exported imports to the same registry again`() throws {
        let policy = try loadPolicy(from: repository + "/policies")
        var partners = try loadPartners(from: repository + "/partners", under: policy)
        partners[0].name = "Söme \"quoted\": & *co, [#1] \\ null"
        partners[0].applications[0].purpose = "yes"
        partners[0].applications[0].granted = ScopeSet([.search])
        let first = try scratch.registry()
        _ = try first.importPartners(partners, at: now)
        let exported = try first.partners().map { try first.exported($0.declaration.id) }
        for declaration in exported { try scratch.write(declaration.yaml, to: "exported/\(declaration.id.text).yaml") }
        let read = try loadPartners(from: scratch.path + "/exported", under: policy)
        #expect(read == exported)
        let second = try RegistryStore(stateDirectory: scratch.path + "/second")
        _ = try second.acceptPolicy(policy, by: "test", at: now)
        _ = try second.importPartners(read, at: now)
        #expect(try second.applications() == first.applications())
        #expect(try second.partners() == first.partners())
        #expect(try second.partners().map { try second.exported($0.declaration.id) } == exported)
    }

    @Test func `only the machine's owner sets states: nobody who has an account, by whatever way`() throws {
        let origins: [Actor.Origin] = [
            .api(address: "192.0.2.1", token: "tok-x"), .console(address: "192.0.2.1"), .commandLine,
        ]
        var live = partner("acme", application: "acme-app", in: .live)
        live.applications[0].granted = ScopeSet([.search])
        for origin in origins {
            let scratch = try Scratch()
            let registry = try RegistryStore(stateDirectory: scratch.path + "/state", accounts: Staff.all)
            _ = try applyPolicy(from: repository + "/policies", to: registry, by: "owner", at: now)
            let summary = try registry.importPartners([live], by: Actor("reva", from: origin), at: now)
            #expect(!summary.isFirst && summary.statesIgnored == [id("acme-app")])
            let application = try registry.application(id("acme-app"))
            #expect(application.lifecycle.state == .draft && application.granted.isEmpty && application.plan == nil)
        }
        let registry = try scratch.registry()
        #expect(try registry.importPartners([live], by: "somebody", at: now).isFirst, "without accounts, commands are the owner's")
        #expect(try registry.application(id("acme-app")).lifecycle.state == .live)
    }

    @Test func `an import is a reviewer's or an approver's once there are accounts`() throws {
        let registry = try scratch.onboarding()
        for name in ["nobody", "omar", "adi", "anu", "temp"] {
            for isTrial in [true, false] {
                let error = #expect(throws: RegistryError.self) {
                    _ = try registry.importPartners([partner("bolt", application: "bolt-app")], by: Actor(name), isTrial: isTrial, at: now)
                }
                #expect(error?.description.contains("'\(name)'") == true)
            }
        }
        #expect(try registry.importPartners([partner("bolt", application: "bolt-app")], by: "reva", at: now).partnersAdded == 1)
    }

    @Test func `an import that does not mention addresses opens nothing, and one that names none does`() throws {
        let registry = try scratch.registry()
        let range = try #require(AddressText.range("203.0.113.0/24"))
        func declared(_ addresses: [AddressRange]?) -> PartnerDeclaration {
            var declared = partner("acme", application: "acme-app", in: .live)
            declared.applications[0].allowedAddresses = addresses
            return declared
        }
        func allowed() throws -> [AddressRange]? {
            let snapshot = try registry.snapshot().applications.map(\.allowedAddresses)
            let known = try registry.application(id("acme-app")).declaration.allowedAddresses
            #expect(snapshot == [known ?? []])
            return known
        }
        _ = try registry.importPartners([declared([range])], at: now)
        #expect(try allowed() == [range])
        var other = declared(nil)
        other.applications[0].purpose = "Is tested again."
        #expect(try registry.importPartners([other], at: now).applicationsChanged == 1)
        #expect(try allowed() == [range])
        other.applications[0].allowedAddresses = []
        #expect(try registry.importPartners([other], at: now).applicationsChanged == 1)
        #expect(try allowed() == nil)
        #expect(try registry.importPartners([other], at: now).applicationsChanged == 0, "the same again changes nothing")
    }

    @Test func `a table without addresses mentions none, and an empty list in a file names none`() throws {
        let policy = try loadPolicy(from: repository + "/policies")
        let heading = "partner,kind,partner_name,registration,site,technical,application,name,purpose,scopes"
        let line = "acme,app,Acme,X1,https://acme.example,it@acme.example,acme-app,App,Is tested,search"
        try scratch.write("\(heading)\n\(line)\n", to: "without.csv")
        try scratch.write("\(heading),allowed_addresses\n\(line),\n", to: "empty.csv")
        try scratch.write("\(heading),allowed_addresses,certificates\n\(line), ,  \n", to: "blank.csv")
        try scratch.write(partner("acme", application: "acme-app").yaml, to: "without.yaml")
        for file in ["without.csv", "empty.csv", "blank.csv", "without.yaml"] {
            #expect(try loadPartners(from: scratch.path + "/" + file, under: policy)[0].applications[0].allowedAddresses == nil, "\(file)")
        }
        let open = partner("acme", application: "acme-app").yaml.replacing("    scopes:", with: "    allowed-addresses: []\n    scopes:")
        try scratch.write(open, to: "open.yaml")
        #expect(try loadPartners(from: scratch.path + "/open.yaml", under: policy)[0].applications[0].allowedAddresses == [])
    }
}
