import ControlPlane
import Foundation
import Support
import Testing

@Suite struct ConfigurationFaultTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        try scratch.write(goodPlans, to: "policies/plans.yaml")
        try scratch.write(goodRoutes, to: "policies/routes.yaml")
        try scratch.write(goodPartner, to: "partners/acme.yaml")
    }

    private func faults() -> [ConfigurationFault] {
        checkConfiguration(partnersDirectory: scratch.path + "/partners", policiesDirectory: scratch.path + "/policies")
    }

    @Test func `good files have no fault`() { #expect(faults().map(\.description) == []) }

    @Test(arguments: breakages) func `a fault is reported where it is, with what was expected`(_ breakage: Breakage) throws {
        let (text, name) =
            switch breakage.file {
            case "plans": (goodPlans, "policies/plans.yaml")
            case "routes": (goodRoutes, "policies/routes.yaml")
            default: (goodPartner, breakage.file + ".yaml")
            }
        #expect(text.contains(breakage.old), "the test's own edit must apply")
        guard let range = text.firstRange(of: breakage.old) else { return }
        try scratch.write(text.replacingCharacters(in: range, with: breakage.new), to: name)
        let printed = faults().map(\.description)
        let place = "\(scratch.path)/\(name):\(breakage.place): "
        #expect(
            printed.contains { $0.hasPrefix(place) && $0.contains(breakage.says) },
            "\(place)\(breakage.says)\nin\n\(printed.joined(separator: "\n"))")
    }

    @Test func `one run reports every fault of every file, in order`() throws {
        try scratch.write(
            goodPlans.replacing("burst: 5 }", with: "burst: 4 }").replacing("app: standard", with: "app: gold"), to: "policies/plans.yaml")
        try scratch.write(
            goodRoutes.replacing("scope: booking", with: "scope: x").replacing("cost: 3", with: "cost: 300"), to: "policies/routes.yaml")
        try scratch.write(
            goodPartner.replacing("kind: app", with: "kind: x").replacing("state: suspended", with: "state: y"), to: "partners/acme.yaml")
        try scratch.write("id: [", to: "partners/broken.yaml")
        let faults = faults()
        let places = faults.map { "\(URL(fileURLWithPath: $0.file).lastPathComponent):\($0.line):\($0.column)" }
        #expect(
            places == [
                "acme.yaml:2:7", "acme.yaml:15:12", "broken.yaml:2:1", "plans.yaml:5:8", "plans.yaml:10:49",
                "plans.yaml:13:49",
                "routes.yaml:19:12",
            ])
        #expect(faults == faults.sorted())
    }

    @Test func `ids given twice are found across files`() throws {
        try scratch.write(goodPartner, to: "partners/second.yaml")
        let printed = faults().map(\.description)
        #expect(printed.count == 2)
        #expect(
            printed.first?.contains("second.yaml:1:5: duplicate partner id 'acme': first given at \(scratch.path)/partners/acme.yaml:1:5")
                == true)
        #expect(printed.last?.contains("second.yaml:9:9: duplicate application id 'acme-app'") == true)
    }

    @Test func `a missing folder, a missing file and a stray one are faults`() throws {
        try FileManager.default.removeItem(atPath: scratch.path + "/policies/routes.yaml")
        try FileManager.default.removeItem(atPath: scratch.path + "/partners")
        try scratch.write(goodRoutes, to: "policies/route.yaml")
        let printed = faults().map(\.description)
        #expect(printed.contains("\(scratch.path)/partners:1:1: the folder cannot be read, expected a folder of YAML files"))
        #expect(printed.contains("\(scratch.path)/policies/routes.yaml:1:1: the file cannot be read, expected a file of that name"))
        #expect(printed.contains { $0.contains("route.yaml:1:1: unknown policy file (did you mean 'routes.yaml'?)") })
    }

    @Test(arguments: exhausting.indices) func `a file made to exhaust the parser is refused with a sentence`(_ index: Int) throws {
        try scratch.write(exhausting[index], to: "policies/plans.yaml")
        let faults = faults().filter { $0.file.hasSuffix("plans.yaml") }
        #expect(faults.count >= 1)
        #expect(faults.allSatisfy { $0.description.utf8.count < 1_000 })
    }

    @Test func `random edits never trap and never give a policy with a fault`() throws {
        let seed = UInt64.random(in: .min ... .max)
        print("policy file edits: seed \(seed)")
        var generator = SplitMix64(seed: seed)
        let alphabet = Array("aA0 :-[]{},\"'#\n\t&*!|>%@`~?é\u{0}")
        for _ in 0..<Soak.count(3_000) {
            var text = Array(goodRoutes)
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let index = Int.random(in: 0..<text.count, using: &generator)
                text[index] = alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
            }
            try scratch.write(String(text), to: "policies/routes.yaml")
            let isFaulty = !checkConfiguration(partnersDirectory: scratch.path + "/partners", policiesDirectory: scratch.path + "/policies")
                .isEmpty
            let policy = try? loadPolicy(from: scratch.path + "/policies")
            #expect(isFaulty == (policy == nil))
        }
    }
}
