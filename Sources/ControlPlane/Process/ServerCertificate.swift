import Foundation
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// The certificate the console shows. A pair of files that was replaced counts from the next connection on; one that cannot be used leaves
/// the one before in force and is logged once.
final class ServerCertificate: Sendable {
    /// Why a pair of files cannot be used.
    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    private struct Kept: Sendable {
        var stamp: [FileStamp]
        var chain: [NIOSSLCertificateSource]
        var key: NIOSSLPrivateKeySource
    }

    /// What changes when a file is replaced.
    private struct FileStamp: Equatable, Sendable {
        var modified: Date?
        var bytes: Int?
        var number: Int?
    }

    private let files: CertificateFiles
    private let logger: Logger
    private let kept: Mutex<Kept>

    /// Reads both files; throws a sentence where they are no pair.
    init(_ files: CertificateFiles, logger: Logger) throws {
        (self.files, self.logger) = (files, logger)
        kept = Mutex(try ServerCertificate.read(files))
    }

    /// What a server speaks: TLS 1.2 and 1.3, HTTP/1.1.
    func server() throws -> HTTPServerBuilder {
        let first = kept.withLock { $0 }
        var configuration = ServerCertificate.configuration(first)
        configuration.sslContextCallback = { _, promise in
            // On another thread: files are read there, and what BoringSSL thinks of a bad pair stays in its thread's list of errors, where the
            // handshake would find it.
            NIOThreadPool.singleton.runIfActive(eventLoop: promise.futureResult.eventLoop) { self.current() }.cascade(to: promise)
        }
        return try .tls(.answering, tlsConfiguration: configuration)
    }

    /// The pair as it is now.
    func current() -> NIOSSLContextConfigurationOverride {
        let stamp = ServerCertificate.stamp(files)
        let pair = kept.withLock { kept in
            guard stamp != kept.stamp else { return kept }
            do {
                kept = try ServerCertificate.read(files)
                logger.notice("the console has a new certificate", metadata: ["file": "\(files.certificate)"])
            } catch {
                kept.stamp = stamp
                logger.error("the console keeps its certificate", metadata: ["reason": "\(error)"])
            }
            return kept
        }
        var pairs = NIOSSLContextConfigurationOverride()
        (pairs.certificateChain, pairs.privateKey) = (pair.chain, pair.key)
        return pairs
    }

    private static func configuration(_ pair: Kept) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeServerConfiguration(certificateChain: pair.chain, privateKey: pair.key)
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        return configuration
    }

    /// The stamp is taken first: a file that is replaced while it is read is read again.
    private static func read(_ files: CertificateFiles) throws -> Kept {
        let stamp = stamp(files)
        let chain: [NIOSSLCertificate]
        do { chain = try NIOSSLCertificate.fromPEMFile(files.certificate) } catch {
            throw Fault(description: "\(files.certificate) cannot be read as a certificate in PEM (\(error))")
        }
        guard !chain.isEmpty else { throw Fault(description: "there is no certificate in \(files.certificate)") }
        let key: NIOSSLPrivateKey
        do { key = try NIOSSLPrivateKey(file: files.key, format: .pem) } catch {
            throw Fault(description: "\(files.key) cannot be read as a key in PEM without a passphrase (\(error))")
        }
        let pair = Kept(stamp: stamp, chain: chain.map { .certificate($0) }, key: .privateKey(key))
        do { _ = try NIOSSLContext(configuration: configuration(pair)) } catch {
            throw Fault(description: "\(files.key) is not the key of \(files.certificate) (\(error))")
        }
        return pair
    }

    private static func stamp(_ files: CertificateFiles) -> [FileStamp] {
        [files.certificate, files.key].map { path in
            let facts = try? FileManager.default.attributesOfItem(atPath: URL(fileURLWithPath: path).resolvingSymlinksInPath().path)
            return FileStamp(
                modified: facts?[.modificationDate] as? Date, bytes: (facts?[.size] as? NSNumber)?.intValue,
                number: (facts?[.systemFileNumber] as? NSNumber)?.intValue)
        }
    }
}

extension HTTP1Channel.Configuration {
    /// As long as a connection may say nothing.
    static var patient: HTTP1Channel.Configuration { HTTP1Channel.Configuration(idleTimeout: .seconds(Limits.idleSeconds)) }
}

extension CertificateFiles {
    /// Why the two files cannot be used, in a sentence; nil where they can.
    package var fault: String? {
        do {
            _ = try ServerCertificate(self, logger: Logger(label: "check") { _ in SwiftLogNoOpLogHandler() })
            return nil
        } catch { return "\(error)" }
    }
}
