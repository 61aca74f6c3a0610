import Support
import Testing

@testable import DataPlane

/// What `--check` finds without starting anything, and what is reckoned from settings.
struct CheckTests {
    @Test(arguments: [
        (["--listen", "0.0.0.0:8080"], 1, "0.0.0.0:8080 can be reached by other machines"),
        (["--tls-certificate", "a"], 2, "--tls-certificate means nothing without --listen-tls"),
        (
            ["--listen-tls", "127.0.0.1:1", "--tls-certificate", "a", "--tls-key", "b", "--client-ca", "c"], 2,
            "--client-certificate is none"
        ),
        (["--proxy-protocol", "required"], 2, "need --trusted-proxies"), (["--trusted-proxies", "nonsense"], 2, "'nonsense'"),
        (["--health-check-path", "livez"], 2, "--health-check-path is 'livez'"),
        (["--production-store", "http://a:1/path"], 1, "expected"),
    ])
    func `settings that cannot start are told`(arguments: [String], status: Int32, words: String) async throws {
        let program = try RunningProgram(try Repository.program("gateway-data-plane"), arguments + ["--check"])
        #expect(await program.status() == status)
        #expect(program.errorsSoFar.contains(words), "\(program.errorsSoFar)")
    }

    @Test func `settings that can start pass`() async throws {
        let program = try RunningProgram(
            try Repository.program("gateway-data-plane"), ["--check", "--production-store", "https://a:1,https://b:1"])
        #expect(await program.status() == 0)
        #expect(program.errorsSoFar == "")
    }

    @Test func `descriptors are reckoned by what the loops have room for`() throws {
        func descriptors(_ maximum: Int, loops: Int) throws -> Int {
            try ClientSettings(try Settings(["--check", "--maximum-connections", String(maximum)])).descriptors(loops: loops)
        }
        #expect(try descriptors(1_000_000, loops: 2) == descriptors(40_000, loops: 2))
        #expect(try descriptors(1_000_000, loops: 2) - descriptors(1_000, loops: 2) == 39_000)
    }
}
