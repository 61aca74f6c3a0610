import Registry
import Transport

/// The TLS of a side of this process: its files are watched, and connections made from now on use what they are now.
struct WatchedTLS {
    let published: PublishedTLS
    private let side: CertificateWatch.Side
    private var watch: CertificateWatch

    /// Throws a sentence where the files are no good.
    init(_ files: TLSFiles, _ side: CertificateWatch.Side, at now: MonotonicTime) throws {
        self.side = side
        watch = CertificateWatch(files, side, at: now)
        published = PublishedTLS(try watch.first())
        tellEndings()
    }

    /// Takes in files that were replaced; called about once a second.
    mutating func look(at now: MonotonicTime) {
        let sideName = side == .listener ? "listener" : "core stores"
        do {
            if let context = try watch.look(at: now) {
                published.publish(context)
                Log.note("info", "certificates replaced", [("of", sideName)])
            }
        } catch {
            Log.note("error", "the new certificates are not used; those in force stay", [("of", sideName), ("why", "\(error)")])
        }
        tellEndings()
    }

    private mutating func tellEndings() {
        published.note(watch.standing)
        for ending in watch.endings() {
            let hasEnded = ending.daysLeft < 0
            if ending.isRevocationList {
                let text =
                    hasEnded ? "a revocation list has run out: no client's certificate is taken" : "a revocation list runs out within a day"
                Log.note("error", text, [("list", ending.path)])
            } else {
                Log.note(
                    ending.daysLeft <= 7 ? "error" : "warning", hasEnded ? "a certificate has expired" : "a certificate expires soon",
                    [("certificate", ending.path), ("days left", String(max(0, ending.daysLeft)))])
            }
        }
    }
}
