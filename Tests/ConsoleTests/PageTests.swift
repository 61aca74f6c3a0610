import ControlPlane
import Foundation
import Registry
import Support
import Testing

@testable import Console

/// Pages from model values, without a database or a server.
struct PageTests {
    private let templates: Templates

    init() throws { templates = try Templates() }

    private func html(_ page: some PageModel, _ language: Language = .english) -> String {
        let texts = Texts(language)
        let frame = Frame(
            title: page.title, language: language.rawValue, places: [Frame.Place(path: "/", name: texts[.home], isCurrent: true)],
            languages: [Frame.Choice(code: "hi", name: "हिन्दी", isCurrent: false)], person: "Asha", account: "asha", token: "TOKEN",
            stylesheet: "/s",
            script: "/m",
            icon: "/i", path: "/here")
        return templates.render(page, in: frame, texts: texts)
    }

    /// One of each page.
    static func pages(_ texts: Texts) -> [any PageModel] {
        let account = Account(
            name: "asha", displayName: "Asha Rao", roles: [.reviewer], state: .active, language: .english, created: WallTime(seconds: 0),
            createdBy: "owner", lastSignIn: nil)
        let row = SessionsPage.Row(
            id: "0123", agent: "Firefox, Linux", address: "192.0.2.1", created: "a", seen: "b", isCurrent: false, endLabel: "c")
        return [
            SignInPage(texts, notice: Notice(text: "Note", isBad: true)), CodePage(texts),
            ReauthenticatePage(texts, name: "asha", next: "/"), NewPasswordPage(texts, name: "asha", person: "Asha", action: "/link/x"),
            EnrolmentPage(texts, secret: "ABCD", appLink: "otpauth://totp/x", action: "/link/x"),
            LinkMadePage(texts, person: "Asha", link: "https://c/link/x", until: "then", back: "/accounts"),
            HomePage(texts, person: "Asha", roles: ["One"], lastSignIn: "then"), SessionsPage(texts, rows: [row, row]),
            AccountsPage([account], isAdmin: true, texts), AccountPage(account, notice: nil, texts), InvitePage(texts),
            ProblemPage(title: "Title", sentence: "Sentence.", request: "id", linkPath: "/", linkName: "Home"),
        ] + SampleDossier.pages(texts) + SampleOverview.pages(texts)
    }

