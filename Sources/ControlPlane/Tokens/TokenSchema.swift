extension RegistrySchema {
    /// Personal access tokens: of each only the SHA-256. They end, and never begin again.
    static let accessTokens = """
        CREATE TABLE access_token (
            id TEXT NOT NULL PRIMARY KEY, digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
            account TEXT NOT NULL REFERENCES account (name), name TEXT NOT NULL CHECK (length(name) > 0),
            scopes INTEGER NOT NULL CHECK (scopes BETWEEN 1 AND 63),
            created INTEGER NOT NULL, created_by TEXT NOT NULL CHECK (length(created_by) > 0),
            expires INTEGER NOT NULL CHECK (expires > created AND expires <= created + 31536000000000000), used INTEGER,
            revoked INTEGER, revoked_by TEXT, revoked_reason TEXT,
            CHECK ((revoked IS NULL) = (revoked_by IS NULL) AND (revoked IS NULL) = (revoked_reason IS NULL))
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX access_token_of_account ON access_token (account, created);
        CREATE TRIGGER access_token_needs_an_active_account BEFORE INSERT ON access_token
            WHEN (SELECT state FROM account WHERE name = new.account) IS NOT 'active'
            BEGIN SELECT RAISE(ABORT, 'only an active account has tokens'); END;
        CREATE TRIGGER access_token_is_revoked_once BEFORE UPDATE OF revoked, revoked_by, revoked_reason ON access_token
            WHEN old.revoked IS NOT NULL BEGIN SELECT RAISE(ABORT, 'a token is revoked once'); END;
        CREATE TRIGGER access_token_is_never_changed
            BEFORE UPDATE OF id, digest, account, name, scopes, created, created_by, expires ON access_token
            BEGIN SELECT RAISE(ABORT, 'a token is never changed'); END;
        CREATE TRIGGER access_token_is_never_deleted BEFORE DELETE ON access_token
            BEGIN SELECT RAISE(ABORT, 'tokens are revoked, never deleted: the history names them'); END;
        """
}
