import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// Nobody need be named.
struct Anyone: Sendable {}

/// The gateway named an application.
struct NamedApplication: Sendable {
    let id: String
}

/// The gateway named an application, and a citizen's token obtained through it was shown.
struct Citizen: Sendable {
    let application: String
    let account: String
}

/// One request, its store, and who stands behind it: a route that takes a `Call<Citizen>` cannot be reached without one.
struct Call<Caller: Sendable>: Sendable {
    let caller: Caller
    let store: Store
    let request: Request
    let parameters: Parameters

    var language: Language { Language(acceptLanguage: request.headers[.acceptLanguage]) }
}

/// Turns requests into calls: chooses the store by environment, then asks for as much identity as the route demands.
struct Callers: Sendable {
    let stores: [StoreEnvironment: Store]
    let tokens: CitizenTokens
    let readiness: Readiness

    func anyone(_ request: Request, _ context: StoreContext) async throws -> Call<Anyone> {
        guard readiness.isReady else { throw Refusal(.notReady, retryAfterSeconds: 1) }
        let named = request.headers[.environment] ?? StoreEnvironment.production.rawValue
        guard let environment = StoreEnvironment(rawValue: named), let store = stores[environment] else {
            throw Refusal.input("X-Environment", "is neither production nor sandbox")
        }
        return Call(caller: Anyone(), store: store, request: request, parameters: context.parameters)
    }

    func application(_ request: Request, _ context: StoreContext) async throws -> Call<NamedApplication> {
        let call = try await anyone(request, context)
        guard let application = request.headers[.application], !application.isEmpty else { throw Refusal(.applicationMissing) }
        return Call(caller: NamedApplication(id: application), store: call.store, request: request, parameters: call.parameters)
    }

    func citizen(_ request: Request, _ context: StoreContext) async throws -> Call<Citizen> {
        let call = try await application(request, context)
        let account = try await tokens.account(
            of: request.headers[.authorization], application: call.caller.id, environment: call.store.environment)
        let citizen = Citizen(application: call.caller.id, account: account)
        return Call(caller: citizen, store: call.store, request: request, parameters: call.parameters)
    }
}

/// The request's context: Hummingbird's own, nothing more.
struct StoreContext: RequestContext {
    var coreContext: CoreRequestContextStorage

    init(source: ApplicationRequestContextSource) { coreContext = CoreRequestContextStorage(source: source) }
}

extension HTTPField.Name {
    /// Which of the two stores; set by the gateway from the key's environment.
    static let environment = known("X-Environment")
    static let application = known("X-Application-Id")
    static let requestId = known("X-Request-Id")

    private static func known(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("a field name in this file is not a token") }
        return name
    }
}
