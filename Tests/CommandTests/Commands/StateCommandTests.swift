import Foundation
import Support
import Testing

/// `gateway state` as scripts use it.
@Suite struct StateCommandTests {
    private let served: ServedFolder

    init() throws { served = try ServedFolder() }

    @Test func `a state is backed up, verified and put back by command`() async throws {
        let folder = try TemporaryDirectory()
        let (backup, other) = (folder.path + "/backup", folder.path + "/state")
        let made = try await gateway(
            "state", "backup", backup, "--policies", Repository.root + "/policies", "--by", "ops", "--format", "json", "--state",
            served.path)
        #expect(made.status == 0 && made.errors.isEmpty)
        #expect(try await gateway("state", "verify", backup).status == 0)
        #expect(try await gateway("state", "restore", backup, "--state", served.path).errors.contains("is not empty"))
        let restored = try await gateway("state", "restore", backup, "--policies", folder.path + "/policies", "--state", other)
        #expect(restored.status == 0 && restored.errors.isEmpty)
        let keys = try await gateway("key", "list", "--format", "json", "--state", other).output
        #expect(try await gateway("key", "list", "--format", "json", "--state", served.path).output == keys)
        try FileManager.default.removeItem(atPath: backup + "/audit.key")
        let missing = try await gateway("state", "verify", backup)
        #expect(missing.status == 1 && missing.errors.contains("audit.key is missing"))
    }
}
