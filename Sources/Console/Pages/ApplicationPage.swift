/// One application: what comes next first, then all that is known of it.
struct ApplicationPage: PageModel {
    static let template = "application"

    /// A line of facts.
    struct Fact: Sendable {
        let name: String
        let values: [String]
        /// Where the value is a page of ours.
        var path: String?
        /// Where it is not the page's own language.
        var language: String?
    }

    /// A check that was made automatically.
    struct Check: Sendable {
        let name: String
        let result: String
        let resultClass: String
        let sentence: String
    }

    /// What changed, beside what it was.
    struct Change: Sendable {
        let name: String
        let before: [String]
        let after: [String]
    }

    /// A scope, and what may be spent for it.
    struct ScopeLine: Sendable {
        let name: String
        let asked: String
        let granted: String
        let isGranted: Bool
        let limits: [String]
    }

    struct Evidence: Sendable {
        let id: String
        /// Nil where its file is erased.
        let path: String?
        let kind: String
        let name: String
        let standing: String
        let standingClass: String
        let until: String
        let added: String
        /// Nil where it cannot be withdrawn by who looks, or any more.
        let withdrawal: PaperForm?
        let reason: String?
    }

    struct Key: Sendable {
        let id: String
        let name: String
        let environment: String
        let state: String
        let stateClass: String
        let created: String
        let lastUsed: String
        let rotation: PaperForm?
        let revocation: PaperForm?
    }

    struct Note: Sendable {
        let text: String
        let audience: String
        let isToPartner: Bool
        let when: String
    }

    struct HistoryLine: Sendable {
        let move: String
        let change: String
        let when: String
        let remark: String?
        let reason: String
    }

    /// A move that somebody may not make now, and the registry's sentence why.
    struct Closed: Sendable {
        let name: String
        let sentence: String
    }

    let title: String
    var notice: Notice?
    /// Where to go after a move.
    let next: Link?
    /// What was decided since a form was shown.
    let changes: [String]
    /// What was typed into a form that there is no more.
    let kept: String?
    let isPrinted: Bool
    let path: String
    let printed: String
    let state: String
    let stateClass: String
    let clock: String?
    let clockClass: String
    let assigned: String
    let alerts: [String]
    let pending: String?
    let pendingReason: String?
    let main: MoveForm?
    let others: [MoveForm]
    let closed: [Closed]
    let mayAct: Bool
    let facts: [Fact]
    let partnerFacts: [Fact]
    let checks: [Check]
    let reviewed: String
    let diff: [Change]
    let newEvidence: [String]
    let scopes: [ScopeLine]
    let planFacts: [Fact]
    let evidence: [Evidence]
    let evidenceForm: EvidenceForm?
    let keys: [Key]
    let keyForms: [PaperForm]
    let notes: [Note]
    let noteForm: NoteForm?
    let assignForm: AssignForm?
    let history: [HistoryLine]
    let usage: UsagePanel

    /// To another page.
    struct Link: Sendable {
        let path: String
        let name: String
    }
}

/// A form that makes a move.
struct MoveForm: Sendable {
    /// Evidence that the move needs, to be handed in with it.
    struct Gap: Sendable {
        let kind: String
        let fileLabel: String
        let untilLabel: String
        let mustExpire: Bool
        /// The day as it was given.
        let until: String
    }

    let move: String
    let name: String
    let action: String
    let version: String
    let isOpen: Bool
    let isDangerous: Bool
    let hints: [String]
    let hasFiles: Bool
    let gaps: [Gap]
    let scopes: [Tick]
    let plan: ChoiceField?
    let reason: ReasonField
}

/// A form about a piece of paper or a key: a reason or a name, and a button.
struct PaperForm: Sendable {
    let id: String
    let action: String
    /// What its button says.
    let name: String
    /// The same for who does not see which row it stands in.
    let label: String
    let isDangerous: Bool
    /// What has to be typed: its field, what that is called, its kind, and what stands in it.
    let field: String
    let fieldLabel: String
    var fieldType = "text"
    var value = ""
    var remark: String?
    var isOpen = false

    /// As it was filled in, where it is the one that was sent and refused.
    func again(in visit: Visit) -> PaperForm {
        guard visit.path == action, visit.form.names.contains(field) else { return self }
        var form = self
        (form.value, form.isOpen) = (visit.form[field], true)
        return form
    }

    static let template = """
        <details class="inline"{{#isOpen}} open{{/isOpen}}><summary{{#isDangerous}} class="danger"{{/isDangerous}} aria-label="{{label}}">{{name}}</summary>
        <form method="post" action="{{action}}">
        {{>token}}
        {{#remark}}<p class="hint">{{remark}}</p>{{/remark}}
        <div class="field"><label for="{{id}}">{{fieldLabel}}</label><input id="{{id}}" name="{{field}}" type="{{fieldType}}" value="{{value}}" required spellcheck="false"></div>
        <button{{#isDangerous}} class="danger"{{/isDangerous}} type="submit">{{name}}</button>
        </form>
        </details>
        """
}

/// A form for another piece of evidence.
struct EvidenceForm: Sendable {
    let action: String
    let kind: ChoiceField
    /// Days as they were given.
    let issued: String
    let until: String
    let isOpen: Bool
}

/// A form for something to be said.
struct NoteForm: Sendable {
    let action: String
    let audience: ChoiceField
    let text: String
}

/// A form that says who has an application.
struct AssignForm: Sendable {
    let action: String
    let person: ChoiceField
    /// Who looks, where it is not theirs yet.
    let me: String?
}

/// What an application's requests came to in the last day.
struct UsagePanel: Sendable {
    /// Requests of a verdict.
    struct Count: Sendable {
        let verdict: String
        let count: String
    }

    /// One request that was refused.
    struct Refusal: Sendable {
        let time: String
        let verdict: String
        let route: String
        let status: String
    }

    /// What stands in the place of counts where there are none to show.
    let remark: String?
    let counts: [Count]
    let refusals: [Refusal]
    let refusalRemark: String?
    /// Whether anything is known of refusals, if only that there were none.
    let hasRefusals: Bool

    init(remark: String?, counts: [Count], refusals: [Refusal], refusalRemark: String?) {
        (self.remark, self.counts, self.refusals, self.refusalRemark) = (remark, counts, refusals, refusalRemark)
        hasRefusals = refusalRemark != nil || !refusals.isEmpty
    }
}

/// A key just issued: shown once.
struct KeyIssuedPage: PageModel {
    static let template = "key-issued"

    let title: String
    let key: String
    let environment: String
    let back: String

    static let text = """
        {{<layout}}
        {{$main}}
        <div class="card">
        <p>{{t.keyShownOnce}}</p>
        <p class="label" id="key-label">{{page.environment}}</p>
        <p class="secret"><code id="key" aria-labelledby="key-label" data-copy="{{t.copied}}">{{page.key}}</code>
        <button class="quiet" type="button" data-copies="key" hidden>{{t.copy}}</button></p>
        </div>
        <p class="aside"><a href="{{page.back}}">{{t.backToApplication}}</a></p>
        {{/main}}
        {{/layout}}
        """
}
