/// One's own tokens.
struct TokensPage: PageModel {
    static let template = "tokens"

    struct Row: Sendable {
        let id: String
        let name: String
        let scopes: [String]
        let state: String
        let stateClass: String
        let expires: String
        let lastUsed: String
        /// What revoking it is called for who cannot see the row; nil where it is over.
        let revokeLabel: String?
    }

    let title: String
    var notice: Notice?
    let rows: [Row]
    let hasRows: Bool

    static let text = """
        {{<layout}}
        {{$main}}
        {{>notice}}
        <div class="above"><p>{{t.tokensWhat}}</p>
        <a class="button" href="/tokens/new">{{t.tokenMake}}</a></div>
        {{^page.rows}}<p class="card">{{t.tokensNone}}</p>{{/page.rows}}
        {{#page.hasRows}}
        <div class="table" role="region" aria-label="{{t.tokens}}" tabindex="0">
        <table>
        <thead><tr><th scope="col">{{t.person}}</th><th scope="col">{{t.tokenScopes}}</th><th scope="col">{{t.state}}</th><th scope="col">{{t.tokenExpires}}</th><th scope="col">{{t.lastUsed}}</th><th scope="col"><span class="hidden">{{t.actions}}</span></th></tr></thead>
        <tbody>
        {{#page.rows}}
        <tr>
        <th scope="row" data-label="{{t.person}}">{{name}}</th>
        <td data-label="{{t.tokenScopes}}">{{#scopes}}<span class="tag">{{.}}</span> {{/scopes}}</td>
        <td data-label="{{t.state}}"><span class="state {{stateClass}}">{{state}}</span></td>
        <td data-label="{{t.tokenExpires}}">{{expires}}</td>
        <td data-label="{{t.lastUsed}}">{{lastUsed}}</td>
        <td>{{#revokeLabel}}<form method="post" action="/tokens/revoke">{{>token}}<button class="quiet" type="submit" name="id" value="{{id}}" aria-label="{{revokeLabel}}">{{t.tokenRevoke}}</button></form>{{/revokeLabel}}</td>
        </tr>
        {{/page.rows}}
        </tbody>
        </table>
        </div>
        {{/page.hasRows}}
        {{/main}}
        {{/layout}}
        """
}

/// A token to be made.
struct NewTokenPage: PageModel {
    static let template = "new-token"

    /// How long it may be good.
    struct Days: Sendable {
        let count: String
        let name: String
        let isChosen: Bool
    }

    let title: String
    var notice: Notice?
    let fields: [Field]
    let scopes: [RoleChoice]
    let days: [Days]

    static let text = """
        {{<layout}}
        {{$main}}
        <div class="narrow">
        {{>notice}}
        <form class="card" method="post" action="/tokens/new">
        {{>token}}
        {{#page.fields}}{{>field}}{{/page.fields}}
        <fieldset><legend>{{t.tokenScopes}}</legend>
        {{#page.scopes}}
        <div class="choice"><input type="checkbox" id="scope-{{code}}" name="scope" value="{{code}}"{{#isChosen}} checked{{/isChosen}} aria-describedby="scope-{{code}}-what"><label for="scope-{{code}}">{{name}}</label><p class="hint" id="scope-{{code}}-what">{{what}}</p></div>
        {{/page.scopes}}
        </fieldset>
        <div class="field">
        <label for="days">{{t.tokenDays}}</label>
        <select id="days" name="days">
        {{#page.days}}
        <option value="{{count}}"{{#isChosen}} selected{{/isChosen}}>{{name}}</option>
        {{/page.days}}
        </select>
        </div>
        <button type="submit">{{t.tokenMake}}</button>
        </form>
        <p class="aside"><a href="/tokens">{{t.tokensBack}}</a></p>
        </div>
        {{/main}}
        {{/layout}}
        """
}

/// A token just made: shown once.
struct TokenMadePage: PageModel {
    static let template = "token-made"

    let title: String
    let token: String
    let until: String

    static let text = """
        {{<layout}}
        {{$main}}
        <div class="card">
        <p>{{t.tokenMadeWhat}}</p>
        <p class="secret"><code id="made" data-copy="{{t.copied}}">{{page.token}}</code>
        <button class="quiet" type="button" data-copies="made" hidden>{{t.copy}}</button></p>
        <p>{{page.until}}</p>
        </div>
        <p class="aside"><a href="/tokens">{{t.tokensBack}}</a></p>
        {{/main}}
        {{/layout}}
        """
}
