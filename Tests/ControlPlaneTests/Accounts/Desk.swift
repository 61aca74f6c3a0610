import Foundation
import Registry
import Support
import Synchronization
import Testing

@testable import ControlPlane

/// A desk over a registry of its own: cheap passwords, seeded secrets.
struct Desk {
    static let password = "a quiet harbour at dusk"
    static let home = Visitor(address: "203.0.113.7", agent: "Browser/1")
    static let elsewhere = Visitor(address: "198.51.100.9", agent: "Browser/2")

    /// What only the browser has in which links are used here.
    static let browser = SecretToken(random: Array(repeating: 7, count: 32))

    let scratch: Scratch
    let registry: RegistryStore
    let desk: AccountDesk

    init(seed: UInt64 = 1) throws {
        scratch = try Scratch()
        registry = try RegistryStore(stateDirectory: scratch.path + "/state")
        let random = SeededBytes(seed: seed)
        desk = AccountDesk(
            registry: registry, key: ConsoleKey(bytes: Array(1...32)), passwords: PasswordQueue(cost: PasswordCost(rounds: 2)),
            random: { random.next($0) })
    }

    func invite(_ name: String, _ roles: Set<Role> = [.reviewer], at now: WallTime = Scratch.now) throws -> SecretToken {
        try registry.invite(Invitation(name: name, roles: roles), by: "owner", random: desk.random, at: now)
    }

    /// An account that has used its invitation, and its secret for codes.
    @discardableResult
    func enrolled(_ name: String, _ roles: Set<Role> = [.reviewer], at now: WallTime = Scratch.now) async throws -> Person {
        let link = try invite(name, roles, at: now)
        return try await enrol(name, by: link, at: now)
    }

    /// Uses a link to its end.
    func enrol(_ name: String, by link: SecretToken, at now: WallTime = Scratch.now) async throws -> Person {
        let standing = try await desk.choosePassword(
            Desk.password, repeated: Desk.password, by: link, heldBy: Desk.browser, from: Desk.home, at: now)
        let secret = try #require(standing.enrolment.map { Desk.bytes(base32: $0.secret) })
        let session = try desk.confirm(TimeBasedCode.code(of: secret, at: now), by: link, heldBy: Desk.browser, from: Desk.home, at: now)
        return Person(name: name, secret: secret, session: session)
    }

    struct Person {
        let name: String
        let secret: [UInt8]
        /// The session that enrolling began.
        let session: SecretToken

        func code(at now: WallTime) -> String { TimeBasedCode.code(of: secret, at: now) }
    }

    /// Signs in with password and code.
    func signIn(_ person: Person, from visitor: Visitor = Desk.home, at now: WallTime) async throws -> SecretToken {
        let half = try await desk.signIn(person.name, password: Desk.password, from: visitor, at: now)
        return try desk.confirmSignIn(person.code(at: now), of: half, from: visitor, at: now)
    }

    /// Who a session's secret stands for; nil where it is over or only half.
    func signedIn(_ token: SecretToken, at now: WallTime) throws -> SignedIn? {
        guard case .signedIn(let signedIn) = try desk.session(token, at: now) else { return nil }
        return signedIn
    }

    /// Reads what an app would read of a secret.
    static func bytes(base32 text: String) -> [UInt8] {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        var (bytes, held, bits): ([UInt8], UInt32, Int) = ([], 0, 0)
        for character in text {
            guard let value = alphabet.firstIndex(of: character) else { continue }
            held = held << 5 | UInt32(value)
            bits += 5
            guard bits >= 8 else { continue }
            bits -= 8
            bytes.append(UInt8(truncatingIfNeeded: held >> UInt32(bits)))
            held &= (1 << UInt32(bits)) - 1
        }
        return bytes
    }
}

/// The same bytes for the same seed.
final class SeededBytes: Sendable {
    private let generator: Mutex<SplitMix64>

    init(seed: UInt64) { generator = Mutex(SplitMix64(seed: seed)) }

    func next(_ count: Int) -> [UInt8] {
        generator.withLock { generator in (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) } }
    }
}

extension WallTime {
    /// So much later.
    func plus(seconds: Int64 = 0, nanoseconds: Int64 = 0) -> WallTime {
        WallTime(nanoseconds: self.nanoseconds + seconds * 1_000_000_000 + nanoseconds)
    }
}
