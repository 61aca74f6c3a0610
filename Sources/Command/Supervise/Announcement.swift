import ControlPlane
import Foundation
import Registry

/// What `serve` says once the gateway answers: on a first start, a call that works.
struct Announcement: Sendable {
    let settings: ServeSettings
    /// The key of a first start; nil later.
    let key: IssuedKey?
    /// By what the first admin begins; nil where there are accounts already.
    var adminLink: SecretToken?
    /// Whether anybody can sign in to the console.
    var hasActiveAccount = true
    /// Whether the data plane has said that it serves.
    let isServing: @Sendable () -> Bool

    /// How long the search is waited for before the line is printed with a warning: seeding a new store takes a few seconds.
    private static let searchSeconds = 60
    /// How long the data plane's own word is waited for before any answer at its address will do: one that cannot listen has ended by then.
    private static let wordSeconds = 5
    /// How often the gateway is asked.
    private static let pollMilliseconds = 50

    /// Waits until the data plane is ready, then says how to call it.
    func make() async {
        let places = [settings.listen.map { "http://\($0)" }, settings.listenTLS.map { "https://\($0)" }].compactMap(\.self)
        let scheme = settings.consoleCertificate == nil ? "http" : "https"
        let control = settings.console.map { ", control plane \(scheme)://\($0)/readyz" } ?? ""
        let search = Search(policiesDirectory: settings.policiesDirectory)
        // This process need not trust a certificate, and is no trusted proxy: there the data plane's own word has to do.
        guard let listen = settings.listen, !settings.requiresProxyHeader else {
            guard await hasCome({ isServing() }) else { return }
            Message.write("Ready: \(places.joined(separator: ", "))\(control).")
            tellConsole()
            if settings.requiresProxyHeader { Message.write("Only trusted proxies may connect: call through one of them.") }
            return tellKey("curl -H 'x-api-key: \(key?.key ?? "")' '\(places[0])\(search.target)'")
        }
        let reachable = listen.reachable
        let probe = HTTPProbe(endpoint: reachable)
        // A folder that cannot be written leaves it without its word. Who answers before that time may be another that has the port.
        let wordless = ContinuousClock.now + .seconds(Announcement.wordSeconds)
        let isReady = await hasCome {
            guard isServing() || ContinuousClock.now > wordless else { return false }
            return await (try? probe.get("/readyz"))?.status == 200
        }
        guard isReady else { return }
        Message.write("Ready: \(places.joined(separator: ", "))\(control).")
        tellConsole()
        guard let key else { return tellKey("") }
        await storeIsSeeded()
        let found = await find(search, with: key, by: probe)
        if Task.isCancelled { return }
        if !found { Message.write("The core store has not answered the search yet; try the line below in a while.") }
        tellKey("curl -H 'x-api-key: \(key.key)' 'http://\(reachable)\(search.target)'")
    }

    /// Asks until it is so, or nobody wants to know any more.
    private func hasCome(_ isSo: () async -> Bool) async -> Bool {
        while await !isSo() {
            do { try await Task.sleep(for: .milliseconds(Announcement.pollMilliseconds)) } catch { return false }
        }
        return true
    }

    /// Where the console is, and how its first admin comes in.
    private func tellConsole() {
        guard settings.console != nil else { return }
        Message.write("Console: \(settings.consoleURL)/")
        let another = "gateway account recover \(RegistryStore.firstAccount) --state \(settings.stateDirectory)"
        if let adminLink {
            let link = ConsoleAddress.link(adminLink, base: settings.consoleURL)
            Message.write("Its first admin begins here, once and within four days: \(link)\nAnother link: \(another)")
        } else if !hasActiveAccount {
            Message.write("Nobody can sign in to it yet. A link for the first admin: \(another)")
        }
    }

    /// A call that works with the key of a first start, or how to come by a key.
    private func tellKey(_ call: String) {
        guard let key else {
            return Output.write("Issue a key: gateway key issue --application ID --environment sandbox --state \(settings.stateDirectory)")
        }
        Output.write(call)
        Message.write("This is a sandbox key of \(key.application.text), shown once. 'gateway key issue' makes others.")
    }

    /// Waits for the embedded store: asking it through the gateway meanwhile would fill the log with its 503.
    private func storeIsSeeded() async {
        guard settings.sandboxStore == .embedded else { return }
        Message.write("Preparing the core store's data: this takes a few seconds on a first start.")
        let probe = HTTPProbe(endpoint: settings.coreStoreListen)
        let deadline = ContinuousClock.now + .seconds(Announcement.searchSeconds)
        while ContinuousClock.now < deadline, await (try? probe.get("/readyz"))?.status != 200 {
            do { try await Task.sleep(for: .milliseconds(Announcement.pollMilliseconds)) } catch { return }
        }
    }

    /// Makes the search until it returns sessions.
    private func find(_ search: Search, with key: IssuedKey, by probe: HTTPProbe) async -> Bool {
        let deadline = ContinuousClock.now + .seconds(Announcement.searchSeconds)
        while ContinuousClock.now < deadline {
            if let answer = try? await probe.get(search.target, key: key.key), answer.status == 200, answer.body.contains("\"session_id\"")
            {
                return true
            }
            // A second apart: each search spends from the new key's bucket.
            do { try await Task.sleep(for: .seconds(1)) } catch { return false }
        }
        return false
    }

}

/// A search that returns something: the country's widest district, today.
struct Search: Sendable {
    /// The request target.
    let target: String

    init(policiesDirectory: String, at now: Date = Date()) {
        let text = FileManager.default.contents(atPath: policiesDirectory + "/country/geography.csv")
            .map { String(decoding: $0, as: UTF8.self) }
        let district = text.flatMap(Search.widestDistrict) ?? "1"
        target = "/api/v2/appointment/sessions/public/findByDistrict?date=\(Search.day(now))&district_id=\(district)"
    }

    /// The district with the largest radius, by the columns' names.
    static func widestDistrict(_ csv: String) -> String? {
        let rows = csv.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("#") }.map {
            $0.split(separator: ",", omittingEmptySubsequences: false)
        }
        guard let heading = rows.first, let id = heading.firstIndex(of: "district_id"), let radius = heading.firstIndex(of: "radius_km")
        else {
            return nil
        }
        let districts = rows.dropFirst().compactMap { row in
            row.count == heading.count ? Double(row[radius]).map { (id: String(row[id]), radius: $0) } : nil
        }
        return districts.max { $0.radius < $1.radius }?.id
    }

    /// DD-MM-YYYY where the core store is, which begins its days at +05:30.
    static func day(_ time: Date) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(secondsFromGMT: 19_800) ?? .gmt
        let parts = calendar.dateComponents([.day, .month, .year], from: time)
        func digits(_ number: Int?, _ count: Int) -> String {
            let text = String(number ?? 0)
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        return "\(digits(parts.day, 2))-\(digits(parts.month, 2))-\(digits(parts.year, 4))"
    }
}
