extension ApplicationPage {
    static let text = """
        {{<layout}}
        {{$main}}
        <div class="above">
        <p><span class="state {{page.stateClass}}">{{page.state}}</span> {{#page.clock}}<span class="{{page.clockClass}}">{{.}}</span> · {{/page.clock}}{{page.assigned}}</p>
        {{^page.isPrinted}}<a href="{{page.path}}/print">{{t.printView}}</a>{{/page.isPrinted}}
        {{#page.isPrinted}}<p>{{page.printed}}</p>{{/page.isPrinted}}
        </div>
        {{>notice}}
        {{#page.next}}<p class="onward"><a class="button" href="{{path}}">{{name}}</a></p>{{/page.next}}
        {{#page.alerts}}<div class="notice bad"><p>{{.}}</p></div>{{/page.alerts}}
        {{^page.isPrinted}}{{>application-moves}}{{/page.isPrinted}}
        <div class="grid wide">
        <section class="card" aria-labelledby="facts"><h2 id="facts">{{t.facts}}</h2><dl>{{#page.facts}}{{>fact}}{{/page.facts}}</dl></section>
        <section class="card" aria-labelledby="partner"><h2 id="partner">{{t.partner}}</h2><dl>{{#page.partnerFacts}}{{>fact}}{{/page.partnerFacts}}</dl></section>
        </div>
        <section class="card" aria-labelledby="checks"><h2 id="checks">{{t.automaticChecks}}</h2>
        <ul class="checks">
        {{#page.checks}}<li><span class="state {{resultClass}}">{{result}}</span><div><b>{{name}}</b><span class="under" lang="en">{{sentence}}</span></div></li>{{/page.checks}}
        </ul></section>
        <section class="card" aria-labelledby="diff"><h2 id="diff">{{t.sinceReview}}</h2>
        <p class="soft">{{page.reviewed}}</p>
        {{#page.newEvidence}}<p>{{t.newEvidence}}: {{.}}</p>{{/page.newEvidence}}
        {{^empty(page.diff)}}<div class="table" role="region" aria-label="{{t.sinceReview}}" tabindex="0"><table>
        <thead><tr><th scope="col">{{t.fact}}</th><th scope="col">{{t.wasBefore}}</th><th scope="col">{{t.isNow}}</th></tr></thead>
        <tbody>{{#page.diff}}<tr><th scope="row">{{name}}</th><td data-label="{{t.wasBefore}}"><del>{{#before}}<span class="line">{{.}}</span>{{/before}}{{^before}}–{{/before}}</del></td><td data-label="{{t.isNow}}"><ins>{{#after}}<span class="line">{{.}}</span>{{/after}}{{^after}}–{{/after}}</ins></td></tr>{{/page.diff}}</tbody>
        </table></div>{{/empty(page.diff)}}
        </section>
        <section class="card" aria-labelledby="scopes"><h2 id="scopes">{{t.scopesAndPlan}}</h2>
        <dl>{{#page.planFacts}}{{>fact}}{{/page.planFacts}}</dl>
        <div class="table" role="region" aria-label="{{t.scopesAndPlan}}" tabindex="0"><table>
        <thead><tr><th scope="col">{{t.scope}}</th><th scope="col">{{t.asked}}</th><th scope="col">{{t.granted}}</th><th scope="col">{{t.limit}}</th></tr></thead>
        <tbody>{{#page.scopes}}<tr><th scope="row">{{name}}</th><td data-label="{{t.asked}}">{{asked}}</td><td data-label="{{t.granted}}">{{#isGranted}}<span class="state active">{{granted}}</span>{{/isGranted}}{{^isGranted}}{{granted}}{{/isGranted}}</td><td data-label="{{t.limit}}">{{#limits}}<span class="line">{{.}}</span>{{/limits}}{{^limits}}–{{/limits}}</td></tr>{{/page.scopes}}</tbody>
        </table></div></section>
        {{>application-evidence}}
        {{>application-keys}}
        {{>application-notes}}
        {{>application-usage}}
        <section class="card" aria-labelledby="history"><h2 id="history">{{t.history}}</h2>
        {{#empty(page.history)}}<p class="soft">{{t.historyNone}}</p>{{/empty(page.history)}}
        <ol class="history">
        {{#page.history}}<li><b>{{move}}</b> <span class="soft">{{change}}</span>{{#remark}} <span class="tag">{{remark}}</span>{{/remark}}<span class="under">{{when}}</span><p>{{reason}}</p></li>{{/page.history}}
        </ol></section>
        {{#page.isPrinted}}<p class="aside"><a href="{{page.path}}">{{t.toApplication}}</a></p>{{/page.isPrinted}}
        {{/main}}
        {{/layout}}
        """

