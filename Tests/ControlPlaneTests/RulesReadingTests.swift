import Foundation
import Registry
import Testing

@testable import ControlPlane

/// Lifecycle rules come from a folder as policies do: when its file has changed since it was last read.
@Suite struct RulesReadingTests {
    private let scratch: Scratch
    private let now = Scratch.now

    init() throws { scratch = try Scratch() }

    private func submitters(_ registry: RegistryStore) throws -> RoleSet? { try registry.lifecycleRules().roles[.submit] }

    private func folder(_ name: String, submit roles: String) throws -> String {
        try scratch.folder(name) { $0.replacing("submit: [reviewer, ops]", with: "submit: [\(roles)]") }
    }

    private func read(_ folder: String, _ registry: RegistryStore) throws -> PolicyReading {
        try readPolicyAgain(from: folder, to: registry, by: .gateway(.reload), at: now)
    }

    @Test func `a restart and SIGHUP leave what was applied since, until the folder's own file changes`() throws {
        let served = try folder("served", submit: "reviewer")
        let registry = try FirstStart.run(
            stateDirectory: scratch.path + "/state", partnersDirectory: repository + "/partners", policiesDirectory: served, at: now
        ).registry
        let other = try folder("other", submit: "approver")
        _ = try applyPolicy(from: other, to: registry, as: PolicyDecision(by: "asha", reason: "x", at: now))
        #expect(try submitters(registry) == RoleSet([.approver]))
        _ = try read(served, registry)
        #expect(try submitters(registry) == RoleSet([.approver]), "SIGHUP")
        #expect(try rulesKept(from: served, in: registry)?.contains("'gateway policy apply' takes the file") == true)
        try registry.close()
        let report = try FirstStart.run(
            stateDirectory: scratch.path + "/state", partnersDirectory: repository + "/partners", policiesDirectory: served, at: now)
        #expect(try submitters(report.registry) == RoleSet([.approver]), "a restart")
        #expect(report.policyKept?.contains("lifecycle.yaml is as when it was last read") == true)
        _ = try folder("served", submit: "ops")
        _ = try read(served, report.registry)
        #expect(try submitters(report.registry) == RoleSet([.ops]))
        #expect(try rulesKept(from: served, in: report.registry) == nil)
    }

    @Test func `an announced policy brings no rules, and leaves them to be read later`() throws {
        let files = try PolicyFiles()
        let registry = files.registry
        try files.write(tokens: 1_600)
        let lifecycle = try String(contentsOfFile: repository + "/policies/lifecycle.yaml", encoding: .utf8)
        try files.scratch.write(
            lifecycle.replacing("submit: [reviewer, ops]", with: "submit: [approver]"), to: "policies/lifecycle.yaml")
        _ = try announcePolicy(from: files.folder, to: registry, due: after(60), as: files.decision())
        _ = try registry.takeDuePolicies(at: after(60))
        #expect(try registry.lifecycleRules() == .unwritten)
        _ = try readPolicyAgain(from: files.folder, to: registry, by: .gateway(.reload), at: after(61))
        #expect(try submitters(registry) == RoleSet([.approver]))
    }

    @Test func `which rules a folder had is on record where nothing else is`() throws {
        let registry = try scratch.onboarding()
        let folder = try folder("same", submit: "reviewer, ops")
        _ = try read(folder, registry)
        let record = try #require(try registry.auditRecords().last)
        #expect(record.action == "policy.read" && record.after?.contains("\"rules\"") == true)
        _ = try read(folder, registry)
        #expect(try registry.auditRecords().last == record)
    }
}
