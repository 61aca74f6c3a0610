import Registry
import Testing

@testable import ControlPlane

/// Codes of authenticator apps.
struct TimeBasedCodeTests {
    private let secret = Array("12345678901234567890".utf8)

    @Test(arguments: [
        (59, "94287082"), (1_111_111_109, "07081804"), (1_111_111_111, "14050471"), (1_234_567_890, "89005924"),
        (2_000_000_000, "69279037"), (20_000_000_000 as Int64, "65353130"),
    ])
    func `the table of RFC 6238, appendix B, is met`(seconds: Int64, expected: String) {
        let step = TimeBasedCode.step(at: WallTime(seconds: min(seconds, 9_000_000_000)))
        let code = TimeBasedCode.code(of: secret, step: seconds > 9_000_000_000 ? seconds / 30 : step, digits: 8)
        #expect(code == expected)
    }

    @Test(arguments: [(-2, false), (-1, true), (0, true), (1, true), (2, false)])
    func `the codes now, just before and just after are taken`(distance: Int64, isTaken: Bool) {
        let now = WallTime(seconds: 1_700_000_010)
        let code = TimeBasedCode.code(of: secret, step: TimeBasedCode.step(at: now) + distance)
        #expect((TimeBasedCode.acceptedStep(of: code, secret: secret, at: now, usedBefore: 0) != nil) == isTaken)
    }

    @Test func `a code is taken up to the last nanosecond of the step after its own`() {
        let code = TimeBasedCode.code(of: secret, step: 1_000)
        let end = WallTime(seconds: 1_002 * 30)
        #expect(TimeBasedCode.acceptedStep(of: code, secret: secret, at: end.plus(nanoseconds: -1), usedBefore: 0) == 1_000)
        #expect(TimeBasedCode.acceptedStep(of: code, secret: secret, at: end, usedBefore: 0) == nil)
    }

    @Test func `a code that was used, or one before it, is not taken again`() {
        let now = WallTime(seconds: 1_700_000_010)
        let step = TimeBasedCode.step(at: now)
        for distance in -1...1 as ClosedRange<Int64> {
            let code = TimeBasedCode.code(of: secret, step: step + distance)
            let accepted = TimeBasedCode.acceptedStep(of: code, secret: secret, at: now, usedBefore: step)
            #expect(accepted == (distance == 1 ? step + 1 : nil))
        }
    }

    @Test func `what an app reads is what was made`() {
        let enrolment = CodeEnrolment(secret: secret, account: "asha.rao")
        #expect(enrolment.secret == "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ")
        #expect(
            enrolment.link
                == "otpauth://totp/Partner%20gateway:asha.rao?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Partner%20gateway&algorithm=SHA1&digits=6&period=30"
        )
        #expect(Desk.bytes(base32: enrolment.secret) == secret)
    }

    @Test(arguments: [
        ("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("fooba", "MZXW6YTB"), ("foobar", "MZXW6YTBOI"),
    ])
    func `base32 is RFC 4648's, without its padding`(text: String, expected: String) {
        #expect(Base32.text(Array(text.utf8)) == expected)
    }
}
