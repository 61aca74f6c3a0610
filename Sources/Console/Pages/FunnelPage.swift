/// How applications come through.
struct FunnelPage: PageModel {
    static let template = "funnel"

    /// A number that stands for itself.
    struct Figure: Sendable {
        let name: String
        let value: String
    }

    /// A cell under its heading.
    struct Cell: Sendable {
        let name: String
        let value: String
    }

    /// A line of a table.
    struct Row: Sendable {
        let name: String
        let cells: [Cell]
    }

    let title: String
    let asOf: String
    let hasAny: Bool
    let figures: [Figure]
    let stateChart: BarChart
    let stateHeadings: [String]
    let stateRows: [Row]
    let kindHeadings: [String]
    let kindRows: [Row]
    let weekChart: BarChart
    let weekHeadings: [String]
    let weekRows: [Row]
    /// What is said of applications without a date; nil where there are none.
    let undated: String?

    static let text = """
        {{<layout}}
        {{$main}}
        <p class="lead">{{page.asOf}}</p>
        {{^page.hasAny}}
        <div class="card"><p>{{t.funnelEmpty}}</p></div>
        {{/page.hasAny}}
        {{#page.hasAny}}
        <dl class="figures">
        {{#page.figures}}
        <div><dt>{{name}}</dt><dd>{{value}}</dd></div>
        {{/page.figures}}
        </dl>
        <section class="part" aria-labelledby="states">
        <h2 id="states">{{t.whereTheyStand}}</h2>
        <div class="card">{{#page.stateChart}}{{>bars}}{{/page.stateChart}}</div>
        <div class="table" role="region" aria-labelledby="states" tabindex="0">
        <table>
        <thead><tr><th scope="col">{{t.state}}</th>{{#page.stateHeadings}}<th scope="col">{{.}}</th>{{/page.stateHeadings}}</tr></thead>
        <tbody>
        {{#page.stateRows}}
        <tr><th scope="row">{{name}}</th>{{#cells}}<td data-label="{{name}}">{{value}}</td>{{/cells}}</tr>
        {{/page.stateRows}}
        </tbody>
        </table>
        </div>
        <p class="aside">{{t.stuckWhat}}</p>
        </section>
        <section class="part" aria-labelledby="kinds">
        <h2 id="kinds">{{t.byKind}}</h2>
        <div class="table" role="region" aria-labelledby="kinds" tabindex="0">
        <table>
        <thead><tr><th scope="col">{{t.state}}</th>{{#page.kindHeadings}}<th scope="col">{{.}}</th>{{/page.kindHeadings}}</tr></thead>
        <tbody>
        {{#page.kindRows}}
        <tr><th scope="row">{{name}}</th>{{#cells}}<td data-label="{{name}}">{{value}}</td>{{/cells}}</tr>
        {{/page.kindRows}}
        </tbody>
        </table>
        </div>
        </section>
        <section class="part" aria-labelledby="weeks">
        <h2 id="weeks">{{t.byWeek}}</h2>
        <div class="card">{{#page.weekChart}}{{>bars}}{{/page.weekChart}}</div>
        <div class="table" role="region" aria-labelledby="weeks" tabindex="0">
        <table class="many">
        <thead><tr><th scope="col">{{t.week}}</th>{{#page.weekHeadings}}<th scope="col">{{.}}</th>{{/page.weekHeadings}}</tr></thead>
        <tbody>
        {{#page.weekRows}}
        <tr><th scope="row">{{name}}</th>{{#cells}}<td data-label="{{name}}">{{value}}</td>{{/cells}}</tr>
        {{/page.weekRows}}
        </tbody>
        </table>
        </div>
        {{#page.undated}}<p class="aside">{{.}}</p>{{/page.undated}}
        </section>
        {{/page.hasAny}}
        {{/main}}
        {{/layout}}
        """
}
