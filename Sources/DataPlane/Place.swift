import Registry
import Transport

/// An address to listen on, and what is spoken there.
struct Place {
    let kind: Listener.Kind
    let address: SocketAddress

    /// Why this process does not listen as it was told.
    struct Fault: Error, CustomStringConvertible {
        var description: String
    }

    /// Everything the settings name. Keys are passwords: plain text may only be spoken where nobody else can listen, unless someone says that
    /// the way there is protected.
    static func all(_ settings: Settings) throws -> [Place] {
        var places: [Place] = []
        let plain = settings.text(.listen)
        if plain != "off" {
            let address = try SocketAddress.resolve(plain)
            guard address.isLoopback || settings.isSet(.plainTextIsProtected) else {
                throw Fault(
                    description: "\(plain) can be reached by other machines, and keys would cross the network in plain text: use "
                        + "\(Flag.listenTLS.name), or say \(Flag.plainTextIsProtected.name) where something in front speaks TLS")
            }
            places.append(Place(kind: .plain, address: address))
        }
        if settings.isSet(.listenTLS) { places.append(Place(kind: .tls, address: try SocketAddress.resolve(settings.text(.listenTLS)))) }
        guard !places.isEmpty else { throw Fault(description: "\(Flag.listen.name) is off, and there is no \(Flag.listenTLS.name)") }
        return places
    }

    /// The same rules for sockets that systemd made: their addresses are its unit's.
    static func check(_ listeners: Listeners, _ settings: Settings) throws {
        for listener in listeners.all where listener.isActivated {
            switch listener.kind {
            case .tls where !settings.isSet(.listenTLS):
                throw Fault(description: "systemd gives a socket named tls, and there is no \(Flag.listenTLS.name) with its certificates")
            case .plain where listener.address?.isLoopback != true && !settings.isSet(.plainTextIsProtected):
                throw Fault(
                    description: "systemd gives a plain socket that other machines can reach: name it tls (FileDescriptorName=), or say "
                        + "\(Flag.plainTextIsProtected.name) where something in front speaks TLS")
            case .tls, .plain: break
            }
        }
    }
}
