import ControlPlane
import Foundation
import Registry
import Support
import Testing

/// A real `gateway serve` on ports of its own.
struct Served {
    let program: RunningProgram
    let state: String
    let listen: Int
    let console: Int
    let coreStore: Int

    /// Starts it. Unless `embedded`, both stores are a port where nobody listens: no data has to be made.
    init(
        state: String, embedded: Bool = false, policies: String = Repository.root + "/policies", from programs: String? = nil,
        isPlain: Bool = true, on cores: String? = nil, _ more: [String] = []
    ) throws {
        self.state = state
        (listen, console, coreStore) = (freePort(), freePort(), freePort())
        var arguments = [
            "serve", "--state", state, "--partners", Repository.root + "/partners", "--policies", policies, "--listen",
            isPlain ? "127.0.0.1:\(listen)" : "off", "--console", "127.0.0.1:\(console)", "--core-store-listen", "127.0.0.1:\(coreStore)",
            "--loops", "1",
        ]
        if !embedded { arguments += ["--core-store", "http://127.0.0.1:\(coreStore)", "--sandbox-store", "http://127.0.0.1:\(coreStore)"] }
        let gateway = try programs.map { $0 + "/gateway" } ?? Repository.program("gateway")
        program =
            try cores.map { try RunningProgram("/usr/bin/taskset", ["-c", $0, gateway] + arguments + more) }
            ?? RunningProgram(gateway, arguments + more)
    }

    /// The children by the word that tells them apart in their command lines.
    func child(_ word: String) -> Int32? { processes(of: state, word).first }

    /// Whether data plane and control plane both answer.
    var isServing: Bool {
        get async {
            guard await isReady(listen) else { return false }
            return await isReady(console)
        }
    }

    func isReady(_ port: Int) async -> Bool {
        await (try? HTTPClient("http://127.0.0.1:\(port)").get("/readyz"))?.status == 200
    }
}

/// The processes that serve a state folder, by the word that tells them apart in their command lines.
func processes(of state: String, _ word: String) -> [Int32] {
    let numbers = (try? FileManager.default.contentsOfDirectory(atPath: "/proc"))?.compactMap(Int32.init) ?? []
    return numbers.filter { pid in
        guard let bytes = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") else { return false }
        let words = bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        return words.contains { $0.hasPrefix(state) } && words.contains { $0.hasSuffix(word) } && !words.contains("serve")
    }
}

/// How many of a process's sockets listen: state 0A of proc(5)'s tables, whose tenth column is the inode that its descriptors lead to.
private func listeningSockets(of pid: Int32) -> Int {
    let manager = FileManager.default
    let descriptors = (try? manager.contentsOfDirectory(atPath: "/proc/\(pid)/fd")) ?? []
    let own = Set(descriptors.compactMap { try? manager.destinationOfSymbolicLink(atPath: "/proc/\(pid)/fd/\($0)") })
    let tables = ["/proc/net/tcp", "/proc/net/tcp6"].compactMap { try? String(contentsOfFile: $0, encoding: .utf8) }
    return tables.flatMap { $0.split(separator: "\n").dropFirst() }.count { line in
        let columns = line.split(separator: " ")
        return columns.count > 9 && columns[3] == "0A" && own.contains("socket:[\(columns[9])]")
    }
}

/// Whether a process runs; a dead one that nobody has waited for has no command line left.
func isAlive(_ pid: Int32) -> Bool {
    FileManager.default.contents(atPath: "/proc/\(pid)/cmdline").map { !$0.isEmpty } ?? false
}

