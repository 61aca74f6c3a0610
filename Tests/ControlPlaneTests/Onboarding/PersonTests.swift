import Registry
import Testing

@testable import ControlPlane

/// When two names are one person.
@Suite struct PersonTests {
    @Test(arguments: [
        ("Asha Rao", "asha  rao"), ("\u{FF21}\u{FF53}ha Rao", "asha rao"), ("Ren\u{00E9}", "rene\u{301}"), ("o\u{FB00}ice", "office"),
        ("asha\u{00A0}rao", "asha rao"), ("\u{2460}", "1"), ("STRA\u{1E9E}E", "stra\u{00DF}e"),
    ])
    func `names that print alike are one`(_ left: String, _ right: String) throws {
        #expect(try Person.name(left) == Person.name(right))
    }

    @Test(arguments: ["\u{FF53}tart", "\u{FF49}mport", "as\u{34F}ha", "asha\u{FE0F}", "asha\u{3164}", "as\u{200B}ha", "\u{115F}"])
    func `a name of the gateway's own in other letters, and one with what shows nothing, is refused`(_ name: String) {
        #expect(throws: RegistryError.self) { try Person.name(name) }
    }

    @Test func `one person by two spellings is not two who let an application go live`() throws {
        let scratch = try Scratch()
        let registry = try scratch.onboarding(Staff(roles: [:]), in: .approved)
        _ = try registry.move(id("acme-app"), .goLive, by: "asha rao", reason: "x", at: Scratch.now)
        #expect(throws: RegistryError.self) {
            _ = try registry.move(id("acme-app"), .goLive, by: "\u{FF41}sha rao", reason: "x", at: Scratch.now)
        }
    }
}
