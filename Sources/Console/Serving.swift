import ControlPlane
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Registry

extension Console {
    static let sessionCookie = "__Host-session"
    static let strangerCookie = "__Host-visit"
    static let languageCookie = "__Host-language"

    /// From a request to its answer, whatever happens in between.
    func serve(_ request: Request, _ context: ControlPlaneContext, _ body: (Visit) async throws -> Answer) async -> Response {
        let now = clock()
        let requestID = RequestName.make(at: now, desk.random)
        do {
            let visit = try visit(request, context, requestID: requestID, at: now)
            do {
                return response(to: visit, try await body(visit))
            } catch let problem as Problem {
                return response(to: visit, problem)
            } catch SignInRefusal.linkOver {
                return response(to: visit, Problem.linkOver)
            } catch {
                logger.error(
                    "a page failed", metadata: ["request": "\(requestID)", "method": "\(request.method)", "reason": "\(error)"])
                return response(to: visit, Problem.failed)
            }
        } catch {
            // Not even who asks can be read: the registry is gone.
            logger.error("a page failed", metadata: ["request": "\(requestID)", "reason": "\(error)"])
            return Response(
                status: .serviceUnavailable, headers: headers(requestID),
                body: .init(byteBuffer: ByteBuffer(string: "The registry cannot be read.\n")))
        }
    }

    private func visit(_ request: Request, _ context: ControlPlaneContext, requestID: String, at now: WallTime) throws -> Visit {
        let cookies = Cookies.read(request.headers[values: .cookie])
        let session = cookies[Console.sessionCookie].flatMap(SecretToken.init)
        let standing = try session.flatMap { try desk.session($0, at: now) }
        let stranger = cookies[Console.strangerCookie].flatMap(SecretToken.init)
        return Visit(
            requestID: requestID, now: now,
            visitor: Visitor(
                address: ClientAddress.of(
                    request, context, isBehindTLSProxy: settings.isBehindTLSProxy, trusting: settings.trustedProxies),
                agent: request.headers[.userAgent] ?? ""),
            path: request.uri.path,
            parameters: Dictionary(context.parameters.map { (String($0.key), String($0.value)) }) { first, _ in first },
            query: FormFields(request.uri.query ?? "") ?? FormFields(), session: session, standing: standing,
            // A form that another site sends comes without the cookie: what is answered to it must not take the place of the one there is.
            stranger: stranger ?? SecretToken(random: desk.random(32)), isNewStranger: stranger == nil && request.method != .post,
            texts: words(language(standing, cookies[Console.languageCookie], request.headers[.acceptLanguage])))
    }

    /// The account's, else the one chosen, else the browser's first that there is.
    private func language(_ standing: SessionStanding?, _ chosen: String?, _ accepted: String?) -> Language {
        if case .signedIn(let signedIn) = standing { return signedIn.account.language }
        return chosen.flatMap(Language.init(rawValue:)) ?? AcceptedLanguages.first(accepted ?? "") ?? .english
    }

    private func response(to visit: Visit, _ problem: Problem) -> Response {
        var response = response(to: visit, .page(problem.page(visit), status: problem.status))
        if case .methodNotAllowed(let allowed) = problem { response.headers[.allow] = allowed.joined(separator: ", ") }
        return response
    }

