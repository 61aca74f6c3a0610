import Foundation
import Registry
import Support
import Testing

@Suite(.serialized) struct DataPlaneTests {
    private func run(_ arguments: [String]) async throws -> (status: Int32?, errors: String, output: String) {
        let program = try RunningProgram(try Repository.program("gateway-data-plane"), arguments)
        let status = await program.status()
        return (status, program.errorsSoFar, program.outputSoFar)
    }

    @Test(arguments: [
        [], ["--snapshot"], ["--bogus", "1"], ["--snapshot", "a", "--levels", "b", "--production-store", "c"],
        ["--loops", "0"], ["--loops", "x"], ["--parent", "-1"], ["--drain-milliseconds", "1e9"],
    ])
    func `a usage error exits 2 and says what is wrong`(arguments: [String]) async throws {
        let ended = try await run(arguments)
        #expect(ended.status == 2 && ended.errors.contains("usage: gateway-data-plane") && ended.errors.hasPrefix("gateway-data-plane: "))
    }

    @Test(arguments: [
        (["--client-certificate", "required"], "--client-certificate means nothing without --listen-tls"),
        (
            ["--listen-tls", "127.0.0.1:1", "--tls-certificate", "a", "--tls-key", "b", "--client-crl", "c"],
            "--client-crl means nothing without --client-ca"
        ),
        (
            ["--production-store", "http://a:1", "--sandbox-store", "b:1", "--core-store-ca", "c"],
            "--core-store-ca means nothing where no core store is called by https://"
        ),
    ])
    func `a setting that would not count is told, not passed over`(arguments: [String], expected: String) async throws {
        let ended = try await run(["--check"] + arguments)
        #expect(ended.status == 2 && ended.errors.contains(expected), "\(ended.errors)")
    }

    @Test func `help is an answer`() async throws {
        let ended = try await run(["--help"])
        #expect(ended.status == 0 && ended.output.hasPrefix("usage:"))
    }

    @Test func `no snapshot exits 1 and says so`() async throws {
        let folder = try TemporaryDirectory()
        let ended = try await run(Serving.arguments(folder, freePort()))
        #expect(ended.status == 1 && ended.errors.contains("there is no snapshot at \(folder.path)/snapshot"))
    }

    @Test func `an address that is none, a levels file of something else: exit 1 and a sentence`() async throws {
        let folder = try TemporaryDirectory()
        try Data(try Sample.snapshot(revision: 1)).write(to: URL(fileURLWithPath: folder.path + "/snapshot"))
        let bad = try await run(Serving.arguments(folder, freePort()) + ["--listen", "nowhere"])
        #expect(bad.status == 1 && bad.errors.contains("nowhere is not HOST:PORT"))
        try folder.write("my notes", to: "levels")
        let notes = try await run(Serving.arguments(folder, freePort()))
        #expect(notes.status == 1 && notes.errors.contains("is not a levels file"))
    }

    @Test func `it serves, and SIGTERM ends it with 0 though connections are open`() async throws {
        let serving = try await Serving()
        #expect(try await serving.status() == 503)
        serving.program.send(SIGTERM)
        #expect(await serving.program.status() == 0)
        #expect(serving.program.errorsSoFar.contains("\"message\":\"draining\""))
    }

    @Test func `a new snapshot acts; a damaged and an older one change nothing and are told`() async throws {
        let serving = try await Serving()
        #expect(try await serving.status() == 503)
        try serving.publish(try Sample.snapshot(revision: 6, state: .suspended))
        #expect(await eventually { serving.program.errorsSoFar.contains("\"revision\":\"6\"") })
        #expect(await eventually { (try? await serving.status()) == 403 })
        try serving.publish(Array("nonsense".utf8))
        #expect(await eventually { serving.program.errorsSoFar.contains("the new snapshot is not adopted") })
        try serving.publish(try Sample.snapshot(revision: 5))
        #expect(await eventually { serving.program.errorsSoFar.contains("an older snapshot is not adopted") })
        #expect(try await serving.status() == 403)
        try serving.publish(try Sample.snapshot(revision: 7))
        #expect(await eventually { (try? await serving.status()) == 503 })
    }

    @Test func `kill -9 refills no bucket`() async throws {
        let serving = try await Serving(burst: 5)
        for _ in 0..<3 { #expect(try await serving.status() == 503) }
        serving.program.send(SIGKILL)
        #expect(await serving.program.status() == 128 + SIGKILL)
        try await serving.restart()
        var statuses: [Int] = []
        for _ in 0..<3 { statuses.append(try await serving.status()) }
        #expect(statuses == [503, 503, 429])
        serving.program.send(SIGTERM)
        #expect(await serving.program.status() == 0)
    }

    @Test func `it ends when whoever started it is gone`() async throws {
        let folder = try TemporaryDirectory()
        try Data(try Sample.snapshot(revision: 1)).write(to: URL(fileURLWithPath: folder.path + "/snapshot"))
        let port = freePort()
        let command = ([try Repository.program("gateway-data-plane")] + Serving.arguments(folder, port)).joined(separator: " ")
        let shell = try RunningProgram("/bin/sh", ["-c", "\(command) --parent $$ & wait"])
        #expect(await eventually { shell.errorsSoFar.contains("\"message\":\"serving\"") })
        shell.send(SIGKILL)
        #expect(await eventually { shell.errorsSoFar.contains("\"message\":\"ended\"") })
    }

    @Test func `authorities of core stores that are replaced are taken in`() async throws {
        let folder = try TemporaryDirectory()
        try Data(try Sample.snapshot(revision: 1)).write(to: URL(fileURLWithPath: folder.path + "/snapshot"))
        let authorities = folder.path + "/ca.pem"
        func make() async throws {
            let arguments = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=a"]
            let made = try RunningProgram(
                "/usr/bin/openssl", ["req"] + arguments + ["-keyout", folder.path + "/ca.key", "-out", authorities])
            #expect(await made.status() == 0)
        }
        try await make()
        let program = try RunningProgram(
            try Repository.program("gateway-data-plane"),
            Serving.arguments(folder, freePort()) + ["--production-store", "https://127.0.0.1:1", "--core-store-ca", authorities])
        #expect(await eventually(withinSeconds: 60) { program.errorsSoFar.contains("\"message\":\"serving\"") })
        try await make()
        let isTaken = await eventually(withinSeconds: 20) {
            program.errorsSoFar.contains("\"message\":\"certificates replaced\",\"of\":\"core stores\"")
        }
        #expect(isTaken, "\(program.errorsSoFar)")
    }
}
