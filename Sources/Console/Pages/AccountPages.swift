/// The team.
struct AccountsPage: PageModel {
    static let template = "accounts"

    struct Row: Sendable {
        let name: String
        let displayName: String
        let roles: [String]
        let state: String
        let stateClass: String
        let lastSignIn: String
        /// Where it is changed; nil for who may only look.
        let path: String?
    }

    let title: String
    var notice: Notice?
    let count: String
    let rows: [Row]
    let mayInvite: Bool

    static let text = """
        {{<layout}}
        {{$main}}
        {{>notice}}
        <div class="above"><p>{{page.count}}</p>
        {{#page.mayInvite}}<a class="button" href="/accounts/invite">{{t.invite}}</a>{{/page.mayInvite}}</div>
        <div class="table" role="region" aria-label="{{t.accounts}}" tabindex="0">
        <table>
        <thead><tr><th scope="col">{{t.person}}</th><th scope="col">{{t.accountName}}</th><th scope="col">{{t.roles}}</th><th scope="col">{{t.state}}</th><th scope="col">{{t.lastSignIn}}</th></tr></thead>
        <tbody>
        {{#page.rows}}
        <tr>
        <th scope="row" data-label="{{t.person}}">{{#path}}<a href="{{path}}">{{displayName}}</a>{{/path}}{{^path}}{{displayName}}{{/path}}</th>
        <td data-label="{{t.accountName}}">{{name}}</td>
        <td data-label="{{t.roles}}">{{#roles}}<span class="tag">{{.}}</span> {{/roles}}{{^roles}}{{t.noRoles}}{{/roles}}</td>
        <td data-label="{{t.state}}"><span class="state {{stateClass}}">{{state}}</span></td>
        <td data-label="{{t.lastSignIn}}">{{lastSignIn}}</td>
        </tr>
        {{/page.rows}}
        </tbody>
        </table>
        </div>
        {{/main}}
        {{/layout}}
        """
}

/// A role to be ticked.
struct RoleChoice: Sendable {
    let code: String
    let name: String
    let what: String
    let isChosen: Bool
}

/// One account, for an admin.
struct AccountPage: PageModel {
    static let template = "account"

    let title: String
    var notice: Notice?
    let name: String
    let state: String
    let stateClass: String
    let created: String
    let lastSignIn: String
    let action: String
    let roles: [RoleChoice]
    let isDisabled: Bool
    let fields: [Field]

    static let text = """
        {{<layout}}
        {{$main}}
        {{>notice}}
        <div class="grid">
        <section class="card" aria-labelledby="facts">
        <h2 id="facts">{{t.account}}</h2>
        <dl>
        <dt>{{t.accountName}}</dt><dd>{{page.name}}</dd>
        <dt>{{t.state}}</dt><dd><span class="state {{page.stateClass}}">{{page.state}}</span></dd>
        <dt>{{t.invited}}</dt><dd>{{page.created}}</dd>
        <dt>{{t.lastSignIn}}</dt><dd>{{page.lastSignIn}}</dd>
        </dl>
        {{^page.isDisabled}}
        <h3>{{t.recovery}}</h3>
        <p>{{t.recoveryWhat}}</p>
        <form method="post" action="{{page.action}}/recover">{{>token}}<button class="quiet" type="submit">{{t.makeLink}}</button></form>
        {{/page.isDisabled}}
        </section>
        <section class="card" aria-labelledby="roles">
        <h2 id="roles">{{t.roles}}</h2>
        <form method="post" action="{{page.action}}/roles">
        {{>token}}
        <fieldset><legend class="hidden">{{t.roles}}</legend>
        {{#page.roles}}
        <div class="choice"><input type="checkbox" id="role-{{code}}" name="role" value="{{code}}"{{#isChosen}} checked{{/isChosen}} aria-describedby="role-{{code}}-what"><label for="role-{{code}}">{{name}}</label><p class="hint" id="role-{{code}}-what">{{what}}</p></div>
        {{/page.roles}}
        </fieldset>
        <button type="submit">{{t.saveRoles}}</button>
        </form>
        </section>
        <section class="card" aria-labelledby="access">
        <h2 id="access">{{t.access}}</h2>
        <p>{{#page.isDisabled}}{{t.enableWhat}}{{/page.isDisabled}}{{^page.isDisabled}}{{t.disableWhat}}{{/page.isDisabled}}</p>
        <form method="post" action="{{page.action}}/{{#page.isDisabled}}enable{{/page.isDisabled}}{{^page.isDisabled}}disable{{/page.isDisabled}}">
        {{>token}}
        {{#page.fields}}{{>field}}{{/page.fields}}
        <button {{^page.isDisabled}}class="danger" {{/page.isDisabled}}type="submit">{{#page.isDisabled}}{{t.enable}}{{/page.isDisabled}}{{^page.isDisabled}}{{t.disable}}{{/page.isDisabled}}</button>
        </form>
        </section>
        </div>
        <p class="aside"><a href="/accounts">{{t.backToAccounts}}</a></p>
        {{/main}}
        {{/layout}}
        """
}

/// Somebody new.
struct InvitePage: PageModel {
    static let template = "invite"

    /// A language to be chosen.
    struct LanguageChoice: Sendable {
        let code: String
        let name: String
        let isChosen: Bool
    }

    let title: String
    var notice: Notice?
    let fields: [Field]
    let roles: [RoleChoice]
    let languages: [LanguageChoice]

    static let text = """
        {{<layout}}
        {{$main}}
        <div class="narrow">
        {{>notice}}
        <form class="card" method="post" action="/accounts/invite">
        {{>token}}
        {{#page.fields}}{{>field}}{{/page.fields}}
        <div class="field">
        <label for="language">{{t.language}}</label>
        <select id="language" name="language">
        {{#page.languages}}
        <option value="{{code}}" lang="{{code}}"{{#isChosen}} selected{{/isChosen}}>{{name}}</option>
        {{/page.languages}}
        </select>
        </div>
        <fieldset><legend>{{t.roles}}</legend>
        {{#page.roles}}
        <div class="choice"><input type="checkbox" id="role-{{code}}" name="role" value="{{code}}"{{#isChosen}} checked{{/isChosen}} aria-describedby="role-{{code}}-what"><label for="role-{{code}}">{{name}}</label><p class="hint" id="role-{{code}}-what">{{what}}</p></div>
        {{/page.roles}}
        </fieldset>
        <button type="submit">{{t.makeLink}}</button>
        </form>
        <p class="aside"><a href="/accounts">{{t.backToAccounts}}</a></p>
        </div>
        {{/main}}
        {{/layout}}
        """
}
