import ControlPlane
import HTTPTypes
import Hummingbird
import Registry

extension ConsoleRoute {
    static let accounts: [ConsoleRoute] = [
        .get("/accounts", .signedIn(as: [.admin, .auditor])) { console, visit in
            .page(AccountsPage(try console.registry.allAccounts(), isAdmin: try visit.isAdmin(), visit.texts))
        },
        .get("/accounts/invite", .signedIn(as: [.admin], recently: true)) { _, visit in .page(InvitePage(visit.texts)) },
        .post("/accounts/invite", .signedIn(as: [.admin], recently: true)) { console, visit in
            do {
                guard let language = Language(rawValue: visit.form["language"]) else { throw Problem.malformed }
                let invitation = try Invitation(
                    name: visit.form["name"], displayName: visit.form["person"], roles: try visit.roles(), language: language)
                let token = try console.registry.invite(invitation, by: visit.actor(), at: visit.now)
                return .page(try console.linkMade(token, visit))
            } catch let error as RegistryError {
                let notice = try Notice(error, visit.texts)
                return .page(InvitePage(visit.texts, form: visit.form, notice: notice), status: .unprocessableContent)
            }
        },
        .get("/accounts/:name", .signedIn(as: [.admin], recently: true)) { console, visit in
            let notice = visit.query["saved"].isEmpty ? nil : Notice(text: visit.texts[.saved])
            return .page(try console.accountPage(visit, notice))
        },
        change("roles") { console, visit, name in
            _ = try console.registry.setRoles(try visit.roles(), of: name, by: visit.actor(), at: visit.now)
            return nil
        },
        change("disable") { console, visit, name in
            _ = try console.registry.disable(name, reason: visit.form["reason"], by: visit.actor(), at: visit.now)
            return nil
        },
        change("enable") { console, visit, name in
            _ = try console.registry.enable(name, reason: visit.form["reason"], by: visit.actor(), at: visit.now)
            return nil
        },
        change("recover") { console, visit, name in
            let token = try console.registry.recover(name, by: visit.actor(), at: visit.now)
            return try console.linkMade(token, visit)
        },
    ]

    /// A change of one account: its page again, or another; a refusal stands on the account's page.
    private static func change(
        _ what: String, _ make: @escaping @Sendable (Console, Visit, String) throws -> (any PageModel)?
    ) -> ConsoleRoute {
        .post("/accounts/:name/" + what, .signedIn(as: [.admin], recently: true)) { console, visit in
            do {
                let name = try console.account(visit).name
                if let page = try make(console, visit, name) { return .page(page) }
                return .redirect("/accounts/\(name)?saved=yes")
            } catch let error as RegistryError {
                return .page(try console.accountPage(visit, try Notice(error, visit.texts)), status: .unprocessableContent)
            }
        }
    }
}

extension Notice {
    /// A registry's refusal, which is written in English; a fault of the world is no refusal.
    init(_ error: RegistryError, _ texts: Texts) throws {
        if case .storage = error { throw error }
        self.init(text: Notice.sentence(error), isBad: true, language: texts.language == .english ? nil : "en")
    }

    /// A refusal as a sentence.
    static func sentence(_ error: RegistryError) -> String {
        let sentence = "\(error)"
        return sentence.prefix(1).uppercased() + sentence.dropFirst() + "."
    }
}

extension Visit {
    fileprivate func isAdmin() throws -> Bool { try account().account.roles.contains(.admin) }

    /// The roles ticked in a form.
    fileprivate func roles() throws -> Set<Role> {
        Set(
            try form.all("role").map { text in
                guard let role = Role(name: text) else { throw Problem.malformed }
                return role
            })
    }
}

extension Console {
    fileprivate func account(_ visit: Visit) throws -> Account {
        do { return try registry.account(visit.parameters["name"] ?? "") } catch {
            if case .storage = error { throw error }
            throw Problem.notFound
        }
    }

    fileprivate func accountPage(_ visit: Visit, _ notice: Notice?) throws -> AccountPage {
        AccountPage(try account(visit), notice: notice, visit.texts)
    }

    fileprivate func linkMade(_ token: SecretToken, _ visit: Visit) throws -> LinkMadePage {
        let link = try desk.link(token, heldBy: visit.stranger, at: visit.now)
        return LinkMadePage(
            visit.texts, person: link.account.displayName, link: settings.base + "/link/" + token.text,
            until: visit.texts.time(link.expires),
            back: "/accounts")
    }
}

extension AccountsPage {
    init(_ accounts: [Account], isAdmin: Bool, _ texts: Texts) {
        title = texts[.accounts]
        count = texts[.accountCount, ["count": texts.number(accounts.count)]]
        mayInvite = isAdmin
        rows = accounts.map { account in
            Row(
                name: account.name, displayName: account.displayName, roles: Role.allCases.filter(account.roles.contains).map(texts.name),
                state: texts.name(account.state), stateClass: account.state.rawValue,
                lastSignIn: account.lastSignIn.map(texts.time) ?? texts[.never], path: isAdmin ? "/accounts/" + account.name : nil)
        }
    }
}

extension AccountPage {
    init(_ account: Account, notice: Notice?, _ texts: Texts) {
        title = account.displayName
        self.notice = notice
        name = account.name
        state = texts.name(account.state)
        stateClass = account.state.rawValue
        created = texts[.invitedBy, ["time": texts.time(account.created), "person": account.createdBy]]
        lastSignIn = account.lastSignIn.map(texts.time) ?? texts[.never]
        action = "/accounts/" + account.name
        roles = RoleChoice.all(chosen: account.roles, texts)
        isDisabled = account.state == .disabled
        fields = [Field(name: "reason", label: texts[.reason], hint: texts[.reasonHint])]
    }
}

extension InvitePage {
    /// Empty, or as it was sent.
    init(_ texts: Texts, form: FormFields = FormFields(), notice: Notice? = nil) {
        title = texts[.invite]
        self.notice = notice
        fields = [
            Field(name: "person", label: texts[.person], value: form["person"], autocomplete: "off"),
            Field(name: "name", label: texts[.accountName], hint: texts[.inviteName], value: form["name"], autocomplete: "off"),
        ]
        roles = RoleChoice.all(chosen: Set(form.all("role").compactMap(Role.init(name:))), texts)
        let chosen = Language(rawValue: form["language"]) ?? texts.language
        languages = Language.allCases.map { LanguageChoice(code: $0.rawValue, name: Texts.ownName($0), isChosen: $0 == chosen) }
    }
}

extension RoleChoice {
    static func all(chosen: Set<Role>, _ texts: Texts) -> [RoleChoice] {
        Role.allCases.map { RoleChoice(code: $0.name, name: texts.name($0), what: texts.what($0), isChosen: chosen.contains($0)) }
    }
}
