/// Everything a core store is started with; the command line fills it in.
package struct CoreStoreSettings: Sendable {
    /// Holds both databases and the signing key; made with mode 0700 when absent.
    package var stateDirectory: String
    /// Holds geography.csv, vaccines.csv, identity-documents.csv and genders.csv: what another country changes.
    package var countryDirectory: String
    /// Address to listen on; the gateway is the only caller, so never a public one.
    package var host: String
    /// Port to listen on; 0 lets the system choose, as tests do.
    package var port: Int
    /// Centres seeded into an empty database, 1 to 20,000; ids leave room for 999 in a district.
    package var centreCount: Int
    /// The one number the seeded data springs from.
    package var seed: UInt64
    /// Where the store's calendar days begin, in seconds east of Greenwich (+05:30 for India).
    package var utcOffsetSeconds: Int

    /// Settings; all but the two directories have defaults.
    package init(
        stateDirectory: String, countryDirectory: String, host: String = "127.0.0.1", port: Int = 8082, centreCount: Int = 5_000,
        seed: UInt64 = 20_210_116, utcOffsetSeconds: Int = 19_800
    ) {
        self.stateDirectory = stateDirectory
        self.countryDirectory = countryDirectory
        self.host = host
        self.port = port
        self.centreCount = centreCount
        self.seed = seed
        self.utcOffsetSeconds = utcOffsetSeconds
    }
}

/// The two stores one process serves, chosen by the gateway's `X-Environment` on every call.
package enum StoreEnvironment: String, Sendable, CaseIterable {
    case production, sandbox

    /// The database of this environment inside a state directory.
    package func databasePath(in stateDirectory: String) -> String { "\(stateDirectory)/core-store-\(rawValue).sqlite" }
}
