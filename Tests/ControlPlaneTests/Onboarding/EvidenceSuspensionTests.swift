import Registry
import Testing

@testable import ControlPlane

/// What is suspended for want of evidence, and by which ways it does not come about.
@Suite struct EvidenceSuspensionTests {
    private let scratch: Scratch
    private let now = Scratch.now
    private let app = id("acme-app")
    private let day: Int64 = 86_400

    init() throws { scratch = try Scratch() }

    private func state(_ registry: RegistryStore) throws -> ApplicationState { try registry.application(app).lifecycle.state }

    /// What the control plane does each minute.
    private func round(_ registry: RegistryStore, at time: WallTime) throws {
        try OnboardingWatch(registry: registry, logger: silent).lookThrough(at: time)
    }

    private func move(_ registry: RegistryStore, _ move: LifecycleMove, by name: String, at time: WallTime) throws {
        _ = try registry.move(app, move, by: Actor(name), reason: "x", at: time)
    }

    @Test func `evidence that is withdrawn before its end suspends as its end would`() throws {
        let registry = try scratch.onboarding(in: .live)
        try registry.hand(in: [.securityAudit])
        try round(registry, at: after(1))
        #expect(try state(registry) == .live)
        let entry = try #require(registry.evidence(of: app).first)
        _ = try registry.withdrawEvidence(entry.id, by: "reva", reason: "forged", at: after(2))
        try round(registry, at: after(3))
        #expect(try state(registry) == .suspended)
        #expect(try registry.moves(of: app).last?.reason == "security-audit was withdrawn")
    }

    @Test func `evidence that ends while the application is suspended holds up its resume, and so does what is withdrawn`() throws {
        let registry = try scratch.onboarding(in: .live)
        try registry.hand(in: EvidenceKind.allCases, expires: after(day))
        try move(registry, .suspend, by: "omar", at: now)
        try round(registry, at: after(2 * day))
        let error = #expect(throws: RegistryError.self) { try move(registry, .resume, by: "asha", at: after(2 * day)) }
        #expect(error?.description.contains("needs evidence before resume: security-audit has expired") == true)
        #expect(try state(registry) == .suspended)
    }

    @Test func `not even the machine's owner resumes or lets live what would be suspended again at once`() throws {
        for place in [ApplicationState.live, .approved] {
            let scratch = try Scratch()
            let registry = try scratch.onboarding(Staff(roles: [:]), in: place)
            try registry.hand(in: [.securityAudit], expires: after(day))
            if place == .live {
                try round(registry, at: after(day))
                #expect(try state(registry) == .suspended)
            }
            let step: LifecycleMove = place == .live ? .resume : .goLive
            let error = #expect(throws: RegistryError.self) { try move(registry, step, by: "asha", at: after(day)) }
            #expect(error?.description.contains("security-audit has expired") == true)
            try registry.hand(in: [.securityAudit], expires: after(9 * day), at: after(day))
            #expect(throws: Never.self) { try move(registry, step, by: "asha", at: after(day)) }
        }
    }

    @Test func `what was never on file suspends nobody, as an application that was imported live`() throws {
        let registry = try scratch.onboarding(Staff(roles: [:]), in: .live)
        try round(registry, at: after(day))
        #expect(try state(registry) == .live)
        try move(registry, .suspend, by: "asha", at: after(day))
        #expect(throws: Never.self) { try move(registry, .resume, by: "asha", at: after(day)) }
    }

    @Test func `a clock that jumps past the end and all warnings suspends all the same, also what nobody was there to suspend`() throws {
        let registry = try scratch.onboarding(in: .live)
        try registry.hand(in: [.securityAudit], expires: after(60 * day))
        try round(registry, at: after(90 * day))
        #expect(try state(registry) == .suspended)
    }

    @Test func `a kind that the rules begin to suspend for counts for what has ended before`() throws {
        let registry = try scratch.onboarding(in: .live)
        try registry.hand(in: [.dataUseAgreement], expires: after(day))
        try round(registry, at: after(2 * day))
        #expect(try state(registry) == .live)
        let folder = try scratch.folder {
            $0.replacing("suspends: [security-audit]", with: "suspends: [data-use-agreement]")
        }
        _ = try applyPolicy(from: folder, to: registry, by: .gateway(.reload), at: after(2 * day))
        try round(registry, at: after(2 * day))
        #expect(try state(registry) == .suspended)
    }

    @Test func `break-glass lets work without what it lacked, not without what ends after it`() throws {
        let registry = try scratch.onboarding(in: .live)
        try registry.hand(in: [.securityAudit], expires: after(day))
        try round(registry, at: after(day))
        try move(registry, .breakGlass, by: "asha", at: after(day + 60))
        try move(registry, .reviewBreakGlass, by: "bela", at: after(day + 120))
        try round(registry, at: after(5 * day))
        #expect(try state(registry) == .live, "two people have let it work without")
        try registry.hand(in: [.securityAudit], expires: after(9 * day), at: after(5 * day))
        try round(registry, at: after(9 * day))
        #expect(try state(registry) == .suspended, "what came after has ended, too")
    }

    @Test func `a withdrawn application works on, and is suspended for want of evidence until its end`() throws {
        let registry = try scratch.onboarding(in: .live)
        try registry.hand(in: [.securityAudit], expires: after(day))
        try move(registry, .withdraw, by: "omar", at: now)
        try round(registry, at: after(day))
        #expect(try state(registry) == .suspended)
        #expect(throws: RegistryError.self) { try move(registry, .resume, by: "asha", at: after(day)) }
        try registry.hand(in: EvidenceKind.allCases, expires: after(90 * day), at: after(day))
        try move(registry, .resume, by: "asha", at: after(day))
        #expect(try state(registry) == .withdrawn)
        try round(registry, at: after(31 * day))
        #expect(try state(registry) == .withdrawn)
    }
}
