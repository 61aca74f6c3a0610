/// An option of a list to choose from.
struct Option: Sendable {
    let value: String
    let name: String
    let isChosen: Bool
}

/// Where one goes on from a page of many.
struct Paging: Sendable {
    let sentence: String
    /// Nil where there is none.
    let previous: String?
    let next: String?
    let previousName: String
    let nextName: String

    static let template = "paging"
    static let text = """
        <nav class="pages" aria-label="{{t.pages}}">
        {{#previous}}<a class="button quiet" rel="prev" href="{{previous}}">{{previousName}}</a>{{/previous}}
        <span>{{sentence}}</span>
        {{#next}}<a class="button quiet" rel="next" href="{{next}}">{{nextName}}</a>{{/next}}
        </nav>
        """
}

/// The partners.
struct PartnersPage: PageModel {
    static let template = "partners"

    struct Row: Sendable {
        let name: String
        let path: String
        let id: String
        let kind: String
        let registration: String
        let states: [String]
    }

    let title: String
    let count: String
    let text: String
    let kinds: [Option]
    let rows: [Row]
    let isFiltered: Bool
    /// What is said where there is no row.
    let empty: String
    /// Nil where all are on one page.
    let paging: Paging?

    static let text = """
        {{<layout}}
        {{$main}}
        <form class="filters" method="get" action="/partners" role="search">
        <div class="field">
        <label for="text">{{t.searchFor}}</label>
        <input id="text" name="text" type="search" value="{{page.text}}" maxlength="100" aria-describedby="text-hint" spellcheck="false" autocapitalize="none">
        <p class="hint" id="text-hint">{{t.partnerSearchHint}}</p>
        </div>
        <div class="field">
        <label for="kind">{{t.kind}}</label>
        <select id="kind" name="kind">
        {{#page.kinds}}
        <option value="{{value}}"{{#isChosen}} selected{{/isChosen}}>{{name}}</option>
        {{/page.kinds}}
        </select>
        </div>
        <div class="do"><button type="submit">{{t.show}}</button> {{#page.isFiltered}}<a href="/partners">{{t.showAll}}</a>{{/page.isFiltered}}</div>
        </form>
        <p role="status">{{page.count}}</p>
        {{^page.rows}}
        <div class="card"><p>{{page.empty}}</p></div>
        {{/page.rows}}
        {{#page.hasRows}}
        <div class="table" role="region" aria-label="{{page.title}}" tabindex="0">
        <table>
        <thead><tr><th scope="col">{{t.partner}}</th><th scope="col">{{t.kind}}</th><th scope="col">{{t.registration}}</th><th scope="col">{{t.applications}}</th></tr></thead>
        <tbody>
        {{#page.rows}}
        <tr>
        <th scope="row"><a href="{{path}}">{{name}}</a> <span class="id">{{id}}</span></th>
        <td data-label="{{t.kind}}">{{kind}}</td>
        <td data-label="{{t.registration}}">{{registration}}</td>
        <td data-label="{{t.applications}}">{{#states}}<span class="tag">{{.}}</span> {{/states}}{{^states}}{{t.noApplications}}{{/states}}</td>
        </tr>
        {{/page.rows}}
        </tbody>
        </table>
        </div>
        {{/page.hasRows}}
        {{#page.paging}}{{>paging}}{{/page.paging}}
        {{/main}}
        {{/layout}}
        """

    /// Whether there is a table at all.
    let hasRows: Bool
}

/// One partner.
struct PartnerPage: PageModel {
    static let template = "partner"

    struct Contact: Sendable {
        let role: String
        let address: String
    }

    struct Application: Sendable {
        let name: String
        let id: String
        let path: String
        let state: String
        let stateClass: String
        let since: String
        let received: String
    }

    struct Duplicate: Sendable {
        let shared: String
        let value: String
        let partner: String
        let path: String
    }

    /// What erasing would come to, for whoever may.
    struct Erasure: Sendable {
        let action: String
        let counts: String
        /// Why not now; nil where it can be.
        let living: String?
        let reason: Field
    }

