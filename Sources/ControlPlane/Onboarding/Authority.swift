import GRDB
import Registry

/// Who has which roles: the accounts' store.
protocol RolesOf: Sendable {
    /// What is known of a name, in the same transaction as what it asks for.
    func standing(of name: String, _ database: Database) throws -> AccountStanding
}

/// What is known of a name.
enum AccountStanding: Hashable, Sendable {
    /// There is no account at all: the command line is the machine's owner.
    case noAccounts
    /// An active account with these roles.
    case active(RoleSet)
    /// No such account, or one that may not sign in.
    case unknown
}

extension RegistryStore {
    /// What an actor may do: while nobody has an account anything, then what the account's roles and delegations say.
    func asker(_ actor: Actor, at now: WallTime, _ database: Database) throws -> Asker {
        if actor.origin == .gateway { return Asker(name: actor.name, authority: .owner) }
        switch try accounts.standing(of: actor.name, database) {
        case .noAccounts: return Asker(name: actor.name, authority: .owner)
        case .unknown: throw RegistryError.noAccount(actor.name)
        case .active(let roles):
            return Asker(name: actor.name, authority: .staff(roles, standingInFor: try delegations(to: actor.name, at: now, database)))
        }
    }

    /// Refuses whoever has none of these roles, in a sentence that begins with what was asked for.
    func demand(_ roles: RoleSet, of actor: Actor, to what: String, at now: WallTime, _ database: Database) throws {
        guard try asker(actor, at: now, database).right(among: roles, at: now) != nil else {
            throw RegistryError.lacksRole(actor.name, what: what, needs: roles)
        }
    }

    private func delegations(to name: String, at now: WallTime, _ database: Database) throws -> [Delegation] {
        let sql = "SELECT * FROM delegation WHERE stand_in = ?1 AND ended IS NULL AND since <= ?2 AND ?2 < until ORDER BY number"
        return try Row.fetchAll(database, sql: sql, arguments: [name, now.nanoseconds]).compactMap { row in
            // Who is away lends its own roles only while it has an account.
            guard case .active(let roles) = try accounts.standing(of: row["away"], database) else { return nil }
            return Delegation(
                away: row["away"], roles: roles, from: WallTime(nanoseconds: row["since"]), until: WallTime(nanoseconds: row["until"]))
        }
    }
}
