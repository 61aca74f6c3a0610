import Foundation
import Registry
import Support
import Testing

@testable import Command

/// The console by TLS of its own, asked by openssl.
@Suite(.serialized) struct ConsoleCertificateTests {
    private let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory() }

    private var certificate: String { folder.path + "/console.pem" }
    private var key: String { folder.path + "/console.key" }

    /// What a shell prints, and how it ended.
    private func shell(_ line: String) async throws -> (status: Int32, output: String) {
        let program = try RunningProgram("/bin/sh", ["-c", line])
        return (try #require(await program.status(withinSeconds: 60)), program.outputSoFar)
    }

    /// Makes a certificate for this machine that signs itself, and its key.
    private func certify(_ name: String) async throws {
        let made = try await shell(
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj '/CN=\(name)' -addext 'subjectAltName=IP:127.0.0.1'"
                + " -keyout '\(folder.path)/\(name).key' -out '\(folder.path)/\(name).pem' 2>&1")
        try #require(made.status == 0, "\(made.output)")
    }

    /// Puts a pair where the console looks, each file in one step.
    private func install(_ certificate: String, _ key: String) async throws {
        let line = [(certificate, self.certificate), (key, self.key)].map { from, to in
            "cp '\(folder.path)/\(from)' '\(to).new' && mv '\(to).new' '\(to)'"
        }
        try #require(try await shell(line.joined(separator: " && ")).status == 0)
    }

    /// The first line of what `/livez` says to a client that trusts this certificate alone; nil where the client goes away.
    private func ask(_ port: Int, trusting name: String, _ options: String = "") async throws -> String? {
        let asked = try await shell(
            "printf 'GET /livez HTTP/1.1\\r\\nHost: console\\r\\nConnection: close\\r\\n\\r\\n' | openssl s_client -quiet -verify_quiet -verify_return_error"
                + " -CAfile '\(folder.path)/\(name).pem' \(options) -connect 127.0.0.1:\(port) 2>/dev/null")
        return asked.output.split(whereSeparator: \.isNewline).first.map(String.init)
    }

    private func settings(_ flags: [String: String]) throws -> ServeSettings { try #require(ServeSettings(SettingSources(flags: flags))) }

    @Test func `it speaks TLS, and a replaced certificate counts from the next connection on`() async throws {
        for name in ["first", "second"] { try await certify(name) }
        try await install("first.pem", "first.key")
        let (served, port) = (try ServedFolder(), freePort())
        let program = try RunningProgram(
            try Repository.program("gateway"),
            [
                "control-plane", "--state", served.path, "--policies", Repository.root + "/policies", "--console", "127.0.0.1:\(port)",
                "--console-tls-certificate", certificate, "--console-tls-key", key,
            ])
        try #require(await eventually(withinSeconds: 60) { program.errorsSoFar.contains("control plane listening") })
        #expect(try await ask(port, trusting: "first") == "HTTP/1.1 200 OK")
        #expect(try await ask(port, trusting: "second") == nil)
        #expect(try await ask(port, trusting: "first", "-tls1_1") == nil)
        try await install("second.pem", "second.key")
        #expect(try await ask(port, trusting: "second") == "HTTP/1.1 200 OK")
        #expect(try await ask(port, trusting: "first") == nil)
        // Another's key: the pair before stays, and says so once.
        try await install("first.pem", "second.key")
        #expect(try await ask(port, trusting: "second") == "HTTP/1.1 200 OK")
        #expect(try await ask(port, trusting: "second") == "HTTP/1.1 200 OK")
        #expect(program.errorsSoFar.components(separatedBy: "the console keeps its certificate").count == 2)
    }

    @Test func `with a certificate it may listen anywhere, and links begin with https`() async throws {
        try await certify("first")
        try await install("first.pem", "first.key")
        let settings = try settings(["console": "0.0.0.0:9443", "console-tls-certificate": certificate, "console-tls-key": key])
        #expect(settings.consoleObjection == nil)
        #expect(settings.consoleURL == "https://127.0.0.1:9443")
        #expect(try ChildPlan.all(for: settings).contains { $0.arguments.contains(certificate) && $0.arguments.contains(key) })
    }

    @Test func `half a pair, another's key or no certificate is refused in a sentence`() async throws {
        for name in ["first", "second"] { try await certify(name) }
        func objection(_ flags: [String: String]) throws -> String { try #require(try settings(flags).consoleObjection) }
        let (pem, other) = (folder.path + "/first.pem", folder.path + "/second.key")
        #expect(try objection(["console-tls-certificate": pem]).contains("one of them is missing"))
        #expect(try objection(["console-tls-key": other]).contains("one of them is missing"))
        #expect(try objection(["console-tls-certificate": pem, "console-tls-key": other]).contains("is not the key of"))
        #expect(try objection(["console-tls-certificate": other, "console-tls-key": other]).contains("certificate"))
        #expect(try objection(["console-tls-certificate": pem, "console-tls-key": pem]).contains("cannot be read as a key"))
        let ran = try await gateway("serve", "--state", folder.path + "/state", "--console-tls-certificate", pem)
        #expect(ran.status == 1 && ran.errors.contains("one of them is missing"))
    }
}
