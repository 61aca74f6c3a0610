import Testing

/// A rule that cannot fail is worthless: each catches what is planted for it, on the right line, and leaves good code alone.
struct RuleTests {
    @Test(arguments: [
        (300, 0), (301, 1),
    ])
    func `a file of 301 lines is too long`(lines: Int, expected: Int) {
        let text = String(repeating: "// line\n", count: lines)
        #expect(filesAreShort(SourceFile("Sources/Wire/Long.swift", text)).count == expected)
    }

    @Test(arguments: [
        "func big(\n    _ a: Int = { 1 }()\n) -> Int {\n", "init(\n) {\n", "subscript(a: Int) -> Int {\n", "var big: Int {\n",
        "func big<A>()\nwhere A: B\n{\n",
    ])
    func `a function of 71 lines is too long however it begins`(signature: String) {
        func text(_ lines: Int) -> String {
            let used = signature.split(separator: "\n").count + 1
            let body = String(repeating: "    _ = \"}\\(max(1, 2))\" // {\n", count: lines - used)
            return "struct A {\n\(signature)\(body)}\n    func requirement()\n}\n"
        }
        #expect(functionsAreShort(SourceFile("Sources/Wire/A.swift", text(70))).isEmpty)
        #expect(functionsAreShort(SourceFile("Sources/Wire/A.swift", text(71))).map(\.line) == [2])
    }

    @Test func `a requirement without a body is no function`() {
        let text =
            "protocol A {\n    func first() -> Int\n    init(a: Int)\n    var last: Int { get }\n}\nstruct B {\n    var stored = 1\n    func only() {}\n}\n"
        #expect(functions(in: Lexer.tokens(of: text)).map(\.name) == ["last", "only"])
    }

    @Test(arguments: [
        ("package struct A {}", 1), ("/// Why.\npackage struct A {}", 0), ("/// Why.\n@frozen\npackage struct A {}", 0),
        ("// Why.\npackage func a() {}", 2), ("/// Why.\n\npackage func a() {}", 3), ("/// Why.\nstatic package let a = 1", 0),
        ("@Sendable package func a() {}", 1), ("package private(set) var a = 1", 1), ("package import Wire", 0),
        ("package extension A {}", 0), ("let package = Package(package: 1)", 0), ("// package struct A {}", 0),
    ])
    func `package without documentation is found`(text: String, line: Int) {
        let findings = packageDeclarationsAreDocumented(SourceFile("Sources/Wire/A.swift", text))
        #expect(findings.map(\.line) == (line == 0 ? [] : [line]))
    }

    @Test(arguments: [
        ("Sources/Wire/Utils.swift", 1), ("Sources/Core/Plan.swift", 1), ("Tests/Support/String+Extensions.swift", 1),
        ("Sources/CoreStore/Store.swift", 0),
        ("Tests/CoreStoreTests/Manager/A.swift", 1), ("Sources/Wire/Common.swift", 1), ("Sources/Wire/Helpers/A.swift", 1),
    ])
    func `a drawer is found`(path: String, expected: Int) {
        #expect(namesSayWhatIsInside(SourceFile(path, "")).count == expected)
    }

