import ArgumentParser
import ControlPlane
import Registry

/// Binds an application to client certificates.
struct BindCertificate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bind an application to client certificates: its key alone is then refused.",
        discussion: """
            The fingerprints given replace those before, so name every certificate that is to work, old and new while one is renewed. \
            'openssl x509 -in FILE -noout -fingerprint -sha256' prints a certificate's.
            """)

    @Argument(help: "The application's id.") var id: String
    @OptionGroup var person: PersonOptions
    @Option(
        name: .customLong("sha256"),
        help: ArgumentHelp("A certificate's SHA-256 fingerprint, with or without colons; may be given again.", valueName: "HEX"))
    var fingerprints: [String] = []
    @Flag(help: "Bind it to none: its key alone is enough again.") var none = false
    @OptionGroup var options: StateOptions

    func validate() throws {
        guard fingerprints.isEmpty == none else { throw ValidationError("give --sha256 HEX, or --none to bind it to no certificate") }
    }

    func run() throws {
        let id = try identifier(id, of: "application")
        let certificates = try fingerprints.map { text in
            guard let digest = CertificateText.digest(text) else {
                throw ValidationError("'\(text)' is no SHA-256 fingerprint, expected 64 hexadecimal digits, with or without colons")
            }
            return digest
        }
        let now = WallTime.now()
        let application = try options.change {
            try $0.bindCertificates(certificates, to: id, by: person.actor, reason: person.reason, at: now)
        }
        try options.format.write([ApplicationRow(application, at: now)])
        Message.write(
            none
                ? "\(id.text) is bound to no certificate: its key alone is enough."
                : "\(id.text) is bound to \(certificates.count) certificate\(certificates.count == 1 ? "" : "s"): its key alone is refused."
        )
    }
}
