import Foundation
import Registry
import Support
import Testing

@testable import ControlPlane

@Suite struct LifecycleFileTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private static func shipped() throws -> String { try String(contentsOfFile: repository + "/policies/lifecycle.yaml", encoding: .utf8) }

    @Test func `the shipped file states the built-in rules word for word`() throws {
        #expect(try loadLifecycleRules(from: repository + "/policies").rules == .standard)
    }

    @Test func `without the file the built-in rules count`() throws {
        try scratch.write("", to: "policies/other.txt")
        let read = try loadLifecycleRules(from: scratch.path + "/policies")
        #expect(read.rules == .unwritten && read.text == nil)
    }

    @Test func `every move and every kind has its line in the shipped file`() {
        let rules = LifecycleRules.standard
        #expect(Set(rules.roles.keys) == Set(LifecycleMove.allCases))
        #expect(rules.roles.values.allSatisfy { !$0.isEmpty && !$0.contains(.auditor) }, "who audits changes nothing")
        #expect(Set(rules.evidence.keys) == Set(PartnerKind.allCases))
        for kind in PartnerKind.allCases { #expect(rules.evidence[kind]?[.goLive]?.contains(.securityAudit) == true) }
        #expect(Set(rules.reasons["en"]?.map(\.id) ?? []) == Set(rules.reasons["hi"]?.map(\.id) ?? []))
    }

    @Test(arguments: [
        ("submit: [reviewer, ops]", "submit: [reviewr, ops]", 8, 12, "unknown role 'reviewr' (did you mean 'reviewer'?)"),
        ("submit: [reviewer, ops]", "submit: [ops, ops]", 8, 17, "the role 'ops' is given twice"),
        ("  review: [reviewer, approver]\n", "", 8, 3, "the key 'review' is missing"),
        ("  approve: [approver]\n", "  aprove: [approver]\n", 14, 3, "unknown key 'aprove' in moves (did you mean 'approve'?)"),
        ("grant-sandbox: [named-officer]", "grant-sandbox: [oficer]", 34, 21, "unknown kind of evidence 'oficer'"),
        ("grant-sandbox: [named-officer]", "submit: [named-officer]", 34, 5, "unknown key 'submit' in a kind's evidence"),
        ("submitted: { remind: 2, escalate: 5 }", "submitted: { remind: 2, escalate: 1 }", 53, 37, "escalate 1 is before remind 2"),
        ("submitted: { remind: 2, escalate: 5 }", "live: { remind: 2, escalate: 5 }", 53, 3, "unknown key 'live' in clocks"),
        ("most-percent: 50", "most-percent: 5000", 62, 44, "most-percent 5000 is out of range, expected 1 to 1000"),
        ("review-hours: 24", "review-hours: 0", 65, 30, "review-hours 0 is out of range, expected 1 to 168"),
        ("warn-days: [30, 7, 1]", "warn-days: [7, 30]", 68, 22, "the days of warning do not fall"),
        ("contacts-days: 365", "contacts-days: 0", 76, 29, "contacts-days 0 is out of range, expected 1 to 3660"),
        ("evidence-days: 365", "evidence-days: a year", 76, 49, "evidence-days is 'a year', expected a whole number from 1 to 3660"),
        ("may-erase: [admin]", "may-erase: [dpo]", 76, 66, "unknown role 'dpo'"),
        (", may-erase: [admin]", "", 76, 12, "the key 'may-erase' is missing"),
        ("retention: {", "retension: {", 76, 1, "unknown key 'retension' in lifecycle.yaml (did you mean 'retention'?)"),
        ("site-reachable: false", "site-reachable: maybe", 81, 19, "unknown answer 'maybe'"),
        ("  hi:", "  h_i:", 102, 3, "'h_i' is no language"),
        ("id: audit-expired", "id: officer-missing", 98, 7, "the reason 'officer-missing' is given twice in one language"),
    ])
    func `a fault is reported where it is, with what was expected`(
        _ old: String, _ new: String, _ line: Int, _ column: Int, _ says: String
    ) throws {
        let text = try LifecycleFileTests.shipped()
        let range = try #require(text.firstRange(of: old))
        try scratch.write(text.replacingCharacters(in: range, with: new), to: "policies/lifecycle.yaml")
        let error = #expect(throws: ConfigurationFaults.self) { _ = try loadLifecycleRules(from: scratch.path + "/policies") }
        let printed = error?.faults.map(\.description) ?? []
        let wanted = "\(scratch.path)/policies/lifecycle.yaml:\(line):\(column): \(says)"
        #expect(printed.contains { $0.hasPrefix(wanted) }, "\(wanted)\nin\n\(printed.joined(separator: "\n"))")
    }

    @Test func `a text that an earlier version kept counts, with the built-in rules where it says nothing`() throws {
        let registry = try scratch.onboarding()
        var text = try LifecycleFileTests.shipped()
        for (old, new) in [
            (", most-days-in-30: 21", ""), ("  review-break-glass: [approver]\n", ""), ("break-glass: { review-hours: 24 }\n", ""),
            ("submit: [reviewer, ops]", "submit: [ops]"),
        ] {
            let range = try #require(text.firstRange(of: old))
            text.replaceSubrange(range, with: new)
        }
        let stored = text
        _ = try registry.write { try RegistryStore.acceptRules(stored, by: .gateway(.reload), at: Scratch.now, $0) }
        var expected = LifecycleRules.standard
        expected.roles[.submit] = RoleSet([.ops])
        #expect(try registry.lifecycleRules() == expected)
        try scratch.write(text, to: "policies/lifecycle.yaml")
        #expect(throws: ConfigurationFaults.self) { _ = try loadLifecycleRules(from: scratch.path + "/policies") }
        let onlyOlder = try LifecycleFileTests.shipped().replacing(", most-days-in-30: 21", with: "")
        try scratch.write(onlyOlder, to: "policies/lifecycle.yaml")
        #expect(try loadLifecycleRules(from: scratch.path + "/policies").rules == .standard)
    }

    @Test func `the check of all files finds its faults, too`() throws {
        let text = try LifecycleFileTests.shipped().replacing("roles: [ops], most-percent", with: "roles: [opps], most-percent")
        for name in ["plans.yaml", "routes.yaml"] {
            try scratch.write(try String(contentsOfFile: repository + "/policies/" + name, encoding: .utf8), to: "policies/" + name)
        }
        try scratch.write(text, to: "policies/lifecycle.yaml")
        let faults = checkConfiguration(partnersDirectory: repository + "/partners", policiesDirectory: scratch.path + "/policies")
        #expect(faults.map(\.problem) == ["unknown role 'opps' (did you mean 'ops'?)"])
    }
}
