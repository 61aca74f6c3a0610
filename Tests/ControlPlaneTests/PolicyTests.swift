import ControlPlane
import Foundation
import Registry
import Testing

@Suite struct PolicyTests {
    private let scratch: Scratch
    private let now = Scratch.now
    private var state: String { scratch.path + "/state" }
    private var policies: String { scratch.path + "/policies" }

    init() throws {
        scratch = try Scratch()
        for name in ["plans.yaml", "routes.yaml"] {
            try scratch.write(try String(contentsOfFile: repository + "/policies/" + name, encoding: .utf8), to: "policies/" + name)
        }
    }

    private func edit(_ name: String, _ old: String, _ new: String) throws {
        let text = try String(contentsOfFile: policies + "/" + name, encoding: .utf8)
        try #require(text.contains(old))
        try scratch.write(text.replacing(old, with: new), to: "policies/" + name)
    }

    private func start(keepingPolicy: Bool = false) throws -> StartReport {
        try FirstStart.run(
            stateDirectory: state, partnersDirectory: repository + "/partners", policiesDirectory: policies, keepingPolicy: keepingPolicy,
            at: now)
    }

    @Test func `the version tells content, not spelling`() throws {
        let version = try loadPolicy(from: policies).version
        try edit("plans.yaml", "anonymous: anonymous\n", "\n# another comment\nanonymous:   \"anonymous\"\n")
        try edit("plans.yaml", "per: 300 s", "per: 5 min")
        #expect(try loadPolicy(from: policies).version == version)
        try edit("routes.yaml", "cost: 3", "cost: 4")
        #expect(try loadPolicy(from: policies).version != version)
    }

    @Test func `the accepted policy comes back from the registry as it was`() throws {
        let policy = try loadPolicy(from: policies)
        let registry = try RegistryStore(stateDirectory: state)
        #expect(throws: RegistryError.self) { _ = try registry.policyInForce() }
        #expect(try registry.acceptPolicy(policy, by: "asha", at: now))
        #expect(try registry.policyInForce() == policy)
        #expect(try registry.acceptPolicy(policy, by: "asha", at: now) == false)
        #expect(try registry.policies().map(\.version) == [policy.version])
    }

    @Test func `quotas, bounds and the day's offset are part of the policy and of its version`() throws {
        let version = try loadPolicy(from: policies).version
        try edit("plans.yaml", "day-offset: \"+05:30\"", "")
        #expect(try loadPolicy(from: policies).version == version, "India's is meant where nothing is said")
        try edit("plans.yaml", "anonymous: anonymous\n", "anonymous: anonymous\nday-offset: -03:30\n")
        try edit("plans.yaml", "day: 10000, concurrency: 10", "day: 9000, concurrency: 7")
        let policy = try loadPolicy(from: policies)
        #expect(policy.version != version && policy.dayOffsetMinutes == -210)
        let search = try #require(policy.plan(id("starter-app"))?[.search])
        #expect(search.dayTokens == 9_000 && search.concurrency == 7)
        let registry = try RegistryStore(stateDirectory: state)
        #expect(try registry.acceptPolicy(policy, by: "asha", at: now))
        #expect(try registry.policyInForce() == policy)
        #expect(try registry.snapshot().policy == policy)
    }

