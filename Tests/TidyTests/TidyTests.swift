import Foundation
import Testing

/// The house style, executed over the whole tree: each test names every place that breaks its rule.
struct TidyTests {
    @Test func `the whole tree is read`() {
        let paths = Set(Repository.here.files.map(\.path))
        #expect(paths.isSuperset(of: ["Package.swift", "Makefile", "Sources/Wire/RequestHead.swift", "Tests/TidyTests/TidyTests.swift"]))
    }

    @Test func `files have at most 300 lines`() { hold(filesAreShort) }

    @Test func `functions have at most 70 lines`() { hold(functionsAreShort) }

    @Test func `what is package has a line of documentation`() { hold(packageDeclarationsAreDocumented) }

    @Test func `no file or folder is a drawer for the rest`() { hold(namesSayWhatIsInside) }

    @Test func `no forbidden word stands in the code`() { hold(codeAvoidsForbiddenWords) }

    @Test func `no test pauses`() { hold(testsDoNotPause) }

    @Test func `imports point one way`() { hold(importsPointOneWay) }

    @Test func `the repository names nothing outside itself`() { hold(textStandsByItself) }

    @Test func `nothing that a build makes is tracked`() { hold(onlySourcesAreKept) }

    @Test func `every dependency is explained in the README`() throws {
        let manifest = try Repository.here.text(of: "Package.swift")
        let unexplained = unexplainedDependencies(manifest: manifest, readme: (try? Repository.here.text(of: "README.md")) ?? "")
        #expect(unexplained.isEmpty, "README.md says of none of these what it saves us: \(unexplained.joined(separator: ", "))")
    }

    @Test(.enabled(if: Command.isInstalled("swift"))) func `swift format finds nothing`() throws {
        let lint = try Command.run(
            formatter + ["--recursive", "--parallel", "Sources", "Tests", "Package.swift"], in: Repository.here.root)
        #expect(lint.status == 0, "\(lint.output)")
    }

    @Test(.enabled(if: Command.isInstalled("swift"))) func `swift format would find a fault`() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "fault-\(ProcessInfo.processInfo.processIdentifier).swift")
        try "let  crooked=1\n".write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        let lint = try Command.run(formatter + [file.path], in: Repository.here.root)
        #expect(lint.status == 1)
    }

    private var formatter: [String] { ["swift", "format", "lint", "--strict", "--configuration", ".swift-format"] }

    private func hold(_ rule: Rule, sourceLocation: SourceLocation = #_sourceLocation) {
        let findings = Repository.here.files.flatMap(rule)
        #expect(findings.isEmpty, "\(findings.map(\.description).joined(separator: "\n"))", sourceLocation: sourceLocation)
    }
}
