import Crypto
import Foundation
import Testing

@testable import ControlPlane

/// How passwords are kept.
struct PasswordTests {
    private let cost = PasswordCost(rounds: 2)

    @Test func `scrypt is RFC 7914's`() throws {
        let expected =
            "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906"
        let key = try PasswordHash.scrypt("", cost: PasswordCost(rounds: 4, blockSize: 1), salt: Data(), bytes: 64)
        #expect(key == SymmetricKey(data: try #require(hex(expected))))
    }

    private func hex(_ text: String) -> [UInt8]? {
        let digits = text.compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }

    @Test func `a password matches its hash after being kept as text, and another does not`() throws {
        let hash = try PasswordHash("correct horse", cost: cost, salt: Array(1...16))
        let kept = try #require(PasswordHash(hash.text))
        #expect(kept == hash && hash.text.hasPrefix("scrypt$2$8$1$") && !hash.text.contains("horse"))
        #expect(try kept.matches("correct horse"))
        #expect(try !kept.matches("correct horsf") && !kept.matches(""))
        #expect(try !PasswordHash(ofNobodyAt: cost).matches(""))
    }

    @Test func `the same password composed otherwise is the same`() throws {
        let hash = try PasswordHash("caf\u{E9} au lait", cost: cost, salt: Array(1...16))
        #expect(try hash.matches("cafe\u{301} au lait"))
    }

    @Test(arguments: ["", "scrypt$2$8$1$AAAA", "bcrypt$2$8$1$AAAA$AAAA", "scrypt$64$8$1$AAAA$AAAA", "scrypt$2$8$1$AAAA$AAAA"])
    func `a hash out of form is none`(text: String) { #expect(PasswordHash(text) == nil) }

    @Test(
        arguments: [
            ("a quiet harbour", "a quiet harbour", nil), ("short", "short", .tooShort), ("abababababababab", "abababababababab", .tooPlain),
            ("a quiet harbour", "a quiet harbor", .notTheSame), ("my name is Asha, yes", "my name is Asha, yes", .hasName),
            (String(repeating: "long words ", count: 60), String(repeating: "long words ", count: 60), .tooLong),
        ] as [(String, String, PasswordFault?)])
    func `a new password must be long and not plain`(password: String, repeated: String, expected: PasswordFault?) {
        #expect(PasswordFault.of(password, repeated: repeated, account: "asha") == expected)
    }

    @Test func `what waits to be hashed is bounded, and room comes back`() async throws {
        let queue = PasswordQueue(cost: cost)
        let gate = DispatchSemaphore(value: 0)
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<Limits.passwordsWaiting + 1 {
                group.addTask { (try? await queue.run { gate.wait() }) != nil }
            }
            // The one that is refused comes back first, for the others wait on the gate.
            #expect(await group.next() == false)
            for _ in 0..<Limits.passwordsWaiting { gate.signal() }
            for await isRun in group { #expect(isRun) }
        }
        #expect(try await queue.run { 7 } == 7)
    }
}
