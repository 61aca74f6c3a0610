import Admission
import Exchange
import Registry
import Synchronization
import Transport

// Where the core stores are: read from the settings, looked up at the start and again as long as there are names.
extension DataPlane {
    /// How long a start waits for names; what resolves later is served from then on.
    private static let firstLookMilliseconds = 1_000

    /// The core stores' addresses, as far as they are known by now.
    func coreStores() throws -> StoreDirectory {
        let lists = try [Flag.sandboxStore, .productionStore].map { try StoreList(settings.text($0)) }
        let stores = StoreDirectory(lists, reporter: { Log.report($0) })
        stores.adoptNumbers(at: SystemClock.now().monotonic)
        if stores.hasNames { try startLooking(stores) }
        return stores
    }

    /// On a thread of its own: a resolver that does not answer holds up nobody else.
    private func startLooking(_ stores: StoreDirectory) throws {
        let pause = settings.number(.resolveMilliseconds)
        let looked = Looked()
        _ = try Threads.start {
            while true {
                stores.resolve(at: SystemClock.now().monotonic)
                looked.once.store(true, ordering: .relaxed)
                Threads.pause(milliseconds: pause)
            }
        }
        for _ in 0..<DataPlane.firstLookMilliseconds / 5 where !looked.once.load(ordering: .relaxed) { Threads.pause(milliseconds: 5) }
    }

    private final class Looked: Sendable {
        let once = Atomic<Bool>(false)
    }

    /// What `Host` says to each, by `Environment.rawValue`.
    func authorities(of stores: StoreDirectory) -> [String] {
        zip([Flag.sandboxAuthority, .productionAuthority], stores.lists).map { settings.isSet($0) ? settings.text($0) : $1.authority }
    }

    /// How endpoints are checked; nil where they are not.
    func checks() throws -> CheckSetting? {
        let (milliseconds, path) = (settings.number(.healthCheckMilliseconds), settings.text(.healthCheckPath))
        guard path.hasPrefix("/"), path.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw Settings.Fault(description: "--health-check-path is '\(path)', expected a path such as /livez")
        }
        return milliseconds > 0 ? CheckSetting(milliseconds: Int64(milliseconds), path: path) : nil
    }
}