/// The supervisor with real processes.
@Suite(.serialized) struct SupervisorTests {
    @Test func `a first start prints a call that works, and a stop ends everything`() async throws {
        let folder = try TemporaryDirectory()
        let served = try Served(state: folder.path, embedded: true)
        let isReady = await eventually(withinSeconds: 120) { served.program.outputSoFar.hasSuffix("'\n") }
        try #require(isReady, "\(served.program.outputSoFar)\(served.program.errorsSoFar)")
        let line = served.program.outputSoFar
        #expect(line.hasPrefix("curl -H 'x-api-key: pgw_sandbox_"))
        #expect(line.split(separator: "\n").count == 1)
        let quoted = line.split(separator: "'")
        let key = quoted[1].dropFirst("x-api-key: ".count)
        let url = try #require(quoted.first { $0.hasPrefix("http://") })
        let answer = try await HTTPClient(String(url), fields: ["x-api-key": String(key)]).get("")
        #expect(answer.status == 200)
        #expect((answer.json?["sessions"] as? [Any])?.isEmpty == false)
        let children = ["gateway-data-plane", "control-plane", "core-store"].compactMap(served.child)
        #expect(children.count == 3)
        served.program.send(SIGINT)
        #expect(await served.program.status(withinSeconds: 30) == 0)
        for child in children { #expect(!isAlive(child), "\(child) has outlived the supervisor") }
    }

    @Test func `behind a proxy a first start prints its call too, though its own connections are closed`() async throws {
        let folder = try TemporaryDirectory()
        let served = try Served(state: folder.path, ["--proxy-protocol", "required", "--trusted-proxies", "10.0.0.0/8"])
        let isReady = await eventually(withinSeconds: 60) { served.program.outputSoFar.hasSuffix("'\n") }
        #expect(isReady, "\(served.program.errorsSoFar)")
        #expect(served.program.outputSoFar.hasPrefix("curl -H 'x-api-key: pgw_sandbox_"))
        #expect(served.program.errorsSoFar.contains("Only trusted proxies may connect"))
        served.program.send(SIGTERM)
        #expect(await served.program.status(withinSeconds: 10) == 0)
    }

    @Test func `by TLS only it is ready once the data plane is`() async throws {
        let (folder, files) = (try ServedFolder(), try TemporaryDirectory())
        let (certificate, key) = (files.path + "/tls.pem", files.path + "/tls.key")
        let making = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=a"]
        let made = try RunningProgram("/usr/bin/openssl", ["req"] + making + ["-keyout", key, "-out", certificate])
        #expect(await made.status() == 0)
        let port = freePort()
        let served = try Served(
            state: folder.path, isPlain: false,
            ["--listen-tls", "127.0.0.1:\(port)", "--tls-certificate", certificate, "--tls-key", key])
        let isReady = await eventually(withinSeconds: 60) { served.program.errorsSoFar.contains("Ready: https://127.0.0.1:\(port)") }
        #expect(isReady, "\(served.program.errorsSoFar)")
        let shaken = try RunningProgram("/usr/bin/openssl", ["s_client", "-connect", "127.0.0.1:\(port)", "-brief"])
        #expect(await shaken.status() == 0, "\(shaken.errorsSoFar)")
        served.program.send(SIGTERM)
        #expect(await served.program.status(withinSeconds: 10) == 0)
    }

    @Test func `a later start prints how to issue a key, and a second serve on the folder is refused`() async throws {
        let folder = try ServedFolder()
        let served = try Served(state: folder.path)
        let isReady = await eventually(withinSeconds: 60) { served.program.outputSoFar.contains("gateway key issue") }
        try #require(isReady, "\(served.program.errorsSoFar)")
        let second = try await gateway("serve", "--state", folder.path)
        #expect(second.status == 1)
        #expect(second.errors.contains("another 'gateway serve' (pid \(served.program.pid)) serves the state folder"))
        #expect(await served.isReady(served.listen))
        served.program.send(SIGTERM)
        #expect(await served.program.status(withinSeconds: 10) == 0)
    }

    @Test func `what is killed comes back and says so, and what was recorded is still there`() async throws {
        let folder = try ServedFolder()
        let served = try Served(state: folder.path)
        let hasStarted = await eventually(withinSeconds: 60) { await served.isServing }
        try #require(hasStarted, "\(served.program.errorsSoFar)")
        for (word, port) in [("gateway-data-plane", served.listen), ("control-plane", served.console)] {
            let old = try #require(served.child(word))
            let start = ContinuousClock.now
            kill(old, SIGKILL)
            let isBack = await eventually(withinSeconds: 10) {
                guard let new = served.child(word), new != old else { return false }
                return await served.isReady(port)
            }
            #expect(isBack, "\(word) is not back")
            print("\(word) was back after \(ContinuousClock.now - start)")
            #expect(served.program.errorsSoFar.contains("(pid \(old)) was ended by signal 9; starting it again at once"))
        }
        let client = HTTPClient("http://127.0.0.1:\(served.listen)", fields: ["x-api-key": folder.firstKey])
        let target = "/api/v2/appointment/sessions/public/findByPin?pincode=411001&date=01-06-2021"
        #expect(try await client.get(target).status >= 500, "admitted; there is no core store")
        _ = try await gateway("application", "suspend", "eka-care-app", "--by", "ann", "--reason", "a test", "--state", folder.path)
        let isSuspended = try await eventually(withinSeconds: 5) { try await client.get(target).status == 403 }
        #expect(isSuspended)
        served.program.send(SIGTERM)
        #expect(await served.program.status(withinSeconds: 10) == 0)
    }

    @Test func `what keeps dying is started less and less often`() async throws {
        let folder = try ServedFolder()
        let served = try Served(state: folder.path)
        let hasStarted = await eventually(withinSeconds: 60) { await served.isServing }
        try #require(hasStarted, "\(served.program.errorsSoFar)")
        for text in ["at once", "in 200 ms", "in 400 ms", "in 800 ms"] {
            let isThere = await eventually { served.child("control-plane").map(isAlive) ?? false }
            try #require(isThere, "\(served.program.errorsSoFar)")
            let pid = try #require(served.child("control-plane"))
            kill(pid, SIGKILL)
            let line = "The control plane (pid \(pid)) was ended by signal 9; starting it again \(text)."
            let isSaid = await eventually { served.program.errorsSoFar.contains(line) }
            #expect(isSaid, "\(text): \(served.program.errorsSoFar)")
        }
        served.program.send(SIGTERM)
        #expect(await served.program.status(withinSeconds: 10) == 0, "a stop does not wait for the next try")
    }

    @Test func `a port that is taken ends serve with status 1 and a reason, and what else was started`() async throws {
        let folder = try ServedFolder()
        let blocker = try Served(state: folder.path)
        let hasStarted = await eventually(withinSeconds: 60) { await blocker.isServing }
        try #require(hasStarted, "\(blocker.program.errorsSoFar)")
        for (name, listen, console) in [
            ("data plane", blocker.listen, freePort()), ("control plane", freePort(), blocker.console),
        ] {
            let other = try ServedFolder()
            let ran = try await gateway(
                "serve", "--state", other.path, "--partners", Repository.root + "/partners", "--policies", Repository.root + "/policies",
                "--listen", "127.0.0.1:\(listen)", "--console", "127.0.0.1:\(console)", "--loops", "1",
                "--core-store", "http://127.0.0.1:9", "--sandbox-store", "http://127.0.0.1:9")
            #expect(ran.status == 1)
            #expect(ran.errors.contains("could not start: the \(name) exited with status 1"), "\(ran.errors)")
            #expect(!ran.errors.contains("starting it again"), "\(ran.errors)")
            let isLeft = ["gateway-data-plane", "control-plane"].contains { processes(of: other.path, $0).contains(where: isAlive) }
            #expect(!isLeft)
        }
        #expect(await blocker.isServing)
        blocker.program.send(SIGTERM)
        #expect(await blocker.program.status(withinSeconds: 10) == 0)
    }

    @Test func `with the console off the control plane listens nowhere, and still publishes and reads policies again`() async throws {
        let folder = try ServedFolder()
        let program = try RunningProgram(
            try Repository.program("gateway"),
            ["control-plane", "--state", folder.path, "--policies", Repository.root + "/policies", "--console", "off"])
        let isRunning = await eventually(withinSeconds: 60) { program.errorsSoFar.contains("listening nowhere") }
        try #require(isRunning, "\(program.errorsSoFar)")
        // What a command commits and does not publish is the watch's: once that has happened, all services run.
        let registry = try RegistryStore(stateDirectory: folder.path)
        let application = try #require(Identifier("eka-care-app"))
        _ = try registry.move(application, .suspend, by: "ann", reason: "a test", at: .now())
        let isPublished = try await eventually { try folder.application("eka-care-app").state == .suspended }
        #expect(isPublished)
        #expect(listeningSockets(of: program.pid) == 0)
        program.send(SIGTERM)
        #expect(await program.status(withinSeconds: 10) == 0)
    }

    @Test func `children end when the supervisor is killed, and another can start at once`() async throws {
        let folder = try ServedFolder()
        let served = try Served(state: folder.path)
        let hasStarted = await eventually(withinSeconds: 60) { await served.isServing }
        try #require(hasStarted, "\(served.program.errorsSoFar)")
        let children = ["gateway-data-plane", "control-plane"].compactMap(served.child)
        #expect(children.count == 2)
        served.program.send(SIGKILL)
        let haveEnded = await eventually(withinSeconds: 10) { !children.contains(where: isAlive) }
        #expect(haveEnded, "children have outlived a killed supervisor")
        let next = try Served(state: folder.path)
        let isReady = await eventually(withinSeconds: 60) { await next.isReady(next.listen) }
        #expect(isReady, "\(next.program.errorsSoFar)")
        next.program.send(SIGTERM)
        #expect(await next.program.status(withinSeconds: 10) == 0)
    }

    @Test func `SIGHUP reads the policies again, and a faulty set leaves the last good one`() async throws {
        let folder = try ServedFolder()
        let policies = try TemporaryDirectory()
        let shipped = Repository.root + "/policies"
        for name in ["plans.yaml", "routes.yaml"] {
            try policies.write(try String(contentsOfFile: "\(shipped)/\(name)", encoding: .utf8), to: name)
        }
        let routes = try String(contentsOfFile: shipped + "/routes.yaml", encoding: .utf8)
        let served = try Served(state: folder.path, policies: policies.path)
        let hasStarted = await eventually(withinSeconds: 60) { await served.isReady(served.console) }
        try #require(hasStarted, "\(served.program.errorsSoFar)")
        let before = try folder.snapshot().policy.version
        try policies.write(routes.replacing("cost: 3", with: "cost: 4"), to: "routes.yaml")
        served.program.send(SIGHUP)
        let hasChanged = try await eventually { try folder.snapshot().policy.version != before }
        #expect(hasChanged, "\(served.program.errorsSoFar)")
        let good = try folder.snapshot().policy.version
        try policies.write("routes: nonsense\n", to: "routes.yaml")
        served.program.send(SIGHUP)
        let isRefused = await eventually { served.program.errorsSoFar.contains("policies not taken") }
        #expect(isRefused)
        #expect(try folder.snapshot().policy.version == good)
        served.program.send(SIGTERM)
        #expect(await served.program.status(withinSeconds: 10) == 0)
    }
}
