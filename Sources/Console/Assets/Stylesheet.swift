/// The one stylesheet. Colours meet WCAG AA in both themes; nothing is wider than 360 px needs.
enum Stylesheet {
    static let text = """
        :root {
          color-scheme: light dark;
          --page: #f5f6f8; --card: #ffffff; --ink: #1a2230; --soft: #4d5a6e; --line: #d3d9e2; --field: #7a8699;
          --accent: #0b5c8f; --accent-ink: #ffffff; --accent-soft: #e3f0f8; --danger: #a8201a; --danger-soft: #fbe9e7;
          --good: #17643a; --good-soft: #e2f3e8; --wait: #7a4a00; --wait-soft: #fcf0d9; --focus: #0b5c8f;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --page: #12161d; --card: #1b212b; --ink: #e8ecf2; --soft: #aab5c5; --line: #343e4d; --field: #7d8a9e;
            --accent: #7cc4f2; --accent-ink: #0c1a26; --accent-soft: #1d3447; --danger: #ff9d94; --danger-soft: #45211f;
            --good: #8ad8a8; --good-soft: #1c3a29; --wait: #f0c070; --wait-soft: #3d2f14; --focus: #9bd3f7;
          }
        }
        *, *::before, *::after { box-sizing: border-box; }
        html { font: 100%/1.55 system-ui, "Segoe UI", Roboto, "Noto Sans", "Noto Sans Devanagari", "Lohit Devanagari", sans-serif; -webkit-text-size-adjust: 100%; }
        :lang(hi) { line-height: 1.7; }
        body { margin: 0; min-height: 100vh; display: flex; flex-direction: column; background: var(--page); color: var(--ink); }
        a { color: var(--accent); text-underline-offset: .15em; }
        :focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 4px; }
        main:focus, .notice:focus { outline: none; }
        .hidden, .skip:not(:focus) { position: absolute; width: 1px; height: 1px; margin: -1px; padding: 0; border: 0; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
        .skip { position: absolute; top: .5rem; left: .5rem; z-index: 1; padding: .5rem 1rem; background: var(--card); }

        header { background: var(--card); border-bottom: 1px solid var(--line); }
        .bar { max-width: 72rem; margin: 0 auto; padding: .5rem 1.25rem; display: flex; flex-wrap: wrap; align-items: center; gap: .25rem 1.5rem; }
        .brand { display: inline-flex; align-items: center; gap: .6rem; padding: .4rem 0; font-weight: 650; color: var(--ink); text-decoration: none; }
        .brand svg rect { fill: var(--accent); }
        .brand svg path { fill: none; stroke: var(--accent-ink); stroke-width: 2.2; stroke-linecap: round; }
        nav ul { display: flex; flex-wrap: wrap; gap: .25rem; margin: 0; padding: 0; list-style: none; }
        nav li { margin: 0; }
        nav a { display: block; padding: .4rem .75rem; border-radius: 6px; color: var(--soft); text-decoration: none; }
        nav a:hover { background: var(--accent-soft); color: var(--ink); }
        nav a[aria-current] { background: var(--accent-soft); color: var(--accent); font-weight: 600; }
        .person { margin-left: auto; display: flex; align-items: center; gap: .75rem; }
        .person .name { color: var(--soft); overflow-wrap: anywhere; }

        main { flex: 1; width: 100%; max-width: 72rem; margin: 0 auto; padding: 2rem 1.25rem 3rem; }
        h1 { margin: 0 0 1.25rem; font-size: 1.7rem; line-height: 1.25; overflow-wrap: anywhere; }
        h2 { margin: 0 0 .75rem; font-size: 1.15rem; line-height: 1.3; }
        h3 { margin: 1.5rem 0 .25rem; font-size: 1rem; }
        :lang(hi) h1, :lang(hi) h2 { line-height: 1.45; }
        p { margin: 0 0 1rem; max-width: 40rem; }
        .lead { font-size: 1.1rem; color: var(--soft); }
        .narrow { max-width: 30rem; }
        .step, .aside, .hint, .label { color: var(--soft); }
        .aside { margin-top: 1.25rem; }
        .card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 1.5rem; }
        .card > :last-child, .card section > :last-child { margin-bottom: 0; }
        .grid { display: grid; gap: 1.25rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); align-items: start; }
        .above { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .75rem; margin-bottom: 1rem; }
        .above p { margin: 0; color: var(--soft); }
        ul { padding-left: 1.25rem; margin: 0 0 1rem; }
        li { margin-bottom: .4rem; }
        dl { margin: 0 0 1rem; display: grid; grid-template-columns: minmax(7rem, max-content) 1fr; gap: .4rem 1.25rem; }
        dt { color: var(--soft); }
        dd { margin: 0; overflow-wrap: anywhere; }

        .field { margin-bottom: 1.1rem; }
        label, legend, .label { display: block; margin: 0 0 .3rem; padding: 0; font-weight: 600; }
        .label { font-weight: 400; }
        .hint { margin: 0 0 .4rem; font-size: .925rem; }
        input:not([type=checkbox]):not([type=hidden]), select, textarea { width: 100%; min-height: 2.75rem; padding: .5rem .75rem; font: inherit; color: inherit; background: var(--card); border: 1px solid var(--field); border-radius: 6px; }
        input[readonly], textarea[readonly] { background: var(--page); color: var(--soft); }
        input.code { max-width: 11rem; font-size: 1.3rem; letter-spacing: .2em; font-variant-numeric: tabular-nums; }
        fieldset { margin: 0 0 1.25rem; padding: 0; border: 0; min-width: 0; }
        .choice { display: grid; grid-template-columns: 1.4rem 1fr; gap: 0 .7rem; padding: .45rem 0; align-items: center; }
        .choice input { width: 1.25rem; height: 1.25rem; margin: 0; accent-color: var(--accent); }
        .choice label { margin: 0; }
        .choice .hint { grid-column: 2; margin: 0; }
        button, .button { display: inline-block; min-height: 2.75rem; padding: .5rem 1.2rem; font: inherit; font-weight: 600; line-height: 1.6; color: var(--accent-ink); background: var(--accent); border: 1px solid var(--accent); border-radius: 6px; text-decoration: none; cursor: pointer; }
        button:hover, .button:hover { filter: brightness(1.08); }
        button[aria-disabled=true] { opacity: .65; cursor: default; }
        button.quiet { min-height: 2.25rem; padding: .2rem .85rem; font-weight: 500; color: var(--accent); background: none; border-color: var(--field); }
        button.quiet:hover { background: var(--accent-soft); filter: none; }
        button.danger { color: var(--danger); background: none; border-color: var(--danger); }
        button.danger:hover { background: var(--danger-soft); filter: none; }
        button.link { min-height: 0; padding: .2rem; font-weight: 400; color: var(--accent); background: none; border: 0; text-decoration: underline; text-underline-offset: .15em; }
        button[hidden] { display: none; }
        .table + form { margin-top: 1.25rem; }

        .notice { margin: 0 0 1.25rem; padding: .8rem 1.1rem; border-left: 4px solid var(--good); border-radius: 6px; background: var(--good-soft); }
        .notice.bad { border-color: var(--danger); background: var(--danger-soft); }
        .notice p { margin: 0; }
        .notice.wait { border-color: var(--wait); background: var(--wait-soft); }
        .tag, .state { display: inline-block; padding: .05rem .6rem; border-radius: 1rem; font-size: .9rem; font-weight: 500; background: var(--accent-soft); color: var(--accent); white-space: nowrap; }
        .state.active { background: var(--good-soft); color: var(--good); }
        .state.plain { background: var(--page); color: var(--soft); }
        .state.invited { background: var(--wait-soft); color: var(--wait); }
        .state.disabled { background: var(--danger-soft); color: var(--danger); }
        code { font-family: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, "DejaVu Sans Mono", monospace; font-size: .95em; overflow-wrap: anywhere; }
        .secret { display: flex; flex-wrap: wrap; gap: .75rem; align-items: center; max-width: none; }
        .secret code { flex: 1 1 14rem; padding: .7rem .9rem; background: var(--page); border: 1px solid var(--line); border-radius: 6px; font-size: 1.05rem; }

        .table { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
        table { width: 100%; border-collapse: collapse; }
        th, td { padding: .7rem 1.1rem; text-align: left; vertical-align: middle; border-bottom: 1px solid var(--line); }
        tbody tr:last-child > * { border-bottom: 0; }
        thead th { color: var(--soft); font-size: .925rem; font-weight: 500; white-space: nowrap; }
        tbody th { font-weight: 600; }
        td form { margin: 0; text-align: right; }
        @media (max-width: 46rem) {
          \(stacked("table"))
          td form { text-align: left; margin-top: .4rem; }
          main { padding-top: 1.5rem; }
          .card { padding: 1.15rem; }
          .person { margin-left: 0; width: 100%; justify-content: space-between; }
        }

        .part { margin-top: 1.75rem; }
        .part > .card { margin-bottom: 1.25rem; }
        .table + .aside { margin-top: .9rem; }
        .id { color: var(--soft); font-weight: 400; font-size: .925rem; overflow-wrap: anywhere; }
        .figures { grid-template-columns: repeat(auto-fit, minmax(min(100%, 8.5rem), 1fr)); gap: .75rem; }
        .figures div { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: .9rem 1.1rem; }
        .figures dd { font-size: 1.35rem; font-weight: 650; line-height: 1.35; }
        .bars { display: block; overflow: visible; }
        .bars text { fill: var(--ink); font-size: .95rem; }
        .bars .count { font-variant-numeric: tabular-nums; font-weight: 600; }
        .bars .track { fill: var(--line); }
        .bars .bar { fill: var(--accent); }
        .bars .marked { fill: var(--danger); }
        .filters { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 13rem), 1fr)); gap: .9rem 1.1rem; align-items: start; margin-bottom: 1.25rem; }
        .filters .field { margin: 0; }
        .filters .hint { margin: .35rem 0 0; }
        .filters .do { grid-column: 1 / -1; display: flex; flex-wrap: wrap; gap: .75rem 1.25rem; align-items: center; }
        .pages { display: flex; flex-wrap: wrap; align-items: center; gap: .9rem; margin-top: 1.25rem; }
        .pages span { color: var(--soft); }
        .button.quiet { color: var(--accent); background: none; border-color: var(--field); font-weight: 500; }
        th, td, td > code { overflow-wrap: break-word; }
        .detail { margin: 0 0 .25rem; max-width: 26rem; }
        .detail del { color: var(--soft); }
        .many thead th { white-space: normal; vertical-align: bottom; }
        .many th, .many td { padding: .55rem .6rem; }
        .many td { font-variant-numeric: tabular-nums; }
        .many tbody th { white-space: nowrap; }
        @media (max-width: 46rem) { .many tbody th { white-space: normal; } .many th, .many td { padding: .2rem 1.1rem; } }
        .fault { border-color: var(--danger); margin-bottom: 1.25rem; }

        footer { border-top: 1px solid var(--line); }
        footer form { max-width: 72rem; margin: 0 auto; padding: .75rem 1.25rem; display: flex; gap: 1rem; }
        footer button.link[aria-current] { color: var(--soft); text-decoration: none; }
        textarea { display: block; resize: vertical; line-height: 1.5; }
        select { max-width: 100%; text-overflow: ellipsis; }
        input[type=file] { padding: .45rem .5rem; }
        .soft { color: var(--soft); }
        .late { color: var(--danger); font-weight: 600; }
        .soon { color: var(--wait); font-weight: 600; }
        .under { display: block; font-size: .925rem; font-weight: 400; color: var(--soft); overflow-wrap: anywhere; }
        .line { display: block; }
        .onward { margin-bottom: 1.25rem; }
        main > .card, main > .grid { margin-bottom: 1.25rem; }
        .grid.wide { grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); }

        .finder { display: grid; gap: 0 1.25rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 12rem), 1fr)); align-items: end; padding-bottom: 1rem; }
        .finder .wide, .finder .ticks, .finder .do { grid-column: 1 / -1; }
        .ticks { display: flex; flex-wrap: wrap; gap: 0 1.5rem; margin-bottom: 1rem; }
        .do { display: flex; flex-wrap: wrap; gap: .75rem 1.25rem; align-items: center; }
        .tallies { display: flex; flex-wrap: wrap; gap: .5rem; margin: 0 0 1.25rem; padding: 0; list-style: none; }
        .tallies li { margin: 0; }
        .tallies a { display: block; padding: .3rem .8rem; border: 1px solid var(--line); border-radius: 1.2rem; background: var(--card); color: var(--ink); text-decoration: none; }
        .tallies a:hover { border-color: var(--accent); }
        .tallies a[aria-current] { background: var(--accent-soft); border-color: var(--accent); color: var(--accent); font-weight: 600; }
        .tallies b { font-weight: 600; }
        .inbox th, .inbox td { padding: .7rem .8rem; vertical-align: top; }
        .inbox .state { margin-bottom: .15rem; }
        @media (max-width: 62rem) {
          \(stacked(".inbox"))
          .pick { padding-top: .6rem; }
        }
        .pick { width: 2.5rem; }
        .pick input { width: 1.25rem; height: 1.25rem; margin: .15rem 0 0; accent-color: var(--accent); }
        .table + .bulk { margin-top: 1.25rem; }
        .bulk { padding: 1.5rem; border: 1px solid var(--line); }
        .bulk legend { float: left; width: 100%; font-size: 1.15rem; }
        .bulk legend + * { clear: both; }
        .bulk .quiet { margin-bottom: .75rem; }
        .pager { display: flex; gap: 1.25rem; justify-content: center; max-width: none; margin: 1.25rem 0 0; }
        .empty { max-width: none; color: var(--soft); text-align: center; }

        .moves { border-left: 4px solid var(--accent); }
        .moves > h3:first-of-type { margin-top: 0; }
        details { margin: 0 0 .6rem; border: 1px solid var(--line); border-radius: 6px; }
        details > form, details > ul { margin: 0; padding: .25rem 1rem 1rem; }
        summary { padding: .55rem 1rem; color: var(--accent); font-weight: 500; cursor: pointer; }
        summary.danger { color: var(--danger); }
        details.inline { margin: 0; }
        .closed { list-style: none; }
        .gaps { padding: .75rem 1rem 0; border: 1px solid var(--line); border-radius: 6px; }
        .gap { display: grid; gap: 0 1.25rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 14rem), 1fr)); }
        fieldset.ticks legend { float: left; width: 100%; }
        .assign { display: flex; flex-wrap: wrap; gap: .75rem; align-items: end; margin-top: 1.25rem; padding-top: 1.25rem; border-top: 1px solid var(--line); }
        .assign .field { flex: 1 1 14rem; max-width: 22rem; margin: 0; }
        .assign button.quiet { min-height: 2.75rem; }
        .changed { padding: 0 0 0 1.25rem; }
        .checks, .papers, .history { margin: 0 0 1rem; padding: 0; list-style: none; }
        .checks li { display: grid; grid-template-columns: 8rem 1fr; gap: .25rem 1rem; align-items: start; padding: .45rem 0; }
        .checks .state { justify-self: start; }
        .papers li { display: flex; flex-wrap: wrap; gap: .75rem; align-items: flex-start; justify-content: space-between; padding: .7rem 0; border-bottom: 1px solid var(--line); margin: 0; }
        .papers li > div { flex: 1 1 16rem; }
        .history li { padding: .6rem 0 .1rem 1rem; border-left: 3px solid var(--line); margin: 0 0 .5rem; }
        .history p { margin: .2rem 0 0; overflow-wrap: anywhere; }
        ins { text-decoration: none; background: var(--good-soft); }
        del { color: var(--soft); text-decoration-color: var(--danger); }
        .card .table { border-radius: 6px; }
        @media (max-width: 46rem) {
          .checks li { grid-template-columns: 1fr; }
        }
        @media (max-width: 30rem) {
          dl { grid-template-columns: 1fr; gap: 0; }
          dd { margin-bottom: .5rem; }
        }
        @media print {
          :root { color-scheme: light; --page: #fff; --card: #fff; --ink: #000; --soft: #333; --line: #999; --accent: #000; --accent-soft: #fff; --danger: #000; --danger-soft: #fff; --good: #000; --good-soft: #fff; --wait: #000; --wait-soft: #fff; }
          .state, .tag { border: 1px solid #999; }
          header, footer, form, .button, .above a, details { display: none; }
          body { background: none; color: #000; }
          main { max-width: none; padding: 0; }
          .card, .table { border-color: #999; break-inside: avoid; overflow: visible; }
          a { color: inherit; text-decoration: none; }
        }
        @media (forced-colors: active) { .tag, .state, .notice { border: 1px solid; } }
        """

    /// A table whose rows are cards, each field behind its heading: where a screen is too narrow for its columns.
    private static func stacked(_ table: String) -> String {
        """
        \(table), \(table) :is(tbody, tr, th, td) { display: block; }
          \(table) thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
          \(table) tbody tr { padding: .7rem 0; border-bottom: 1px solid var(--line); }
          \(table) tbody tr:last-child { border-bottom: 0; }
          \(table) tbody :is(th, td) { padding: .2rem 1.1rem; border: 0; }
          \(table) tbody td[data-label] { position: relative; padding-left: 9.9rem; min-height: 2rem; }
          \(table) tbody td[data-label]::before { content: attr(data-label); position: absolute; left: 1.1rem; width: 8rem; color: var(--soft); }
        """
    }
}
