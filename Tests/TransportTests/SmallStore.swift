import Support
import Transport

/// A core store on threads: answers each request with its target and body, or with as many bytes as the target's `district_id` says.
final class SmallStore: Sendable {
    let port: Int
    private let listener: PlainSocket

    init() throws {
        port = freePort()
        let listener = try PlainSocket.listen(port)
        self.listener = listener
        _ = try Threads.start {
            while let connection = listener.accept() { _ = try? Threads.start { SmallStore.serve(connection) } }
        }
    }

    deinit { listener.stop() }

    /// What the answer to a search for `count` bytes holds.
    static func pattern(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 4) } }

    private static func serve(_ connection: PlainSocket) {
        while let (head, body) = connection.receiveMessage() {
            let target = head.split(separator: " ")[1]
            let asked = target.split(separator: "district_id=").dropFirst().first.flatMap { Int($0.prefix { $0.isNumber }) }
            let answer = asked.map(pattern) ?? Array(target.utf8) + body
            guard connection.send(Array("HTTP/1.1 200 OK\r\nContent-Length: \(answer.count)\r\n\r\n".utf8) + answer) else { return }
        }
    }
}