    /// Templates of its parts, by name.
    static let parts: [String: String] = [
        "fact": fact, "application-moves": moves, "move-form": moveForm, "application-evidence": evidenceText,
        "application-keys": keysText, "application-notes": notesText, "application-usage": usageText,
    ]

    private static let fact = """
        <dt>{{name}}</dt><dd{{#language}} lang="{{language}}"{{/language}}>{{#path}}<a href="{{path}}">{{/path}}{{#values}}<span class="line">{{.}}</span>{{/values}}{{#path}}</a>{{/path}}</dd>
        """

    private static let moves = """
        {{^empty(page.changes)}}<ul class="changed">{{#page.changes}}<li>{{.}}</li>{{/page.changes}}</ul>{{/empty(page.changes)}}
        {{#page.kept}}<div class="field"><label for="kept">{{t.whatYouTyped}}</label><textarea id="kept" rows="2" readonly>{{.}}</textarea></div>{{/page.kept}}
        {{#page.pending}}<div class="notice wait"><p><b>{{t.pendingTitle}}.</b> {{.}}</p>{{#page.pendingReason}}<p>{{.}}</p>{{/page.pendingReason}}</div>{{/page.pending}}
        <section class="card moves" aria-labelledby="next-step">
        <h2 id="next-step">{{t.nextStep}}</h2>
        {{#page.main}}<h3>{{name}}</h3>{{>move-form}}{{/page.main}}
        {{^page.main}}<p class="soft">{{t.noMoves}}</p>{{/page.main}}
        {{^empty(page.others)}}<h3>{{t.otherMoves}}</h3>
        {{#page.others}}<details id="{{move}}"{{#isOpen}} open{{/isOpen}}><summary{{#isDangerous}} class="danger"{{/isDangerous}}>{{name}}</summary>{{>move-form}}</details>{{/page.others}}{{/empty(page.others)}}
        {{^empty(page.closed)}}<details><summary>{{t.notForYou}}</summary><ul class="closed">{{#page.closed}}<li><b>{{name}}</b><span class="under" lang="en">{{sentence}}</span></li>{{/page.closed}}</ul></details>{{/empty(page.closed)}}
        {{#page.assignForm}}<form class="assign" method="post" action="{{action}}">
        {{>token}}
        {{#person}}{{>choice-field}}{{/person}}
        <button class="quiet" type="submit">{{t.assign}}</button>
        {{#me}}<button class="quiet" type="submit" name="me" value="{{.}}">{{t.takeIt}}</button>{{/me}}
        </form>{{/page.assignForm}}
        </section>
        """

    private static let moveForm = """
        <form method="post" action="{{action}}"{{#hasFiles}} enctype="multipart/form-data"{{/hasFiles}}>
        {{>token}}
        <input type="hidden" name="version" value="{{version}}">
        {{#hints}}<p class="hint">{{.}}</p>{{/hints}}
        {{#hasFiles}}<fieldset class="gaps"><legend>{{t.missingEvidence}}</legend><p class="hint">{{t.fileHint}}</p>
        {{#gaps}}<div class="gap"><div class="field"><label for="{{move}}-file-{{kind}}">{{fileLabel}}</label><input id="{{move}}-file-{{kind}}" name="file-{{kind}}" type="file"></div><div class="field"><label for="{{move}}-until-{{kind}}">{{untilLabel}}</label><input id="{{move}}-until-{{kind}}" name="until-{{kind}}" type="date" value="{{until}}"></div></div>{{/gaps}}
        </fieldset>{{/hasFiles}}
        {{^empty(scopes)}}<fieldset class="ticks"><legend>{{t.scopesToGrant}}</legend>{{#scopes}}{{>tick}}{{/scopes}}</fieldset>{{/empty(scopes)}}
        {{#plan}}{{>choice-field}}{{/plan}}
        {{#reason}}{{>reason}}{{/reason}}
        <button{{#isDangerous}} class="danger"{{/isDangerous}} type="submit">{{name}}</button>
        </form>
        """

