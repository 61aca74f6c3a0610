import CTransport
package import Registry
import Synchronization

/// The keys that session tickets are sealed with, made here and never written down, so that a process's end forgets them. One seals for
/// `ticketSeconds` and opens for as long again, which is how long a ticket lives. Shared by a listener's loops, and kept when its certificates
/// are replaced; when who is trusted changes, new ones are made: a session of a client whose certificate is revoked must not go on.
package final class TicketKeys: Sendable {
    /// A key and its name, which stands in front of each ticket.
    struct Key {
        let name: [UInt8]
        let cipherKey: [UInt8]
        let codeKey: [UInt8]
        let made: MonotonicTime

        init(at now: MonotonicTime) {
            var generator = SystemRandomNumberGenerator()
            func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) } }
            (name, cipherKey, codeKey, made) = (bytes(Key.nameBytes), bytes(32), bytes(32), now)
        }

        static let nameBytes = 16

        func age(at now: MonotonicTime) -> Int64 { (now.nanoseconds - made.nanoseconds) / 1_000_000_000 }
    }

    private let keys: Mutex<[Key]>

    /// A first key, from now on.
    package init(at now: MonotonicTime) { keys = Mutex([Key(at: now)]) }

    /// The key to seal with, the newest; made now where the last one is too old.
    func sealing(at now: MonotonicTime) -> Key {
        keys.withLock { keys in
            keys.removeAll { $0.age(at: now) >= 2 * TransportLimits.ticketSeconds }
            if let newest = keys.last, newest.age(at: now) < TransportLimits.ticketSeconds { return newest }
            let key = Key(at: now)
            keys.append(key)
            return key
        }
    }

    /// The key of this name, if it may still open, and whether it still seals.
    func opening(_ name: Span<UInt8>, at now: MonotonicTime) -> (key: Key, isSealing: Bool)? {
        let name = name.indices.map { name[$0] }
        let found = keys.withLock { keys in keys.last { $0.name == name } }
        guard let found, found.age(at: now) < 2 * TransportLimits.ticketSeconds else { return nil }
        return (found, found.age(at: now) < TransportLimits.ticketSeconds)
    }
}

extension TicketKeys {
    /// What OpenSSL wants to know of one ticket: AES-256-CBC and HMAC-SHA-256 set up to seal a new one (1), or to open one (1, or 2 where a new
    /// one is to be given); 0 where it is to be ignored and a whole handshake made.
    func prepare(
        name: UnsafeMutablePointer<UInt8>, vector: UnsafeMutablePointer<UInt8>, cipher: OpaquePointer, code: OpaquePointer, isSealing: Bool
    ) -> Int32 {
        let now = SystemClock.now().monotonic
        if isSealing {
            let key = sealing(at: now)
            for (index, byte) in key.name.enumerated() { unsafe name[index] = byte }
            guard unsafe RAND_bytes(vector, 16) == 1, unsafe TicketKeys.authenticate(code, key),
                unsafe EVP_EncryptInit_ex(cipher, EVP_aes_256_cbc(), nil, key.cipherKey, vector) == 1
            else { return -1 }
            return 1
        }
        guard let (key, isSealing) = unsafe opening(Span(_unsafeStart: name, count: Key.nameBytes), at: now) else { return 0 }
        guard unsafe TicketKeys.authenticate(code, key),
            unsafe EVP_DecryptInit_ex(cipher, EVP_aes_256_cbc(), nil, key.cipherKey, vector) == 1
        else { return -1 }
        return isSealing ? 1 : 2
    }

    private static func authenticate(_ code: OpaquePointer, _ key: Key) -> Bool {
        var secret = key.codeKey
        return unsafe secret.withUnsafeMutableBytes { unsafe gateway_tls_set_code_key(code, $0.baseAddress, $0.count) == 1 }
    }
}
