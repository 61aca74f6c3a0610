/// Who does something, and from where.
package struct Actor: Hashable, Sendable {
    /// From where something is asked.
    package enum Origin: Hashable, Sendable {
        /// A command on the machine itself.
        case commandLine
        /// The console in a browser at an address.
        case console(address: String)
        /// The admin API, by a token of this id from an address.
        case api(address: String, token: String)
        /// Nobody asked: the gateway does it by itself.
        case gateway
    }

    /// An account's name, or what the command line said; as typed until the store has brought it into form.
    package let name: String
    /// From where.
    package let origin: Origin

    /// Somebody by name; on the command line unless said otherwise.
    package init(_ name: String, from origin: Origin = .commandLine) {
        (self.name, self.origin) = (name, origin)
    }

    /// The gateway itself, under one of the names that no person may use.
    static func gateway(_ part: GatewayPart) -> Actor { Actor(part.rawValue, from: .gateway) }

    /// An import that nobody asked for.
    package static let importing = Actor.gateway(.importing)
}

/// What the gateway is called where it does something by itself; no person may use these names.
enum GatewayPart: String, CaseIterable {
    /// Takes over what files declare.
    case importing = "import"
    /// Opens a state folder for serving.
    case start
    /// Reads policy files again when it is told to.
    case reload
    /// Puts announced policies in force.
    case schedule
    /// Looks after applications: what is over, unseen, or about to end.
    case onboarding
    /// Erases what has been kept long enough.
    case retention
}

/// A name alone is one of the command line.
extension Actor: ExpressibleByStringInterpolation {
    /// Somebody by name on the command line.
    package init(stringLiteral name: String) { self.init(name) }
}
