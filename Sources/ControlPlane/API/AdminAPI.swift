import Foundation
import HTTPTypes
package import Hummingbird
package import Logging
import NIOCore
package import Registry

/// What the admin API must know of where it stands.
package struct AdminSettings: Sendable {
    /// What browsers call the console: links for people begin with it.
    package var consoleBase: String
    /// Whether a proxy that speaks TLS stands in front: then the address it saw counts.
    package var isBehindTLSProxy: Bool
    /// Whom, besides this machine, it is believed of.
    package var trustedProxies: [AddressRange]
    /// The folder of decision records; nil where nothing is recorded.
    package var recordsDirectory: String?

    /// Settings from their parts.
    package init(
        consoleBase: String, isBehindTLSProxy: Bool = false, trustedProxies: [AddressRange] = [], recordsDirectory: String? = nil
    ) {
        (self.consoleBase, self.isBehindTLSProxy) = (consoleBase, isBehindTLSProxy)
        (self.trustedProxies, self.recordsDirectory) = (trustedProxies, recordsDirectory)
    }
}

/// The admin API, `/admin/v1`: what the console does, for programs. It decides nothing itself: who may do what is the registry's word.
package struct AdminAPI: Sendable {
    let registry: RegistryStore
    let tokens: TokenDesk
    let settings: AdminSettings
    let prober: any SiteProber
    let slowWork = SlowWork("admin-api")
    private let logger: Logger
    private let clock: @Sendable () -> WallTime

    /// An API over a registry. Time comes from the clock alone.
    package init(
        registry: RegistryStore, settings: AdminSettings, prober: any SiteProber = ConnectingProber(), logger: Logger,
        clock: @escaping @Sendable () -> WallTime = { .now() }
    ) {
        (self.registry, self.settings, self.prober, self.logger, self.clock) = (registry, settings, prober, logger, clock)
        tokens = TokenDesk(registry: registry)
    }

    /// Adds its routes to a router.
    package func add(to router: Router<ControlPlaneContext>) {
        for route in AdminRoute.all {
            router.on(RouterPath(route.path), method: route.method) { request, context in await serve(route, request, context) }
        }
    }

    /// From a request to its answer, whatever happens in between.
    private func serve(_ route: AdminRoute, _ request: Request, _ context: ControlPlaneContext) async -> Response {
        let now = clock()
        let id = RequestName.make(at: now, systemRandomBytes)
        var fields: HTTPFields = [:]
        var response: Response
        do {
            let caller = try identify(request, context, at: now)
            let level = tokens.spend(caller, at: now)
            fields = AdminAPI.fields(of: level)
            if let wait = level.wait { throw ProblemAnswer(.rateLimited, waitNanoseconds: wait) }
            try authorize(route, caller, at: now)
            let call = try await call(of: route, request, context, by: caller, at: now)
            response = try await route.answer(self, call).response()
        } catch {
            response = problem(for: error, route, id).response(to: id)
        }
        response.headers[RequestName.field] = id
        response.headers.append(contentsOf: fields)
        return response
    }

    /// The call with its body. A body may come as slowly as its sender likes: who may make the call is judged again by what holds once it is there.
    private func call(
        of route: AdminRoute, _ request: Request, _ context: ControlPlaneContext, by caller: TokenCaller, at begun: WallTime
    ) async throws -> AdminCall {
        let query = try AdminQuery.read(request.uri.query, known: route.query)
        let body = try await AdminBody.read(request, as: route.body)
        var (caller, now) = (caller, begun)
        if route.body != .nothing {
            now = clock()
            caller = try identify(request, context, at: now)
            try authorize(route, caller, at: now)
        }
        return AdminCall(
            caller: caller, parameters: Dictionary(context.parameters.map { (String($0.key), String($0.value)) }) { first, _ in first },
            query: query, fields: request.headers, body: body, now: now)
    }

    /// Who calls: by a token in `Authorization` alone. What browsers send by themselves counts for nothing here.
    private func identify(_ request: Request, _ context: ControlPlaneContext, at now: WallTime) throws -> TokenCaller {
        let shown = request.headers[values: .authorization]
        guard shown.count <= 1 else { throw ProblemAnswer(.malformedRequest, "the field Authorization is given more than once") }
        guard let parts = shown.first?.split(separator: " ", maxSplits: 1), parts.count == 2, parts[0].lowercased() == "bearer" else {
            throw ProblemAnswer(.missingToken)
        }
        let address = ClientAddress.of(request, context, isBehindTLSProxy: settings.isBehindTLSProxy, trusting: settings.trustedProxies)
        return try tokens.caller(showing: String(parts[1]), from: address, at: now)
    }

    /// The token's scopes first, then its account's roles; who may not is on record.
    private func authorize(_ route: AdminRoute, _ caller: TokenCaller, at now: WallTime) throws {
        if let scope = route.scope, !caller.token.scopes.contains(scope) {
            let sentence =
                "this call takes a token with the scope \(scope.name); this one has \(caller.token.scopes.names.joined(separator: ", "))"
            record(.outOfForm(sentence), of: route, by: caller, at: now)
            throw ProblemAnswer(.tokenScope, AdminProblemTable.sentence(sentence))
        }
        guard let roles = route.roles, roles.isDisjoint(with: RoleSet(Array(caller.account.roles))) else { return }
        let refusal = RegistryError.lacksRole(caller.account.name, what: "do this (\(route.operation))", needs: roles)
        record(refusal, of: route, by: caller, at: now)
        throw refusal
    }

    private func record(_ refusal: RegistryError, of route: AdminRoute, by caller: TokenCaller, at now: WallTime) {
        registry.recordRefusedCall(
            AuditAction(stringLiteral: "api." + route.operation.flatMap { $0.isUppercase ? "-" + $0.lowercased() : String($0) }),
            on: "\(route.method.rawValue) \(route.path)", by: caller.actor, for: refusal, at: now)
    }

    private func problem(for error: any Error, _ route: AdminRoute, _ id: String) -> ProblemAnswer {
        if let answer = AdminProblemTable.answer(to: error), answer.problem.row.status.kind != .serverError { return answer }
        logger.error("a call failed", metadata: ["request": "\(id)", "route": "\(route.operation)", "reason": "\(error)"])
        return AdminProblemTable.answer(to: error) ?? ProblemAnswer(.gatewayFailed)
    }

    /// What is left of the token's bucket (draft-ietf-httpapi-ratelimit-headers).
    private static func fields(of level: RequestLevels.Reading) -> HTTPFields {
        var fields: HTTPFields = [:]
        let window = Limits.tokenBurst * Limits.tokenNanoseconds / 1_000_000_000
        let left = "\"admin\";r=\(level.remaining);t=\((level.untilFull + 999_999_999) / 1_000_000_000)"
        for (name, value) in [("RateLimit-Policy", "\"admin\";q=\(Limits.tokenBurst);w=\(window)"), ("RateLimit", left)] {
            if let name = HTTPField.Name(name) { fields[name] = value }
        }
        return fields
    }
}

