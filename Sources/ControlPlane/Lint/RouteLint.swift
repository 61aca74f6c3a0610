import Registry

/// Routes that nobody can reach, or not everywhere they seem to be.
enum RouteLint {
    /// Answered by the gateway itself where no route has the path. A path that ends in "/" stands for everything below it.
    static let ownPaths = ["/livez", "/readyz", "/limits", "/problems/", "/decisions/"]

    static func findings(_ files: LintedFiles) -> [LintFinding] {
        Scope.allCases.flatMap { unreachable($0, files) } + hidden(files.routes) + files.routes.routes.flatMap(ownPages)
    }

    private static func unreachable(_ scope: Scope, _ files: LintedFiles) -> [LintFinding] {
        let routes = files.routes(of: scope).filter { $0.value.identities != .anyone }
        guard let first = routes.first else { return [] }
        let names = routes.map(\.value.id.text).joined(separator: ", ")
        if !files.plans.plans.contains(where: { !files.isAnonymous($0.plan.id) && $0.plan[scope] != nil }) {
            return [
                LintFinding(
                    .scopeInNoPlan, at: first.position,
                    "no plan of applications has a bucket for the scope '\(scope.name)', so nobody can ever call \(names)",
                    advice: "give a plan a bucket for it, or take the routes out")
            ]
        }
        guard !files.holders.contains(where: { $0.scopes.contains(scope) }) else { return [] }
        return [
            LintFinding(
                .scopeOfNobody, at: first.position,
                "no application was granted the scope '\(scope.name)' or asks for it, so nobody calls \(names)",
                advice: "leave it if applications will come, else take the routes out")
        ]
    }

    /// Paths come before methods: the first path that fits answers, with 405 to methods that it does not have; exact paths come before
    /// templates, templates in the order of their routes' ids. Two routes of one method where both fit are a fault before this.
    private static func hidden(_ routes: RoutesFile) -> [LintFinding] {
        var paths: [(path: String, routes: [Located<Route>])] = []
        for route in routes.routes.sorted(by: { $0.value.id.text < $1.value.id.text }) {
            let known = paths.firstIndex { $0.path == route.value.path }
            if let known { paths[known].routes.append(route) } else { paths.append((route.value.path, [route])) }
        }
        return paths.indices.flatMap { index -> [LintFinding] in
            guard RoutePath.hasTemplate(paths[index].path) else { return [] }
            let before = paths.indices.filter { $0 < index || !RoutePath.hasTemplate(paths[$0].path) }
            return before.filter { RoutePath.overlap(paths[$0].path, paths[index].path) }.flatMap { earlier in
                paths[index].routes.map { hidden($0, behind: paths[earlier].routes[0]) }
            }
        }
    }

    private static func hidden(_ route: Located<Route>, behind other: Located<Route>) -> LintFinding {
        let (path, method) = (other.value.path, route.value.method.token)
        let whose = "'\(other.value.id.text)' at line \(other.position.line)"
        if RoutePath.matchesAll(of: route.value.path, path) {
            return LintFinding(
                .routeNeverFound, at: route.position,
                "\(call(route)) is never found: \(path) of \(whose) matches the same paths first, and answers 405 to \(method)",
                advice: "spell both paths alike, the name between the braces too")
        }
        return LintFinding(
            .routePartlyHidden, at: route.position,
            "\(call(route)) is not found where \(path) of \(whose) matches: that comes first, and answers 405 to \(method)",
            advice: "give \(path) a route for \(method) too, or another path")
    }

    private static func ownPages(_ route: Located<Route>) -> [LintFinding] {
        let path = route.value.path
        // None of them has digits for a segment, so that no template matches them.
        return ownPaths.filter { path == $0 || $0.hasSuffix("/") && path.hasPrefix($0) }.map { own in
            LintFinding(
                .ownPageHidden, at: route.position, "\(call(route)) stands in the way of \(own), where the gateway answers itself",
                advice: "give the route another path")
        }
    }

    private static func call(_ route: Located<Route>) -> String {
        "\(route.value.method.token) \(route.value.path) ('\(route.value.id.text)')"
    }
}
