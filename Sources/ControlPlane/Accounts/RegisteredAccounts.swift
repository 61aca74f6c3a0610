import GRDB
import Registry

/// The accounts of the registry itself: as soon as one can sign in, whoever decides must be one of them.
struct RegisteredAccounts: RolesOf {
    func standing(of name: String, _ database: Database) throws -> AccountStanding {
        guard try RegistryStore.hasActiveAccount(database) else { return .noAccounts }
        guard let account = try RegistryStore.account(name, database), account.state == .active else { return .unknown }
        return .active(RoleSet(Array(account.roles)))
    }
}