    private static let evidenceText = """
        <section class="card" aria-labelledby="evidence"><h2 id="evidence">{{t.evidence}}</h2>
        {{#empty(page.evidence)}}<p class="soft">{{t.evidenceNone}}</p>{{/empty(page.evidence)}}
        <ul class="papers">
        {{#page.evidence}}<li><div><b>{{kind}}</b> <span class="state {{standingClass}}">{{standing}}</span><span class="under">{{#path}}<a href="{{.}}" download>{{name}}</a> · {{/path}}{{until}}</span><span class="under">{{added}}</span>{{#reason}}<span class="under">{{reason}}</span>{{/reason}}</div>{{#withdrawal}}{{>paper-form}}{{/withdrawal}}</li>{{/page.evidence}}
        </ul>
        {{#page.evidenceForm}}<details{{#isOpen}} open{{/isOpen}}><summary>{{t.addEvidence}}</summary>
        <form method="post" action="{{action}}" enctype="multipart/form-data">
        {{>token}}
        {{#kind}}{{>choice-field}}{{/kind}}
        <div class="field"><label for="evidence-file">{{t.file}}</label><input id="evidence-file" name="file" type="file" required aria-describedby="evidence-file-hint"><p class="hint" id="evidence-file-hint">{{t.fileHint}}</p></div>
        <div class="field"><label for="evidence-issued">{{t.issuedOn}}</label><input id="evidence-issued" name="issued" type="date" value="{{issued}}"></div>
        <div class="field"><label for="evidence-until">{{t.validUntil}}</label><input id="evidence-until" name="until" type="date" value="{{until}}"></div>
        <button type="submit">{{t.addEvidence}}</button>
        </form></details>{{/page.evidenceForm}}
        </section>
        """

    private static let keysText = """
        <section class="card" aria-labelledby="keys"><h2 id="keys">{{t.keys}}</h2>
        <p class="hint">{{t.keysSecret}}</p>
        {{#empty(page.keys)}}<p class="soft">{{t.keysNone}}</p>{{/empty(page.keys)}}
        <ul class="papers">
        {{#page.keys}}<li><div><b>{{name}}</b> <span class="tag">{{environment}}</span> <span class="state {{stateClass}}">{{state}}</span><span class="under"><code>{{id}}</code></span><span class="under">{{created}} · {{lastUsed}}</span></div>{{#rotation}}{{>paper-form}}{{/rotation}}{{#revocation}}{{>paper-form}}{{/revocation}}</li>{{/page.keys}}
        </ul>
        {{#page.keyForms}}{{>paper-form}}{{/page.keyForms}}
        </section>
        """

    private static let notesText = """
        <section class="card" aria-labelledby="notes"><h2 id="notes">{{t.notes}}</h2>
        {{#empty(page.notes)}}<p class="soft">{{t.notesNone}}</p>{{/empty(page.notes)}}
        <ol class="history">
        {{#page.notes}}<li><span class="{{#isToPartner}}state invited{{/isToPartner}}{{^isToPartner}}tag{{/isToPartner}}">{{audience}}</span> <span class="soft">{{when}}</span><p>{{text}}</p></li>{{/page.notes}}
        </ol>
        {{#page.noteForm}}<form method="post" action="{{action}}">
        {{>token}}
        <div class="field"><label for="note">{{t.noteText}}</label><textarea id="note" name="text" rows="2" maxlength="2000" required>{{text}}</textarea></div>
        {{#audience}}{{>choice-field}}{{/audience}}
        <button type="submit">{{t.saveNote}}</button>
        </form>{{/page.noteForm}}
        </section>
        """

    private static let usageText = """
        <section class="card" aria-labelledby="usage"><h2 id="usage">{{t.usage}}</h2>
        {{#page.usage.remark}}<p class="soft">{{.}}</p>{{/page.usage.remark}}
        {{^empty(page.usage.counts)}}<div class="table" role="region" aria-label="{{t.usage}}" tabindex="0"><table><thead><tr><th scope="col">{{t.verdict}}</th><th scope="col">{{t.requests}}</th></tr></thead>
        <tbody>{{#page.usage.counts}}<tr><th scope="row">{{verdict}}</th><td data-label="{{t.requests}}">{{count}}</td></tr>{{/page.usage.counts}}</tbody></table></div>{{/empty(page.usage.counts)}}
        {{#page.usage.hasRefusals}}<h3>{{t.refusals}}</h3>{{/page.usage.hasRefusals}}
        {{#page.usage.refusalRemark}}<p class="soft">{{.}}</p>{{/page.usage.refusalRemark}}
        {{^empty(page.usage.refusals)}}<div class="table" role="region" aria-label="{{t.refusals}}" tabindex="0"><table><thead><tr><th scope="col">{{t.time}}</th><th scope="col">{{t.verdict}}</th><th scope="col">{{t.route}}</th><th scope="col">{{t.answer}}</th></tr></thead>
        <tbody>{{#page.usage.refusals}}<tr><th scope="row">{{time}}</th><td data-label="{{t.verdict}}"><code>{{verdict}}</code></td><td data-label="{{t.route}}">{{route}}</td><td data-label="{{t.answer}}">{{status}}</td></tr>{{/page.usage.refusals}}</tbody></table></div>{{/empty(page.usage.refusals)}}
        </section>
        """
}
