import Registry

/// routes.yaml as read, with the places that cross-checks point to.
struct RoutesFile {
    var routes: [Located<Route>] = []

    private static let keys = ["id", "method", "path", "query", "scope", "cost", "identities", "maximum-body", "timeouts"]

    /// The file's content; whatever is wrong is added to the faults and left out.
    init(_ tree: FileTree, into faults: inout FaultList) {
        guard let reader = FieldReader(tree, of: "routes.yaml", keys: ["routes"], into: &faults) else { return }
        let items = reader.required("routes", into: &faults)?.items("the list of routes", limit: Limits.routes, into: &faults)
        routes = (items ?? []).compactMap { RoutesFile.route($0, into: &faults) }
    }

    private static func route(_ tree: FileTree, into faults: inout FaultList) -> Located<Route>? {
        guard let reader = FieldReader(tree, of: "a route", keys: keys, into: &faults) else { return nil }
        let place = reader.required("id", into: &faults)
        let id = place?.identifier("the route id", into: &faults)
        let method = reader.required("method", into: &faults)?.choice("method", among: RouteMethod.allCases.map(\.token), into: &faults) {
            token in RouteMethod.allCases.first { $0.token == token }
        }
        let path = reader.required("path", into: &faults).flatMap { RoutePath.read($0, into: &faults) }
        let parameters = reader.optional("query").map { RouteQuery.read($0, into: &faults) } ?? []
        let scope = reader.required("scope", into: &faults)?.choice(
            "scope", among: Scope.allCases.map(\.name), into: &faults, Scope.init(name:))
        let cost = reader.required("cost", into: &faults)?.integer("the cost", in: Limits.routeCosts, into: &faults)
        let identities = reader.required("identities", into: &faults)?.choice(
            "identities", among: Identities.all.map(\.name), into: &faults, Identities.init(name:))
        let body = reader.required("maximum-body", into: &faults)?.bytes("the maximum body", in: Limits.routeBodyBytes, into: &faults)
        let timeouts = reader.required("timeouts", into: &faults).flatMap { RoutesFile.timeouts($0, into: &faults) }
        guard let id, let place, let method, let path, let scope, let cost, let identities, let body, let timeouts else { return nil }
        let route = Route(
            id: id, method: method, path: path, parameters: parameters, scope: scope, cost: cost, identities: identities,
            maximumBodyBytes: body, timeouts: timeouts)
        return Located(value: route, position: place.position)
    }

    private static func timeouts(_ tree: FileTree, into faults: inout FaultList) -> RouteTimeouts? {
        guard let reader = FieldReader(tree, of: "timeouts", keys: ["first-byte", "request"], into: &faults) else { return nil }
        let firstByte = reader.required("first-byte", into: &faults)?.nanoseconds(
            "first-byte", in: Limits.routeWaitNanoseconds, into: &faults)
        let request = reader.required("request", into: &faults)?.nanoseconds("request", in: Limits.routeWaitNanoseconds, into: &faults)
        guard let firstByte, let request else { return nil }
        if request < firstByte {
            faults.add(
                at: reader.optional("request")?.position ?? reader.position, "the whole request may take less time than its first byte",
                expected: "at least \(Quantity.duration(nanoseconds: firstByte))")
        }
        return RouteTimeouts(firstByteMilliseconds: firstByte / 1_000_000, requestMilliseconds: request / 1_000_000)
    }
}

extension Identities {
    static let all: [Identities] = [.anyone, .application, .applicationAndCitizen]

    /// The name in routes.yaml.
    var name: String {
        switch self {
        case .anyone: "anyone"
        case .application: "application"
        case .applicationAndCitizen: "application+citizen"
        }
    }

    init?(name: String) {
        guard let identities = Identities.all.first(where: { $0.name == name }) else { return nil }
        self = identities
    }
}
