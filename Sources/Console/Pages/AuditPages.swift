/// What was decided, and whether the record of it is whole.
struct AuditTrailPage: PageModel {
    static let template = "audit"

    struct Row: Sendable {
        let number: String
        let time: String
        let actor: String
        /// From where, where there is more to say than who.
        let origin: String
        let action: String
        let subject: String
        /// Where the subject has a page.
        let path: String?
        /// Why it was refused, as the registry says it: English.
        let refusal: String?
        /// What somebody said.
        let reason: String?
        /// What changed, where it is little.
        let changes: [Change]
        /// And where it is much.
        let manyChanges: [Change]
        let hasMany: Bool
    }

    /// A fact that holds now, or held.
    struct Change: Sendable {
        let name: String
        let before: String?
        let after: String
    }

    let title: String
    var notice: Notice?
    /// What a failed verification found, as the registry says it: English.
    var fault: String?
    let actionHint: String
    let subjectHint: String
    let actor: String
    let action: String
    let subject: String
    let from: String
    let until: String
    let outcomes: [Option]
    let isFiltered: Bool
    let rows: [Row]
    let hasRows: Bool
    let newer: String?
    let older: String?

    static let text = """
        {{<layout}}
        {{$main}}
        {{>notice}}
        {{#page.fault}}<div class="card fault"><p lang="en"><strong>{{.}}</strong></p></div>{{/page.fault}}
        <p class="lead">{{t.auditWhat}}</p>
        <div class="grid part">
        <section class="card" aria-labelledby="check">
        <h2 id="check">{{t.auditCheck}}</h2>
        <p>{{t.auditCheckWhat}}</p>
        <form method="post" action="/audit/verify">{{>token}}<button type="submit">{{t.auditVerify}}</button></form>
        </section>
        <section class="card" aria-labelledby="export">
        <h2 id="export">{{t.auditExport}}</h2>
        <p>{{t.auditExportWhat}}</p>
        <form method="post" action="/audit/export" data-answers="file">{{>token}}<button class="quiet" type="submit">{{t.auditExportButton}}</button></form>
        </section>
        </div>
        <section class="part" aria-labelledby="which">
        <h2 id="which">{{t.auditFilter}}</h2>
        <form class="filters" method="get" action="/audit" aria-labelledby="which">
        <div class="field">
        <label for="actor">{{t.auditActor}}</label>
        <input id="actor" name="actor" value="{{page.actor}}" maxlength="100" spellcheck="false" autocapitalize="none">
        </div>
        <div class="field">
        <label for="action">{{t.auditAction}}</label>
        <input id="action" name="action" value="{{page.action}}" maxlength="80" aria-describedby="action-hint" spellcheck="false" autocapitalize="none">
        <p class="hint" id="action-hint">{{page.actionHint}}</p>
        </div>
        <div class="field">
        <label for="subject">{{t.auditSubject}}</label>
        <input id="subject" name="subject" value="{{page.subject}}" maxlength="120" aria-describedby="subject-hint" spellcheck="false" autocapitalize="none">
        <p class="hint" id="subject-hint">{{page.subjectHint}}</p>
        </div>
        <div class="field">
        <label for="from">{{t.auditFrom}}</label>
        <input id="from" name="from" type="date" value="{{page.from}}">
        </div>
        <div class="field">
        <label for="until">{{t.auditUntil}}</label>
        <input id="until" name="until" type="date" value="{{page.until}}">
        </div>
        <div class="field">
        <label for="outcome">{{t.auditOutcome}}</label>
        <select id="outcome" name="outcome">
        {{#page.outcomes}}
        <option value="{{value}}"{{#isChosen}} selected{{/isChosen}}>{{name}}</option>
        {{/page.outcomes}}
        </select>
        </div>
        <div class="do"><button type="submit">{{t.show}}</button> {{#page.isFiltered}}<a href="/audit">{{t.showAll}}</a>{{/page.isFiltered}}</div>
        </form>
        {{^page.hasRows}}<div class="card"><p>{{t.auditNone}}</p></div>{{/page.hasRows}}
        {{#page.hasRows}}
        <div class="table" role="region" aria-label="{{page.title}}" tabindex="0">
        <table>
        <thead><tr><th scope="col">{{t.auditNumber}}</th><th scope="col">{{t.auditTime}}</th><th scope="col">{{t.auditActor}}</th><th scope="col">{{t.auditAction}}</th><th scope="col">{{t.auditSubject}}</th><th scope="col">{{t.auditDetails}}</th></tr></thead>
        <tbody>
        {{#page.rows}}
        <tr>
        <th scope="row" data-label="{{t.auditNumber}}">{{number}}</th>
        <td data-label="{{t.auditTime}}">{{time}}</td>
        <td data-label="{{t.auditActor}}">{{actor}}{{#origin}} <span class="id">{{origin}}</span>{{/origin}}</td>
        <td data-label="{{t.auditAction}}"><code>{{action}}</code></td>
        <td data-label="{{t.auditSubject}}">{{#path}}<a href="{{path}}">{{subject}}</a>{{/path}}{{^path}}{{subject}}{{/path}}</td>
        <td data-label="{{t.auditDetails}}">{{#refusal}}<p class="detail"><span class="state disabled">{{t.auditRefusal}}</span> <span lang="en">{{.}}</span></p>{{/refusal}}{{#reason}}<p class="detail">{{.}}</p>{{/reason}}
        {{#changes}}{{>change}}{{/changes}}
        {{#hasMany}}<details><summary>{{t.auditFacts}}</summary>{{#manyChanges}}{{>change}}{{/manyChanges}}</details>{{/hasMany}}</td>
        </tr>
        {{/page.rows}}
        </tbody>
        </table>
        </div>
        {{/page.hasRows}}
        <nav class="pages" aria-label="{{t.pages}}">
        {{#page.newer}}<a class="button quiet" rel="prev" href="{{page.newer}}">{{t.auditNewer}}</a>{{/page.newer}}
        {{#page.older}}<a class="button quiet" rel="next" href="{{page.older}}">{{t.auditOlder}}</a>{{/page.older}}
        </nav>
        </section>
        {{/main}}
        {{/layout}}
        """

    static let changeTemplate = "change"
    static let changeText = """
        <p class="detail"><span class="id">{{name}}</span> {{#before}}<del>{{.}}</del> → {{/before}}{{after}}</p>
        """
}
