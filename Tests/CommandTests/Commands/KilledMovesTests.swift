import ControlPlane
import Foundation
import Registry
import Support
import Testing

/// kill -9 at random moments of moves: of the command that makes one, and of the control plane that publishes it.
@Suite(.serialized) struct KilledMovesTests {
    private let served: ServedFolder
    private let registry: RegistryStore
    private let application = "paytm-finder"

    init() throws {
        served = try ServedFolder()
        registry = try RegistryStore(stateDirectory: served.path)
    }

    private func state() throws -> ApplicationState { try registry.application(try identifier()).lifecycle.state }

    private func identifier() throws -> Identifier { try #require(Identifier(application)) }

    /// The command that suspends the application, or lets it go on.
    private func move(from state: ApplicationState) throws -> RunningProgram {
        try RunningProgram(
            try Repository.program("gateway"),
            [
                "application", state == .suspended ? "resume" : "suspend", application, "--by", "asha", "--reason", "killed at any moment",
                "--state", served.path,
            ])
    }

    private func controlPlane() throws -> RunningProgram {
        try RunningProgram(
            try Repository.program("gateway"),
            [
                "control-plane", "--state", served.path, "--policies", Repository.root + "/policies", "--console", "off", "--decisions",
                "off",
            ])
    }

    /// Whether the published snapshot is the registry's, of now.
    private func isPublished() throws -> Bool {
        guard let bytes = FileManager.default.contents(atPath: SnapshotPublisher.snapshotPath(served.path)) else { return false }
        let (snapshot, revision) = (try SnapshotFile.decode(Array(bytes)), try registry.revision())
        guard snapshot.revision == revision else { return false }
        let published = try #require(snapshot.applications.first { $0.id.text == application }?.state)
        #expect(try published == state(), "the snapshot of revision \(revision)")
        return true
    }

    @Test(arguments: [20_261_122 as UInt64])
    func `after each kill registry, audit and snapshot agree`(seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        var control = try controlPlane()
        var (made, unmade) = (0, 0)
        // The latest moment of a kill: it moves to where about half of the moves are made, however fast the machine is.
        var latestSeconds = 0.2
        for round in 1...Soak.count(1_000) {
            let before = (state: try state(), moves: try registry.moves(of: identifier()).count)
            let program = try move(from: before.state)
            let moment = ContinuousClock.now + .seconds(Double.random(in: 0...latestSeconds, using: &random))
            while ContinuousClock.now < moment { await Task.yield() }
            program.send(SIGKILL)
            if round.isMultiple(of: 7) {
                control.send(SIGKILL)
                _ = try #require(await control.status(withinSeconds: 60))
                control = try controlPlane()
            }
            _ = try #require(await program.status(withinSeconds: 60))
            let after = (state: try state(), moves: try registry.moves(of: identifier()).count)
            let isMade = after.state != before.state
            #expect(after.moves - before.moves == (isMade ? 1 : 0), "round \(round): a move is whole or not at all")
            if isMade { made += 1 } else { unmade += 1 }
            latestSeconds *= isMade ? 0.8 : 1.25
            #expect(throws: Never.self, "round \(round)") { try registry.verifyAudit() }
            try #require(await eventually(withinSeconds: 60) { (try? isPublished()) == true }, "round \(round) is never published")
        }
        print("\(made) of \(made + unmade) moves were made before their kill")
        #expect(made > 0 && unmade > 0, "the kills are all before, or all after: \(made), \(unmade)")
        control.send(SIGTERM)
        #expect(await control.status(withinSeconds: 60) == 0)
        #expect(try await gateway("audit", "verify", "--state", served.path).status == 0)
    }
}
