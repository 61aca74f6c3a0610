/// A policy that comes into force later: told to callers ahead of its time, so that no limit changes silently.
package struct AnnouncedPolicy: Hashable, Sendable {
    /// From when on everyone is judged by it.
    package var from: WallTime
    /// The whole policy that then replaces the one before.
    package var policy: Policy

    /// At most so many are announced at once: each is a whole policy in the snapshot file, and in every caller's list of changes.
    package static let most = 8

    /// A policy from a time on.
    package init(from: WallTime, policy: Policy) {
        self.from = from
        self.policy = policy
    }
}
