import Admission
import Registry
import Support
import Testing
import Wire

@testable import Exchange

/// What becomes of a route's calls under other routes, against the table that finds routes for requests.
struct RouteFateTests {
    private static let paths = [
        "/a", "/b", "/a/1", "/a/2", "/a/{x}", "/a/{y}", "/{z}/1", "/{z}/2", "/{z}", "/a/b", "/7", "/7/1",
    ]
    private static let targets = ["/a", "/b", "/a/1", "/a/2", "/a/3", "/a/b", "/7", "/8", "/7/1", "/7/2", "/8/1", "/8/2", "/9/3"]

    private static func routes(_ random: inout SplitMix64) throws -> [Route] {
        var calls: Set<String> = []
        return try (0..<Int.random(in: 1...9, using: &random)).compactMap { place in
            let (method, path) = (
                [RouteMethod.get, .post].randomElement(using: &random) ?? .get, paths.randomElement(using: &random) ?? "/a"
            )
            guard calls.insert("\(method) \(path)").inserted else { return nil }
            return try route("route-\(place)", method, path, .search, .application)
        }
    }

    /// Where the table leads a call, as a fate.
    private static func fate(_ method: RouteMethod, _ target: String, _ table: RouteTable) -> RouteFate {
        switch table.match(method == .get ? .get : .post, path: Array(target.utf8).span) {
        case .route(let index): .route(index)
        case .methodNotAllowed(let allowed): .methodNotAllowed(allowed)
        case .none: .noSuchRoute
        case .own, .keyed: .unknown(mostly: nil)
        }
    }

    @Test(arguments: 0..<Soak.count(2_000))
    func `every call of a route meets the fate that is said, and different ones where nobody can say`(_ seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        let (old, new) = (try Self.routes(&random), try Self.routes(&random))
        let (oldTable, newTable) = (RouteTable(old), RouteTable(new))
        for (index, route) in old.enumerated() {
            let calls = Self.targets.filter { Self.fate(route.method, $0, oldTable) == .route(index) }
            let met = calls.map { Self.fate(route.method, $0, newTable) }
            #expect(old.fate(of: route, among: old) == .route(index) || calls.isEmpty)
            switch new.fate(of: route, among: old) {
            case .unknown(let mostly):
                #expect(RoutePath.hasTemplate(route.path), "an exact path leads somewhere")
                if let mostly, !met.isEmpty { #expect(RoutePath.matchesAll(of: new[mostly].path, route.path)) }
            case let fate: #expect(met.allSatisfy { $0 == fate }, "seed \(seed): \(route.path) of \(old.map(\.path)) in \(new.map(\.path))")
            }
        }
    }

    @Test func `an id finds nothing, a path and a method do`() throws {
        let old = [try route("find", .get, "/find", .search, .application), try route("states", .get, "/states/{state}", .search, .anyone)]
        func fates(_ change: (inout [Route]) throws -> Void) throws -> [RouteFate] {
            var new = old
            try change(&new)
            return old.map { new.fate(of: $0, among: old) }
        }
        var posts = MethodSet()
        posts.insert(.post)
        #expect(try fates { $0[0].id = try identifier("other-name") } == [.route(0), .route(1)])
        #expect(try fates { $0.reverse() } == [.route(1), .route(0)])
        #expect(try fates { $0[0].path = "/search" } == [.noSuchRoute, .route(1)])
        #expect(try fates { $0[0].method = .post } == [.methodNotAllowed(posts), .route(1)])
        #expect(try fates { $0[1].path = "/states/{id}" } == [.route(0), .route(1)])
        #expect(try fates { $0[1].method = .post } == [.route(0), .methodNotAllowed(posts)])
        #expect(try fates { $0[1].path = "/states/21" } == [.route(0), .unknown(mostly: nil)])
        #expect(try fates { $0.append(try route("one", .get, "/states/21", .search, .anyone)) } == [.route(0), .unknown(mostly: 1)])
    }
}
