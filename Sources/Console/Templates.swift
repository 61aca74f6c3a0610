import Mustache

/// What a page shows: plain values and ready sentences, no database. Its template turns it into HTML.
protocol PageModel: Sendable {
    /// The template's name in `Templates`.
    static var template: String { get }
    /// What the page is called, in the browser's list of tabs and as its first heading.
    var title: String { get }
}

/// All templates, read once. No word for people stands in a template: those are in `Texts`, under `t`.
struct Templates: Sendable {
    private let library: MustacheLibrary

    /// The templates by name, each beside its model.
    static let texts: [String: String] = [
        "layout": LayoutTemplate.text, "field": LayoutTemplate.field, "notice": LayoutTemplate.notice, "token": LayoutTemplate.token,
        "kept": LayoutTemplate.kept,
        SignInPage.template: SignInPage.text, CodePage.template: CodePage.text, NewPasswordPage.template: NewPasswordPage.text,
        EnrolmentPage.template: EnrolmentPage.text, LinkElsewherePage.template: LinkElsewherePage.text,
        HomePage.template: HomePage.text, SessionsPage.template: SessionsPage.text,
        AccountsPage.template: AccountsPage.text, AccountPage.template: AccountPage.text, InvitePage.template: InvitePage.text,
        LinkMadePage.template: LinkMadePage.text, ReauthenticatePage.template: ReauthenticatePage.text,
        ProblemPage.template: ProblemPage.text, TokensPage.template: TokensPage.text, NewTokenPage.template: NewTokenPage.text,
        TokenMadePage.template: TokenMadePage.text,
        BarChart.template: BarChart.text, Paging.template: Paging.text,
        FunnelPage.template: FunnelPage.text, PartnersPage.template: PartnersPage.text, PartnerPage.template: PartnerPage.text,
        AuditTrailPage.template: AuditTrailPage.text, AuditTrailPage.changeTemplate: AuditTrailPage.changeText,
        "choice": Choice.template, "choice-field": ChoiceField.template, "tick": Tick.template,
        "reason": ReasonField.template, "paper-form": PaperForm.template, "bulk": BulkForm.template,
        InboxListPage.template: InboxListPage.text, BulkOutcomePage.template: BulkOutcomePage.text,
        ApplicationPage.template: ApplicationPage.text, KeyIssuedPage.template: KeyIssuedPage.text,
    ].merging(ApplicationPage.parts) { first, _ in first }

    init() throws {
        MustacheContentTypes.register(ScalarEscaping(), named: "SCALARS")
        var library = MustacheLibrary()
        for (name, text) in Templates.texts { try library.register("{{% CONTENT_TYPE:SCALARS}}" + text, named: name) }
        self.library = library
    }

    /// A page in its frame.
    func render<Page: PageModel>(_ page: Page, in frame: Frame, texts: Texts) -> String {
        let values: [String: Any] = ["page": page, "frame": frame, "t": texts.table]
        guard let html = library.render(values, withTemplate: Page.template) else {
            preconditionFailure("there is no template \(Page.template)")
        }
        return html
    }
}

/// Escapes by scalars. The library's own way goes by characters, and lets a quote with a combining mark after it out of its attribute.
struct ScalarEscaping: MustacheContentType {
    func escapeText(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