    private func response(to visit: Visit, _ answer: Answer) -> Response {
        var headers = headers(visit.requestID)
        if visit.isNewStranger { headers.append(Cookies.field(Console.strangerCookie, visit.stranger.text, isSentByLinks: true)) }
        switch answer {
        case .page(let page, let status, let retryAfterSeconds):
            headers[.contentType] = "text/html; charset=utf-8"
            headers[.contentLanguage] = visit.texts.language.rawValue
            if let retryAfterSeconds { headers[.retryAfter] = String(retryAfterSeconds) }
            return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(string: html(page, visit))))
        case .stream(let file):
            headers[.contentType] = file.type
            headers[.contentDisposition] = "attachment; filename=\"\(file.name)\""
            return Response(
                status: .ok, headers: headers,
                body: ResponseBody { writer in
                    try await file.write(&writer)
                    try await writer.finish(nil)
                })
        case .redirect(let place, let change):
            headers[.location] = place
            switch change {
            case .none: break
            case .begin(let token): headers.append(Cookies.field(Console.sessionCookie, token.text))
            case .end: headers.append(Cookies.field(Console.sessionCookie, "", seconds: 0))
            case .language(let code):
                headers.append(
                    Cookies.field(Console.languageCookie, code, seconds: ConsoleLimits.languageSeconds, isSentByLinks: true))
            }
            return Response(status: .seeOther, headers: headers)
        case .file(let bytes, let type, let name):
            headers[.contentType] = type
            headers[.contentDisposition] = Attachment.disposition(name)
            return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
        case .renewed(let session, let visit, let answer):
            var response = response(to: visit, answer)
            response.headers.append(Cookies.field(Console.sessionCookie, session.text))
            return response
        }
    }

    private func html(_ page: any PageModel, _ visit: Visit) -> String {
        func render(_ page: some PageModel) -> String { templates.render(page, in: frame(page, visit), texts: visit.texts) }
        return render(page)
    }

    private func frame(_ page: some PageModel, _ visit: Visit) -> Frame {
        let texts = visit.texts
        let here = LocalPath.of(visit.path) ?? "/"
        return Frame(
            title: page.title, language: texts.language.rawValue,
            places: visit.signedIn.map { Navigation.places(for: $0.account.roles, at: here, texts) } ?? [],
            languages: Language.allCases.map {
                Frame.Choice(code: $0.rawValue, name: Texts.ownName($0), isCurrent: $0 == texts.language)
            },
            person: visit.signedIn?.account.displayName, account: visit.signedIn?.account.name,
            token: desk.formToken(for: visit.formSecret), stylesheet: assets.stylesheet,
            script: assets.script, icon: assets.icon, path: here)
    }

    /// On every page: nothing is kept, nothing runs but our own module, nothing frames it.
    private func headers(_ requestID: String) -> HTTPFields {
        var headers = HTTPFields()
        headers[.cacheControl] = "no-store"
        headers[.xContentTypeOptions] = "nosniff"
        var others = [
            "Content-Security-Policy":
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
            "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin", "X-Request-Id": requestID,
        ]
        // A browser that came by TLS once comes so again (RFC 6797).
        if settings.base.hasPrefix("https://") { others["Strict-Transport-Security"] = "max-age=31536000" }
        for (name, value) in others { if let name = HTTPField.Name(name) { headers[name] = value } }
        return headers
    }
}

/// Cookies as browsers send and take them (RFC 6265).
enum Cookies {
    static func read(_ fields: [String]) -> [String: String] {
        var cookies: [String: String] = [:]
        for pair in fields.flatMap({ $0.split(separator: ";") }) {
            let parts = pair.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { continue }
            let name = parts[0].trimmingCharacters(in: .whitespaces)
            // The first of a name counts: it has the longest path, and none of ours has another than the root.
            if cookies[name] == nil { cookies[name] = parts[1].trimmingCharacters(in: .whitespaces) }
        }
        return cookies
    }

    /// Of this host alone, never sent in plain text, and out of scripts' reach. Sent from no other site; or only by whoever follows a link there,
    /// as from a mail that is read in the browser.
    static func field(_ name: String, _ value: String, seconds: Int? = nil, isSentByLinks: Bool = false) -> HTTPField {
        let age = seconds.map { "; Max-Age=\($0)" } ?? ""
        let site = isSentByLinks ? "Lax" : "Strict"
        return HTTPField(name: .setCookie, value: "\(name)=\(value); Path=/; Secure; HttpOnly; SameSite=\(site)\(age)")
    }
}

/// Files that are kept and never shown (RFC 6266).
enum Attachment {
    static func disposition(_ name: String) -> String {
        let plain = String(
            name.unicodeScalars.map { $0.isASCII && $0.value >= 0x20 && !"\"\\%".unicodeScalars.contains($0) ? Character($0) : "_" })
        let allowed = CharacterSet(charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$&+-.^_`|~")
        return "attachment; filename=\"\(plain)\"; filename*=UTF-8''\(name.addingPercentEncoding(withAllowedCharacters: allowed) ?? "file")"
    }
}

/// What a browser would like to read (RFC 9110 §12.5.4).
enum AcceptedLanguages {
    static func first(_ field: String) -> Language? {
        let wishes = field.split(separator: ",").prefix(20).enumerated().compactMap { place, item -> (Language, Double, Int)? in
            let parts = item.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
            guard let tag = parts.first?.split(separator: "-").first, let language = Language(rawValue: String(tag)) else { return nil }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
            return weight > 0 ? (language, weight, place) : nil
        }
        return wishes.max { ($0.1, -$0.2) < ($1.1, -$1.2) }?.0
    }
}

extension Assets.Asset {
    func response(keptFor seconds: Int) -> Response {
        Response(
            status: .ok,
            headers: [
                .contentType: type, .cacheControl: "public, max-age=\(seconds), immutable", .xContentTypeOptions: "nosniff",
            ], body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}