    @Test func `policies are taken whole or not at all`() throws {
        let report = try start()
        let version = try report.registry.policyInForce().version
        let snapshot = FileManager.default.contents(atPath: state + "/snapshot")
        // A good change of the plans beside a fault in the routes.
        try edit("plans.yaml", "tokens: 1500", "tokens: 1600")
        try edit("routes.yaml", "scope: search", "scope: serch")
        let faults = #expect(throws: ConfigurationFaults.self) {
            _ = try applyPolicy(from: policies, to: report.registry, by: "asha", at: now)
        }
        #expect(faults?.faults.isEmpty == false)
        #expect(try report.registry.policyInForce().version == version)
        #expect(FileManager.default.contents(atPath: state + "/snapshot") == snapshot)
        try edit("routes.yaml", "scope: serch", "scope: search")
        #expect(try applyPolicy(from: policies, to: report.registry, by: "asha", at: now))
        #expect(try report.registry.policyInForce().plan(id("standard-app"))?[.search]?.bucket.tokens == 1_600)
    }

    @Test func `a policy that takes a plan or a granted scope away is refused with every application named`() throws {
        let report = try start()
        try edit("plans.yaml", "  - id: starter-app", "  - id: starter-application")
        try edit("plans.yaml", "      booking: { tokens: 3000, per: 300 s, burst: 300 }\n", "")
        let error = #expect(throws: RegistryError.self) { _ = try applyPolicy(from: policies, to: report.registry, by: "asha", at: now) }
        let says = error?.description ?? ""
        #expect(says.contains("applications paytm-finder, reliance-poller have the plan 'starter-app', which it lacks"))
        #expect(says.contains("application kerala-health-portal was granted booking, for which its plan 'government' has no bucket"))
    }

    @Test func `many applications that would lose the same are one sentence, with enough names to find the rest`() throws {
        _ = try makeBenchmarkRegistry(stateDirectory: state, policiesDirectory: policies, applications: 1_000, at: now)
        let registry = try RegistryStore(stateDirectory: state)
        let error = #expect(throws: RegistryError.self) { _ = try applyPolicy(from: policies, to: registry, by: "asha", at: now) }
        let sentence = """
            applications benchmark-application-0, benchmark-application-1, benchmark-application-10 and 797 more have the plan \
            'benchmark-never-empties', which it lacks
            """
        #expect(error?.description.contains(sentence) == true, "\(error?.description.prefix(1_000) ?? "")")
    }

    @Test func `a first start imports, issues one key and publishes; a later one does not`() throws {
        let first = try start()
        let key = try #require(first.issuedKey)
        #expect(key.environment == .sandbox)
        #expect(key.application == id("eka-care-app"))
        #expect(first.imported?.isFirst == true)
        try first.registry.close()
        let second = try start()
        #expect(second.issuedKey == nil && second.imported == nil && !second.policyChanged)
        try edit("routes.yaml", "cost: 3", "cost: 4")
        #expect(try start().policyChanged)
    }

    @Test func `a start with faulty policies fails with every fault, or keeps the last ones where that is asked for`() throws {
        try edit("routes.yaml", "scope: search", "scope: serch")
        let faults = #expect(throws: ConfigurationFaults.self) { _ = try start() }
        #expect(faults?.faults.count ?? 0 >= 10)
        try edit("routes.yaml", "scope: serch", "scope: search")
        let version = try start().registry.policyInForce().version
        try edit("routes.yaml", "scope: search", "scope: serch")
        #expect(throws: ConfigurationFaults.self) { _ = try start() }
        let kept = try start(keepingPolicy: true)
        #expect(kept.faults.count == faults?.faults.count)
        #expect(try kept.registry.policyInForce().version == version)
    }

    @Test func `a start with a policy that drops a plan in use fails, or keeps the last one where that is asked for`() throws {
        let version = try start().registry.policyInForce().version
        try edit("plans.yaml", "id: starter-app", "id: starter-two")
        #expect(throws: RegistryError.self) { _ = try start() }
        let kept = try start(keepingPolicy: true)
        #expect(kept.faults.contains { $0.problem.contains("applications paytm-finder, reliance-poller have the plan 'starter-app'") })
        #expect(try kept.registry.policyInForce().version == version)
    }

    @Test func `a benchmark's registry has its shares, its keys in order, and is published`() throws {
        let keys = try makeBenchmarkRegistry(stateDirectory: state, policiesDirectory: policies, applications: 200, at: now)
        let registry = try RegistryStore(stateDirectory: state)
        let snapshot = try SnapshotFile.decode(Array(try #require(FileManager.default.contents(atPath: state + "/snapshot"))))
        #expect(keys.count == 200 && Set(keys).count == 200)
        let issued = try registry.keys()
        #expect(issued.count == 200 && issued.allSatisfy { $0.environment == .production && $0.state == .active })
        let states = (0..<200).map { index in snapshot.applications.first { $0.id == id("benchmark-application-\(index)") } }
        #expect(states.map { $0?.state } == (0..<200).map { $0 < 190 ? .live : .suspended })
        #expect(states.map { $0?.plan } == (0..<200).map { id($0 < 160 ? "benchmark-never-empties" : "benchmark-one-token") })
        #expect(throws: RegistryError.self) {
            _ = try makeBenchmarkRegistry(stateDirectory: state, policiesDirectory: policies, applications: 10, at: now)
        }
    }
}
