import Admission
import Exchange
import Registry
import Transport

/// The data plane's process: one thread a loop, one that watches the snapshot, and the main one, which waits for the signal to end.
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
        var description: String { "there is no snapshot at \(path): is the control plane running?" }
    }

    init(_ settings: Settings) { self.settings = settings }

    /// Serves until asked to end; throws what keeps it from starting.
    func run() throws {
        Threads.holdSignals()
        let (stores, checks) = (try coreStores(), try checks())
        let storeTLS = PublishedTLS(try TLSEntrance.stores(settings))
        let tls = try TLSEntrance(settings, at: SystemClock.now().monotonic)
        var listeners = try openListeners()
        let levels = try LevelFile(settings.text(.levels), at: SystemClock.now(), boot: SystemClock.bootIdentifier())
        var watch = SnapshotWatch(path: settings.text(.snapshot), levels: levels)
        let published = PublishedRules(try firstRules(&watch))

        var generator = SystemRandomNumberGenerator()
        let anonymous = AddressLevels(seed: generator.next())
        let failures = AddressLevels(entries: AdmissionLimits.failureBuckets, seed: generator.next())
        var loops: [Threads.Handle] = []
        for index in 0..<settings.number(.loops) {
            let exchange = Exchange.Setting(
                authorities: authorities(of: stores), digest: { KeyDigest.digest($0) }, anonymous: anonymous, failures: failures,
                endpoints: stores.table, checks: index == 0 ? checks : nil, hstsSeconds: settings.number(.hstsSeconds))
            let setting = Loop.Setting(
                listeners: try listeners.share(ofLoop: index, among: settings.number(.loops)), stores: stores, exchange: exchange,
                drainMilliseconds: Int64(settings.number(.drainMilliseconds)), security: tls?.published, storeSecurity: storeTLS)
            loops.append(try Loop.start(setting, rules: published, drain: drain, reporter: { Log.report($0, stores) }))
        }
        Log.note("info", "serving", [("listen", listeners.addresses), ("loops", settings.text(.loops))])
        try startWatching(watch, published, levels, tls)
        listeners.close()

        Threads.waitForEnd()
        Log.note("info", "draining")
        drain.ask()
        loops.forEach(Threads.join)
        Log.note("info", "ended")
    }

    /// Everything the settings say to listen on.
    private func openListeners() throws -> Listeners {
        var listeners = Listeners()
        for place in try Place.all(settings) {
            listeners.add(try Listeners.open(place.address, kind: place.kind, loops: settings.number(.loops)))
        }
        return listeners
    }

    /// Whether what listens, and its files, are in order; throws the sentence where they are not.
    func check() throws {
        _ = try Place.all(settings)
        _ = try TLSEntrance.stores(settings)
        guard let files = try TLSEntrance.files(settings) else { return }
        var watch = CertificateWatch(files, at: SystemClock.now().monotonic)
        _ = try watch.first()
        if let (path, _) = watch.endings().first(where: { $0.daysLeft < 0 }) {
            throw Settings.Fault(description: "the certificate \(path) has expired")
        }
    }

    private func firstRules(_ watch: inout SnapshotWatch) throws -> Ruleset {
        for _ in 0..<(DataPlane.firstSnapshotMilliseconds / DataPlane.watchMilliseconds) {
            if let rules = try watch.look() { return rules }
            Threads.pause(milliseconds: DataPlane.watchMilliseconds)
        }
        throw MissingSnapshot(path: settings.text(.snapshot))
    }

    /// Publishes new snapshots, stamps the levels, and notices when whoever started this is gone.
    private func startWatching(_ first: SnapshotWatch, _ published: PublishedRules, _ levels: LevelFile, _ firstTLS: TLSEntrance?) throws {
        let (parent, path) = (Int32(settings.number(.parent)), settings.text(.snapshot))
        _ = try Threads.start {
            var (watch, tls) = (first, firstTLS)
            let news = FileNews(folderOf: path)
            var stamped = SystemClock.now().monotonic.nanoseconds
            while true {
                DataPlane.adoptNews(&watch, published)
                let now = SystemClock.now()
                if now.monotonic.nanoseconds - stamped >= DataPlane.stampNanoseconds {
                    levels.stamp(now)
                    stamped = now.monotonic.nanoseconds
                    tls?.look(at: now.monotonic)
                }
                if parent != 0, Threads.parent != parent { return Threads.askToEnd() }
                news.wait(milliseconds: Int32(DataPlane.watchMilliseconds))
            }
        }
    }

    private static func adoptNews(_ watch: inout SnapshotWatch, _ published: PublishedRules) {
        do {
            guard let rules = try watch.look() else { return }
            let (old, new) = (published.current.snapshot.revision, rules.snapshot.revision)
            guard new >= old else {
                return Log.note("warning", "an older snapshot is not adopted", [("revision", "\(new)"), ("in force", "\(old)")])
            }
            published.publish(rules)
            Log.note("info", "snapshot adopted", [("revision", "\(new)"), ("policy", rules.snapshot.policy.version)])
        } catch {
            Log.note("error", "the new snapshot is not adopted; the last good one stays", [("why", "\(error)")])
        }
    }
}
