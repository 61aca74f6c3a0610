import Foundation
import GRDB
import Registry

/// What browsers call the console. The control plane notes it in the state folder, so that a command on the machine can print a whole link
/// whatever 'serve' was told.
package enum ConsoleAddress {
    private static func path(_ stateDirectory: String) -> String { stateDirectory + "/console.url" }

    /// Notes it.
    package static func remember(_ base: String, in stateDirectory: String) throws {
        try Data(base.utf8).write(to: URL(fileURLWithPath: path(stateDirectory)), options: .atomic)
    }

    /// What was noted; nil where no control plane with a console ran yet.
    package static func base(in stateDirectory: String) -> String? {
        FileManager.default.contents(atPath: path(stateDirectory)).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The link that a token stands for.
    package static func link(_ token: SecretToken, base: String) -> String { base + "/link/" + token.text }
}

extension RegistryStore {
    /// The account that a registry without any begins with.
    package static let firstAccount = "admin"

    /// Invites the first admin where there is no account at all: the link's token, once; nil later.
    func inviteFirstAdmin(by actor: Actor, random: RandomBytes = systemRandomBytes, at now: WallTime) throws(RegistryError) -> SecretToken?
    {
        let token = SecretToken(random: random(32))
        let invitation = try Invitation(name: RegistryStore.firstAccount, roles: [.admin])
        return try write(.unpublishedDecision) { database in
            guard try Int.fetchOne(database, sql: "SELECT count(*) FROM account") == 0 else { return nil }
            try RegistryStore.invite(invitation, token: token, by: actor, at: now, database)
            return token
        }
    }
}
