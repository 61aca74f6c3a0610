package import Registry

/// What was seen of a caller, in 16 bits: judged by whoever reads the record as by whoever wrote it.
package struct CallerFacts: BitwiseCopyable, Hashable, Sendable {
    /// What the key was.
    package enum Key: UInt8, CaseIterable, Sendable {
        /// There was none.
        case none
        /// Not of our form.
        case foreign
        /// Of our form but for its length, characters or checksum.
        case mistyped
        /// Well formed, and nobody's.
        case unknown
        /// An application's, and over: revoked, or retired.
        case ended
        /// An application's, and good.
        case good
    }

    /// What the citizen's token was.
    package enum Citizen: UInt8, CaseIterable, Sendable {
        /// The route asks for none, or the request was refused before it was read.
        case notRead
        /// There was none.
        case none
        /// Not a Bearer token.
        case malformed
        /// Obtained through another application.
        case foreign
        /// Obtained through this one, or saying nothing of that.
        case fitting
    }

    /// What the client's certificate was, for applications bound to some.
    package enum Certificate: UInt8, CaseIterable, Sendable {
        /// Not asked for, or refused before.
        case notRead
        /// None was shown.
        case none
        /// Another one was shown.
        case foreign
        /// One of the application's.
        case fitting
    }

    /// bits 0–2 key · 3 spelt for production · 4 registered for production · 5 address off the allow-list · 6–8 citizen · 9–10 certificate ·
    /// 11 the request came by TLS · 12 HEAD.
    package let rawValue: UInt16

    /// Nothing seen.
    package init() { rawValue = 0 }

    /// Facts from their bits, or nil where a field has a value that no case has.
    package init?(rawValue: UInt16) {
        self.rawValue = rawValue
        guard rawValue >> 13 == 0, Key(rawValue: field(0, 7)) != nil, Citizen(rawValue: field(6, 7)) != nil else { return nil }
    }

    /// Facts from their parts.
    package init(
        key: Key, spelt: Environment = .sandbox, registered: Environment = .sandbox, isAddressRefused: Bool = false,
        citizen: Citizen = .notRead, certificate: Certificate = .notRead, isSecure: Bool = false, isHead: Bool = false
    ) {
        var bits = UInt16(key.rawValue) | UInt16(spelt.rawValue) << 3 | UInt16(registered.rawValue) << 4
        bits |= (isAddressRefused ? 1 : 0) << 5 | UInt16(citizen.rawValue) << 6 | UInt16(certificate.rawValue) << 9
        bits |= (isSecure ? 1 : 0) << 11 | (isHead ? 1 : 0) << 12
        rawValue = bits
    }

    private func field(_ start: UInt16, _ mask: UInt16) -> UInt8 { UInt8(truncatingIfNeeded: rawValue >> start & mask) }

    /// What the key was.
    package var key: Key { Key(rawValue: field(0, 7)) ?? .none }
    /// The environment the key is spelt for; meaningless where the key is not of our form.
    package var spelt: Environment { field(3, 1) == 1 ? .production : .sandbox }
    /// The environment it is registered for; meaningless where it is nobody's.
    package var registered: Environment { field(4, 1) == 1 ? .production : .sandbox }
    /// The client's address is not on the application's list.
    package var isAddressRefused: Bool { field(5, 1) == 1 }
    /// What the citizen's token was.
    package var citizen: Citizen { Citizen(rawValue: field(6, 7)) ?? .notRead }
    /// What the client's certificate was.
    package var certificate: Certificate { Certificate(rawValue: field(9, 3)) ?? .notRead }
    /// It came by TLS.
    package var isSecure: Bool { field(11, 1) == 1 }
    /// The method was HEAD.
    package var isHead: Bool { field(12, 1) == 1 }
}
