import Admission
import Decisions
import Exchange
import Registry
import Transport

/// The data plane's process: one thread a loop, one that watches the snapshot, and the main one, which waits for what ends it.
struct DataPlane {
    let settings: Settings
    private let drain = Drain()

    /// Between two looks at the snapshot file where the system tells nothing: a change acts well within a second.
    private static let watchMilliseconds = 50
    /// Between two times written down with the levels, for a reboot to reckon from.
    private static let stampNanoseconds: Int64 = 1_000_000_000
    /// How long a start waits for the first snapshot.
    private static let firstSnapshotMilliseconds = 10_000

    /// Nothing to judge by.
    private struct MissingSnapshot: Error, CustomStringConvertible {
        let path: String
        /// What is wrong with the file that is there.
        let fault: String?

        var description: String {
            if let fault { return "the snapshot at \(path) cannot be used: \(fault); is the control plane running?" }
            return "there is no snapshot at \(path): is the control plane running?"
        }
    }

    init(_ settings: Settings) { self.settings = settings }

    /// Serves until asked to end; throws what keeps it from starting.
    func run() throws {
        ProcessMemory.giveBackLargeBlocks()
        let signals = try Signals()
        let notice = ServiceNotice()
        let ownPath = try SuccessorProcess.ownPath()
        let clients = try ClientSettings(settings)
        clients.prepareDescriptors(loops: settings.number(.loops))
        let (stores, checks) = (try coreStores(), try checks())
        let started = SystemClock.now().monotonic
        let storeTLS = try WatchedTLS(try TLSEntrance.storeFiles(settings), .coreStores, at: started)
        let tls = try TLSEntrance.files(settings).map { try WatchedTLS($0, .listener, at: started) }
        var entrance = try Entrance(
            to: try Place.all(settings), handover: settings.text(.handover), loops: settings.number(.loops))
        try Place.check(entrance.listeners, settings)
        let levels = try LevelFile(settings.text(.levels), at: SystemClock.now(), boot: SystemClock.bootIdentifier())
        let facts = FactTable()
        let log = try decisionLog(facts, stores)
        var watch = SnapshotWatch(path: settings.text(.snapshot), levels: levels, facts: facts)
        guard let rules = try firstRules(&watch, signals) else { return Log.note("info", "ended before there was a snapshot") }
        let published = PublishedRules(rules)
        let pulses = (0..<settings.number(.loops)).map { _ in Pulse() }
        let loops = try startLoops(
            entrance, clients, stores, checks, levels, published, pulses, security: (tls?.published, storeTLS.published), log)
        try log?.start()
        try startWatching(watch, published, levels, [storeTLS] + (tls.map { [$0] } ?? []), clients.connections, log)

        let metrics = Metrics(
            log: log, stores: stores, connections: clients.connections, pulses: pulses, rules: published,
            security: [("core-stores", storeTLS.published)] + (tls.map { [("clients", $0.published)] } ?? []),
            started: SystemClock.now().wall)
        tell(metrics)
        try writePid(entrance)
        let bequest = takePlace(of: entrance)
        tellReady(entrance, notice)
        var lifetime = Lifetime(
            signals: signals, notice: notice, bequest: bequest, listeners: entrance.listeners, pulses: pulses,
            successorProgram: isSupervised ? nil : (ownPath, settings.arguments))
        let ending = lifetime.wait()
        if ending == .asked { end(notice) }
        Log.note("info", "draining", [("why", ending == .asked ? "asked to end" : "a successor serves")])
        entrance.close()
        drain.ask()
        loops.forEach(Threads.join)
        log?.finish()
        Log.note("info", "ended", [("requests reset", String(drain.brokenRequests))])
    }

    private var isSupervised: Bool { settings.number(.parent) != 0 }

