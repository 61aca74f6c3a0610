import CTransport
import Glibc

/// Sockets that systemd made and handed to this process (sd_listen_fds(3)): descriptors from 3 on, named `plain` or `tls`.
package enum ActivatedSockets {
    /// Takes them, and takes the word of them out of the environment, so that no process started later believes them its own.
    package static func take() throws -> Listeners {
        defer { for name in ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"] { unsafe unsetenv(name) } }
        let environment = ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"].map(Environs.text)
        let kinds = try ActivatedSockets.kinds(pid: environment[0], count: environment[1], names: environment[2])
        var listeners = Listeners()
        for (index, kind) in kinds.enumerated() {
            let descriptor = Int32(3 + index)
            guard Sockets.isListening(descriptor) else {
                throw SystemFault("descriptor \(descriptor) of LISTEN_FDS is no listening stream socket", number: EINVAL)
            }
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
            listeners.add(Listeners([Listener(descriptor: descriptor, kind: kind, isActivated: true)]))
        }
        return listeners
    }

    /// What each descriptor is; none where the variables are for another process. Unnamed sockets are plain ones.
    static func kinds(pid: String?, count: String?, names: String?) throws -> [Listener.Kind] {
        guard let pid, let count, Int32(pid) == getpid() else { return [] }
        guard let number = Int(count), (0...TransportLimits.activatedSockets).contains(number) else {
            throw SystemFault("LISTEN_FDS is \(count), expected a number from 0 to \(TransportLimits.activatedSockets)", number: EINVAL)
        }
        guard let names, !names.isEmpty else { return Array(repeating: .plain, count: number) }
        let words = names.split(separator: ":", omittingEmptySubsequences: false)
        guard words.count == number else {
            throw SystemFault("LISTEN_FDNAMES names \(words.count) sockets, expected \(number)", number: EINVAL)
        }
        return try words.map { word in
            switch word {
            case "plain": .plain
            case "tls": .tls
            default: throw SystemFault("LISTEN_FDNAMES has '\(word)', expected plain or tls (FileDescriptorName=)", number: EINVAL)
            }
        }
    }
}

/// The environment's variables.
enum Environs {
    static func text(_ name: String) -> String? { unsafe getenv(name).map { unsafe String(cString: $0) } }
}
