import ArgumentParser
import ControlPlane
import Foundation
import Support
import Testing

@testable import Command

/// The table of settings and what its forms allow.
struct SettingTests {
    @Test func `every setting has a variable of its name, and its default is in form`() {
        #expect(Setting.coreStoreListen.variable == "GATEWAY_CORE_STORE_LISTEN")
        #expect(Set(Setting.all.map(\.key)).count == Setting.all.count)
        for setting in Setting.all where !setting.standard.isEmpty { #expect(setting.kind.allows(setting.standard), "\(setting.key)") }
    }

    @Test func `every passed setting has an option, and every option is one`() throws {
        let labels = Mirror(reflecting: PassedOptions()).children.compactMap(\.label)
        #expect(Set(labels.compactMap { PassedOptions.setting(of: $0)?.key }) == Set(Setting.passed.map(\.key)))
        #expect(labels.count == Setting.passed.count)
    }

    @Test(arguments: [
        (SettingKind.file, "a/b.pem", true), (.file, "", false), (.text("NAME"), "a b", true), (.text("NAME"), "a\nb", false),
        (.number(0...9), "9", true), (.number(0...9), "10", false), (.number(0...9), "cores", false), (.choice(["a", "b"]), "b", true),
        (.choice(["a", "b"]), "c", false), (.list(.file), "a,b", true), (.list(.file), "a,,b", false), (.list(.file), "", false),
        (.yesOrNo, "yes", true), (.yesOrNo, "true", false),
        (.addressRange, "10.0.0.9", true), (.addressRange, "10.0.0.0/8", true), (.addressRange, "2001:db8::/32", true),
        (.addressRange, "10.0.0.9/8", false), (.addressRange, "prometheus.example", false), (.addressRange, "", false),
    ])
    func `each form takes what it says`(kind: SettingKind, text: String, isAllowed: Bool) {
        #expect(kind.allows(text) == isAllowed)
    }

    @Test func `each kind passes on what it says`() {
        #expect(SettingKind.list(.file).arguments(for: "--x", "a, b") == ["--x", "a", "--x", "b"])
        #expect(SettingKind.file.arguments(for: "--x", "a,b") == ["--x", "a,b"])
        #expect(SettingKind.yesOrNo.arguments(for: "--x", "yes") == ["--x"])
        #expect(SettingKind.yesOrNo.arguments(for: "--x", "no") == [])
    }

    @Test(arguments: ["127.0.0.1:1", "127.0.0.1:65535", "0.0.0.0:8080", "[::1]:8080", "[2001:db8::7]:443"])
    func `an address and a port are taken, and written as they were`(_ text: String) throws {
        #expect(try #require(Endpoint(text)).description == text)
    }

    @Test(arguments: [
        "", ":", "127.0.0.1", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:080", "127.0.0.1:+80", "127.0.0.1:8o",
        "localhost:8080",
        "256.0.0.1:80", "::1:8080", "[::1]", "[127.0.0.1]:80", "[::1:8080", "::1]:8080", "8080", "127.0.0.1:80:80", " 127.0.0.1:80",
    ])
    func `anything else is not`(_ text: String) {
        #expect(Endpoint(text) == nil)
    }

    @Test func `a store is embedded, or one URL or several of a host and a port`() {
        func remote(_ host: String, _ port: Int, isSecure: Bool = false) -> StoreLocation {
            .remote([Endpoint(host: host, port: port)], isSecure: isSecure)
        }
        #expect(StoreLocation("embedded") == .embedded)
        #expect(StoreLocation("http://10.0.0.5:8082") == remote("10.0.0.5", 8082))
        #expect(StoreLocation("http://10.0.0.5:8082/") == remote("10.0.0.5", 8082))
        #expect(StoreLocation("10.0.0.5:8082") == remote("10.0.0.5", 8082))
        #expect(StoreLocation("http://store.example") == remote("store.example", 80))
        #expect(StoreLocation("https://store.example") == remote("store.example", 443, isSecure: true))
        #expect(StoreLocation("http://[::1]:9000") == remote("::1", 9_000))
        #expect(StoreLocation("http://[::1]") == remote("::1", 80))
        let two = StoreLocation("http://a:1, http://[::1]:2")
        #expect(two?.list(embedded: Endpoint(host: "x", port: 1)) == "http://a:1,http://[::1]:2")
        #expect(StoreLocation.embedded.list(embedded: Endpoint(host: "127.0.0.1", port: 1)) == "127.0.0.1:1")
        for wrong in [
            "", "Embedded", "http://", "http://10.0.0.5:8082/api", "http://a b:1", "http://user@host:1", "ftp://a:1", "http://a:1,",
            "http://a:1,https://b:1", "http://a:1,http://a:1", "embedded,http://a:1", ",",
        ] {
            #expect(StoreLocation(wrong) == nil, "\(wrong)")
        }
    }

    @Test(arguments: [
        ("1", true), ("256", true), ("cores", true), ("0", false), ("257", false), ("01", false), ("two", false), ("", false),
        ("1.5", false),
    ])
    func `loops are a number in their range, or as many as there are cores`(_ text: String, _ isAllowed: Bool) {
        #expect(Setting.loops.kind.allows(text) == isAllowed)
    }

    @Test func `a flag beats a variable, a variable the file, the file the default`() throws {
        let file = SettingsFile(path: "gateway.yaml", text: "listen: 127.0.0.1:3\nstate: from-file\nloops: 3\n")
        #expect(file.faults.isEmpty)
        var sources = SettingSources(
            flags: ["listen": "127.0.0.1:1"], environment: ["GATEWAY_LISTEN": "127.0.0.1:2", "GATEWAY_STATE": "from-variable"], file: file)
        var settings = try #require(ServeSettings(sources))
        #expect(settings.listen?.port == 1)
        #expect(settings.stateDirectory == "from-variable")
        #expect(settings.loops == 3)
        #expect(settings.policiesDirectory == "./policies")
        sources.flags = [:]
        sources.environment = [:]
        settings = try #require(ServeSettings(sources))
        #expect(settings.listen?.port == 3)
        #expect(settings.stateDirectory == "from-file")
    }

    @Test func `TLS settings pass to the data plane as they are, lists item by item`() throws {
        let text =
            "listen: 'off'\nlisten-tls: 0.0.0.0:8443\ntls-certificate: [a.pem, b.pem]\ntls-key: a.key, b.key\nclient-certificate: optional\n"
        let sources = SettingSources(flags: ["plain-text-is-protected-elsewhere": "yes"], file: SettingsFile(path: "f", text: text))
        #expect(sources.faults.isEmpty)
        let settings = try #require(ServeSettings(sources))
        #expect(settings.listen == nil && settings.listenTLS?.port == 8_443)
        let expected = [
            "--listen-tls", "0.0.0.0:8443", "--tls-certificate", "a.pem", "--tls-certificate", "b.pem", "--tls-key", "a.key", "--tls-key",
            "b.key",
            "--client-certificate", "optional", "--hsts-seconds", "31536000", "--plain-text-is-protected-elsewhere",
        ]
        #expect(settings.passed.drop { $0 != "--listen-tls" }.starts(with: expected))
    }

    @Test(arguments: [
        (nil, true, "s/decisions"), ("on", true, "s/decisions"), ("off", false, "s/decisions"), ("/var/records/", true, "/var/records"),
        ("./on", true, "./on"),
    ])
    func `decisions are recorded in the state folder, elsewhere or not at all`(text: String?, isRecorded: Bool, folder: String) throws {
        var sources = SettingSources(flags: ["state": "s", "decision-days": "7"])
        if let text { sources.file = SettingsFile(path: "f", text: "decisions: \(text)\n") }
        #expect(sources.faults.isEmpty)
        let settings = try #require(ServeSettings(sources))
        #expect(settings.decisionsDirectory == folder, "where records are looked for, also where no more are made")
        let arguments = ChildPlan.dataPlaneArguments(settings)
        let place = arguments.firstIndex(of: "--decisions")
        #expect((place != nil) == isRecorded)
        if let place { #expect(arguments[place + 1] == folder) }
        #expect(arguments.suffix(4) == ["--decision-bytes", "10737418240", "--decision-days", "7"])
    }

    @Test func `the options of lists may be repeated, and a flag is a yes`() throws {
        let options = try PassedOptions.parse([
            "--tls-key", "a", "--tls-key", "b", "--client-ca", "c", "--plain-text-is-protected-elsewhere",
        ])
        #expect(options.given == ["tls-key": "a,b", "client-ca": "c", "plain-text-is-protected-elsewhere": "yes"])
    }

    @Test func `off turns the console off, and not what has to listen`() throws {
        let sources = SettingSources(file: SettingsFile(path: "f", text: "console: off\n"))
        #expect(sources.faults.isEmpty, "off is a boolean to YAML and a word to us")
        #expect(try #require(ServeSettings(sources)).console == nil)
        #expect(SettingSources(file: SettingsFile(path: "f", text: "core-store-listen: off\n")).faults.count == 1)
    }

    @Test func `each fault of a file has its line and column, and all are found`() {
        let text = """
            # settings
            listen: 127.0.0.1:99999
            lisen: 127.0.0.1:1

            loops:
              - 1
            core-store:    ftp://x
            """
        let sources = SettingSources(file: SettingsFile(path: "g.yaml", text: text))
        #expect(sources.faults.map { "\($0.line):\($0.column)" } == ["2:9", "3:1", "6:3", "7:16"])
        #expect(sources.faults[1].description.contains("unknown setting 'lisen'"))
        #expect(sources.faults[0].description.contains("expected an address and a port"))
        #expect(sources.faults.allSatisfy { $0.file == "g.yaml" })
    }

    @Test(arguments: [
        ("listen: [", "not YAML"), ("listen: 127.0.0.1:1\nlisten: 127.0.0.1:2\n", "more than once"), ("- a\n- b\n", "not a mapping"),
        ("just words", "not a mapping"),
    ])
    func `a file that is no mapping is one fault`(_ text: String, _ words: String) {
        let faults = SettingsFile(path: "g.yaml", text: text).faults
        #expect(faults.count == 1)
        #expect(faults.first?.description.contains(words) == true, "\(faults)")
    }

    @Test func `a file that says nothing, or is not there, is told apart`() {
        #expect(SettingsFile(path: "g.yaml", text: "# nothing\n").faults.isEmpty)
        #expect(SettingsFile(path: "g.yaml", text: "").faults.isEmpty)
        #expect(SettingsFile(path: "/nowhere/gateway.yaml").faults.count == 1)
    }

    @Test(arguments: [
        ("http://a:1", "embedded", 2), ("http://a:1", "https://b:1", 0), ("https://a", "embedded", 0), ("nonsense", "embedded", 0),
    ])
    func `files for core stores by TLS are faults where none is called so`(production: String, sandbox: String, count: Int) {
        let file = SettingsFile(path: "g.yaml", text: "core-store: \(production)\ncore-store-authority: x:1\ncore-store-key: k\n")
        let sources = SettingSources(flags: ["core-store-ca": "c", "sandbox-store": sandbox], file: file)
        #expect(sources.needless.count == count)
        if count > 0 { #expect(sources.needless.map { "\($0.file):\($0.line):\($0.column)" } == ["--core-store-ca:1:1", "g.yaml:3:17"]) }
    }

    @Test func `a variable out of form is a fault even where a flag overrides it`() {
        let sources = SettingSources(flags: ["loops": "2"], environment: ["GATEWAY_LOOPS": "many", "GATEWAY_PORT": "tcp://10.0.0.1:80"])
        #expect(sources.faults.map(\.file) == ["GATEWAY_LOOPS"])
        #expect(sources.flagFaults.isEmpty)
        #expect(SettingSources(flags: ["loops": "many"]).flagFaults.count == 1)
    }

    @Test func `the example file names every setting with its default`() throws {
        let example = try String(contentsOfFile: Repository.root + "/deploy/gateway.yaml.example", encoding: .utf8)
        let keys = Setting.all.map(\.key)
        let lines = example.split(separator: "\n").filter { line in keys.contains { line.hasPrefix("# \($0): ") } }
        let file = SettingsFile(path: "example", text: lines.map { $0.dropFirst(2) }.joined(separator: "\n"))
        #expect(SettingSources(file: file).faults.isEmpty)
        #expect(Set(file.entries.keys) == Set(keys))
        for setting in Setting.all where setting.key != "loops" && !setting.standard.isEmpty {
            #expect(file.entries[setting.key]?.text == setting.standard)
        }
    }
}
