package import ControlPlane
import Foundation
import HTTPTypes
package import Hummingbird
package import Logging
import NIOCore
package import Registry

/// What the console must know of where it stands.
package struct ConsoleSettings: Sendable {
    /// What browsers call it, without a slash at the end: for links that are sent to people.
    package var base: String
    /// The folder of decision records, from which pages show what was refused; nil where nothing is recorded.
    package var decisionsDirectory: String?
    /// Whether a proxy that speaks TLS stands in front: then the address it saw counts.
    package var isBehindTLSProxy: Bool

    /// Whom, besides this machine, it is believed of.
    package var trustedProxies: [AddressRange]

    /// Settings from their parts.
    package init(
        base: String, isBehindTLSProxy: Bool = false, trustedProxies: [AddressRange] = [], decisionsDirectory: String? = nil
    ) {
        (self.base, self.isBehindTLSProxy) = (base, isBehindTLSProxy)
        (self.trustedProxies, self.decisionsDirectory) = (trustedProxies, decisionsDirectory)
    }
}

/// The console: pages for the team, beside the control plane's probes and numbers.
package struct Console: Sendable {
    let registry: RegistryStore
    let desk: AccountDesk
    let settings: ConsoleSettings
    let templates: Templates
    let assets = Assets()
    let slowWork = SlowWork("console")
    let recentUsage: RecentUsageReader
    let prober: any SiteProber
    let logger: Logger
    let clock: @Sendable () -> WallTime
    private let texts: [Language: Texts]

    /// A console over a registry. Time comes from the clock alone.
    package init(
        registry: RegistryStore, desk: AccountDesk, settings: ConsoleSettings, logger: Logger,
        prober: any SiteProber = ConnectingProber(),
        clock: @escaping @Sendable () -> WallTime = { .now() }
    ) throws {
        (self.registry, self.desk, self.settings, self.logger, self.clock) = (registry, desk, settings, logger, clock)
        self.prober = prober
        recentUsage = RecentUsageReader(stateDirectory: registry.stateDirectory, decisionsDirectory: settings.decisionsDirectory)
        templates = try Templates()
        let offset = (try? registry.policyInForce().dayOffsetMinutes) ?? DayClock.indianMinutes
        texts = Dictionary(uniqueKeysWithValues: Language.allCases.map { ($0, Texts($0, offsetMinutes: offset)) })
    }

    /// Adds its pages to a router that has the probes already; whatever nobody answers gets a page of its own from here on.
    package func add(to router: Router<ControlPlaneContext>) {
        router.add(middleware: NotFoundPage(console: self))
        addAssets(to: router)
        for (path, routes) in Dictionary(grouping: ConsoleRoute.all, by: \.path) {
            var byMethod = Dictionary(uniqueKeysWithValues: routes.map { ($0.method, $0) })
            if let get = byMethod[.get] { byMethod[.head] = get }
            let allowed = byMethod.keys.map(\.rawValue).sorted()
            for method in [HTTPRequest.Method.get, .head, .post, .put, .patch, .delete, .options] {
                let route = byMethod[method]
                router.on(RouterPath(path), method: method) { request, context in
                    let response = await serve(request, context) { visit in
                        guard let route else { throw Problem.methodNotAllowed(allowed) }
                        return try await answer(route, request, visit)
                    }
                    return method == .head ? response.createHeadResponse() : response
                }
            }
        }
    }

    func words(_ language: Language) -> Texts {
        guard let words = texts[language] else { preconditionFailure("every language has words") }
        return words
    }

    private func addAssets(to router: Router<ControlPlaneContext>) {
        for (path, asset) in assets.all {
            router.get(RouterPath(path)) { _, _ in asset.response(keptFor: ConsoleLimits.assetSeconds) }
        }
        if let icon = assets.all[assets.icon] { router.get("/favicon.ico") { _, _ in icon.response(keptFor: 86_400) } }
    }

    /// What every request goes through in this order: who may, is the form theirs, then the route itself.
    private func answer(_ route: ConsoleRoute, _ request: Request, _ visit: Visit) async throws -> Answer {
        do { if let elsewhere = try gate(route, visit) { return elsewhere } } catch Problem.needsSignIn where route.method == .post {
            return try await signIn(before: route, request, visit)
        }
        guard route.method == .post else { return try await route.answer(self, visit) }
        guard SameOrigin.holds(request.headers, authority: request.head.authority) else { throw Problem.crossSite }
        var visit = visit
        try await readForm(request, of: route, into: &visit)
        // Whoever kept its body back is judged by how things stand now: an account may be disabled, a session ended, a code old by this time.
        visit.now = clock()
        visit.standing = try visit.session.flatMap { try desk.session($0, at: visit.now) }
        do { if let elsewhere = try gate(route, visit) { return elsewhere } } catch Problem.needsSignIn {
            guard let page = signInPage(keeping: visit) else { throw Problem.needsSignIn }
            return page
        }
        guard desk.isFormToken(visit.form["token"], for: visit.formSecret) else { throw Problem.staleForm }
        if let answer = try await route.beforeConfirming?(self, &visit) { return answer }
        if let confirmation = try confirmation(of: route, visit) { return confirmation }
        return try await route.answer(self, visit)
    }

    /// A form whose session was over before it came, and with it what somebody may have written for half an hour. Of who is not signed in no more is
    /// read than a form without files.
    private func signIn(before route: ConsoleRoute, _ request: Request, _ visit: Visit) async throws -> Answer {
        guard visit.session != nil, SameOrigin.holds(request.headers, authority: request.head.authority) else { throw Problem.needsSignIn }
        var visit = visit
        do { try await readForm(request, of: route, atMost: ConsoleLimits.formBytes, into: &visit) } catch is Problem {
            throw Problem.needsSignIn
        }
        guard let page = signInPage(keeping: visit) else { throw Problem.needsSignIn }
        return page
    }

    /// Whether a visit may go through a route: nil if so, else where it has to go first.
    func gate(_ route: ConsoleRoute, _ visit: Visit) throws -> Answer? {
        guard case .signedIn(let roles, let recently) = route.access else { return nil }
        let isQuestion = route.method == .get
        guard let signedIn = visit.signedIn else {
            guard isQuestion else { throw Problem.needsSignIn }
            var questions = visit.session == nil ? [] : ["after=end"]
            if visit.path != "/", let next = LocalPath.of(visit.path) { questions.append("next=" + next) }
            return .redirect("/sign-in" + (questions.isEmpty ? "" : "?" + questions.joined(separator: "&")))
        }
        guard roles.isEmpty || !roles.isDisjoint(with: signedIn.account.roles) else {
            try putOnRecord(refusing: route, to: roles, visit)
            throw Problem.forbidden
        }
        // A form is read first, so that what was typed is not lost.
        guard isQuestion, recently, !signedIn.isRecent(at: visit.now) else { return nil }
        return .redirect("/reauthenticate?next=" + (LocalPath.of(visit.path) ?? "/"))
    }

    /// Whose roles are not enough for a page or a form is in the audit as whoever the registry refuses.
    private func putOnRecord(refusing route: ConsoleRoute, to roles: Set<Role>, _ visit: Visit) throws {
        let actor = try visit.actor()
        let isQuestion = route.method == .get
        let asked = "\(isQuestion ? "open the page" : "send the form") \(visit.path)"
        registry.recordRefusedCall(
            isQuestion ? .openPage : .sendForm, on: "\(route.method.rawValue) \(route.path)", by: actor,
            for: .lacksRole(actor.name, what: asked, needs: RoleSet(Array(roles))), at: visit.now)
    }

    /// Password and code, where a form asks for something dangerous and they were given too long ago; what it asks for is done after them.
    private func confirmation(of route: ConsoleRoute, _ visit: Visit) throws -> Answer? {
        guard case .signedIn(_, recently: true) = route.access, let signedIn = visit.signedIn, !signedIn.isRecent(at: visit.now) else {
            return nil
        }
        let page = ReauthenticatePage(visit.texts, name: signedIn.account.name, next: "", kept: KeptForm(visit))
        return .page(page, status: .unauthorized)
    }

    private func readForm(
        _ request: Request, of route: ConsoleRoute, atMost most: Int = ConsoleLimits.uploadBytes, into visit: inout Visit
    ) async throws {
        let field = request.headers[.contentType] ?? ""
        let boundary = route.takesFiles ? MultipartForm.boundary(of: field) : nil
        let limit = boundary == nil ? ConsoleLimits.formBytes : most
        let body: ByteBuffer
        do { body = try await request.body.collect(upTo: limit) } catch is NIOTooManyBytesError { throw Problem.tooLarge } catch {
            // It broke off, or its pieces are out of form.
            throw Problem.malformed
        }
        if let boundary {
            guard let form = MultipartForm(Data(body.readableBytesView), boundary: boundary) else { throw Problem.malformed }
            (visit.form, visit.files) = (form.fields, form.files)
            return
        }
        let type = field.split(separator: ";").first.map { $0.lowercased() } ?? ""
        guard type == "application/x-www-form-urlencoded", let form = FormFields(String(buffer: body)) else { throw Problem.malformed }
        visit.form = form
    }
}

/// Whether a request that changes something comes from a page of the same origin, as the browser says it.
enum SameOrigin {
    static func holds(_ fields: HTTPFields, authority: String?) -> Bool {
        if let site = HTTPField.Name("Sec-Fetch-Site").flatMap({ fields[$0] }) { return site == "same-origin" }
        guard let origin = fields[.origin], let authority else { return false }
        return origin == "https://" + authority || origin == "http://" + authority
    }
}

/// Where nothing is, a page says so to whoever reads pages; a program gets the plain answer.
struct NotFoundPage: RouterMiddleware {
    let console: Console

    @concurrent func handle(
        _ request: Request, context: ControlPlaneContext, next: @concurrent (Request, ControlPlaneContext) async throws -> Response
    ) async throws -> Response {
        do { return try await next(request, context) } catch let error as HTTPError where error.status == .notFound {
            guard request.headers[.accept]?.contains("text/html") == true else { throw error }
            let response = await console.serve(request, context) { _ in throw Problem.notFound }
            return request.method == .head ? response.createHeadResponse() : response
        }
    }
}
