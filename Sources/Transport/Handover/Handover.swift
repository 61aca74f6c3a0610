import CTransport
import Glibc

// How a successor takes over without a connection lost: it asks the running data plane for the listening sockets themselves, serves from
// them, and says so; only then the old one stops. The sockets, and what waits in their queues, are the kernel's as long as either holds them.
//
// Messages of the local socket, each beginning with the version. The old one: a byte and a descriptor for each socket, the last such
// message marked;
// the successor: ready; the old one: yours.
private enum HandoverForm {
    static let version: UInt8 = 1
    static let moreSockets: UInt8 = 0x6D
    static let lastSockets: UInt8 = 0x6C
    static let ready: UInt8 = 0x72
    static let yours: UInt8 = 0x79
}

/// Why a successor cannot take over; the running data plane goes on.
package struct HandoverFault: Error, CustomStringConvertible {
    /// What is wrong and what was expected.
    package var description: String
}

/// The successor's side: from asking for the sockets until they are its own.
package struct Inheritance: Sendable {
    private let socket: LocalSocket
    /// What the old one listened on; this value's to close until taken.
    package var listeners: Listeners

    /// Asks whoever listens at the path; nil where nobody does.
    package static func ask(at path: String) throws -> Inheritance? {
        guard let socket = try LocalSocket.connect(path, patienceMilliseconds: TransportLimits.handoverMilliseconds) else { return nil }
        guard socket.isOfThisUser else { throw HandoverFault(description: "\(path) is another user's: nothing is taken over from it") }
        var listeners = Listeners()
        do {
            while try receive(from: socket, at: path, into: &listeners) {}
        } catch {
            listeners.close()
            throw error
        }
        return Inheritance(socket: socket, listeners: listeners)
    }

    /// Takes one message of sockets; says whether there is another.
    private static func receive(from socket: LocalSocket, at path: String, into all: inout Listeners) throws -> Bool {
        guard let (bytes, descriptors) = socket.receive() else {
            throw HandoverFault(description: "the data plane at \(path) gives no sockets: it is busy with another successor, or ending")
        }
        let listeners = zip(descriptors, bytes.dropFirst(2)).compactMap { Listener(descriptor: $0, mark: $1) }
        guard bytes.first == HandoverForm.version, bytes.count == 2 + descriptors.count, listeners.count == descriptors.count,
            [HandoverForm.moreSockets, HandoverForm.lastSockets].contains(bytes[1])
        else {
            descriptors.forEach(Sockets.close)
            let version = bytes.first.map { String($0) } ?? "none"
            throw HandoverFault(
                description: "the data plane at \(path) hands over by version \(version) of the protocol, expected version "
                    + "\(HandoverForm.version): stop it and start this one instead")
        }
        all.add(Listeners(listeners))
        return bytes[1] == HandoverForm.moreSockets
    }

    /// Tells the old one that this process serves; false where it is gone meanwhile, so that everything is this process's anyway.
    package func sayReady() -> Bool {
        guard socket.send([HandoverForm.version, HandoverForm.ready]), let (bytes, _) = socket.receive() else { return false }
        return bytes.count == 2 && bytes[1] == HandoverForm.yours
    }
}

/// The running data plane's side: gives its sockets to one successor at a time, and stops for the one that says it is ready.
package final class Bequest {
    private let listener: LocalSocket
    private var successor: LocalSocket?

    /// What looking at the sockets came to.
    package enum News: Sendable {
        /// Nothing of interest.
        case none
        /// Somebody asked and has the sockets now.
        case asked
        /// The successor serves: this process is to stop accepting.
        case handedOver
        /// The successor went away before it was ready: this process goes on.
        case abandoned
    }

    /// Offers this process's sockets at a path, in place of whoever did before.
    package init(at path: String) throws { listener = try LocalSocket.listen(path) }

    /// What to watch for reading.
    package var descriptors: [Int32] { [listener.descriptor] + (successor.map { [$0.descriptor] } ?? []) }

    /// Looks once; reads only what is there.
    package func look(giving listeners: Listeners) -> News {
        if let successor, Sockets.isReadable(successor.descriptor) { return hear(successor) }
        guard let asking = listener.accept() else { return .none }
        // One at a time: another one sees the end of its connection and says so.
        guard successor == nil, asking.isOfThisUser, give(listeners.all, to: asking) else { return .none }
        successor = asking
        return .asked
    }

    private func hear(_ asking: LocalSocket) -> News {
        successor = nil
        guard let (bytes, _) = asking.receive(), bytes == [HandoverForm.version, HandoverForm.ready] else { return .abandoned }
        // Whether it hears this does not matter: it serves.
        _ = asking.send([HandoverForm.version, HandoverForm.yours])
        return .handedOver
    }

    private func give(_ listeners: [Listener], to asking: LocalSocket) -> Bool {
        var rest = listeners[...]
        repeat {
            let some = rest.prefix(TransportLimits.descriptorsPerMessage)
            rest = rest.dropFirst(some.count)
            let mark = rest.isEmpty ? HandoverForm.lastSockets : HandoverForm.moreSockets
            guard asking.send([HandoverForm.version, mark] + some.map(\.mark), descriptors: some.map(\.descriptor)) else {
                return false
            }
        } while !rest.isEmpty
        return true
    }
}
