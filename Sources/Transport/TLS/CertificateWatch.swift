package import Registry

/// Looks whether files of TLS were replaced, and builds their context anew: the old one stays where the new files are not whole.
package struct CertificateWatch {
    /// Whose context the files make.
    package enum Side: Sendable {
        /// Clients come to it.
        case listener
        /// It goes to core stores.
        case coreStores
    }

    /// Something in the files that ends.
    package struct Ending: Sendable {
        /// Its file.
        package let path: String
        /// A revocation list rather than a certificate.
        package let isRevocationList: Bool
        /// Seconds; below 0 where it has ended.
        package let secondsLeft: Int
        /// Whole days; −1 where it has ended.
        package var daysLeft: Int { secondsLeft < 0 ? -1 : secondsLeft / 86_400 }

        init(_ path: String, isRevocationList: Bool = false, secondsLeft: Int) {
            self.path = path
            self.isRevocationList = isRevocationList
            self.secondsLeft = secondsLeft
        }

        /// The days left at which it is told: those who renew lists do so every day or week.
        fileprivate var thresholds: [Int] { isRevocationList ? [-1, 0] : [-1, 1, 7, 30] }
    }

    private let files: TLSFiles
    private let side: Side
    /// Gives the bytes of a file that says which clients are trusted.
    private let read: @Sendable (_ path: String) throws -> [UInt8]
    /// What the context in force was built of, or what was refused last.
    private var adopted: [FileReading.Mark?] = []
    /// Why they were refused, as it was last told; nil where they are in force.
    private var refusal: String?
    /// Looks still to let pass before they are tried again.
    private var pause = 0
    /// What was there at the last look: files are replaced one after the other, so only what did not change since then is read.
    private var seen: [FileReading.Mark?] = []
    private var clientFiles: [[UInt8]] = []
    private var tickets: TicketKeys
    private var pairs: [CertificatePair] = []
    private var revocations: RevocationLists?
    /// The days left when an end was last warned of, by file.
    private var warned: [String: Int] = [:]

    /// Watches these files; `first` has to be taken next.
    package init(
        _ files: TLSFiles, _ side: Side = .listener, at now: MonotonicTime,
        read: @escaping @Sendable (_ path: String) throws -> [UInt8] = {
            try FileReading.read($0, limitBytes: TransportLimits.clientFileBytes)
        }
    ) {
        self.files = files
        self.side = side
        self.read = read
        tickets = TicketKeys(at: now)
    }

    /// The first context. A start may fall between the replacing of a certificate and of its key: where a file is younger than that takes, all
    /// are read again; whoever calls can say what time it is, and what to do meanwhile.
    package mutating func first(
        by clock: () -> WallTime = { SystemClock.now().wall },
        meanwhile wait: () throws -> Void = { Threads.pause(milliseconds: TransportLimits.replacementMilliseconds / 10) }
    ) throws -> TLSContext {
        for _ in 0..<10 {
            seen = files.all.map(FileReading.mark)
            do {
                return try build(at: nil)
            } catch {
                let now = clock().seconds
                let ages = seen.compactMap { $0 }.map { now - Int64($0.changedSeconds) }
                guard let youngest = ages.min(), youngest * 1_000 <= TransportLimits.replacementMilliseconds else { throw error }
            }
            try wait()
        }
        return try build(at: nil)
    }

    /// The context of files that were replaced and have rested since the last look, or nil. Files that were refused are tried again a little
    /// later, for it may be the system that lacked a descriptor or memory, and one of them may be what revokes a certificate: throws where
    /// there is another reason than the last time.
    package mutating func look(at now: MonotonicTime) throws -> TLSContext? {
        let found = files.all.map(FileReading.mark)
        defer { seen = found }
        guard found == seen else { return nil }
        if found != adopted { (refusal, pause) = (nil, 0) } else if refusal == nil { return nil }
        guard pause == 0 else {
            pause -= 1
            return nil
        }
        let told = refusal
        do {
            let context = try build(at: now)
            refusal = nil
            return context
        } catch {
            pause = TransportLimits.looksBetweenTries
            refusal = "\(error)"
            guard refusal != told else { return nil }
            throw error
        }
    }

    private mutating func build(at now: MonotonicTime?) throws -> TLSContext {
        adopted = files.all.map(FileReading.mark)
        let clientFiles = try files.clientFiles.map(read)
        var tickets = tickets
        if let now, clientFiles != self.clientFiles { tickets = TicketKeys(at: now) }
        let pairs = try files.pairs.map(CertificatePair.init)
        let revocations = try files.clientRevocations.map(RevocationLists.init)
        let context =
            switch side {
            case .listener: try TLSContext.server(files, pairs: pairs, revocations: revocations, tickets: tickets)
            case .coreStores: try TLSContext.client(authorities: files.authorities, own: pairs.first)
            }
        (self.clientFiles, self.tickets, self.pairs, self.revocations) = (clientFiles, tickets, pairs, revocations)
        warned = [:]
        return context
    }

    /// All that ends at some time.
    package var standing: [Ending] {
        let lists = revocations.map { [Ending($0.path, isRevocationList: true, secondsLeft: $0.secondsLeft)] } ?? []
        return pairs.map { Ending($0.path, secondsLeft: $0.secondsLeft) } + lists
    }

    /// What ends soon, each told once: a certificate 30, 7 and 1 days before, a revocation list within the last day, and both when they have ended.
    package mutating func endings() -> [Ending] {
        standing.filter { ending in
            guard let threshold = ending.thresholds.first(where: { ending.daysLeft <= $0 }), threshold < warned[ending.path] ?? .max else {
                return false
            }
            warned[ending.path] = threshold
            return true
        }
    }
}
