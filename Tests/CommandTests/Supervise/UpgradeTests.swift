import Foundation
import Support
import Testing

/// `gateway upgrade` with real processes.
@Suite(.serialized) struct UpgradeTests {
    private func started(_ folder: ServedFolder, from programs: String? = nil) async throws -> Served {
        let served = try Served(state: folder.path, from: programs)
        let hasStarted = await eventually(withinSeconds: 60) { await served.isServing }
        try #require(hasStarted, "\(served.program.errorsSoFar)")
        return served
    }

    @Test func `the data plane is replaced, the old one ends well, and the new one is kept running`() async throws {
        let folder = try ServedFolder()
        let served = try await started(folder)
        let old = try #require(served.child("gateway-data-plane"))
        let ran = try await gateway("upgrade", "--state", folder.path)
        #expect(ran.status == 0, "\(ran.errors)")
        #expect(ran.errors.contains("The data plane (pid \(old)) was replaced by pid"), "\(ran.errors)")
        let isSeenOff = await eventually { served.program.errorsSoFar.contains("The data plane before (pid \(old)) exited with status 0.") }
        #expect(isSeenOff, "\(served.program.errorsSoFar)")
        let new = try #require(served.child("gateway-data-plane"))
        #expect(new != old)
        #expect(await served.isReady(served.listen))
        #expect(!served.program.errorsSoFar.contains("starting it again"))
        kill(new, SIGKILL)
        let isBack = await eventually(withinSeconds: 20) {
            guard let next = served.child("gateway-data-plane"), next != new else { return false }
            return await served.isReady(served.listen)
        }
        #expect(isBack, "\(served.program.errorsSoFar)")
        served.program.send(SIGTERM)
        #expect(await served.program.status(withinSeconds: 10) == 0)
    }

    @Test func `wishes that come together are one replacement`() async throws {
        let folder = try ServedFolder()
        let served = try await started(folder)
        let old = try #require(served.child("gateway-data-plane"))
        // Signals of a kind that wait are one signal, so a few are sent until two have come through.
        let isTwice = await eventually {
            served.program.send(SIGUSR2)
            return served.program.errorsSoFar.contains("is being replaced already")
        }
        #expect(isTwice, "\(served.program.errorsSoFar)")
        #expect(await eventually { served.program.errorsSoFar.contains("The data plane (pid \(old)) was replaced by pid") })
        let isAlone = await eventually { processes(of: folder.path, "gateway-data-plane").filter(isAlive).count == 1 }
        #expect(isAlone)
        #expect(!served.program.errorsSoFar.contains("was not replaced"), "\(served.program.errorsSoFar)")
        #expect(await served.isReady(served.listen))
        served.program.send(SIGTERM)
        #expect(await served.program.status(withinSeconds: 10) == 0)
    }

    @Test func `a new program that does not work changes nothing, and is told`() async throws {
        let folder = try ServedFolder()
        let programs = try TemporaryDirectory()
        for name in ["gateway", "gateway-data-plane"] {
            try FileManager.default.copyItem(atPath: try Repository.program(name), toPath: programs.path + "/" + name)
        }
        let served = try await started(folder, from: programs.path)
        let old = try #require(served.child("gateway-data-plane"))
        try FileManager.default.moveItem(atPath: programs.path + "/gateway-data-plane", toPath: programs.path + "/good")
        try programs.write("#!/bin/sh\nexit 1\n", to: "gateway-data-plane")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: programs.path + "/gateway-data-plane")
        let ran = try await gateway("upgrade", "--state", folder.path)
        #expect(ran.status == 1)
        #expect(ran.errors.contains("The data plane was not replaced: its successor (pid"), "\(ran.errors)")
        #expect(ran.errors.contains("exited with status 1"), "\(ran.errors)")
        #expect(isAlive(old))
        #expect(await served.isReady(served.listen))
        try FileManager.default.removeItem(atPath: programs.path + "/gateway-data-plane")
        try FileManager.default.moveItem(atPath: programs.path + "/good", toPath: programs.path + "/gateway-data-plane")
        #expect(try await gateway("upgrade", "--state", folder.path).status == 0)
        served.program.send(SIGTERM)
        #expect(await served.program.status(withinSeconds: 10) == 0)
        #expect(!isAlive(old))
    }

    @Test func `a stop in the middle of an upgrade ends everything, though there is one core`() async throws {
        let (folder, programs) = (try ServedFolder(), try TemporaryDirectory())
        for name in ["gateway", "gateway-data-plane"] {
            try FileManager.default.copyItem(atPath: try Repository.program(name), toPath: programs.path + "/" + name)
        }
        let allowed = try String(contentsOfFile: "/proc/self/status", encoding: .utf8).split(separator: "\n")
            .first { $0.hasPrefix("Cpus_allowed_list:") }
        let core = try #require(allowed?.split { !$0.isNumber }.first.map(String.init))
        let served = try Served(state: folder.path, from: programs.path, on: core)
        try #require(await eventually(withinSeconds: 60) { await served.isServing }, "\(served.program.errorsSoFar)")
        try FileManager.default.removeItem(atPath: programs.path + "/gateway-data-plane")
        try programs.write("#!/bin/sh\necho arrived >&2\nexec sleep 60\n", to: "gateway-data-plane")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: programs.path + "/gateway-data-plane")
        served.program.send(SIGUSR2)
        try #require(await eventually { served.program.errorsSoFar.contains("arrived") }, "\(served.program.errorsSoFar)")
        served.program.send(SIGTERM)
        let status = await served.program.status(withinSeconds: 20)
        #expect(status == 0, "\(served.program.errorsSoFar)")
        if status == nil { served.program.send(SIGKILL) }
    }

    @Test func `an outcome that cannot be written down is said`() async throws {
        let folder = try ServedFolder()
        let served = try await started(folder)
        try FileManager.default.createDirectory(atPath: folder.path + "/upgrade/full", withIntermediateDirectories: true)
        served.program.send(SIGUSR2)
        let isSaid = await eventually(withinSeconds: 20) {
            served.program.errorsSoFar.contains("The upgrade's outcome cannot be written down")
        }
        #expect(isSaid, "\(served.program.errorsSoFar)")
        served.program.send(SIGTERM)
        #expect(await served.program.status(withinSeconds: 10) == 0)
    }

    @Test func `where nothing runs an upgrade says so`() async throws {
        let folder = try ServedFolder()
        let ran = try await gateway("upgrade", "--state", folder.path)
        #expect(ran.status == 1)
        #expect(ran.errors.contains("no 'gateway serve' runs on the state folder \(folder.path)"), "\(ran.errors)")
    }
}
