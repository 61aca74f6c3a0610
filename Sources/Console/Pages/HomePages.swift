/// Who one is here, and what waits.
struct HomePage: PageModel {
    static let template = "home"

    let title: String
    let greeting: String
    let roles: [String]
    let lastSignIn: String
    /// What waits, each with where it is; empty for who has no role.
    let work: [InboxListPage.Tally]

    init(_ texts: Texts, person: String, roles: [String], lastSignIn: String, work: [InboxListPage.Tally] = []) {
        title = texts[.home]
        greeting = texts[.greeting, ["person": person]]
        self.roles = roles
        self.lastSignIn = lastSignIn
        self.work = work
    }

    static let text = """
        {{<layout}}
        {{$main}}
        <p class="lead">{{page.greeting}}</p>
        <div class="grid">
        <section class="card" aria-labelledby="you">
        <h2 id="you">{{t.yourAccount}}</h2>
        <dl>
        <dt>{{t.roles}}</dt>
        <dd>{{#page.roles}}<span class="tag">{{.}}</span> {{/page.roles}}{{^page.roles}}{{t.noRoles}}{{/page.roles}}</dd>
        <dt>{{t.lastSignIn}}</dt>
        <dd>{{page.lastSignIn}}</dd>
        </dl>
        <p><a href="/sessions">{{t.sessions}}</a></p>
        </section>
        {{^empty(page.work)}}<section class="card" aria-labelledby="work">
        <h2 id="work">{{t.homeWork}}</h2>
        <ul class="tallies">{{#page.work}}<li><a href="{{path}}">{{name}} <b>{{count}}</b></a></li>{{/page.work}}</ul>
        </section>{{/empty(page.work)}}
        </div>
        {{/main}}
        {{/layout}}
        """
}

/// Where somebody is signed in.
struct SessionsPage: PageModel {
    static let template = "sessions"

    struct Row: Sendable {
        let id: String
        let agent: String
        let address: String
        let created: String
        let seen: String
        let isCurrent: Bool
        /// What ending it is called for who cannot see the row.
        let endLabel: String
    }

    let title: String
    var notice: Notice?
    let rows: [Row]
    let hasOthers: Bool

    init(_ texts: Texts, rows: [Row], notice: Notice? = nil) {
        title = texts[.sessions]
        self.notice = notice
        self.rows = rows
        hasOthers = rows.count > 1
    }

    static let text = """
        {{<layout}}
        {{$main}}
        {{>notice}}
        <p>{{t.sessionsWhat}}</p>
        <div class="table" role="region" aria-label="{{t.sessions}}" tabindex="0">
        <table>
        <thead><tr><th scope="col">{{t.browser}}</th><th scope="col">{{t.address}}</th><th scope="col">{{t.since}}</th><th scope="col">{{t.lastUsed}}</th><th scope="col"><span class="hidden">{{t.actions}}</span></th></tr></thead>
        <tbody>
        {{#page.rows}}
        <tr>
        <th scope="row" data-label="{{t.browser}}">{{agent}}{{#isCurrent}} <span class="tag">{{t.thisOne}}</span>{{/isCurrent}}</th>
        <td data-label="{{t.address}}">{{address}}</td>
        <td data-label="{{t.since}}">{{created}}</td>
        <td data-label="{{t.lastUsed}}">{{seen}}</td>
        <td>{{^isCurrent}}<form method="post" action="/sessions/end">{{>token}}<button class="quiet" type="submit" name="session" value="{{id}}" aria-label="{{endLabel}}">{{t.end}}</button></form>{{/isCurrent}}</td>
        </tr>
        {{/page.rows}}
        </tbody>
        </table>
        </div>
        {{#page.hasOthers}}
        <form method="post" action="/sessions/end-others">
        {{>token}}
        <button type="submit">{{t.endOthers}}</button>
        </form>
        {{/page.hasOthers}}
        {{/main}}
        {{/layout}}
        """
}

/// Something could not be shown or done.
struct ProblemPage: PageModel {
    static let template = "problem"

    let title: String
    let sentence: String
    let request: String
    let linkPath: String
    let linkName: String

    static let text = """
        {{<layout}}
        {{$main}}
        <div class="narrow">
        <div class="card">
        <p>{{page.sentence}}</p>
        <p><a href="{{page.linkPath}}">{{page.linkName}}</a></p>
        </div>
        <p class="aside">{{t.requestID}} <code>{{page.request}}</code></p>
        </div>
        {{/main}}
        {{/layout}}
        """
}
