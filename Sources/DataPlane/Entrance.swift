import Transport

/// How this process comes to the sockets it listens on: from systemd, from the data plane it replaces, or by binding them itself.
struct Entrance {
    private(set) var listeners: Listeners
    /// What is left to say to the data plane that listened before; nil where there was none.
    private let inheritance: Inheritance?

    /// `handover` is where the one before is asked; empty asks nobody.
    init(to places: [Place], handover: String, loops: Int) throws {
        listeners = try ActivatedSockets.take()
        inheritance = handover.isEmpty ? nil : try Inheritance.ask(at: handover)
        var inherited = inheritance?.listeners ?? Listeners()
        // What systemd gave to the one before is ours, wherever it listens: its unit decides that.
        listeners.add(inherited.takeActivated())
        do {
            for place in places where !listeners.hasActivated(place.kind) {
                let kept = inherited.take(place.kind, at: place.address)
                listeners.add(kept.all.isEmpty ? try Listeners.open(place.address, kind: place.kind, loops: loops) : kept)
            }
        } catch {
            listeners.close()
            inherited.close()
            throw error
        }
        // Addresses that are no longer in the settings: nobody listens there once the one before has stopped.
        inherited.close()
    }

    /// Whether another data plane serves on these sockets too.
    var isInherited: Bool { inheritance != nil }

    /// Tells the one before that this process serves; false where it is gone already.
    func takeOver() -> Bool { inheritance?.sayReady() ?? false }

    /// Lets go of the sockets; the loops have their own descriptors of them.
    mutating func close() { listeners.close() }
}
