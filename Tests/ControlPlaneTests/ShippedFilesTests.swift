import ControlPlane
import Foundation
import Registry
import Testing

/// The repository's root, from this file's place in it.
let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

@Suite struct ShippedFilesTests {
    @Test func `the files in the repository have no fault`() {
        let faults = checkConfiguration(partnersDirectory: repository + "/partners", policiesDirectory: repository + "/policies")
        #expect(faults.map(\.description) == [])
    }

    @Test func `partners stand in every state, so that every verdict can be seen`() throws {
        let policy = try loadPolicy(from: repository + "/policies")
        let partners = try loadPartners(from: repository + "/partners", under: policy)
        #expect(partners.count == 9)
        let states = Set(partners.flatMap(\.applications).compactMap(\.state))
        #expect(states == Set(ApplicationState.allCases))
    }

    @Test func `the routes are those of the API`() throws {
        let policy = try loadPolicy(from: repository + "/policies")
        #expect(policy.routes.count == 25)
        #expect(policy.version.count == 64)
        let finds = policy.routes.filter { $0.id.text.hasPrefix("find-by-") }.map(\.cost).max() ?? 0
        #expect(policy.routes.filter { $0.id.text.hasPrefix("calendar-by-") }.allSatisfy { $0.cost > finds })
    }
}
