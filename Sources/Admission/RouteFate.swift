package import Registry

/// What becomes under other routes of the calls that one route was found for: of a call itself, no more than its route is known.
package enum RouteFate: Equatable, Sendable {
    /// That one is found for them, by its index.
    case route(Int)
    /// Their path is there, with these methods and not theirs.
    case methodNotAllowed(MethodSet)
    /// No route has their path.
    case noSuchRoute
    /// Some go one way and some another, by the digits in the place of a template; the path before which others come, where there is one.
    case unknown(mostly: Int?)
}

extension [Route] {
    /// What becomes under these routes of the calls that one of the old routes is found for, as routes are found: by path, exact ones first, then
    /// templates in their order, and by method only then. A route's id finds nothing.
    package func fate(of route: Route, among old: [Route]) -> RouteFate {
        guard RoutePath.hasTemplate(route.path) else {
            let path = paths.first { $0 == route.path } ?? paths.first { RoutePath.hasTemplate($0) && RoutePath.overlap($0, route.path) }
            return path.map { fate(of: route.method, at: $0) } ?? .noSuchRoute
        }
        // Paths that took calls away from it before have nothing to do with those that are left.
        let taking = old.paths.filter { !RoutePath.hasTemplate($0) } + old.paths.filter(RoutePath.hasTemplate).prefix { $0 != route.path }
        let left = Set(paths).subtracting(taking)
        let found =
            paths.filter { !RoutePath.hasTemplate($0) && left.contains($0) && RoutePath.overlap($0, route.path) }
            + paths.filter { RoutePath.hasTemplate($0) && left.contains($0) && RoutePath.overlap($0, route.path) }
        guard let first = found.first else { return .noSuchRoute }
        if RoutePath.matchesAll(of: route.path, first) { return fate(of: route.method, at: first) }
        guard let most = found.first(where: { RoutePath.matchesAll(of: route.path, $0) }) else { return .unknown(mostly: nil) }
        guard case .route(let index) = fate(of: route.method, at: most) else { return .unknown(mostly: nil) }
        return .unknown(mostly: index)
    }

    private var paths: [String] {
        var known: Set<String> = []
        return map(\.path).filter { known.insert($0).inserted }
    }

    private func fate(of method: RouteMethod, at path: String) -> RouteFate {
        var methods = MethodSet()
        for (index, route) in enumerated() where route.path == path {
            if route.method == method { return .route(index) }
            methods.insert(route.method)
        }
        return .methodNotAllowed(methods)
    }
}
