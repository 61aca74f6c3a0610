import Foundation
import Support

/// A certificate authority of one test and what it signs, made by the openssl command in a folder of its own.
final class TestAuthority: Sendable {
    /// A certificate's file and its key's.
    struct Pair: Sendable {
        /// The path of the certificate.
        let certificate: String
        /// The path of its key.
        let key: String
    }

    /// When a certificate is good.
    enum Validity: Sendable {
        /// So many days from now.
        case days(Int)
        /// It ended yesterday.
        case ended
        /// It begins tomorrow.
        case later
    }

    private let folder: TemporaryDirectory

    /// What openssl would not do.
    struct Fault: Error {
        /// What it said.
        let errors: String
    }

    /// The authority's own certificate.
    var certificate: String { folder.path + "/ca.pem" }

    /// An authority of this name, with nothing signed; its own certificate is signed by another one where there is one.
    init(_ name: String = "Test authority", under upper: TestAuthority? = nil) throws {
        folder = try TemporaryDirectory()
        try folder.write("", to: "index.txt")
        try folder.write("1000\n", to: "serial")
        try folder.write("01\n", to: "crlnumber")
        try folder.write(
            """
            [req]
            distinguished_name = empty
            [empty]
            [authority]
            basicConstraints = critical, CA:TRUE
            keyUsage = critical, keyCertSign, cRLSign
            [ca]
            default_ca = this
            [this]
            dir = \(folder.path)
            database = $dir/index.txt
            new_certs_dir = $dir
            serial = $dir/serial
            crlnumber = $dir/crlnumber
            certificate = $dir/ca.pem
            private_key = $dir/ca.key
            default_md = sha256
            default_crl_days = 30
            default_days = 30
            policy = any
            copy_extensions = copy
            unique_subject = no
            [any]
            commonName = supplied
            """, to: "openssl.cnf")
        if let upper {
            try upper.sign(authority: name, in: folder.path)
            return
        }
        try run(
            ["req", "-x509", "-new"] + TestAuthority.ellipticKey + [
                "-nodes", "-config", "\(folder.path)/openssl.cnf", "-extensions", "authority", "-subj", "/CN=\(name)", "-days", "30",
                "-keyout", "\(folder.path)/ca.key", "-out", certificate,
            ])
    }

    /// Makes another authority's key and signs its certificate, in that one's folder.
    private func sign(authority name: String, in place: String) throws {
        try run(
            ["req", "-new"] + TestAuthority.ellipticKey + [
                "-nodes", "-config", "\(place)/openssl.cnf", "-subj", "/CN=\(name)", "-keyout", "\(place)/ca.key", "-out",
                "\(place)/ca.csr",
            ])
        try run([
            "ca", "-batch", "-notext", "-config", "\(folder.path)/openssl.cnf", "-extensions", "authority", "-in", "\(place)/ca.csr",
            "-out", "\(place)/ca.pem",
        ])
    }

    private static let ellipticKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]

    /// Signs a certificate of this name for these hosts and addresses (`DNS:a.example`, `IP:127.0.0.1`).
    func issue(
        _ name: String, for hosts: [String] = [], rsa: Bool = false, _ validity: Validity = .days(30)
    ) throws -> Pair {
        let base = folder.path + "/" + UUID().uuidString
        let pair = Pair(certificate: base + ".pem", key: base + ".key")
        let hostsPart = hosts.isEmpty ? [] : ["-addext", "subjectAltName=" + hosts.joined(separator: ",")]
        try run(
            ["req", "-new"] + (rsa ? ["-newkey", "rsa:2048"] : TestAuthority.ellipticKey) + hostsPart + [
                "-nodes", "-config", "\(folder.path)/openssl.cnf", "-subj", "/CN=\(name)", "-keyout", pair.key, "-out", base + ".csr",
            ])
        let (start, end) =
            switch validity {
            case .days(let days): (-1, days)
            case .ended: (-10, -1)
            case .later: (1, 10)
            }
        try run([
            "ca", "-batch", "-notext", "-config", "\(folder.path)/openssl.cnf", "-in", base + ".csr", "-out", pair.certificate,
            "-startdate", TestAuthority.time(days: start), "-enddate", TestAuthority.time(days: end),
        ])
        return pair
    }

    /// Revokes a certificate it signed.
    func revoke(_ pair: Pair) throws { try revoke(certificate: pair.certificate) }

    /// Revokes an authority it signed.
    func revoke(_ authority: TestAuthority) throws { try revoke(certificate: authority.certificate) }

    private func revoke(certificate: String) throws {
        try run(["ca", "-config", "\(folder.path)/openssl.cnf", "-revoke", certificate])
    }

    /// Writes the list of what is revoked by now, to be replaced within so many hours, and gives its path, the same each time.
    @discardableResult
    func writeRevocations(hours: Int = 720) throws -> String {
        let path = folder.path + "/revoked.pem"
        try run([
            "ca", "-config", "\(folder.path)/openssl.cnf", "-gencrl", "-out", path, "-crl_lastupdate", TestAuthority.time(hours: -48),
            "-crl_nextupdate", TestAuthority.time(hours: hours),
        ])
        return path
    }

    private func run(_ arguments: [String]) throws {
        let ended = try OpenSSLCommand.run(arguments)
        guard ended.status == 0 else { throw Fault(errors: ended.errors) }
    }

    private static func time(days: Int) -> String { time(hours: days * 24) }

    /// ASN.1's GeneralizedTime so many hours from now.
    private static func time(hours: Int) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 0)
        formatter.dateFormat = "yyyyMMddHHmmss'Z'"
        return formatter.string(from: Date(timeIntervalSinceNow: Double(hours) * 3_600))
    }
}

/// The openssl command, run to its end.
enum OpenSSLCommand {
    /// Runs it with this input.
    static func run(_ arguments: [String], input: String = "") throws -> (status: Int32, output: String, errors: String) {
        let folder = try TemporaryDirectory()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = arguments
        let inputPath = try folder.write(input, to: "input")
        process.standardInput = FileHandle(forReadingAtPath: inputPath)
        // Files, not pipes: nobody has to empty them while it runs.
        let (output, errors) = (try folder.write("", to: "output"), try folder.write("", to: "errors"))
        process.standardOutput = FileHandle(forWritingAtPath: output)
        process.standardError = FileHandle(forWritingAtPath: errors)
        try process.run()
        process.waitUntilExit()
        func text(_ path: String) -> String { String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self) }
        return (process.terminationStatus, text(output), text(errors))
    }
}
