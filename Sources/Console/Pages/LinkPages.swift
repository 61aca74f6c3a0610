/// An invitation's or a recovery's first step: a new password.
struct NewPasswordPage: PageModel {
    static let template = "new-password"

    let title: String
    var notice: Notice?
    let action: String
    let name: String
    let steps: String
    let fields: [Field]

    init(_ texts: Texts, name: String, person: String, action: String, notice: Notice? = nil) {
        title = texts[.welcome, ["person": person]]
        self.notice = notice
        self.action = action
        self.name = name
        steps = texts[.stepOne]
        fields = [
            Field(
                name: "password", label: texts[.newPassword], hint: texts[.passwordRule], type: "password", autocomplete: "new-password"),
            Field(name: "repeated", label: texts[.passwordAgain], type: "password", autocomplete: "new-password"),
        ]
    }

    static let text = """
        {{<layout}}
        {{$main}}
        <div class="narrow">
        <p class="step">{{page.steps}}</p>
        {{>notice}}
        <form class="card" method="post" action="{{page.action}}">
        {{>token}}
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

/// Its second: the authenticator app.
struct EnrolmentPage: PageModel {
    static let template = "enrolment"

    let title: String
    var notice: Notice?
    let action: String
    let secret: String
    let appLink: String
    let steps: String
    let fields: [Field]

    init(_ texts: Texts, secret: String, appLink: String, action: String, notice: Notice? = nil) {
        title = texts[.enrolTitle]
        self.notice = notice
        self.action = action
        self.secret = secret
        self.appLink = appLink
        steps = texts[.stepTwo]
        fields = [.code(texts)]
    }

    static let text = """
        {{<layout}}
        {{$main}}
        <div class="narrow">
        <p class="step">{{page.steps}}</p>
        {{>notice}}
        <div class="card">
        <p>{{t.enrolHow}}</p>
        <p class="label" id="secret-label">{{t.secretLabel}}</p>
        <p class="secret"><code id="secret" aria-labelledby="secret-label" data-copy="{{t.copied}}">{{page.secret}}</code>
        <button class="quiet" type="button" data-copies="secret" hidden>{{t.copy}}</button></p>
        <p><a class="app-link" href="{{page.appLink}}">{{t.openApp}}</a></p>
        <form method="post" action="{{page.action}}">
        {{>token}}
        {{#page.fields}}{{>field}}{{/page.fields}}
        <button type="submit">{{t.finish}}</button>
        </form>
        </div>
        <form class="aside" method="post" action="{{page.action}}">
        {{>token}}
        <button class="link" type="submit" name="again" value="yes">{{t.otherPassword}}</button>
        </form>
        </div>
        {{/main}}
        {{/layout}}
        """
}

/// The same in another browser than the one where the password was chosen.
struct LinkElsewherePage: PageModel {
    static let template = "link-elsewhere"

    let title: String
    let action: String

    init(_ texts: Texts, action: String) {
        title = texts[.linkElsewhereTitle]
        self.action = action
    }

    static let text = """
        {{<layout}}
        {{$main}}
        <div class="narrow">
        <form class="card" method="post" action="{{page.action}}">
        {{>token}}
        <p>{{t.linkElsewhere}}</p>
        <button class="quiet" type="submit" name="again" value="yes">{{t.linkBeginAnew}}</button>
        </form>
        </div>
        {{/main}}
        {{/layout}}
        """
}

/// A link just made: shown once.
struct LinkMadePage: PageModel {
    static let template = "link-made"

    let title: String
    let person: String
    let link: String
    let until: String
    let back: String

    init(_ texts: Texts, person: String, link: String, until: String, back: String) {
        title = texts[.linkTitle]
        self.person = texts[.linkWhat, ["person": person]]
        self.link = link
        self.until = texts[.linkUntil, ["time": until]]
        self.back = back
    }

    static let text = """
        {{<layout}}
        {{$main}}
        <div class="card">
        <p>{{page.person}}</p>
        <p class="secret"><code id="link" data-copy="{{t.copied}}">{{page.link}}</code>
        <button class="quiet" type="button" data-copies="link" hidden>{{t.copy}}</button></p>
        <p>{{page.until}}</p>
        </div>
        <p class="aside"><a href="{{page.back}}">{{t.backToAccounts}}</a></p>
        {{/main}}
        {{/layout}}
        """
}
