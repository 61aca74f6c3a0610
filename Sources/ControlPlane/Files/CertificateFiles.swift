/// Where the console's certificate and its key are.
package struct CertificateFiles: Sendable, Equatable {
    /// The certificate with its chain, PEM.
    package let certificate: String
    /// Its key, PEM, without a passphrase.
    package let key: String

    /// The paths of both.
    package init(certificate: String, key: String) { (self.certificate, self.key) = (certificate, key) }
}
