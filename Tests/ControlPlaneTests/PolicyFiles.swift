import ControlPlane
import Foundation
import Registry
import Testing

/// A registry of shipped partners and policies, and folders of changed policies, each with one number of its own.
struct PolicyFiles {
    let scratch: Scratch
    let registry: RegistryStore
    let first: Policy
    var state: String { scratch.path + "/state" }
    var folder: String { scratch.path + "/policies" }

    init(at now: WallTime = Scratch.now) throws {
        scratch = try Scratch()
        for name in ["plans.yaml", "routes.yaml"] { try scratch.write(try PolicyFiles.shipped(name), to: "policies/" + name) }
        registry = try FirstStart.run(
            stateDirectory: scratch.path + "/state", partnersDirectory: repository + "/partners",
            policiesDirectory: scratch.path + "/policies", at: now
        ).registry
        first = try registry.policyInForce()
    }

    private static func shipped(_ name: String) throws -> String {
        try String(contentsOfFile: repository + "/policies/" + name, encoding: .utf8)
    }

    /// A folder whose searches in the standard plan come `tokens` in five minutes.
    func folder(_ name: String, tokens: Int) throws -> String {
        try write(tokens: tokens, to: name)
        return scratch.path + "/" + name
    }

    /// Such a policy.
    func policy(tokens: Int) throws -> Policy { try loadPolicy(from: folder("made-\(tokens)", tokens: tokens)) }

    /// Changes a folder's files.
    func write(tokens: Int, to name: String = "policies", plansWithout plan: String? = nil) throws {
        var plans = try PolicyFiles.shipped("plans.yaml").replacing(
            "tokens: 1500, per: 300 s, burst: 100", with: "tokens: \(tokens), per: 300 s, burst: 100")
        if let plan { plans = plans.replacing("id: \(plan)\n", with: "id: \(plan)-two\n") }
        try scratch.write(plans, to: name + "/plans.yaml")
        try scratch.write(try PolicyFiles.shipped("routes.yaml"), to: name + "/routes.yaml")
    }

    /// A decision of one person.
    func decision(plannedOn: String? = nil, at now: WallTime = Scratch.now) throws -> PolicyDecision {
        try PolicyDecision(by: "Asha", reason: "a test", plannedOn: plannedOn, at: now)
    }

    /// A start on the folder, later.
    func restart(at now: WallTime) throws -> StartReport {
        try FirstStart.run(
            stateDirectory: state, partnersDirectory: repository + "/partners", policiesDirectory: folder, keepingPolicy: true, at: now)
    }

    /// What the published file says.
    func published() throws -> Snapshot {
        try SnapshotFile.decode(Array(try #require(FileManager.default.contents(atPath: SnapshotPublisher.snapshotPath(state)))))
    }
}

/// So many seconds after the tests' now.
func after(_ seconds: Int64) -> WallTime { WallTime(seconds: Scratch.now.seconds + seconds) }
