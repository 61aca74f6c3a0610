import Support
import Synchronization
import Transport

/// A core store that does what a test tells it: it answers with its own name, hangs, dies in the middle of a request, or is not there.
final class MoodyStore: Sendable {
    enum Mood {
        case answering, hanging, dying
    }

    let port: Int
    let host: String
    private let listener: PlainSocket
    private let state: State

    /// What its threads share.
    private final class State: Sendable {
        private let values: Mutex<(mood: Mood, requests: Int, connections: [PlainSocket])>

        init(_ mood: Mood) { values = Mutex((mood, 0, [])) }

        var mood: Mood {
            get { values.withLock { $0.mood } }
            set { values.withLock { $0.mood = newValue } }
        }
        var requests: Int { values.withLock { $0.requests } }
        var connections: [PlainSocket] { values.withLock { $0.connections } }

        func note(_ connection: PlainSocket) { values.withLock { $0.connections.append(connection) } }
        func countRequest() { values.withLock { $0.requests += 1 } }
    }

    init(port: Int = freePort(), on host: String = "127.0.0.1", _ mood: Mood = .answering) throws {
        self.port = port
        self.host = host
        state = State(mood)
        listener = try PlainSocket.listen(port, on: host)
        let state = state
        _ = try Threads.start { [listener] in
            while let connection = listener.accept() {
                state.note(connection)
                _ = try? Threads.start { while MoodyStore.serve(connection, host, state) {} }
            }
        }
    }

    deinit { stop() }

    /// Requests so far, checks left out.
    var requests: Int { state.requests }

    func become(_ mood: Mood) { state.mood = mood }

    /// Gone, with all its connections, whatever is under way.
    func stop() {
        listener.stop()
        for connection in state.connections { connection.stop() }
    }

    private static func serve(_ connection: PlainSocket, _ host: String, _ state: State) -> Bool {
        guard let (head, _) = connection.receiveMessage() else { return false }
        if !head.hasPrefix("GET /livez ") { state.countRequest() }
        switch state.mood {
        case .answering: return connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(host.utf8.count)\r\n\r\n\(host)")
        case .hanging: return true
        case .dying:
            connection.stop()
            return false
        }
    }
}
