import Foundation
import Support
import Testing

@testable import Command

/// Settings and folders that keep a gateway from starting, or from saying that it has.
@Suite(.serialized) struct FirstStartTests {
    /// Settings each in form that cannot start, and what the fault names.
    static let together: [([String], String, String)] = [
        (["--listen", "0.0.0.0:8080"], "--listen:1:1: ", "can be reached by other machines"),
        (["--tls-certificate", "a.pem"], "--tls-certificate:1:1: ", "means nothing without --listen-tls"),
        (
            ["--listen-tls", "127.0.0.1:1", "--tls-certificate", "a", "--tls-key", "b", "--client-ca", "c"], "--client-ca:1:1: ",
            "--client-certificate is none"
        ),
        (["--proxy-protocol", "required"], "--proxy-protocol:1:1: ", "need --trusted-proxies"),
        (["--trusted-proxies", "nonsense"], "--trusted-proxies:1:1: ", "expected an address or a block"),
        (["--health-check-path", "livez"], "--health-check-path:1:1: ", "expected a path"),
    ]

    private static let folders = ["--partners", Repository.root + "/partners", "--policies", Repository.root + "/policies"]

    @Test(arguments: together)
    func `check finds settings that do not go together`(arguments: [String], place: String, words: String) async throws {
        let program = try RunningProgram(try Repository.program("gateway"), ["check"] + FirstStartTests.folders + arguments)
        #expect(await program.status() == 1)
        #expect(program.outputSoFar.hasPrefix(place) && program.outputSoFar.contains(words), "\(program.outputSoFar)")
        #expect(program.outputSoFar.split(separator: "\n").count == 1, "\(program.outputSoFar)")
    }

    @Test func `where the data plane's program is not beside, check says what it did not check`() async throws {
        let programs = try TemporaryDirectory()
        try FileManager.default.copyItem(atPath: try Repository.program("gateway"), toPath: programs.path + "/gateway")
        let program = try RunningProgram(programs.path + "/gateway", ["check"] + FirstStartTests.folders)
        #expect(await program.status() == 0)
        #expect(program.errorsSoFar.contains("was not checked: \(programs.path)/gateway-data-plane is missing"), "\(program.errorsSoFar)")
    }

    @Test func `a first start that cannot be costs no key`() async throws {
        let folder = try TemporaryDirectory()
        let bad = try Served(state: folder.path, ["--health-check-path", "livez"])
        #expect(await bad.program.status(withinSeconds: 30) == 1)
        #expect(bad.program.errorsSoFar.contains("could not start: --health-check-path is 'livez'"), "\(bad.program.errorsSoFar)")
        let good = try Served(state: folder.path, ["--proxy-protocol", "required", "--trusted-proxies", "10.0.0.0/8"])
        let isShown = await eventually(withinSeconds: 60) { good.program.outputSoFar.contains("pgw_sandbox_") }
        #expect(isShown, "\(good.program.outputSoFar)\(good.program.errorsSoFar)")
        good.program.send(SIGTERM)
        #expect(await good.program.status(withinSeconds: 10) == 0)
    }

    @Test func `a data plane that cannot write its id is announced once it answers`() async throws {
        let folder = try ServedFolder()
        try FileManager.default.createDirectory(atPath: folder.path + "/data-plane.pid/full", withIntermediateDirectories: true)
        let served = try Served(state: folder.path)
        let isSaid = await eventually(withinSeconds: 60) { served.program.outputSoFar.contains("gateway key issue") }
        #expect(isSaid, "\(served.program.errorsSoFar)")
        #expect(served.program.errorsSoFar.contains("the pid file cannot be written"), "\(served.program.errorsSoFar)")
        served.program.send(SIGTERM)
        #expect(await served.program.status(withinSeconds: 10) == 0)
    }

    @Test(arguments: [(Int64(0), Int64(4_500)), (4_000, 4_500), (20_000, 20_500)])
    func `a child is killed when every child has had its time`(drain: Int64, patience: Int64) {
        #expect(Supervisor.patienceMilliseconds(drainMilliseconds: drain) == patience)
    }
}