    @Test(arguments: [
        ("Sources/Wire/A.swift", "final class A: @unchecked Sendable {}", 1),
        ("Sources/Transport/A.swift", "final class A: @unchecked Sendable {}", 0),
        ("Sources/Wire/A.swift", "let a = unsafe read(b)", 1), ("Tests/WireTests/A.swift", "nonisolated(unsafe) var a = 1", 1),
        ("Tests/Fuzz/A.swift", "unsafe read(b)", 0), ("Sources/Command/A.swift", "Task.detached {}", 1),
        ("Sources/Wire/A.swift", "let a = try! b()", 1), ("Sources/Wire/A.swift", "let a = try !b()", 0),
        ("Sources/Wire/A.swift", "let a = b as! C", 1),
        ("Sources/Wire/A.swift", "public struct A {}", 1), ("Tests/Fuzz/A.swift", "public func a() {}", 0),
        ("Sources/CoreStore/A.swift", "print(1)", 1), ("Sources/Command/A.swift", "print(1)", 0),
        ("Tests/WireTests/A.swift", "print(1)", 0),
        ("Sources/Wire/A.swift", "let a = \"try! public unsafe\" // try!", 0), ("Sources/Wire/A.swift", "let a = \"\\(try! b())\"", 1),
        ("Sources/Wire/A.swift", "let a = #\" \" try! \"#; let b = try! c()", 1), ("Sources/Wire/A.swift", "/* a /* b */ try! */", 0),
        ("Sources/Wire/A.swift", "let a = /\"/; try! b()", 1), ("Sources/Wire/A.swift", "func `public sleeps`() {}", 0),
    ])
    func `a forbidden word is found where it is forbidden`(path: String, text: String, expected: Int) {
        #expect(codeAvoidsForbiddenWords(SourceFile(path, text)).count == expected)
    }

    @Test(arguments: [
        ("Tests/WireTests/A.swift", "try await Task.sleep(for: .seconds(1))", 1), ("Tests/WireTests/A.swift", "sleep(1)", 1),
        ("Tests/WireTests/A.swift", "usleep(1)", 1), ("Tests/WireTests/A.swift", "Thread.sleep(forTimeInterval: 1)", 1),
        ("Tests/Support/A.swift", "func eventually() {\n    usleep(1)\n}", 0),
        ("Tests/Support/A.swift", "func later() {\n    usleep(1)\n}", 1),
        ("Tests/WireTests/A.swift", "func eventually() {\n    usleep(1)\n}", 1), ("Sources/Command/A.swift", "sleep(1)", 0),
    ])
    func `a pause in a test is found`(path: String, text: String, expected: Int) {
        #expect(testsDoNotPause(SourceFile(path, text)).count == expected)
    }

    @Test(arguments: [
        ("Registry", "import Foundation", 1), ("Registry", "import Synchronization", 0), ("Wire", "import Registry", 0),
        ("Wire", "import Admission", 1),
        ("Admission", "package import Registry", 0), ("Exchange", "import Transport", 1), ("Exchange", "import struct Wire.Slice", 0),
        ("Transport", "import Foundation", 1), ("Transport", "import CTransport\nimport Glibc", 0),
        ("DataPlane", "@preconcurrency import Logging", 1),
        ("ControlPlane", "import GRDB\nimport Registry", 0), ("ControlPlane", "import CoreStore", 1), ("CoreStore", "import Admission", 1),
        ("Command", "import CoreStore", 0), ("Command", "import Transport", 1), ("Kitchen", "", 1),
    ])
    func `an import against the stream is found`(target: String, text: String, expected: Int) {
        #expect(importsPointOneWay(SourceFile("Sources/\(target)/A.swift", text)).count == expected)
    }

    @Test func `a path of somebody's machine is found`() {
        let findings = textStandsByItself(SourceFile("README.md", "fine\nsee " + ".." + "/shared/x\ncd /wo" + "rk/main\n"))
        #expect(findings.map(\.line) == [2, 3])
    }

    @Test(arguments: [
        ("Package.resolved", 1), (".build/debug.yaml", 1), (".build-fuzz/a", 1), ("Wire.h", 1), ("Sources/Wire/build.swift", 0),
    ])
    func `what a build made is found`(path: String, expected: Int) {
        #expect(onlySourcesAreKept(SourceFile(path, "")).count == expected)
    }

    @Test func `a dependency without a word in the README is found`() {
        let manifest = ".package(url: \"https://host/a/Yams\", from: \"1\"), .package(url: \"https://host/a/swift-log.git\", from: \"1\")"
        #expect(unexplainedDependencies(manifest: manifest, readme: "yams reads YAML") == ["swift-log"])
    }
}
