/// Name and password.
struct SignInPage: PageModel {
    static let template = "sign-in"

    let title: String
    var notice: Notice?
    let next: String
    /// What is done after it.
    let kept: KeptForm?
    let fields: [Field]

    init(_ texts: Texts, name: String = "", next: String = "", kept: KeptForm? = nil, notice: Notice? = nil) {
        title = texts[.signIn]
        self.notice = notice
        self.next = next
        self.kept = kept
        fields = [
            Field(name: "name", label: texts[.accountName], value: name, autocomplete: "username"),
            Field(name: "password", label: texts[.password], type: "password", autocomplete: "current-password"),
        ]
    }

    static let text = """
        {{<layout}}
        {{$main}}
        <div class="narrow">
        {{>notice}}
        <form class="card" method="post" action="/sign-in">
        {{>token}}
        {{>kept}}
        <input type="hidden" name="next" value="{{page.next}}">
        {{#page.fields}}{{>field}}{{/page.fields}}
        <button type="submit">{{t.goOn}}</button>
        </form>
        <p class="aside">{{t.lostAccess}}</p>
        </div>
        {{/main}}
        {{/layout}}
        """
}

/// The code, after the password.
struct CodePage: PageModel {
    static let template = "code"

    let title: String
    var notice: Notice?
    let next: String
    /// What is done after it.
    let kept: KeptForm?
    let fields: [Field]

    init(_ texts: Texts, next: String = "", kept: KeptForm? = nil, notice: Notice? = nil) {
        title = texts[.codeTitle]
        self.notice = notice
        self.next = next
        self.kept = kept
        fields = [.code(texts)]
    }

    static let text = """
        {{<layout}}
        {{$main}}
        <div class="narrow">
        {{>notice}}
        <form class="card" method="post" action="/sign-in/code">
        {{>token}}
        {{>kept}}
        <input type="hidden" name="next" value="{{page.next}}">
        {{#page.fields}}{{>field}}{{/page.fields}}
        <button type="submit">{{t.signIn}}</button>
        </form>
        <p class="aside"><a href="/sign-in">{{t.startAgain}}</a></p>
        </div>
        {{/main}}
        {{/layout}}
        """
}

/// Password and code once more.
struct ReauthenticatePage: PageModel {
    static let template = "reauthenticate"

    let title: String
    var notice: Notice?
    let next: String
    /// What is done after it.
    let kept: KeptForm?
    let name: String
    let fields: [Field]

    init(_ texts: Texts, name: String, next: String, kept: KeptForm? = nil, notice: Notice? = nil) {
        title = texts[.reauthenticate]
        self.notice = notice
        self.next = next
        self.kept = kept
        self.name = name
        fields = [Field(name: "password", label: texts[.password], type: "password", autocomplete: "current-password"), .code(texts)]
    }

    static let text = """
        {{<layout}}
        {{$main}}
        <div class="narrow">
        <p>{{t.reauthenticateWhy}}</p>
        {{>notice}}
        <form class="card" method="post" action="/reauthenticate">
        {{>token}}
        <input type="hidden" name="next" value="{{page.next}}">
        {{>kept}}
        <div class="field">
        <label for="name">{{t.accountName}}</label>
        <input id="name" name="name" type="text" value="{{page.name}}" autocomplete="username" readonly>
        </div>
        {{#page.fields}}{{>field}}{{/page.fields}}
        <button type="submit">{{t.goOn}}</button>
        </form>
        </div>
        {{/main}}
        {{/layout}}
        """
}

extension Field {
    /// The code that an authenticator app shows.
    static func code(_ texts: Texts) -> Field {
        Field(name: "code", label: texts[.code], hint: texts[.codeHint], autocomplete: "one-time-code", isCode: true)
    }
}
