import Registry

/// A policy in a list. `accepted` is when somebody decided, `from` when it counts.
package struct PolicyRow: Encodable, Sendable {
    /// Its version.
    package let id: String
    /// In force, past, announced, tried beside the one in force, or what became of an announcement.
    package let status: String
    /// When it counts.
    package let from: String
    /// When somebody decided.
    package let accepted: String
    /// Who.
    package let acceptedBy: String
    /// Why; empty where nobody said.
    package let reason: String
    /// When an announcement ended.
    package let ended: String?
    /// Who ended it.
    package let endedBy: String?
    /// Why.
    package let endedReason: String?

    /// The row of a policy once accepted.
    package init(_ entry: RegistryStore.PolicyEntry, isInForce: Bool) {
        id = entry.version
        status = isInForce ? "in-force" : "past"
        (from, accepted) = (entry.accepted.text, entry.accepted.text)
        (acceptedBy, reason) = (entry.acceptedBy, entry.reason)
        (ended, endedBy, endedReason) = (nil, nil, nil)
    }

    /// The row of an announcement.
    package init(_ announcement: RegistryStore.Announcement) {
        id = announcement.version
        status = announcement.end?.outcome.rawValue ?? "announced"
        (from, accepted) = (announcement.due.text, announcement.announced.text)
        (acceptedBy, reason) = (announcement.announcedBy, announcement.reason)
        (ended, endedBy, endedReason) = (announcement.end?.time.text, announcement.end?.actor, announcement.end?.reason)
    }

    /// The row of what is tried; nil where none is.
    package init?(_ shadow: RegistryStore.ShadowEntry) {
        guard let version = shadow.version else { return nil }
        id = version
        status = "shadow"
        (from, accepted) = (shadow.since.text, shadow.since.text)
        (acceptedBy, reason) = (shadow.setBy, shadow.reason)
        (ended, endedBy, endedReason) = (nil, nil, nil)
    }

    /// All there are: announced, tried, in force, past, and what came to nothing; each sort the newest first.
    package static func all(of registry: RegistryStore) throws(RegistryError) -> [PolicyRow] {
        let announcements = try registry.announcements()
        let tried = try registry.shadows().first.flatMap { PolicyRow($0) }
        let accepted = try registry.policies().enumerated().map { PolicyRow($1, isInForce: $0 == 0) }
        let awaited = announcements.filter { $0.end == nil }.map { PolicyRow($0) }
        // One that was taken stands among the accepted ones.
        let ended = announcements.filter { [.cancelled, .failed].contains($0.end?.outcome) }.map { PolicyRow($0) }
        return awaited + (tried.map { [$0] } ?? []) + accepted + ended
    }
}

/// One change between two policies.
package struct PolicyChangeRow: Encodable, Sendable {
    /// Sort, name and part with slashes between.
    package let id: String
    /// Of what: a plan, a route, the version.
    package let sort: String
    /// Which one.
    package let name: String
    /// Which part of it.
    package let part: String
    /// What it is.
    package let old: String?
    /// What it would be.
    package let new: String?
    /// Whether that is more or less.
    package let generosity: String
    /// How many applications it touches.
    package let applicationCount: Int
    /// Which.
    package let applications: [String]
    /// Whether it touches callers without a key.
    package let anonymous: Bool

    /// Whether it is the row of both versions.
    package var isVersion: Bool { sort == "version" }

    /// The row of both versions.
    package init(from old: String, to new: String) {
        (id, sort, name, part, self.old, self.new) = ("version", "version", "", "all", old, new)
        (generosity, applicationCount, applications, anonymous) = (PolicyChange.Generosity.other.rawValue, 0, [], false)
    }

    /// The row of a change.
    package init(_ change: PolicyChange) {
        (sort, name, part) = (change.subject.sort, change.subject.name, change.part)
        id = [sort, name, part].filter { !$0.isEmpty }.joined(separator: "/")
        (old, new) = (change.old, change.new)
        generosity = change.generosity.rawValue
        applications = change.applications.map(\.text)
        (applicationCount, anonymous) = (applications.count, change.touchesAnonymous)
    }
}
