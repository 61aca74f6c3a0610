import Registry

extension RegistrySchema {
    private static var roles: String { Role.allCases.map { "'\($0.name)'" }.joined(separator: ", ") }

    /// People of the team: who they are, what proves it, and where they are signed in. Of passwords, links and sessions only hashes are kept.
    static var accounts: String {
        """
        CREATE TABLE account (
            name TEXT NOT NULL PRIMARY KEY CHECK (length(name) BETWEEN 3 AND 40 AND name NOT GLOB '*[^a-z0-9.-]*'),
            display_name TEXT NOT NULL CHECK (length(display_name) > 0),
            state TEXT NOT NULL CHECK (state IN ('invited', 'active', 'disabled')),
            language TEXT NOT NULL CHECK (language IN ('en', 'hi')),
            password TEXT CHECK (password GLOB 'scrypt$*'), secret BLOB, code_step INTEGER NOT NULL DEFAULT 0,
            created INTEGER NOT NULL, created_by TEXT NOT NULL CHECK (length(created_by) > 0), last_sign_in INTEGER,
            CHECK ((password IS NULL) = (secret IS NULL)),
            CHECK (state <> 'active' OR password IS NOT NULL),
            CHECK (state <> 'invited' OR password IS NULL)
        ) STRICT, WITHOUT ROWID;
        CREATE TRIGGER account_is_never_deleted BEFORE DELETE ON account
            BEGIN SELECT RAISE(ABORT, 'accounts are disabled, never deleted: the history names them'); END;
        CREATE TRIGGER account_keeps_its_name BEFORE UPDATE OF name, created, created_by ON account
            BEGIN SELECT RAISE(ABORT, 'an account keeps its name'); END;
        CREATE TRIGGER account_code_counts_on BEFORE UPDATE OF code_step ON account
            WHEN new.code_step < old.code_step AND new.secret IS old.secret
            BEGIN SELECT RAISE(ABORT, 'a code is used once'); END;
        CREATE TABLE account_role (
            account TEXT NOT NULL REFERENCES account (name), role TEXT NOT NULL CHECK (role IN (\(roles))), PRIMARY KEY (account, role)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE account_address (
            account TEXT NOT NULL REFERENCES account (name), address TEXT NOT NULL, seen INTEGER NOT NULL, PRIMARY KEY (account, address)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE account_link (
            digest BLOB NOT NULL PRIMARY KEY CHECK (length(digest) = 32),
            account TEXT NOT NULL UNIQUE REFERENCES account (name),
            created INTEGER NOT NULL, expires INTEGER NOT NULL CHECK (expires > created),
            password TEXT CHECK (password GLOB 'scrypt$*'), secret BLOB,
            CHECK ((password IS NULL) = (secret IS NULL))
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE session (
            digest BLOB NOT NULL PRIMARY KEY CHECK (length(digest) = 32),
            account TEXT NOT NULL REFERENCES account (name),
            stage TEXT NOT NULL CHECK (stage IN ('password', 'full')),
            created INTEGER NOT NULL, authenticated INTEGER NOT NULL, seen INTEGER NOT NULL,
            address TEXT NOT NULL, agent TEXT NOT NULL, wrong INTEGER NOT NULL DEFAULT 0
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX session_of_account ON session (account);
        CREATE TRIGGER session_needs_an_active_account BEFORE INSERT ON session
            WHEN (SELECT state FROM account WHERE name = new.account) IS NOT 'active'
            BEGIN SELECT RAISE(ABORT, 'only an active account has sessions'); END;
        CREATE TRIGGER session_ends_with_its_account AFTER UPDATE OF state ON account WHEN new.state <> 'active'
            BEGIN DELETE FROM session WHERE account = new.name; END;
        """
    }
}
