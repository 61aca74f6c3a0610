import ControlPlane
import HTTPTypes
import Hummingbird
import Registry

extension ConsoleRoute {
    static let signingIn: [ConsoleRoute] = [
        .get("/sign-in", .anyone) { _, visit in
            if visit.signedIn != nil { return .redirect("/") }
            let notice: Notice? =
                switch visit.query["after"] {
                case "sign-out": Notice(text: visit.texts[.signedOut])
                case "end": Notice(text: visit.texts[.sessionOver], isBad: true)
                default: nil
                }
            return .page(SignInPage(visit.texts, next: LocalPath.of(visit.query["next"]) ?? "", notice: notice))
        },
        .post("/sign-in", .anyone) { console, visit in
            let (next, kept) = (LocalPath.of(visit.form["next"]) ?? "", KeptForm(from: visit.form))
            do {
                let half = try await console.desk.signIn(
                    visit.form["name"], password: visit.form["password"], from: visit.visitor, at: visit.now)
                guard let kept else { return .redirect("/sign-in/code" + query(next: next), then: .begin(half)) }
                // What is kept travels on from page to page: an address would keep it for good.
                let page = CodePage(visit.texts, next: next, kept: kept)
                return .renewed(half, try console.visit(visit, in: half), .page(page))
            } catch let refusal as SignInRefusal {
                return visit.refused(refusal) { SignInPage(visit.texts, name: visit.form["name"], next: next, kept: kept, notice: $0) }
            }
        },
        .get("/sign-in/code", .anyone) { _, visit in
            guard case .awaitsCode = visit.standing else { return .redirect(visit.signedIn == nil ? "/sign-in" : "/") }
            return .page(CodePage(visit.texts, next: LocalPath.of(visit.query["next"]) ?? ""))
        },
        .post("/sign-in/code", .anyone) { console, visit in
            guard let session = visit.session, case .awaitsCode = visit.standing else { throw Problem.needsSignIn }
            let (next, kept) = (LocalPath.of(visit.form["next"]) ?? "", KeptForm(from: visit.form))
            do {
                let full = try console.desk.confirmSignIn(visit.form["code"], of: session, from: visit.visitor, at: visit.now)
                if let kept, let answer = try await console.goOn(with: kept, ofItsOwner: true, in: full, visit) { return answer }
                return .redirect(next.isEmpty ? "/" : next, then: .begin(full))
            } catch SignInRefusal.sessionOver {
                return .redirect("/sign-in?after=end", then: .end)
            } catch let refusal as SignInRefusal {
                return visit.refused(refusal) { CodePage(visit.texts, next: next, kept: kept, notice: $0) }
            }
        },
        .post("/sign-out", .anyone) { console, visit in
            if let session = visit.session { try console.desk.signOut(session, from: visit.visitor, at: visit.now) }
            return .redirect("/sign-in?after=sign-out", then: .end)
        },
        .get("/reauthenticate", .signedIn()) { _, visit in
            let name = try visit.account().account.name
            return .page(ReauthenticatePage(visit.texts, name: name, next: LocalPath.of(visit.query["next"]) ?? ""))
        },
        .post("/reauthenticate", .signedIn()) { console, visit in
            guard let session = visit.session else { throw Problem.needsSignIn }
            let (name, next) = (try visit.account().account.name, LocalPath.of(visit.form["next"]) ?? "")
            let kept = KeptForm(from: visit.form)
            do {
                let new = try await console.desk.reauthenticate(
                    password: visit.form["password"], code: visit.form["code"], of: session, from: visit.visitor, at: visit.now)
                if let kept, let answer = try await console.goOn(with: kept, in: new, visit) { return answer }
                return .redirect(next.isEmpty ? "/" : next, then: .begin(new))
            } catch SignInRefusal.sessionOver {
                return .redirect("/sign-in?after=end", then: .end)
            } catch SignInRefusal.wrongPassword {
                let notice = Notice(text: visit.texts[.wrongPasswordAgain], isBad: true)
                return .page(ReauthenticatePage(visit.texts, name: name, next: next, kept: kept, notice: notice), status: .unauthorized)
            } catch let refusal as SignInRefusal {
                return visit.refused(refusal) { ReauthenticatePage(visit.texts, name: name, next: next, kept: kept, notice: $0) }
            }
        },
    ]

