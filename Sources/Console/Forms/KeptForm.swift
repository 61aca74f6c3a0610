import ControlPlane
import HTTPTypes
import Registry

/// A form that waits until somebody has given password and code again, or has signed in again: it travels as hidden fields of those pages.
struct KeptForm: Sendable {
    /// A field, under the name it travels by.
    struct Field: Sendable {
        let name: String
        let value: String
    }

    private static let prefix = "kept-"
    /// Says that files came with the form and did not wait with it.
    static let lostFiles = "lost-files"

    /// Where the form was sent to.
    let path: String
    private(set) var fields: [Field]

    init(_ visit: Visit) {
        path = visit.path
        fields = visit.form.names.filter { $0 != "token" }.flatMap { name in
            visit.form.all(name).map { Field(name: KeptForm.prefix + name, value: $0) }
        }
        if !visit.files.isEmpty { fields.append(Field(name: KeptForm.prefix + KeptForm.lostFiles, value: "yes")) }
    }

    /// The form as it came back, or nil where none did.
    init?(from form: FormFields) {
        guard let path = LocalPath.of(form["then"]) else { return nil }
        self.path = path
        fields = form.names.filter { $0.hasPrefix(KeptForm.prefix) }.flatMap { name in form.all(name).map { Field(name: name, value: $0) } }
    }

    /// The form by its own names.
    var form: FormFields {
        fields.reduce(into: FormFields()) { $0.add(String($1.name.dropFirst(KeptForm.prefix.count)), $1.value) }
    }
}

extension Console {
    /// The sign-in with a form that came after its session's end; nil for one that was not shown in that session, and for passwords. Files are
    /// not kept: a form that had some is shown again instead of being done.
    func signInPage(keeping visit: Visit) -> Answer? {
        guard visit.standing == nil, let session = visit.session, desk.isFormToken(visit.form["token"], for: session) else { return nil }
        let hasSecret = !Set(visit.form.names).isDisjoint(with: ["password", "repeated", "code"])
        // Of a password given again what waited for it is kept, not the password.
        let found = hasSecret ? KeptForm(from: visit.form) : KeptForm(visit)
        guard let kept = found, case let owner = kept.form["of"], !owner.isEmpty else { return nil }
        let notice = Notice(text: visit.texts[.sessionOverKept, ["person": owner]], isBad: true)
        return .page(SignInPage(visit.texts, name: owner, kept: kept, notice: notice), status: .unauthorized)
    }

    /// The same visit in a session that has begun with it.
    func visit(_ visit: Visit, in session: SecretToken) throws -> Visit {
        var next = visit
        (next.session, next.standing) = (session, try desk.session(session, at: visit.now))
        return next
    }

    /// Does what a kept form asks for, in a session that has begun anew; nil where there is nothing to do. After a sign-in, who did it may be
    /// another than whose form it is: then it is dropped.
    func goOn(with kept: KeptForm, ofItsOwner mustBeTheirs: Bool = false, in session: SecretToken, _ visit: Visit) async throws -> Answer? {
        guard let (route, parameters) = ConsoleRoute.posted(to: kept.path), case .signedIn(_, let recently) = route.access else {
            return nil
        }
        var next = try self.visit(visit, in: session)
        (next.path, next.parameters, next.form) = (kept.path, parameters, kept.form)
        guard mustBeTheirs ? kept.form["of"] == next.signedIn?.account.name : recently else { return nil }
        do {
            if try gate(route, next) != nil { return nil }
            return .renewed(session, next, try await route.answer(self, next))
        } catch let problem as Problem {
            return .renewed(session, next, .page(problem.page(next), status: problem.status))
        }
    }
}

extension ConsoleRoute {
    /// The route that takes forms at a path, and what the path says.
    static func posted(to path: String) -> (ConsoleRoute, [String: String])? {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        for route in all where route.method == .post {
            let pattern = route.path.split(separator: "/", omittingEmptySubsequences: false)
            guard pattern.count == parts.count else { continue }
            let pairs = zip(pattern, parts)
            guard pairs.allSatisfy({ $0.hasPrefix(":") ? !$1.isEmpty : $0 == $1 }) else { continue }
            let values = pairs.filter { $0.0.hasPrefix(":") }.map { (String($0.0.dropFirst()), String($0.1)) }
            return (route, Dictionary(values) { first, _ in first })
        }
        return nil
    }
}
