import Foundation
import Registry
import Support
import Testing

@testable import Transport

/// Which certificate is shown, and whose is taken.
struct TLSContextTests {
    @Test(arguments: [
        ("a.example", 0), ("b.example", 1), ("x.wild.example", 2), ("x.y.wild.example", 0), ("wild.example", 0), ("unknown.example", 0),
        ("A.EXAMPLE", 0), ("B.Example", 1), ("127.0.0.1", 0),
    ])
    func `the certificate that names the host is shown, else the first`(host: String, expected: Int) throws {
        let authority = try TestAuthority()
        let pairs = try [
            authority.issue("a", for: ["DNS:a.example", "IP:127.0.0.1"]), authority.issue("b", for: ["DNS:b.example"]),
            authority.issue("wild", for: ["DNS:*.wild.example"]),
        ]
        let pair = try SessionPair(
            server: try TLSContext.server(TLSFiles(pairs)), client: try TLSContext.client(authorities: authority.certificate, pair: nil),
            name: host)
        let isKnown = !["x.y.wild.example", "wild.example", "unknown.example"].contains(host)
        #expect((pair.shake() == nil) == isKnown)
        if isKnown { #expect(pair.client.fingerprint == (try fingerprint(pairs[expected].certificate))) }
    }

    @Test func `a client's name has to be in the certificate, and its authority a known one`() throws {
        let (authority, other) = (try TestAuthority(), try TestAuthority("Another"))
        let server = try TLSContext.server(TLSFiles([authority.issue("server", for: ["DNS:a.example", "IP:127.0.0.1"])]))
        let trusting = try TLSContext.client(authorities: authority.certificate, pair: nil)
        #expect(try SessionPair(server: server, client: trusting, name: "a.example").shake() == nil)
        #expect(try SessionPair(server: server, client: trusting, name: "127.0.0.1").shake() == nil)
        let wrong = try SessionPair(server: server, client: trusting, name: "b.example").shake()
        #expect(wrong?.client?.contains("hostname mismatch") == true)
        let address = try SessionPair(server: server, client: trusting, name: "127.0.0.2").shake()
        #expect(address?.client?.contains("IP address mismatch") == true)
        let foreign = try TLSContext.client(authorities: other.certificate, pair: nil)
        #expect(try SessionPair(server: server, client: foreign).shake()?.client?.contains("certificate verify failed") == true)
    }

    @Test func `a server whose certificate has ended, or not begun, is refused`() throws {
        let authority = try TestAuthority()
        let client = try TLSContext.client(authorities: authority.certificate, pair: nil)
        let ended = try TLSContext.server(TLSFiles([authority.issue("server", for: ["DNS:a.example"], .ended)]))
        #expect(try SessionPair(server: ended, client: client).shake()?.client?.contains("certificate has expired") == true)
        let later = try TLSContext.server(TLSFiles([authority.issue("server", for: ["DNS:a.example"], .later)]))
        #expect(try SessionPair(server: later, client: client).shake()?.client?.contains("not yet valid") == true)
    }

    @Test func `clients' certificates: right, wrong authority, absent, ended, revoked`() throws {
        let (authority, other) = (try TestAuthority(), try TestAuthority("Another"))
        let server = try authority.issue("server", for: ["DNS:a.example"])
        let (good, gone, ended) = try (authority.issue("good"), authority.issue("gone"), authority.issue("ended", .ended))
        let foreign = try other.issue("foreign")
        try authority.revoke(gone)
        let revoked = try authority.writeRevocations()
        func failure(_ pair: TestAuthority.Pair?, _ clients: ClientCertificates) throws -> String? {
            let files = TLSFiles([server], clients: clients, authority: authority.certificate, revoked: revoked)
            let client = try TLSContext.client(authorities: authority.certificate, pair: pair.map(TLSFiles.Pair.init))
            let both = try SessionPair(server: try TLSContext.server(files), client: client)
            guard let outcome = both.shake() else {
                #expect(both.server.fingerprint == (try pair.flatMap { try fingerprint($0.certificate) }))
                return nil
            }
            return outcome.server
        }
        for clients in [ClientCertificates.required, .optional] {
            #expect(try failure(good, clients) == nil)
            #expect(try failure(foreign, clients)?.contains("verify failed") == true)
            #expect(try failure(ended, clients)?.contains("expired") == true)
            #expect(try failure(gone, clients)?.contains("revoked") == true)
        }
        #expect(try failure(nil, .optional) == nil)
        #expect(try failure(nil, .required)?.contains("peer did not return a certificate") == true)
    }

    @Test func `a revoked authority between the client and its root is not taken; a revocation list cut short is none`() throws {
        let (root, folder) = (try TestAuthority(), try TemporaryDirectory())
        let between = try TestAuthority("Between", under: root)
        let (server, leaf) = try (root.issue("server", for: ["DNS:a.example"]), between.issue("leaf"))
        let chain = try folder.write(text(leaf.certificate) + text(between.certificate), to: "chain.pem")
        let client = try TLSContext.client(
            authorities: root.certificate, pair: TLSFiles.Pair(certificate: chain, key: leaf.key))
        func context() throws -> TLSContext {
            let lists = try folder.write(text(between.writeRevocations()) + text(root.writeRevocations()), to: "revoked.pem")
            return try TLSContext.server(TLSFiles([server], clients: .required, authority: root.certificate, revoked: lists))
        }
        #expect(try SessionPair(server: context(), client: client).shake() == nil)
        try root.revoke(between)
        #expect(try SessionPair(server: context(), client: client).shake()?.server?.contains("revoked") == true)
        let whole = try text(between.writeRevocations())
        let cut = try folder.write(whole + text(root.writeRevocations()).dropLast(60), to: "revoked.pem")
        let files = TLSFiles([server], clients: .required, authority: root.certificate, revoked: cut)
        #expect { try TLSContext.server(files) } throws: { "\($0)".contains("read the revocation list \(cut)") }
    }

    private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    @Test func `files that do not fit are refused with a sentence`() throws {
        let (authority, folder) = (try TestAuthority(), try TemporaryDirectory())
        let (one, two) = try (authority.issue("one"), authority.issue("two"))
        func fault(_ files: TLSFiles) -> String {
            do {
                _ = try TLSContext.server(files)
                return "none"
            } catch { return "\(error)" }
        }
        let pair = TLSFiles.Pair(certificate: one.certificate, key: two.key)
        #expect(fault(TLSFiles(pairs: [pair])).contains("is not the key of") || fault(TLSFiles(pairs: [pair])).contains("mismatch"))
        let absent = TLSFiles.Pair(certificate: folder.path + "/none", key: one.key)
        #expect(fault(TLSFiles(pairs: [absent])).contains("No such file"))
        let noise = TLSFiles.Pair(certificate: try folder.write("notes", to: "notes"), key: one.key)
        #expect(fault(TLSFiles(pairs: [noise])).contains("read the certificate"))
        #expect(fault(TLSFiles(pairs: [])).contains("1 to 64 certificates"))
        #expect(fault(TLSFiles([one], clients: .required)).contains("no file says"))
        let empty = TLSFiles([one], clients: .required, authority: authority.certificate, revoked: folder.path + "/notes")
        #expect(fault(empty).contains("revocation list"))
        let sealed = folder.path + "/sealed.key"
        #expect(try OpenSSLCommand.run(["ec", "-aes128", "-passout", "pass:x", "-in", one.key, "-out", sealed]).status == 0)
        #expect(fault(TLSFiles(pairs: [TLSFiles.Pair(certificate: one.certificate, key: sealed)])).contains("without a passphrase"))
    }

    /// SHA-256 of a certificate, by the openssl command.
    private func fingerprint(_ path: String) throws -> Digest? {
        let line = try OpenSSLCommand.run(["x509", "-in", path, "-noout", "-fingerprint", "-sha256"]).output
        let digits = line.split(separator: "=").last.map { $0.split(separator: ":").compactMap { UInt8($0.prefix(2), radix: 16) } }
        return digits.flatMap { Digest($0) }
    }
}