    let title: String
    var notice: Notice?
    let id: String
    let kind: String
    let registration: String
    let site: String
    let contacts: [Contact]
    /// When there were some last; nil where there are.
    let erased: String?
    let applications: [Application]
    let hasApplications: Bool
    let duplicates: [Duplicate]
    let hasDuplicates: Bool
    /// Nil for whoever may not, and where nothing is left.
    let erasure: Erasure?

    static let text = """
        {{<layout}}
        {{$main}}
        {{>notice}}
        <div class="grid">
        <section class="card" aria-labelledby="facts">
        <h2 id="facts">{{t.facts}}</h2>
        <dl>
        <dt>{{t.partnerID}}</dt><dd><code>{{page.id}}</code></dd>
        <dt>{{t.kind}}</dt><dd>{{page.kind}}</dd>
        <dt>{{t.registration}}</dt><dd>{{page.registration}}</dd>
        <dt>{{t.site}}</dt><dd><a href="{{page.site}}" rel="noopener noreferrer external">{{page.site}}</a></dd>
        </dl>
        </section>
        <section class="card" aria-labelledby="contacts">
        <h2 id="contacts">{{t.contacts}}</h2>
        <dl>
        {{#page.contacts}}
        <dt>{{role}}</dt><dd>{{address}}</dd>
        {{/page.contacts}}
        </dl>
        {{^page.contacts}}<p>{{#page.erased}}{{.}}{{/page.erased}}{{^page.erased}}{{t.noContacts}}{{/page.erased}}</p>{{/page.contacts}}
        </section>
        </div>
        <section class="part" aria-labelledby="applications">
        <h2 id="applications">{{t.applications}}</h2>
        {{#page.hasApplications}}
        <div class="table" role="region" aria-labelledby="applications" tabindex="0">
        <table>
        <thead><tr><th scope="col">{{t.application}}</th><th scope="col">{{t.state}}</th><th scope="col">{{t.inStateSince}}</th><th scope="col">{{t.received}}</th></tr></thead>
        <tbody>
        {{#page.applications}}
        <tr>
        <th scope="row"><a href="{{path}}">{{name}}</a> <span class="id">{{id}}</span></th>
        <td data-label="{{t.state}}"><span class="state {{stateClass}}">{{state}}</span></td>
        <td data-label="{{t.inStateSince}}">{{since}}</td>
        <td data-label="{{t.received}}">{{received}}</td>
        </tr>
        {{/page.applications}}
        </tbody>
        </table>
        </div>
        {{/page.hasApplications}}
        {{^page.hasApplications}}<div class="card"><p>{{t.noApplications}}</p></div>{{/page.hasApplications}}
        </section>
        <section class="part" aria-labelledby="duplicates">
        <h2 id="duplicates">{{t.duplicates}}</h2>
        {{#page.hasDuplicates}}
        <div class="table" role="region" aria-labelledby="duplicates" tabindex="0">
        <table>
        <thead><tr><th scope="col">{{t.otherPartner}}</th><th scope="col">{{t.shared}}</th><th scope="col"><span class="hidden">{{t.auditDetails}}</span></th></tr></thead>
        <tbody>
        {{#page.duplicates}}
        <tr>
        <th scope="row"><a href="{{path}}">{{partner}}</a></th>
        <td data-label="{{t.shared}}">{{shared}}</td>
        <td>{{value}}</td>
        </tr>
        {{/page.duplicates}}
        </tbody>
        </table>
        </div>
        {{/page.hasDuplicates}}
        {{^page.hasDuplicates}}<div class="card"><p>{{t.noDuplicates}}</p></div>{{/page.hasDuplicates}}
        </section>
        {{#page.erasure}}
        <section class="card part" aria-labelledby="erasure">
        <h2 id="erasure">{{t.erasure}}</h2>
        <p>{{t.erasureWhat}}</p>
        <p>{{counts}}</p>
        {{#living}}<p>{{.}}</p>{{/living}}
        {{^living}}
        <form method="post" action="{{action}}">
        {{>token}}
        {{#reason}}{{>field}}{{/reason}}
        <p class="hint">{{t.asksPassword}}</p>
        <button class="danger" type="submit">{{t.erase}}</button>
        </form>
        {{/living}}
        </section>
        {{/page.erasure}}
        <p class="aside"><a href="/partners">{{t.backToPartners}}</a></p>
        {{/main}}
        {{/layout}}
        """
}