    static let links: [ConsoleRoute] = [
        .get("/link/:token", .anyone) { console, visit in
            visit.answer(of: try console.desk.link(visit.linkToken(), heldBy: visit.stranger, at: visit.now))
        },
        .post("/link/:token", .anyone) { console, visit in
            let token = try visit.linkToken()
            let link = try console.desk.link(token, heldBy: visit.stranger, at: visit.now)
            // Which step it is the fields say: somebody may have gone back.
            if !visit.form["again"].isEmpty { return .page(visit.newPasswordPage(of: link)) }
            do {
                guard visit.form["code"].isEmpty else {
                    let session = try console.desk.confirm(
                        visit.form["code"], by: token, heldBy: visit.stranger, from: visit.visitor, at: visit.now)
                    return .redirect("/", then: .begin(session))
                }
                _ = try await console.desk.choosePassword(
                    visit.form["password"], repeated: visit.form["repeated"], by: token, heldBy: visit.stranger, from: visit.visitor,
                    at: visit.now)
                return .redirect("/link/\(token.text)")
            } catch SignInRefusal.linkOver {
                throw Problem.linkOver
            } catch let refusal as SignInRefusal {
                let notice = Notice(text: visit.texts.sentence(refusal), isBad: true)
                if visit.form["code"].isEmpty {
                    return .page(
                        visit.newPasswordPage(of: link, notice), status: refusal.status, retryAfterSeconds: refusal.retryAfterSeconds)
                }
                return visit.answer(of: link, notice, status: refusal.status, retryAfterSeconds: refusal.retryAfterSeconds)
            }
        },
    ]

    private static func query(next: String) -> String { next.isEmpty ? "" : "?next=" + next }
}

extension Visit {
    /// A form again, with why it was refused.
    func refused(_ refusal: SignInRefusal, _ page: (Notice) -> any PageModel) -> Answer {
        .page(
            page(Notice(text: texts.sentence(refusal), isBad: true)), status: refusal.status, retryAfterSeconds: refusal.retryAfterSeconds)
    }

    fileprivate func linkToken() throws -> SecretToken {
        guard let token = SecretToken(parameters["token"] ?? "") else { throw Problem.linkOver }
        return token
    }

    /// The step a link is at, for this browser.
    fileprivate func answer(
        of link: LinkStanding, _ notice: Notice? = nil, status: HTTPResponse.Status = .ok, retryAfterSeconds: Int? = nil
    ) -> Answer {
        if link.isHeldElsewhere { return .page(LinkElsewherePage(texts, action: path), status: .conflict) }
        guard let enrolment = link.enrolment else {
            return .page(newPasswordPage(of: link, notice), status: status, retryAfterSeconds: retryAfterSeconds)
        }
        let page = EnrolmentPage(texts, secret: enrolment.secret, appLink: enrolment.link, action: path, notice: notice)
        return .page(page, status: status, retryAfterSeconds: retryAfterSeconds)
    }

    fileprivate func newPasswordPage(of link: LinkStanding, _ notice: Notice? = nil) -> any PageModel {
        NewPasswordPage(texts, name: link.account.name, person: link.account.displayName, action: path, notice: notice)
    }
}

extension SignInRefusal {
    var status: HTTPResponse.Status {
        switch self {
        case .wrongPassword, .wrongCode, .sessionOver: .unauthorized
        case .disabled: .forbidden
        case .throttled: .tooManyRequests
        case .busy: .serviceUnavailable
        case .linkOver: .gone
        case .linkElsewhere: .conflict
        case .password: .unprocessableContent
        }
    }

    /// What a program that asks should wait.
    var retryAfterSeconds: Int? {
        switch self {
        case .throttled(let nanoseconds): Int((nanoseconds + 999_999_999) / 1_000_000_000)
        case .busy: 3
        default: nil
        }
    }
}
