import GRDB
import Registry

/// Where people prove who they are: links, sign-ins and sessions. Time comes as a parameter, randomness with the desk.
package struct AccountDesk: Sendable {
    let registry: RegistryStore
    let key: ConsoleKey
    let passwords: PasswordQueue
    let throttle: SignInThrottle
    /// Where its secrets come from, and whatever else must not be guessed.
    package let random: RandomBytes

    /// A desk over a registry.
    package init(
        registry: RegistryStore, key: ConsoleKey, passwords: PasswordQueue = PasswordQueue(), throttle: SignInThrottle = SignInThrottle(),
        random: @escaping RandomBytes = systemRandomBytes
    ) {
        (self.registry, self.key, self.passwords, self.throttle, self.random) = (registry, key, passwords, throttle, random)
    }

    /// What a form carries so that only whoever was shown it can send it: bound to a session's secret, or to a visit's.
    package func formToken(for visit: SecretToken) -> String { key.formToken(for: visit) }

    /// Whether a form was shown to this visit.
    package func isFormToken(_ text: String, for visit: SecretToken) -> Bool { key.isFormToken(text, for: visit) }

    /// A read in which a refusal passes as it is, where the registry would make a storage fault of it.
    func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
        var refusal: SignInRefusal?
        do { return try registry.read { database in try AccountDesk.noting(&refusal) { try body(database) } } } catch {
            throw refusal ?? error
        }
    }

    /// A write of what is not published, in which a refusal passes as it is and undoes everything.
    func write<Value>(_ body: (Database) throws -> Value) throws -> Value {
        var refusal: SignInRefusal?
        do {
            return try registry.write(.note) { database in try AccountDesk.noting(&refusal) { try body(database) } }
        } catch {
            throw refusal ?? error
        }
    }

    private static func noting<Value>(_ refusal: inout SignInRefusal?, _ body: () throws -> Value) throws -> Value {
        do { return try body() } catch let error as SignInRefusal {
            refusal = error
            throw error
        }
    }
}

/// From where somebody comes, as the history and the list of sessions say it.
package struct Visitor: Hashable, Sendable {
    /// The address, by the connection or by a proxy that is believed.
    package let address: String
    /// The browser's own name, cut to what is kept.
    package let agent: String

    /// Somebody at an address.
    package init(address: String, agent: String) {
        self.address = address
        self.agent = String(decoding: agent.utf8.prefix(Limits.agentBytes), as: UTF8.self).filter { !$0.isNewline }
    }

    func actor(_ name: String) -> Actor { Actor(name, from: .console(address: address)) }
}
