import Foundation
import Registry
import Testing

@testable import ControlPlane

/// Files of evidence and the rows that name them.
@Suite struct KeptEvidenceTests {
    private let scratch: Scratch
    private let now = Scratch.now
    private let app = id("acme-app")

    init() throws { scratch = try Scratch() }

    private var files: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: scratch.path + "/state/evidence")) ?? []).sorted()
    }

    private func add(_ text: String, to app: Identifier = id("acme-app"), _ registry: RegistryStore) throws {
        let file = EvidenceSubmission(kind: .functionalTest, name: "a.txt", bytes: Array(text.utf8))
        _ = try registry.addEvidence(file, to: app, by: "reva", at: now)
    }

    @Test func `what is refused leaves no file behind`() throws {
        let registry = try scratch.onboarding()
        for number in 0..<Limits.evidencePerApplication { try add("\(number)", registry) }
        #expect(files.count == Limits.evidencePerApplication)
        #expect(throws: RegistryError.self) { try add("one more", registry) }
        #expect(throws: RegistryError.self) { try add("another's", to: id("no-app"), registry) }
        #expect(files.count == Limits.evidencePerApplication)
    }

    @Test func `what a crash left is swept, and what is named stays`() throws {
        let registry = try scratch.onboarding()
        #expect(try registry.sweepEvidence() == 0, "there is no folder yet")
        try add("Seen.", registry)
        let kept = files
        for name in [String(repeating: "0", count: 64), kept[0] + ".new"] { try scratch.write("x", to: "state/evidence/" + name) }
        #expect(try registry.sweepEvidence() == 2)
        #expect(files == kept)
        #expect(try registry.sweepEvidence() == 0)
    }
}
