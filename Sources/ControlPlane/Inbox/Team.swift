import GRDB
package import Registry

extension RegistryStore {
    /// Whether somebody may add evidence, write notes, say who has an application, and see to keys.
    package func mayDoPaperwork(_ actor: Actor, at now: WallTime) throws(RegistryError) -> Bool {
        try read { database in
            let rules = try RegistryStore.lifecycleRules(database)
            return try self.asker(Person.actor(actor), at: now, database).right(among: rules.paperwork, at: now) != nil
        }
    }

    /// Who may be given an application: whoever has an account that works and may do its paperwork, by name.
    package func assignees() throws(RegistryError) -> [Account] {
        let rules = try lifecycleRules()
        return try allAccounts().filter { account in
            account.state == .active && !rules.paperwork.isDisjoint(with: RoleSet(Array(account.roles)))
        }
    }
}
