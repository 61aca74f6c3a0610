import Crypto
import Foundation
import Registry
import Support
import Synchronization
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

    /// Twelve characters and more of five kinds, as long as they are asked to be.
    private static func long(_ count: Int) -> String { String((0..<count).map { Array("abcde")[$0 % 5] }) }

    @Test(
        arguments: [
            (long(11), .tooShort), (long(12), nil), (long(512), nil), (long(513), .tooLong), ("", .tooShort),
            // What a person sees as a letter counts as one, and what is kept is counted in bytes.
            ("नमस्ते दुनिया, आओ चलें", nil), ("क़ख़ग़ज़ड़ढ़फ़य़क़ख़ग़", .tooShort), ("क़ख़ग़ज़ड़ढ़फ़य़क़ख़ग़ज़", nil),
            (String(repeating: "पासवर्ड है ", count: 17), nil), (String(repeating: "पासवर्ड है ", count: 18), .tooLong),
            (String(repeating: "👩🏽‍🔬", count: 12), .tooPlain),
            // Four kinds of letters are too few, five are enough; the same letter composed otherwise is the same.
            ("abcdabcdabcd", .tooPlain), ("abcdeabcdabc", nil), ("aaaaaaaaé\u{65}\u{301}bcd", nil),
            ("aaaaaaaaaé\u{65}\u{301}bc", .tooPlain),
            ("            ", .tooPlain), ("long ASHA password", .hasName), ("long a-s-h-a password", nil),
        ] as [(String, PasswordFault?)])
    func `the bounds of a new password are where they are said to be`(password: String, expected: PasswordFault?) {
        #expect(PasswordFault.of(password, repeated: password, account: "asha") == expected)
    }

    @Test(arguments: [
        ("e\u{301}t\u{e9} \u{928}\u{93c}", "\u{e9}te\u{301} \u{929}", true), ("\u{212b}ngstr\u{f6}m", "\u{c5}ngstro\u{308}m", true),
        // As RFC 8265 §4.2 has it, composed (NFC) and not made alike (NFKC): what looks or means alike is another password.
        ("\u{ff21}BC", "ABC", false), ("\u{fb01}ne", "fine", false), ("x\u{b2}", "x2", false), ("Stra\u{df}e", "Strasse", false),
        ("Case", "case", false), ("a b", "a  b", false), (" a", "a", false),
    ])
    func `the same letters typed on another keyboard are the same password, and others are not`(
        chosen: String, typed: String, isSame: Bool
    ) throws {
        #expect(try PasswordHash(chosen, cost: cost, salt: Array(1...16)).matches(typed) == isSame)
    }

    @Test func `strangers have half of the places, each address two, and whoever is known all that are left`() {
        var places = PasswordPlaces()
        func take(_ asker: PasswordQueue.Asker) -> Bool { places.take(for: asker) }
        for number in 0..<4 {
            let asker = PasswordQueue.Asker.stranger(at: "192.0.2.\(number)")
            #expect(take(asker) && take(asker) && !take(asker), "each address has two")
        }
        #expect(!take(.stranger(at: "198.51.100.1")), "half is taken")
        for _ in 0..<8 { #expect(take(.known)) }
        #expect(!take(.known) && places.taken == Limits.passwordsWaiting)
        places.giveBack(of: .known)
        #expect(!take(.stranger(at: "198.51.100.1")), "what a known one leaves is for known ones")
        places.giveBack(of: .stranger(at: "192.0.2.0"))
        #expect(take(.stranger(at: "198.51.100.1")) && take(.known) && !take(.known))
    }

    @Test func `a crowd of strangers keeps nobody out who is at home, signed in or holds a link`() async throws {
        let desk = try Desk()
        let now = Scratch.now
        let asha = try await desk.enrolled("asha", at: now)
        let link = try desk.invite("bela")
        let gate = DispatchSemaphore(value: 0)
        let refused = RefusedPasswords()
        await withTaskGroup(of: Void.self) { group in
            let passwords = desk.desk.passwords
            for number in 0..<40 {
                group.addTask {
                    do { try await passwords.run(for: .stranger(at: "192.0.2.\(number)")) { gate.wait() } } catch {
                        refused.count.withLock { $0 += 1 }
                    }
                }
            }
            #expect(await eventually { refused.count.withLock { $0 } == 32 })
            // Eight wait on the gate: newcomers are told to come again, the others wait their turn behind them.
            await #expect(throws: SignInRefusal.busy) {
                try await desk.desk.signIn("asha", password: Desk.password, from: Desk.elsewhere, at: now)
            }
            async let home = desk.signIn(asha, from: Desk.home, at: now.plus(seconds: 30))
            async let invited = desk.enrol("bela", by: link, at: now)
            // More than wait, so that nothing waits for good where more got in than should.
            for _ in 0..<40 { gate.signal() }
            let signedIn = try? await home
            let person = try? await invited
            #expect(signedIn != nil && person != nil)
        }
        #expect(refused.count.withLock { $0 } == 32)
    }

    @Test func `what waits to be hashed is bounded, and room comes back`() async throws {
        let queue = PasswordQueue(cost: cost)
        let gate = DispatchSemaphore(value: 0)
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<Limits.passwordsWaiting + 1 {
                group.addTask { (try? await queue.run(for: .known) { gate.wait() }) != nil }
            }
            // The one that is refused comes back first, for the others wait on the gate.
            #expect(await group.next() == false)
            for _ in 0..<Limits.passwordsWaiting { gate.signal() }
            for await isRun in group { #expect(isRun) }
        }
        #expect(try await queue.run(for: .known) { 7 } == 7)
    }
}

/// How many found no place.
private final class RefusedPasswords: Sendable {
    let count = Mutex(0)
}