    private func startLoops(
        _ entrance: Entrance, _ clients: ClientSettings, _ stores: StoreDirectory, _ checks: CheckSetting?, _ levels: LevelFile,
        _ published: PublishedRules, _ pulses: [Pulse], security: (clients: PublishedTLS?, stores: PublishedTLS),
        _ log: DecisionLog?
    ) throws -> [Threads.Handle] {
        let (anonymous, failures) = (levels.anonymous, levels.failures)
        let subjects = log.map { _ in SubjectSecret(SystemClock.seed()) }
        return try pulses.enumerated().map { index, pulse in
            let exchange = Exchange.Setting(
                authorities: authorities(of: stores), digest: { KeyDigest.digest($0) }, anonymous: anonymous, failures: failures,
                endpoints: stores.table, checks: index == 0 ? checks : nil, hstsSeconds: settings.number(.hstsSeconds),
                trust: clients.trust, connections: clients.connections, subjects: subjects)
            let setting = Loop.Setting(
                listeners: try entrance.listeners.share(ofLoop: index, among: pulses.count), stores: stores, exchange: exchange,
                drainMilliseconds: Int64(settings.number(.drainMilliseconds)), pulse: pulse, security: security.clients,
                storeSecurity: security.stores, requiresProxyHeader: clients.requiresProxyHeader, decisions: log?.rings[index],
                desk: log?.desk,
                handshakeReporter: { Log.note("info", "no TLS with a client", [("client", $0), ("why", $1)]) })
            return try Loop.start(setting, rules: published, drain: drain, reporter: { Log.report($0, stores) })
        }
    }

    /// A data plane that cannot tell its numbers serves all the same.
    private func tell(_ metrics: Metrics) {
        guard settings.isSet(.metrics) else { return }
        do {
            try metrics.serve(at: settings.text(.metrics))
        } catch {
            Log.note("error", "nobody can ask for metrics", [("why", "\(error)")])
        }
    }

    private func decisionLog(_ facts: FactTable, _ stores: StoreDirectory) throws -> DecisionLog? {
        guard settings.isSet(.decisions) else { return nil }
        let setting = DecisionLog.Setting(
            path: settings.text(.decisions), keptBytes: settings.number(.decisionBytes), keptDays: settings.number(.decisionDays))
        return try DecisionLog(
            setting, loops: settings.number(.loops), facts: facts, spelling: { stores.spelling(of: $0) }, reporter: { Log.report($0) })
    }

    /// Whether all settings, and the files that they name, are in order; throws the sentence where they are not. Nothing is bound or looked up.
    func check() throws {
        _ = try ClientSettings(settings)
        _ = try Place.all(settings)
        _ = try checks()
        for store in [Flag.sandboxStore, .productionStore] where settings.isSet(store) { _ = try StoreList(settings.text(store)) }
        let sides: [(TLSFiles?, CertificateWatch.Side)] = [
            (try TLSEntrance.storeFiles(settings), .coreStores), (try TLSEntrance.files(settings), .listener),
        ]
        for case (let files?, let side) in sides {
            var watch = CertificateWatch(files, side, at: SystemClock.now().monotonic)
            _ = try watch.first()
            if let ending = watch.endings().first(where: { $0.daysLeft < 0 }) {
                let sort = ending.isRevocationList ? "revocation list" : "certificate"
                throw Settings.Fault(description: "the \(sort) \(ending.path) has expired")
            }
        }
    }

    /// From here on this process is the one that serves, and the one a successor asks.
    private func takePlace(of entrance: Entrance) -> Bequest? {
        if entrance.isInherited {
            let isAlive = entrance.takeOver()
            Log.note(
                "info", isAlive ? "took over the sockets of the data plane before" : "the data plane before is gone; its sockets are here")
        }
        let path = settings.text(.handover)
        guard !path.isEmpty else { return nil }
        do {
            return try Bequest(at: path)
        } catch {
            Log.note("error", "no successor can take over from this process", [("why", "\(error)")])
            return nil
        }
    }

