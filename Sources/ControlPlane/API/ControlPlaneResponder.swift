import HTTPTypes
package import Hummingbird
import Logging
import Registry

/// Stands around everything that the control plane answers: whatever is refused or fails without a page for it is the one problem contract,
/// a path that is there says which methods it has, and every answer carries its request's id.
package struct ControlPlaneResponder<Inner: HTTPResponder>: HTTPResponder where Inner.Context == ControlPlaneContext {
    private let inner: Inner
    private let directory: RouteDirectory
    private let logger: Logger
    private let clock: @Sendable () -> WallTime
    private let random: RandomBytes

    init(
        _ inner: Inner, directory: RouteDirectory, logger: Logger, clock: @escaping @Sendable () -> WallTime = { .now() },
        random: @escaping RandomBytes = systemRandomBytes
    ) {
        (self.inner, self.directory, self.logger, self.clock, self.random) = (inner, directory, logger, clock, random)
    }

    /// The answer, whatever happens on the way to it.
    @concurrent package func respond(to request: Request, context: ControlPlaneContext) async throws -> Response {
        let id = RequestName.make(at: clock(), random)
        var response: Response
        do {
            response = try await answer(request, context)
        } catch let problem as ProblemAnswer {
            response = problem.response(to: id)
        } catch {
            logger.error("a request failed", metadata: ["request": "\(id)", "method": "\(request.method)", "reason": "\(error)"])
            response = ProblemAnswer(.gatewayFailed).response(to: id)
        }
        if let problem = problem(in: response, asked: request) {
            response = problem.response(to: response.headers[RequestName.field] ?? id)
        }
        if response.headers[RequestName.field] == nil { response.headers[RequestName.field] = id }
        return request.method == .head ? response.createHeadResponse() : response
    }

    private func answer(_ request: Request, _ context: ControlPlaneContext) async throws -> Response {
        guard let methods = directory.methods(of: request.uri.path), !methods.contains(request.method) else {
            return try await inner.respond(to: request, context: context)
        }
        if methods.contains(.options) {
            // Where all the usual methods are answered, the path says itself which of them do anything.
            var head = request.head
            head.method = .options
            return try await inner.respond(to: Request(head: head, body: request.body), context: context)
        }
        throw ProblemAnswer(.methodNotAllowed, fields: [.allow: methods.map(\.rawValue).sorted().joined(separator: ", ")])
    }

    /// What stands in place of an answer that says no: of a page for whoever does not read pages, and of an answer without words.
    private func problem(in response: Response, asked request: Request) -> ProblemAnswer? {
        guard response.status.code >= 400 else { return nil }
        let type = response.headers[.contentType] ?? ""
        let isPage = type.hasPrefix("text/html")
        guard type.isEmpty || type.hasPrefix("application/json") || isPage && !Accepted.pages(request) else { return nil }
        var fields: HTTPFields = [:]
        for name in [HTTPField.Name.allow, .retryAfter, .setCookie] {
            for value in response.headers[values: name] { fields.append(HTTPField(name: name, value: value)) }
        }
        let problem = ControlProblem(response.status)
        // A page's own sentence is for people: its status is what a program goes by.
        return ProblemAnswer(problem.row.status == response.status ? problem : .gatewayFailed, fields: fields)
    }
}

/// What a client would like to get.
enum Accepted {
    /// Whether pages are among it.
    static func pages(_ request: Request) -> Bool { request.headers[.accept]?.lowercased().contains("text/html") == true }
}

/// Which paths there are, and which methods each has.
struct RouteDirectory: Sendable {
    private let routes: [(segments: [Substring], methods: Set<HTTPRequest.Method>)]

    /// All that a router has by now; HEAD works wherever GET does.
    init(_ router: Router<ControlPlaneContext>) {
        let byPath = Dictionary(grouping: router.routes, by: \.path.description)
        routes = byPath.map { path, routes in
            let methods = Set(routes.map(\.method))
            return (path.split(separator: "/"), methods.contains(.get) ? methods.union([.head]) : methods)
        }
    }

    /// The methods of a path; nil where nothing is there.
    func methods(of path: String) -> Set<HTTPRequest.Method>? {
        let segments = path.split(separator: "/")
        let found = routes.filter { route in
            route.segments.count == segments.count && zip(route.segments, segments).allSatisfy { RouteDirectory.isName($0) || $0 == $1 }
        }
        // What is written out goes before what stands for anything, as it does for the router.
        return found.min { left, right in
            left.segments.count(where: RouteDirectory.isName) < right.segments.count(where: RouteDirectory.isName)
        }?.methods
    }

    /// Whether a part of a path stands for anything, as the router writes it.
    private static func isName(_ segment: Substring) -> Bool { segment.hasPrefix(":") || segment.hasPrefix("{") }
}
