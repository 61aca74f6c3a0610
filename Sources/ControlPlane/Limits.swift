/// What the registry will hold or wait for at most, each with its unit in its name.
package enum Limits {
    /// Keys of one application that are not revoked: enough to rotate every one of a few environments at once.
    package static let livingKeysPerApplication = 20
    /// Client certificates an application is bound to: a few servers' and their successors.
    package static let certificatesPerApplication = 16
    /// A key's name, a person's name: they are printed in tables.
    package static let nameBytes = 80
    /// A move's reason: a sentence or two.
    package static let reasonBytes = 500
    /// How long a rotated key goes on working unless said otherwise.
    package static let retiringSeconds: Int64 = 7 * 86_400
    /// The longest a rotated key may go on working.
    package static let retiringSecondsAtMost: Int64 = 90 * 86_400
    /// How long a write waits for another process's write.
    package static let busySeconds = 5
    /// How long publishing waits for another process's publishing.
    package static let publishLockSeconds = 5
    /// How often the control plane looks for changes nobody published.
    package static let watchMilliseconds = 100
    /// How long the control plane may take to end.
    package static let shutdownSeconds = 4
}
