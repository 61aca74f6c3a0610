/// Applications that wait, and whatever else is looked for.
struct InboxListPage: PageModel {
    static let template = "inbox"

    /// How many there are in a state.
    struct Tally: Sendable {
        let path: String
        let name: String
        let count: String
        let isCurrent: Bool
    }

    struct Row: Sendable {
        let id: String
        let name: String
        let partner: String
        let kind: String
        let state: String
        let stateClass: String
        let isPending: Bool
        let received: String
        let since: String
        let clock: String
        let clockClass: String
        let missing: [String]
        let checks: String
        let hasFailed: Bool
        let assignee: String
        let selectLabel: String
        let isTicked: Bool
    }

    let title: String
    var notice: Notice?
    let text: String
    let choices: [ChoiceField]
    let ticks: [Tick]
    let tallies: [Tally]
    let count: String
    let rows: [Row]
    /// What stands in the place of rows where there are none.
    let nothing: String?
    let pages: String?
    let previous: String?
    let next: String?
    /// Nil for who may only look.
    let bulk: BulkForm?

    static let text = """
        {{<layout}}
        {{$main}}
        {{>notice}}
        <form class="card finder" method="get" action="/inbox" role="search" aria-label="{{t.filters}}">
        <div class="field wide">
        <label for="q">{{t.search}}</label>
        <input id="q" name="q" type="search" value="{{page.text}}" maxlength="100" aria-describedby="q-hint">
        <p class="hint" id="q-hint">{{t.searchHint}}</p>
        </div>
        {{#page.choices}}{{>choice-field}}{{/page.choices}}
        <div class="ticks">{{#page.ticks}}{{>tick}}{{/page.ticks}}</div>
        <div class="do"><button type="submit">{{t.show}}</button> <a href="/inbox">{{t.clearFilters}}</a></div>
        </form>
        <ul class="tallies" aria-label="{{t.byState}}">
        {{#page.tallies}}<li><a href="{{path}}"{{#isCurrent}} aria-current="true"{{/isCurrent}}>{{name}} <b>{{count}}</b></a></li>{{/page.tallies}}
        </ul>
        <div class="above"><p>{{page.count}}</p></div>
        {{#page.nothing}}<p class="card empty">{{.}}</p>{{/page.nothing}}
        {{^page.nothing}}
        {{#page.bulk}}<form method="post" action="{{path}}">
        {{>token}}
        <input type="hidden" name="version" value="{{version}}">{{/page.bulk}}
        <div class="table" role="region" aria-label="{{t.inbox}}" tabindex="0">
        <table class="inbox">
        <thead><tr>{{#page.bulk}}<th scope="col"><span class="hidden">{{t.select}}</span></th>{{/page.bulk}}<th scope="col">{{t.application}}</th><th scope="col">{{t.state}}</th><th scope="col">{{t.received}}</th><th scope="col">{{t.clock}}</th><th scope="col">{{t.missing}}</th><th scope="col">{{t.checks}}</th><th scope="col">{{t.assignee}}</th></tr></thead>
        <tbody>
        {{#page.rows}}
        <tr>
        {{#page.bulk}}<td class="pick"><input type="checkbox" name="application" value="{{id}}"{{#isTicked}} checked{{/isTicked}} aria-label="{{selectLabel}}"></td>{{/page.bulk}}
        <th scope="row"><a href="/applications/{{id}}">{{name}}</a><span class="under">{{partner}} · {{kind}}</span></th>
        <td data-label="{{t.state}}"><span class="state {{stateClass}}">{{state}}</span><span class="under">{{since}}</span>{{#isPending}}<span class="state invited">{{t.secondNeeded}}</span>{{/isPending}}</td>
        <td data-label="{{t.received}}">{{received}}</td>
        <td data-label="{{t.clock}}"><span class="{{clockClass}}">{{clock}}</span></td>
        <td data-label="{{t.missing}}">{{#missing}}<span class="line">{{.}}</span>{{/missing}}{{^missing}}<span class="soft">{{t.nothingMissing}}</span>{{/missing}}</td>
        <td data-label="{{t.checks}}"><span class="{{#hasFailed}}late{{/hasFailed}}">{{checks}}</span></td>
        <td data-label="{{t.assignee}}">{{assignee}}</td>
        </tr>
        {{/page.rows}}
        </tbody>
        </table>
        </div>
        {{#page.bulk}}{{>bulk}}</form>{{/page.bulk}}
        {{/page.nothing}}
        {{#page.pages}}<p class="pager">{{#page.previous}}<a href="{{.}}" rel="prev">{{t.previousPage}}</a>{{/page.previous}} <span>{{.}}</span> {{#page.next}}<a href="{{.}}" rel="next">{{t.nextPage}}</a>{{/page.next}}</p>{{/page.pages}}
        {{/main}}
        {{/layout}}
        """
}

/// What is done to all that are ticked.
struct BulkForm: Sendable {
    let path: String
    let version: String
    let action: ChoiceField
    let person: ChoiceField
    let reason: ReasonField

    static let template = """
        <fieldset class="card bulk">
        <legend>{{t.bulk}}</legend>
        <button class="quiet" type="button" data-selects="application" hidden>{{t.selectAll}}</button>
        <p class="hint">{{t.bulkHint}}</p>
        <div class="grid">
        {{#action}}{{>choice-field}}{{/action}}
        {{#person}}{{>choice-field}}{{/person}}
        </div>
        {{#reason}}{{>reason}}{{/reason}}
        <button type="submit">{{t.bulkDo}}</button>
        </fieldset>
        """
}

/// What came of each of several applications.
struct BulkOutcomePage: PageModel {
    static let template = "bulk-outcome"

    struct Row: Sendable {
        let id: String
        let name: String
        let outcome: String
        let outcomeClass: String
        /// Why not; the registry's own words.
        let sentence: String?
    }

    let title: String
    let done: String
    let refused: String?
    let rows: [Row]
    let back: String

    static let text = """
        {{<layout}}
        {{$main}}
        <div class="notice{{#page.refused}} bad{{/page.refused}}" role="status"><p>{{page.done}}{{#page.refused}} · {{.}}{{/page.refused}}</p></div>
        <div class="table" role="region" aria-label="{{t.bulkOutcome}}" tabindex="0">
        <table>
        <thead><tr><th scope="col">{{t.application}}</th><th scope="col">{{t.outcome}}</th><th scope="col">{{t.reason}}</th></tr></thead>
        <tbody>
        {{#page.rows}}
        <tr>
        <th scope="row"><a href="/applications/{{id}}">{{name}}</a></th>
        <td data-label="{{t.outcome}}"><span class="state {{outcomeClass}}">{{outcome}}</span></td>
        <td data-label="{{t.reason}}">{{#sentence}}<span lang="en">{{.}}</span>{{/sentence}}{{^sentence}}–{{/sentence}}</td>
        </tr>
        {{/page.rows}}
        </tbody>
        </table>
        </div>
        <p class="aside"><a href="{{page.back}}">{{t.backToInbox}}</a></p>
        {{/main}}
        {{/layout}}
        """
}