    /// Whoever waits for the file would end a successor that cannot write it: such a one gives up while the one before still serves.
    private func writePid(_ entrance: Entrance) throws {
        let pidFile = settings.text(.pidFile)
        do {
            if !pidFile.isEmpty { try FileReading.replace(pidFile, with: "\(Threads.process)\n") }
        } catch {
            guard !entrance.isInherited else { throw error }
            Log.note("error", "the pid file cannot be written", [("why", "\(error)")])
        }
    }

    private func tellReady(_ entrance: Entrance, _ notice: ServiceNotice) {
        notice.ready(status: "serving on \(entrance.listeners.addresses)", asMainProcess: entrance.isInherited && !isSupervised)
        Log.note("info", "serving", [("listen", entrance.listeners.addresses), ("loops", settings.text(.loops))])
    }

    /// Nobody takes over from this process any more.
    private func end(_ notice: ServiceNotice) {
        if !isSupervised { notice.stopping(status: "draining") }
        if !settings.text(.handover).isEmpty { FileReading.remove(settings.text(.handover)) }
    }

    /// The rules of the first snapshot; nil where a signal ended the waiting. A file that is not whole is waited for like one that is missing:
    /// a successor may start in the moment of a bad one.
    private func firstRules(_ watch: inout SnapshotWatch, _ signals: Signals) throws -> Ruleset? {
        var fault: (any Error)?
        for _ in 0..<(DataPlane.firstSnapshotMilliseconds / DataPlane.watchMilliseconds) {
            do {
                if let rules = try watch.look() { return rules }
            } catch {
                fault = error
            }
            if case .end = signals.wait(milliseconds: Int32(DataPlane.watchMilliseconds)) { return nil }
        }
        throw MissingSnapshot(path: settings.text(.snapshot), fault: fault.map { "\($0)" })
    }

    /// Publishes new snapshots, stamps the levels, and notices when whoever started this is gone.
    private func startWatching(
        _ first: SnapshotWatch, _ published: PublishedRules, _ levels: LevelFile, _ firstTLS: [WatchedTLS], _ connections: ConnectionCounts,
        _ log: DecisionLog?
    ) throws {
        let (parent, path) = (Int32(settings.number(.parent)), settings.text(.snapshot))
        _ = try Threads.start {
            var (watch, tls) = (first, firstTLS)
            let news = FileNews(folderOf: path)
            var stamped = SystemClock.now().monotonic.nanoseconds
            var refused = 0
            while true {
                DataPlane.adoptNews(&watch, published, log)
                let now = SystemClock.now()
                if now.monotonic.nanoseconds - stamped >= DataPlane.stampNanoseconds {
                    levels.stamp(now)
                    Log.tellLeftOut(at: now.monotonic)
                    ClientSettings.tell(of: connections, since: &refused)
                    stamped = now.monotonic.nanoseconds
                    for side in tls.indices { tls[side].look(at: now.monotonic) }
                }
                if parent != 0, Threads.parent != parent { return Threads.askToEnd() }
                news.wait(milliseconds: Int32(DataPlane.watchMilliseconds))
            }
        }
    }

    private static func adoptNews(_ watch: inout SnapshotWatch, _ published: PublishedRules, _ log: DecisionLog?) {
        do {
            guard let rules = try watch.look() else { return }
            let before = published.current
            let (old, new) = (before.snapshot.revision, rules.snapshot.revision)
            guard new >= old else {
                return Log.note("warning", "an older snapshot is not adopted", [("revision", "\(new)"), ("in force", "\(old)")])
            }
            published.publish(rules)
            log?.adopted(rules, after: before, at: SystemClock.now().wall)
            Log.note("info", "snapshot adopted", [("revision", "\(new)"), ("policy", rules.snapshot.policy.version)])
        } catch {
            Log.note("error", "the new snapshot is not adopted; the last good one stays", [("why", "\(error)")])
        }
    }
}