    @Test func `no page is forgotten here, and none is without its template`() throws {
        let shown = Set(PageTests.pages(Texts(.english)).map { String(describing: type(of: $0)) })
        let folder = Repository.root + "/Sources/Console"
        var written: Set<String> = []
        for path in try FileManager.default.subpathsOfDirectory(atPath: folder) where path.hasSuffix(".swift") {
            let text = try String(contentsOfFile: folder + "/" + path, encoding: .utf8)
            for match in text.matches(of: /struct ([A-Za-z]+): [^{]*\bPageModel\b/) { written.insert(String(match.1)) }
        }
        #expect(written.count > 20 && shown == written)
        for page in PageTests.pages(Texts(.english)) { #expect(Templates.texts[type(of: page).template] != nil, "\(type(of: page))") }
    }

    @Test(arguments: Language.allCases)
    func `an application says all that is known of it, and offers what may be done`(language: Language) {
        let texts = Texts(language)
        let visit = SampleDossier.visit(texts)
        func page(_ usage: RecentUsageAnswer, _ change: (inout ApplicationShown) -> Void = { _ in }) -> String {
            var shown = ApplicationShown(
                dossier: SampleDossier.dossier, checks: SampleDossier.checks, usage: usage, desk: SampleDossier.desk)
            change(&shown)
            return html(ApplicationPage(shown, visit), language)
        }
        let whole = page(.known(SampleDossier.usage))
        for text in [
            "Sample &lt;app&gt;", "Is &quot;shown&quot;.", "Asha Rao", "1,23,456", "Please &lt;hurry&gt;.", "rate-limited",
            "Unusual: booking.",
            "<ins><span class=\"line\">Sample</span></ins>", texts[.confirmMove, ["move": texts[.moveGoLive]]], "Not you.", "key-revoked",
        ] { #expect(whole.contains(text), "\(text)") }
        #expect(!whole.contains("action=\"/applications/sample-app/moves/revoke\"") && !whole.contains("/keys/key-revoked/"))
        #expect(whole.contains("/keys/key-retiring/revoke") && !whole.contains("/keys/key-retiring/rotate"))
        #expect(page(.notRecorded).contains(texts[.usageOff]) && page(.late).contains(texts[.usageSlow]))
        #expect(page(.failed("x")).contains(texts[.usageFailed]))
        let printed = page(.notRecorded) { $0.isPrinted = true }
        #expect(!printed.contains("/moves/") && printed.contains("Asha Rao"))
    }

    @Test(arguments: Language.allCases)
    func `every page is whole in every language`(language: Language) throws {
        let pages = PageTests.pages(Texts(language))
        #expect(Set(pages.map { type(of: $0).template }).count == pages.count)
        for page in pages {
            let html = html(page, language)
            #expect(html.hasPrefix("<!doctype html>") && html.contains("<html lang=\"\(language.rawValue)\">"))
            #expect(!html.contains("{{") && !html.contains("Optional("), "\(html)")
            #expect(html.matches(of: /<h1>/).count == 1 && html.matches(of: #/<main\s/#).count == 1)
            #expect(html.contains("<h1>\(ScalarEscaping().escapeText(page.title))</h1>"))
            let posts = html.matches(of: #/<form[^>]*method="post"/#).count
            #expect(html.matches(of: /name="token" value="TOKEN"/).count == posts, "every form carries its token")
            let ids = html.matches(of: /\sid="([^"]*)"/).map { String($0.1) }
            #expect(Set(ids).count == ids.count, "\(ids)")
            for label in html.matches(of: /<label for="([^"]*)"/) { #expect(ids.contains(String(label.1))) }
            #expect(!html.contains("style=") && !html.contains("onclick"), "nothing that the policy forbids")
        }
    }

    @Test func `a page of plain values is exactly this`() {
        let html = html(ProblemPage(title: "Title", sentence: "A & B.", request: "id", linkPath: "/", linkName: "Home"))
        let main = html.split(separator: "<main")[1].split(separator: "</main>")[0]
        #expect(
            main == """
                 id="main" tabindex="-1">
                <h1>Title</h1>
                <div class="narrow">
                <div class="card">
                <p>A &amp; B.</p>
                <p><a href="/">Home</a></p>
                </div>
                <p class="aside">Request <code>id</code></p>
                </div>


                """)
    }

    @Test(arguments: ["<script>alert(1)</script>", "\"><img src=x>", "\"\u{301} onfocus=\"x", "' autofocus '", "&amp;", "<\u{338}b>"])
    func `nothing that people wrote becomes markup`(text: String) {
        let html = html(SignInPage(Texts(.english), name: text, next: text, notice: Notice(text: text)))
        let written = html.unicodeScalars
        #expect(!html.contains("<script>alert") && !html.contains("<img") && !html.contains(" onfocus=\"x"))
        // Nor does a scalar that ends an attribute or begins a tag stand where the text does.
        let value = html.unicodeScalars.split(separator: Array("name=\"name\" type=\"text\" value=\"".unicodeScalars))
        #expect(value.count == 2)
        let end = value.last?.prefix { $0 != "\"" } ?? written[...]
        #expect(!end.contains("<") && !end.contains("'"))
        #expect(String(String.UnicodeScalarView(end)) == ScalarEscaping().escapeText(text))
    }

    @Test func `what browsers call themselves is cut to what people know`() {
        let chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36"
        #expect(BrowserName.of(chrome) == "Chrome, Linux")
        #expect(
            BrowserName.of("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile Safari/604.1") == "Safari, iPhone")
        #expect(BrowserName.of("curl/8") == "curl/8" && BrowserName.of("") == nil)
    }

    @Test(
        arguments: [
            ("/accounts", "/accounts"), ("/accounts/asha.rao", "/accounts/asha.rao"), ("//evil.example", nil),
            ("https://evil.example", nil),
            ("/\\evil", nil), ("", nil), ("/a?b", nil), ("/a\r\nb", nil), ("/%2f", nil),
        ] as [(String, String?)])
    func `nobody is sent anywhere but to a page of ours`(text: String, expected: String?) {
        #expect(LocalPath.of(text) == expected)
    }

    @Test func `fields are read with all their values, and too many are none`() {
        let form = FormFields("a=1&b=x+y%26&a=2&c&=")
        #expect(form?.all("a") == ["1", "2"] && form?["b"] == "x y&" && form?["c"] == "" && form?["d"] == "")
        #expect(FormFields("a=%zz") == nil)
        #expect(FormFields(Array(repeating: "a=1", count: 97).joined(separator: "&")) == nil)
        #expect(FormFields("a=%E0%A4%86")?["a"] == "आ")
    }
}
