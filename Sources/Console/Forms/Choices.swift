import ControlPlane
import Registry

/// Something that can be chosen in a list.
struct Choice: Sendable {
    let value: String
    let name: String
    var isChosen = false
    /// Where it is not the page's own language.
    var language: String?

    static let template = """
        <option value="{{value}}"{{#language}} lang="{{language}}"{{/language}}{{#isChosen}} selected{{/isChosen}}>{{name}}</option>
        """
}

/// A list of which one is chosen.
struct ChoiceField: Sendable {
    let id: String
    let name: String
    let label: String
    let choices: [Choice]
    /// The field whose text a choice stands in for.
    var fills: String?

    static let template = """
        <div class="field">
        <label for="{{id}}">{{label}}</label>
        <select id="{{id}}" name="{{name}}"{{#fills}} data-fills="{{fills}}"{{/fills}}>
        {{#choices}}{{>choice}}{{/choices}}
        </select>
        </div>
        """
}

/// Something that can be ticked.
struct Tick: Sendable {
    let id: String
    let name: String
    let value: String
    let label: String
    var isTicked = false

    static let template = """
        <div class="choice"><input type="checkbox" id="{{id}}" name="{{name}}" value="{{value}}"{{#isTicked}} checked{{/isTicked}}><label for="{{id}}">{{label}}</label></div>
        """
}

/// A reason to be given: a ready sentence, or one's own words.
struct ReasonField: Sendable {
    let canned: ChoiceField
    let id: String
    let label: String
    let text: String

    static let template = """
        {{#canned}}{{>choice-field}}{{/canned}}
        <div class="field">
        <label for="{{id}}">{{label}}</label>
        <textarea id="{{id}}" name="reason" rows="2" maxlength="500" aria-describedby="{{id}}-hint">{{text}}</textarea>
        <p class="hint" id="{{id}}-hint">{{t.reasonOrCanned}}</p>
        </div>
        """

    /// For a form of a name on its page; what was typed stays, and where nothing was, a sentence may be chosen already.
    init(_ form: String, label: String, canned: [CannedReason], chosen: String, text: String, _ texts: Texts) {
        (id, self.label, self.text) = ("reason-" + form, label, text)
        let none = Choice(value: "", name: texts[.cannedNone], isChosen: chosen.isEmpty)
        let sentences = canned.map { Choice(value: $0.id.text, name: $0.text, isChosen: $0.id.text == chosen) }
        self.canned = ChoiceField(
            id: "canned-" + form, name: "canned", label: texts[.canned], choices: [none] + sentences, fills: "reason-" + form)
    }
}

extension LifecycleRules {
    /// The ready sentences of a language; the first language's where it has none.
    func reasons(in language: Language) -> [CannedReason] { reasons[language.rawValue] ?? reasons.min { $0.key < $1.key }?.value ?? [] }

    /// What a form says as its reason: what was typed, else the ready sentence.
    func reason(in form: FormFields, _ language: Language) -> String {
        let typed = form["reason"]
        guard typed.allSatisfy(\.isWhitespace) else { return typed }
        return reasons(in: language).first { $0.id.text == form["canned"] }?.text ?? ""
    }
}
