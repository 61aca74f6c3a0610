import ControlPlane
import HTTPTypes
import Hummingbird
import Registry

extension ConsoleRoute {
    static let tokens: [ConsoleRoute] = [
        .get("/tokens", .signedIn()) { console, visit in
            let tokens = try console.registry.tokens(of: visit.account().account.name)
            let notice = visit.query["revoked"].isEmpty ? nil : Notice(text: visit.texts[.tokenRevokedNow])
            return .page(TokensPage(tokens, notice: notice, visit.texts, at: visit.now))
        },
        .get("/tokens/new", .signedIn(recently: true)) { _, visit in .page(NewTokenPage(visit.texts)) },
        .post("/tokens/new", .signedIn(recently: true)) { console, visit in
            do {
                let wish = try visit.tokenWish()
                let name = try visit.account().account.name
                let issued = try console.registry.createToken(wish, of: name, by: visit.actor(), at: visit.now)
                return .page(TokenMadePage(issued, visit.texts))
            } catch let error as RegistryError {
                let notice = try Notice(error, visit.texts)
                return .page(NewTokenPage(visit.texts, form: visit.form, notice: notice), status: .unprocessableContent)
            }
        },
        .post("/tokens/revoke", .signedIn()) { console, visit in
            let (name, id) = (try visit.account().account.name, visit.form["id"])
            // Admins end others' tokens by disabling the account: here is one's own list.
            guard try console.registry.tokens(of: name).contains(where: { $0.id == id }) else { throw Problem.notFound }
            do {
                _ = try console.registry.revokeToken(id, by: visit.actor(), reason: "revoked by its owner", at: visit.now)
                return .redirect("/tokens?revoked=yes")
            } catch let error as RegistryError {
                let tokens = try console.registry.tokens(of: name)
                let page = TokensPage(tokens, notice: try Notice(error, visit.texts), visit.texts, at: visit.now)
                return .page(page, status: .unprocessableContent)
            }
        },
    ]
}

extension Visit {
    /// What a form asks for.
    fileprivate func tokenWish() throws -> TokenWish {
        let scopes = try form.all("scope").map { text in
            guard let scope = TokenScope(name: text) else { throw Problem.malformed }
            return scope
        }
        guard let days = Int64(form["days"]), NewTokenPage.choices.contains(days) else { throw Problem.malformed }
        return TokenWish(
            name: form["name"], scopes: TokenScopes(scopes), expires: WallTime(seconds: now.seconds + days * 86_400))
    }
}

extension TokensPage {
    init(_ tokens: [AccessTokenEntry], notice: Notice?, _ texts: Texts, at now: WallTime) {
        title = texts[.tokens]
        self.notice = notice
        hasRows = !tokens.isEmpty
        rows = tokens.map { token in
            let standing = token.standing(at: now)
            let (name, css): (Phrase, String) =
                switch standing {
                case "active": (.stateActive, "active")
                case "expired": (.tokenExpired, "disabled")
                default: (.tokenRevoked, "disabled")
                }
            return Row(
                id: token.id, name: token.name, scopes: token.scopes.scopes.map(texts.name), state: texts[name], stateClass: css,
                expires: texts.time(token.expires), lastUsed: token.lastUsed.map(texts.time) ?? texts[.never],
                revokeLabel: standing == "active" ? texts[.tokenRevokeOf, ["name": token.name]] : nil)
        }
    }
}

extension NewTokenPage {
    /// How many days there are to choose from.
    static let choices: [Int64] = [7, 30, 90, 365]

    /// Empty, or as it was sent.
    init(_ texts: Texts, form: FormFields = FormFields(), notice: Notice? = nil) {
        title = texts[.tokenMake]
        self.notice = notice
        fields = [Field(name: "name", label: texts[.person], hint: texts[.tokenNameHint], value: form["name"], autocomplete: "off")]
        let chosen = Set(form.all("scope"))
        scopes = TokenScope.allCases.map {
            RoleChoice(code: $0.name, name: texts.name($0), what: texts.what($0), isChosen: chosen.contains($0.name))
        }
        let days = Int64(form["days"]) ?? 90
        self.days = NewTokenPage.choices.map {
            Days(count: String($0), name: texts[.tokenDaysCount, ["count": texts.number(Int($0))]], isChosen: $0 == days)
        }
    }
}

extension TokenMadePage {
    init(_ issued: IssuedToken, _ texts: Texts) {
        title = texts[.tokenMade]
        token = issued.token
        until = texts[.linkUntil, ["time": texts.time(issued.entry.expires)]]
    }
}

extension Texts {
    func name(_ scope: TokenScope) -> String {
        switch scope {
        case .read: self[.scopeRead]
        case .onboard: self[.scopeOnboard]
        case .keys: self[.scopeKeys]
        case .policies: self[.scopePolicies]
        case .accounts: self[.accounts]
        case .audit: self[.scopeAudit]
        }
    }

    func what(_ scope: TokenScope) -> String {
        switch scope {
        case .read: self[.scopeReadWhat]
        case .onboard: self[.scopeOnboardWhat]
        case .keys: self[.scopeKeysWhat]
        case .policies: self[.scopePoliciesWhat]
        case .accounts: self[.scopeAccountsWhat]
        case .audit: self[.scopeAuditWhat]
        }
    }
}
