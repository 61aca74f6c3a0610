import ControlPlane

extension ServeSettings {
    /// Why the console may not listen where it is told to, in a sentence; nil where it may. Passwords and sessions cross no network in plain text.
    var consoleObjection: String? {
        guard let console else { return nil }
        if isHalfCertified { return "--console-tls-certificate and --console-tls-key go together: one of them is missing" }
        if let fault = consoleCertificate?.fault { return "the console cannot speak TLS: \(fault)" }
        if consoleCertificate != nil || isBehindTLSProxy || AddressText.isLoopback(console.host) { return nil }
        return
            "--console \(console) would take passwords in plain text over the network: let it listen on 127.0.0.1, give it a certificate"
            + " by --console-tls-certificate and --console-tls-key, or put a proxy that speaks TLS in front of it and say --behind-tls-proxy"
    }
}
