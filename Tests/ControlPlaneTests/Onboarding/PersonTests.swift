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

    private static let key = "pgw_production_" + String(repeating: "a1B2c3D", count: 7)

    @Test func `a key pasted into a reason, a note, a name or a file's name is not kept`() throws {
        let reads: [(String) throws -> String] = [
            { try Person.reason($0) }, { try Person.note($0) }, { try Person.keyName($0) }, { try Person.fileName($0) },
        ]
        for read in reads {
            #expect(try read("  our key\n\(PersonTests.key) is out ") == "our key pgw_production_… is out")
        }
        #expect(try Person.keyName(PersonTests.key) == "pgw_production_…")
        let scratch = try Scratch()
        let registry = try scratch.onboarding(in: .live)
        let app = id("acme-app")
        let note = try registry.addNote("your key \(PersonTests.key) is compromised", on: app, to: .partner, by: "reva", at: Scratch.now)
        _ = try registry.issueKey(to: app, in: .sandbox, named: PersonTests.key, by: "asha", at: Scratch.now)
        #expect(note.text == "your key pgw_production_… is compromised")
        #expect(try registry.notes(on: app).map(\.text) == [note.text] && registry.keys(of: app).map(\.name) == ["pgw_production_…"])
        #expect(try !registry.auditRecords().contains { AuditLine.record($0).text.contains("a1B2c3D") })
    }

    @Test func `a text has as many letters in Hindi as in English, as forms count them`() throws {
        let reads: [((String) throws -> String, Int)] = [
            ({ try Person.reason($0) }, 500), ({ try Person.note($0) }, 2_000), ({ try Person.keyName($0) }, 80),
            ({ try Person.fileName($0) }, 120), ({ try Person.name($0) }, 80),
        ]
        for (read, most) in reads {
            for letter in ["a", "अ", "😀"] {
                let text = String(repeating: letter, count: most)
                #expect(try read(text) == text)
                #expect(throws: RegistryError.self) { _ = try read(text + letter) }
            }
            #expect(throws: RegistryError.self) { _ = try read(" ") }
        }
    }

    @Test func `a reason of the most letters is on record whole`() throws {
        let scratch = try Scratch()
        let registry = try scratch.onboarding(in: .submitted)
        let reason = String(repeating: "😀", count: Limits.reasonCharacters)
        _ = try registry.move(id("acme-app"), .review, by: "reva", reason: reason, at: Scratch.now)
        #expect(try registry.auditRecords().last?.reason == reason)
        #expect(try registry.moves(of: id("acme-app")).last?.reason == reason)
    }
}
