package import Registry

/// Looks whether a listener's files were replaced, and builds its context anew: the old one stays where the new files are not whole.
package struct CertificateWatch {
    private let files: TLSFiles
    /// What the context in force was built of, or what was refused last.
    private var adopted: [FileReading.Mark?] = []
    /// What was there at the last look: files are replaced one after the other, so only what did not change since then is read.
    private var seen: [FileReading.Mark?] = []
    private var clientFiles: [[UInt8]] = []
    private var tickets: TicketKeys
    private var pairs: [CertificatePair] = []
    /// For each pair the days left when its end was last warned of.
    private var warned: [Int]

    /// Watches these files; `first` has to be taken next.
    package init(_ files: TLSFiles, at now: MonotonicTime) {
        self.files = files
        tickets = TicketKeys(at: now)
        warned = files.pairs.map { _ in .max }
    }

    /// The first context.
    package mutating func first() throws -> TLSContext {
        seen = files.all.map(FileReading.mark)
        return try build(at: nil)
    }

    /// The context of files that were replaced and have rested since the last look, or nil.
    package mutating func look(at now: MonotonicTime) throws -> TLSContext? {
        let found = files.all.map(FileReading.mark)
        defer { seen = found }
        guard found != adopted, found == seen else { return nil }
        return try build(at: now)
    }

    private mutating func build(at now: MonotonicTime?) throws -> TLSContext {
        adopted = files.all.map(FileReading.mark)
        let clientFiles = try files.clientFiles.map { try FileReading.read($0, limitBytes: TransportLimits.clientFileBytes) }
        var tickets = tickets
        if let now, clientFiles != self.clientFiles { tickets = TicketKeys(at: now) }
        let pairs = try files.pairs.map(CertificatePair.init)
        let context = try TLSContext.server(files, pairs: pairs, tickets: tickets)
        (self.clientFiles, self.tickets, self.pairs) = (clientFiles, tickets, pairs)
        warned = pairs.map { _ in .max }
        return context
    }

    /// Certificates that end soon, each told once at 30, 7 and 1 days before, and when it has ended.
    package mutating func endings() -> [(path: String, daysLeft: Int)] {
        var endings: [(path: String, daysLeft: Int)] = []
        for (index, pair) in pairs.enumerated() {
            let left = pair.secondsLeft < 0 ? -1 : pair.secondsLeft / 86_400
            guard let threshold = [-1, 1, 7, 30].first(where: { left <= $0 }), threshold < warned[index] else { continue }
            warned[index] = threshold
            endings.append((pair.path, left))
        }
        return endings
    }
}