/// Where a request comes from.
package enum ClientAddress {
    /// The address the connection comes from; behind a proxy the one that it saw, which is the last one it wrote. Whoever
    /// reaches the port past the proxy may write what they like and is not believed: a proxy is on this machine, or trusted.
    package static func of(
        _ request: Request, _ context: ControlPlaneContext, isBehindTLSProxy: Bool, trusting proxies: [AddressRange]
    ) -> String {
        func isTrusted(_ peer: String) -> Bool {
            guard !AddressText.isLoopback(peer) else { return true }
            return AddressText.address(peer).map { address in proxies.contains { $0.contains(address) } } ?? false
        }
        guard isBehindTLSProxy, isTrusted(context.peer), let named = named(in: request), AddressText.address(named) != nil else {
            return context.peer
        }
        return named
    }

    /// Whom something in front of us names as the one who asks, believed or not; nil where nothing names anybody.
    static func named(in request: Request) -> String? {
        guard let name = HTTPField.Name("X-Forwarded-For"), let field = request.headers[values: name].last else { return nil }
        return field.split(separator: ",", omittingEmptySubsequences: false).last?.trimmingCharacters(in: .whitespaces)
    }
}

/// A query, read strictly: each parameter that a call knows at most once, and no other.
enum AdminQuery {
    static func read(_ text: String?, known: [String]) throws -> [String: String] {
        var values: [String: String] = [:]
        for pair in (text ?? "").split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = decoded(parts[0]), let value = decoded(parts.count > 1 ? parts[1] : "") else {
                throw ProblemAnswer(.badParameter, "the query is not percent-encoded UTF-8")
            }
            guard known.contains(name) else {
                let list = known.isEmpty ? "it has none" : "it has \(known.joined(separator: ", "))"
                throw ProblemAnswer(.badParameter, "this call has no parameter '\(SafeText.bounded(name, to: 80))': \(list)")
            }
            guard values.updateValue(value, forKey: name) == nil else { throw ProblemAnswer(.badParameter, "\(name) is given twice") }
        }
        return values
    }

    private static func decoded(_ text: Substring) -> String? { text.replacing("+", with: " ").removingPercentEncoding }
}

/// A body, read as far as the call takes it.
enum AdminBody {
    static func read(_ request: Request, as body: AdminRoute.Body) async throws -> [UInt8] {
        let type = request.headers[.contentType]?.split(separator: ";").first.map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
        switch body {
        case .nothing: return []
        case .json:
            guard type == "application/json" else { throw ProblemAnswer(.unsupportedType, "This call takes application/json.") }
            return try await collect(request, atMost: Limits.adminBodyBytes)
        case .bytes(let types, let most):
            guard let type, types.contains(type) else {
                throw ProblemAnswer(.unsupportedType, "This call takes \(types.joined(separator: ", ")).")
            }
            return try await collect(request, atMost: most)
        }
    }

    private static func collect(_ request: Request, atMost bytes: Int) async throws -> [UInt8] {
        do { return Array(try await request.body.collect(upTo: bytes).readableBytesView) } catch is NIOTooManyBytesError {
            throw ProblemAnswer(.bodyTooLarge, "The body is longer than \(bytes) bytes.")
        } catch {
            // Of a body that breaks off, or whose pieces are out of form, nothing was read that could be done.
            throw ProblemAnswer(.malformedRequest, "The body cannot be read.")
        }
    }
}
