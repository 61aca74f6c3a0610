/// What a partner hands in to show that it may be trusted with an application.
package enum EvidenceKind: UInt8, CaseIterable, Sendable {
    case securityAudit, functionalTest, dataUseAgreement, namedOfficer

    /// The name in files, on pages and on the command line.
    package var name: String {
        switch self {
        case .securityAudit: "security-audit"
        case .functionalTest: "functional-test"
        case .dataUseAgreement: "data-use-agreement"
        case .namedOfficer: "named-officer"
        }
    }

    /// The kind of that name, or nil.
    package init?(name: String) {
        guard let kind = EvidenceKind.allCases.first(where: { $0.name == name }) else { return nil }
        self = kind
    }

    /// Whether it must say until when it holds: an audit's certificate always does.
    package var mustExpire: Bool { self == .securityAudit }
}

/// A set of kinds of evidence, one bit each.
package struct EvidenceSet: OptionSet, Hashable, Sendable {
    /// Bit n is the kind whose raw value is n.
    package var rawValue: UInt8

    /// A set from its bits.
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// A set from a list of kinds.
    package init(_ kinds: [EvidenceKind]) {
        rawValue = kinds.reduce(0) { $0 | (1 << $1.rawValue) }
    }

    /// Whether the kind is in the set.
    package func contains(_ kind: EvidenceKind) -> Bool { rawValue & (1 << kind.rawValue) != 0 }

    /// The kinds in their fixed order.
    package var kinds: [EvidenceKind] { EvidenceKind.allCases.filter { contains($0) } }
}

/// Which evidence of an application is on file, and until when it holds: the latest of each kind that was not withdrawn.
package struct EvidenceOnFile: Hashable, Sendable {
    /// By kind: until when it holds; `.max` nanoseconds where it does not end.
    package var until: [EvidenceKind: WallTime]
    /// By kind, of all that was ever handed in: when the last of it stopped counting, by its end or by being withdrawn.
    package var heldUntil: [EvidenceKind: WallTime]

    /// Evidence by kind and end; nothing was withdrawn where the second is not given.
    package init(_ until: [EvidenceKind: WallTime] = [:], heldUntil: [EvidenceKind: WallTime]? = nil) {
        self.until = until
        self.heldUntil = heldUntil ?? until
    }

    /// What is missing of these kinds now.
    package func gaps(in needed: EvidenceSet, at now: WallTime) -> [EvidenceGap] {
        needed.kinds.compactMap { kind in
            guard let end = until[kind] else { return EvidenceGap(kind: kind, expired: nil) }
            return now < end ? nil : EvidenceGap(kind: kind, expired: end)
        }
    }
}

extension EvidenceOnFile {
    /// What is missing of these kinds though it was on file once, and stopped counting after a time. What never was on file was never asked
    /// for: an application that was imported live has nothing to lose.
    package func lapses(of needed: EvidenceSet, since time: WallTime? = nil, at now: WallTime) -> [EvidenceGap] {
        gaps(in: needed, at: now).filter { gap in
            guard let held = heldUntil[gap.kind] else { return false }
            return time.map { held > $0 } ?? true
        }
    }
}

/// A kind of evidence that a move needs and does not find.
package struct EvidenceGap: Hashable, Sendable {
    /// What is missing.
    package var kind: EvidenceKind
    /// When what is on file stopped counting; nil where nothing is on file.
    package var expired: WallTime?

    /// A gap from its parts.
    package init(kind: EvidenceKind, expired: WallTime?) {
        self.kind = kind
        self.expired = expired
    }
}
