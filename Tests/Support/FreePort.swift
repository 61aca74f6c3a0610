import Foundation
import Synchronization

private let handedOut = Mutex<Set<Int>>([])

/// A port of 127.0.0.1 that nobody has a socket on: below those the system gives out by itself, and never the same twice in one run.
package func freePort() -> Int {
    let taken = portsInUse()
    return handedOut.withLock { handedOut in
        while true {
            let port = Int.random(in: 12_000..<32_000)
            if !taken.contains(port) && handedOut.insert(port).inserted { return port }
        }
    }
}

/// The local ports in the kernel's tables of TCP sockets (proc(5)): the second column ends in the port as hexadecimal digits.
private func portsInUse() -> Set<Int> {
    let tables = ["/proc/net/tcp", "/proc/net/tcp6"].compactMap { try? String(contentsOfFile: $0, encoding: .utf8) }
    let ports = tables.flatMap { $0.split(separator: "\n").dropFirst() }.compactMap { line -> Int? in
        let columns = line.split(separator: " ")
        guard columns.count > 1, let digits = columns[1].split(separator: ":").last else { return nil }
        return Int(digits, radix: 16)
    }
    return Set(ports)
}
