import Admission
import Registry

@testable import Exchange

/// What must hold for a whole exchange, whatever clients and core stores say and when.
enum ExchangeCheck {
    /// Plays the input, then lets all time pass, and looks at every byte the gateway wrote.
    static func play(_ bytes: Span<UInt8>) {
        let driver = Driver(PlainRules.ruleset)
        var script = Script(bytes.array, on: driver)
        script.play()
        for end in driver.clients + driver.stores { end.window = .max }
        for _ in 0..<12 { driver.advance(milliseconds: 20_000) }
        checkEnds(driver)
        let asked = driver.clients.map { AskedMessage.all(in: Array($0.sent.prefix($0.taken))) }
        var identifiers: Set<String> = []
        for (client, asked) in zip(driver.clients, asked) { checkAnswers(client, to: asked, &identifiers) }
        checkForwarded(driver, asked)
    }

    /// Four minutes later nobody waits, and every slot is given back.
    private static func checkEnds(_ driver: Driver) {
        hold(driver.exchange.clientCount == 0, "a client waits for ever")
        driver.exchange.drain(at: driver.now)
        driver.settle()
        hold(driver.exchange.freeUpstreams.count == driver.exchange.upstreams.count, "a core store's connection is left")
        hold(driver.stores.allSatisfy(\.isClosed), "a core store's connection was not closed")
        hold(driver.connections.current == 0 && driver.connections.addressCount == 0, "a connection is counted that is no more")
        hold(driver.exchange.departed.isEmpty, "a request whose client left is remembered")
        for (counts, scope) in driver.rules.inFlight.flatMap({ counts in Scope.allCases.map { (counts, $0) } }) {
            hold(counts[scope] == 0, "a place among the requests in flight is not given back")
        }
        for environment in Environment.allCases {
            let endpoint = EndpointName(environment: environment, slot: 0)
            let held = [driver.endpoints.inFlight(of: endpoint), driver.endpoints.connections(of: endpoint)]
            hold(held == [0, 0] && driver.endpoints.resent(environment) == 0, "an endpoint's count is not given back: \(held)")
        }
    }

    /// Answers are whole but the last, one a request and in order, each under its own id.
    private static func checkAnswers(_ client: Driver.End, to asked: [AskedMessage], _ identifiers: inout Set<String>) {
        var rest = client.received[...]
        var answered = 0
        while !rest.isEmpty {
            let method = answered < asked.count ? asked[answered].method : "GET"
            guard let answer = PlainMessage(from: &rest, answering: method) else { break }
            hold(answer.startLine.first == "HTTP/1.1" && (100..<600).contains(answer.status), "\(answer.startLine)")
            if (100..<200).contains(answer.status) {
                hold(answer.status == 100 && answer.fields.isEmpty, "no interim answer but our own")
                continue
            }
            hold(answer["x-request-id"].count == 1 && isOurs(answer["via"]), "our own fields, once")
            hold(identifiers.insert(answer["x-request-id"][0]).inserted, "an id of its own for each answer")
            answered += 1
            hold(!answer.isCut || rest.isEmpty, "an answer that is cut off is the last")
        }
        hold(answered <= asked.count + 1, "\(answered) answers to \(asked.count) requests")
    }

    /// What core stores got is what a client asked for, no oftener than it did, and nothing of the client's speaks for the gateway.
    private static func checkForwarded(_ driver: Driver, _ asked: [[AskedMessage]]) {
        var next = [Int](repeating: 0, count: asked.count)
        var known: [String: Int] = [:]
        for (store, request) in driver.stores.flatMap({ store in requests(on: store).map { (store, $0) } }) {
            checkFields(request, environment: store.environment)
            guard let place = driver.clients.indices.first(where: { [Driver.address($0)] == request["x-forwarded-for"] }) else {
                fatalError("a request of nobody's: \(request.fields)")
            }
            guard asked[place].contains(where: { isSame(request, $0) }) else {
                fatalError("nobody asked for \(request.startLine) \(request.fields)")
            }
            let identifier = request["x-request-id"][0]
            if known[identifier] == nil {
                known[identifier] = place
                next[place] += 1
            }
            hold(known[identifier] == place && next[place] <= asked[place].count, "more requests went on than were asked")
        }
    }

    /// The last step was ours, whichever version the message came in.
    private static func isOurs(_ via: [String]) -> Bool { ["1.0 partner-gateway", "1.1 partner-gateway"].contains(via.last) }

    private static func requests(on store: Driver.End) -> [PlainMessage] {
        var rest = store.received[...]
        var requests: [PlainMessage] = []
        while let request = PlainMessage(from: &rest, answering: nil) { requests.append(request) }
        return requests
    }

    private static let ours = [
        "host", "x-partner-id", "x-application-id", "x-environment", "x-request-id", "x-forwarded-for", "traceparent", "via",
        "content-length",
        "transfer-encoding",
    ]
    private static let never = [
        "x-api-key", "connection", "keep-alive", "te", "trailer", "upgrade", "expect", "forwarded", "proxy-authorization",
        "proxy-connection",
    ]

    private static func checkFields(_ request: PlainMessage, environment: Environment?) {
        guard let environment, request.startLine.count == 3, request.startLine[2] == "HTTP/1.1" else {
            fatalError("the request line \(request.startLine)")
        }
        hold(request["host"] == [Driver.authorities[Int(environment.rawValue)]], "the core store's own Host")
        hold(request["x-environment"] == [environment.name], "the environment is ours to say")
        for name in ["x-request-id", "x-forwarded-for", "traceparent"] { hold(request[name].count == 1, "\(name) once") }
        hold(request["x-partner-id"].count == request["x-application-id"].count, "who calls, or neither")
        hold(request["x-application-id"].count <= 1 && isOurs(request["via"]), "who calls, once")
        for name in never { hold(request[name].isEmpty, "\(name) goes no further") }
        for (name, _) in request.fields where name.lowercased().hasPrefix("x-") && !name.contains("_") {
            let families = ["x-partner-", "x-application-", "x-forwarded-"]
            hold(
                !families.contains { name.lowercased().hasPrefix($0) } || ours.contains(name.lowercased()), "\(name) speaks for us")
        }
    }

    private static func isSame(_ request: PlainMessage, _ asked: AskedMessage) -> Bool {
        guard request.startLine[0] == asked.method, let route = route(asked) else { return false }
        let query = QueryOracle.canonical(asked.query, for: route.parameters) ?? []
        guard request.startLine[1] == asked.path + String(decoding: query, as: UTF8.self) else { return false }
        let isBodySame = request.isCut ? asked.body.starts(with: request.body) : asked.isWhole && asked.body == request.body
        return isBodySame
            && request.fields.allSatisfy { field in
                ours.contains(field.name.lowercased()) || asked.fields.contains { $0.name == field.name && $0.value == field.value }
            }
    }

    private static func route(_ asked: AskedMessage) -> Route? {
        let method = asked.method == "HEAD" ? "GET" : asked.method
        return PlainRules.routes.first { route in
            route.method.token == method && TargetCheck.spells(Array(asked.path.utf8), route.path)
        }
    }
}
