import ControlPlane
import Foundation
import Registry
import Testing

@testable import Console

/// Words, dates and numbers.
struct TextsTests {
    @Test(arguments: Language.allCases)
    func `every language says everything`(language: Language) {
        let phrases = Texts.phrases(language)
        #expect(Set(Phrase.allCases).subtracting(phrases.keys).map(\.rawValue) == [])
        for (phrase, text) in phrases { #expect(!text.isEmpty && text == text.trimmingCharacters(in: .whitespaces), "\(phrase)") }
    }

    @Test(arguments: Phrase.allCases)
    func `a phrase has the same gaps in both languages`(phrase: Phrase) {
        #expect(gaps(English.words[phrase] ?? "") == gaps(Hindi.words[phrase] ?? ""))
    }

    private func gaps(_ text: String) -> Set<String> {
        Set(text.split(separator: "{", omittingEmptySubsequences: false).dropFirst().map { String($0.prefix { $0 != "}" }) })
    }

    @Test func `Hindi is written in its own letters`() {
        let latin = Set("abcdefghijklmnopqrstuvwxyz")
        for (phrase, text) in Hindi.words where phrase != .inviteName {
            let words = text.replacing(/\{[a-z]+\}/, with: "")
            #expect(!words.contains { latin.contains($0) }, "\(phrase.rawValue): \(text)")
        }
    }

    @Test func `a thing has one word in Hindi`() {
        // The words that were not chosen: partner is पार्टनर, audit is ऑडिट.
        let others = ["साझेदार", "साझीदार", "भागीदार", "लेखा", "अंकेक्षण"]
        for (phrase, text) in Hindi.words {
            #expect(!others.contains { text.contains($0) }, "\(phrase.rawValue): \(text)")
        }
        for (phrase, text) in English.words where text.lowercased().contains(/\bpartners?\b/) {
            #expect(Hindi.words[phrase]?.contains("पार्टनर") == true, "\(phrase.rawValue): \(text)")
        }
        for (phrase, text) in English.words where text.lowercased().contains(/\baudit(or)?\b/) {
            #expect(Hindi.words[phrase]?.contains("ऑडिट") == true, "\(phrase.rawValue): \(text)")
        }
    }

    @Test(arguments: Templates.texts.keys.sorted())
    func `no word for people stands in a template, and each that it asks for is there`(name: String) throws {
        let template = try #require(Templates.texts[name])
        let spoken = template.replacing(/\{\{[^}]*\}\}/, with: "").replacing(/<[^>]*>/, with: "")
        #expect(spoken.allSatisfy { !$0.isLetter }, "\(name): \(spoken.filter(\.isLetter))")
        for attribute in template.matches(of: /(?:aria-label|title|placeholder|alt)="([^"]*)"/) {
            #expect(attribute.1.hasPrefix("{{"), "\(name): \(attribute.1)")
        }
        let phrases = Set(Phrase.allCases.map(\.rawValue))
        for match in template.matches(of: /\{\{t\.([A-Za-z]+)\}\}/) { #expect(phrases.contains(String(match.1)), "\(name): \(match.1)") }
    }

    @Test(arguments: [
        (0, "0"), (7, "7"), (999, "999"), (1_000, "1,000"), (99_999, "99,999"), (1_00_000, "1,00,000"), (1_23_456, "1,23,456"),
        (1_23_45_678, "1,23,45,678"), (-1_23_456, "-1,23,456"),
    ])
    func `digits stand in groups as India writes them`(number: Int, expected: String) {
        for language in Language.allCases { #expect(Texts(language).number(number) == expected) }
    }

    @Test func `times are those of the clocks there`() {
        let time = WallTime(seconds: 1_795_350_600)
        #expect(Texts(.english).time(time) == "22 November 2026, 18:00")
        #expect(Texts(.hindi).time(time) == "22 नवंबर 2026, 18:00")
        #expect(Texts(.english, offsetMinutes: 0).time(time) == "22 November 2026, 12:30")
        #expect(Texts(.english).time(WallTime(seconds: 1_767_205_800)) == "1 January 2026, 00:00")
    }

    @Test(
        arguments: [
            (1, "1 second"), (1_000_000_000, "1 second"), (1_000_000_001, "2 seconds"), (60_000_000_000, "60 seconds"),
            (120_000_000_000, "120 seconds"), (120_000_000_001, "3 minutes"), (600_000_000_000, "10 minutes"),
        ] as [(Int64, String)])
    func `a wait is never said shorter than it is`(nanoseconds: Int64, expected: String) {
        #expect(Texts(.english).wait(nanoseconds: nanoseconds) == expected)
    }

    @Test func `what is put into a gap is not looked through again`() {
        let texts = Texts(.english)
        #expect(texts[.welcome, ["person": "{person} {token}"]] == "Welcome, {person} {token}")
    }

    @Test(
        arguments: [
            ("", nil), ("hi", .hindi), ("hi-IN,hi;q=0.9,en;q=0.8", .hindi), ("en-GB,en;q=0.9,hi;q=0.8", .english),
            ("fr,hi;q=0.5,en;q=0.7", .english),
            ("fr", nil), ("en;q=0", nil), ("en;q=0,hi;q=0.1", .hindi), (";;;,,q=", nil),
        ] as [(String, Language?)])
    func `the browser's first language that there is counts`(field: String, expected: Language?) {
        #expect(AcceptedLanguages.first(field) == expected)
    }
}
