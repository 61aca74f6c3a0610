package import Registry

/// Proof that `admit` let a request pass: nothing else makes one, and forwarding asks for one.
package struct Permit: Sendable {
    /// Index into the snapshot's applications; nil for an anonymous caller of a public route.
    package let application: Int?
    /// Which core store answers; anonymous callers reach production.
    package let environment: Environment
    /// Index into the snapshot's `policy.routes`.
    package let route: Int
    /// The bucket after the request was charged.
    package let level: LevelReading?
    /// The request counts as in flight: the application's slot of the route's scope is to be given back once, when it ends.
    package let holdsSlot: Bool

    init(caller: Caller, route: Int, spent: Spent) {
        switch caller {
        case .anonymous: (application, environment) = (nil, .production)
        case .application(let index, let keyEnvironment): (application, environment) = (index, keyEnvironment)
        }
        self.route = route
        level = spent.level
        holdsSlot = spent.holdsSlot
    }
}
