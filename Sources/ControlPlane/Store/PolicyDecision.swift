package import Registry

/// Who decided something about a policy, when and why, and which version they had looked at.
package struct PolicyDecision: Sendable {
    /// Who, by the name as recorded.
    package let actor: Actor
    /// As recorded; empty where none was given.
    package let reason: String
    /// The version in force that the change was planned on, or its first digits; nil where nobody said.
    package let plannedOn: String?
    /// When.
    package let time: WallTime

    /// A person's decision.
    package init(by person: Actor, reason: String, plannedOn: String? = nil, at time: WallTime) throws(RegistryError) {
        actor = try Person.actor(person)
        self.reason = reason.isEmpty ? "" : try Person.reason(reason)
        self.plannedOn = try plannedOn.map { text throws(RegistryError) in try PolicyDecision.versionDigits(text) }
        self.time = time
    }

    /// The gateway's own doing.
    init(ofGateway actor: Actor, at time: WallTime) {
        (self.actor, reason, plannedOn, self.time) = (actor, "", nil, time)
    }

    /// Of whoever announced a policy, carried out at its time.
    init(of announcement: RegistryStore.Announcement, takenAt time: WallTime) {
        (actor, reason, plannedOn, self.time) = (Actor(announcement.announcedBy, from: .gateway), announcement.reason, nil, time)
    }

    /// A version or its first digits, in form.
    static func versionDigits(_ text: String) throws(RegistryError) -> String {
        guard (Limits.versionDigitsAtLeast...64).contains(text.utf8.count),
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
        else { throw .outOfForm("'\(text)' is no policy's version: it has 64 of 0-9 and a-f, of which the first 8 or more may be given") }
        return text
    }

    /// Refuses what was planned on another version than this one.
    func check(against inForce: String?) throws(RegistryError) {
        guard let plannedOn, inForce?.hasPrefix(plannedOn) != true else { return }
        throw .plannedOnAnother(planned: plannedOn, inForce: inForce ?? "none")
    }
}
