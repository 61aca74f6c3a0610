/// What stands around every page.
struct Frame: Sendable {
    /// A place in the header.
    struct Place: Sendable {
        let path: String
        let name: String
        let isCurrent: Bool
    }

    /// One of the languages, in its own name.
    struct Choice: Sendable {
        let code: String
        let name: String
        let isCurrent: Bool
    }

    let title: String
    let language: String
    let places: [Place]
    let languages: [Choice]
    /// Who is signed in, as the person is called; nil where nobody is.
    let person: String?
    /// The account that is signed in; nil where none is.
    let account: String?
    /// What forms carry.
    let token: String
    let stylesheet: String
    let script: String
    let icon: String
    /// Where this page can be asked for again: where choosing a language leads back to.
    let path: String
}

/// The frame's template and the pieces that pages share.
enum LayoutTemplate {
    static let text = """
        <!doctype html>
        <html lang="{{frame.language}}">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{{frame.title}} · {{t.product}}</title>
        <link rel="icon" href="{{frame.icon}}" type="image/svg+xml">
        <link rel="stylesheet" href="{{frame.stylesheet}}">
        <script type="module" src="{{frame.script}}"></script>
        </head>
        <body>
        <a class="skip" href="#main">{{t.skip}}</a>
        <header>
        <div class="bar">
        <a class="brand" href="/"><svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true" focusable="false"><rect width="32" height="32" rx="7"/><path d="M9 24V12.5a7 7 0 0 1 14 0V24M16 24v-9M6.5 24h19"/></svg>{{t.product}}</a>
        {{#frame.person}}
        <nav aria-label="{{t.navigation}}">
        <ul>
        {{#frame.places}}
        <li><a href="{{path}}"{{#isCurrent}} aria-current="page"{{/isCurrent}}>{{name}}</a></li>
        {{/frame.places}}
        </ul>
        </nav>
        <form class="person" method="post" action="/sign-out">
        {{>token}}
        <span class="name"><span class="hidden">{{t.signedInAs}} </span>{{frame.person}}</span>
        <button class="quiet" type="submit">{{t.signOut}}</button>
        </form>
        {{/frame.person}}
        </div>
        </header>
        <main id="main" tabindex="-1">
        <h1>{{page.title}}</h1>
        {{$main}}{{/main}}
        </main>
        <footer>
        <form method="post" action="/language" aria-label="{{t.language}}">
        {{>token}}
        <input type="hidden" name="next" value="{{frame.path}}">
        {{#frame.languages}}
        <button class="link" type="submit" name="language" value="{{code}}" lang="{{code}}"{{#isCurrent}} aria-current="true"{{/isCurrent}}>{{name}}</button>
        {{/frame.languages}}
        </form>
        </footer>
        </body>
        </html>
        """

    /// That it was shown to whoever sends it, and whose it was: a form that comes after its session's end waits for that one to sign in again.
    static let token =
        ##"<input type="hidden" name="token" value="{{frame.token}}">{{#frame.account}}<input type="hidden" name="of" value="{{.}}">{{/frame.account}}"##

    /// A form that waits, as hidden fields of another.
    static let kept = """
        {{#page.kept}}<input type="hidden" name="then" value="{{path}}">{{#fields}}<input type="hidden" name="{{name}}" value="{{value}}">{{/fields}}{{/page.kept}}
        """

    /// What a form has to say before its fields.
    static let notice = """
        {{#page.notice}}
        <div class="notice{{#isBad}} bad{{/isBad}}" role="{{#isBad}}alert{{/isBad}}{{^isBad}}status{{/isBad}}"><p{{#language}} lang="{{language}}"{{/language}}>{{text}}</p></div>
        {{/page.notice}}
        """

    /// A field with its label and what is said about it.
    static let field = """
        <div class="field">
        <label for="{{name}}">{{label}}</label>
        {{#hint}}<p class="hint" id="{{name}}-hint">{{hint}}</p>{{/hint}}
        <input id="{{name}}" name="{{name}}" type="{{type}}" value="{{value}}"{{#autocomplete}} autocomplete="{{autocomplete}}"{{/autocomplete}}{{#isCode}} inputmode="numeric" class="code" maxlength="7"{{/isCode}}{{#hint}} aria-describedby="{{name}}-hint"{{/hint}}{{^isOptional}} required{{/isOptional}} spellcheck="false" autocapitalize="none">
        </div>
        """
}

/// A field of a form.
struct Field: Sendable {
    let name: String
    let label: String
    var hint: String?
    var type = "text"
    var value = ""
    var autocomplete: String?
    var isCode = false
    var isOptional = false
}

/// What a form has to say before its fields.
struct Notice: Sendable {
    let text: String
    var isBad = false
    /// Where it is not the page's own language.
    var language: String?
}
