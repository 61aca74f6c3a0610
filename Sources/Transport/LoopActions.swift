import Exchange
import Glibc
import Registry

// Events in, actions out: the loop's side of the seam.
extension Loop {
    mutating func handle(_ handle: ConnectionHandle, _ readiness: EventQueue.Readiness) {
        guard exchange.isCurrent(handle) else { return }
        let isNewlyWritable = readiness.isWritable && !connection(handle).isWritable
        note(readiness, for: handle)
        if connection(handle).stage.isOpening { return advance(handle) }
        if isNewlyWritable || readiness.isBroken { becameWritable(handle, readiness) }
        guard exchange.isCurrent(handle) else { return }
        if exchange.wantsBytes(handle) {
            readAll(handle)
        } else if readiness.isBroken {
            exchange.failed(handle, at: now)
            perform()
        }
    }

    private mutating func becameWritable(_ handle: ConnectionHandle, _ readiness: EventQueue.Readiness) {
        if handle.side == .upstream, exchange.isConnecting(handle) {
            if Sockets.isConnected(connection(handle).descriptor), readiness.isWritable {
                exchange.connected(handle, at: now)
            } else {
                exchange.failed(handle, at: now)
            }
            return perform()
        }
        if readiness.isWritable, exchange.hasOutput(handle) {
            send(handle)
            perform()
        }
    }

    /// Everything the exchange asks for, and then the reads that became possible by it; what those make possible waits for the next turn.
    mutating func settle() {
        perform()
        if !security.toShake.isEmpty { shakeHands() }
        guard !toRead.isEmpty else { return }
        swap(&reading, &toRead)
        for handle in reading where exchange.isCurrent(handle) && connection(handle).isReadable { readAll(handle) }
        reading.removeAll(keepingCapacity: true)
    }

    /// Reads until there is nothing, nothing is wanted, or a turn's share is used up.
    private mutating func readAll(_ handle: ConnectionHandle) {
        for _ in 0..<TransportLimits.readsPerTurn {
            guard exchange.isCurrent(handle), connection(handle).isReadable, exchange.wantsBytes(handle) else { return }
            let session = security.session(of: handle, in: connection(handle).stage)
            switch unsafe session?.receive(into: piece) ?? Sockets.receive(connection(handle).descriptor, into: piece) {
            case .moved(0):
                forgetReadable(handle)
                // A core store's silence is no end that it has said itself (RFC 9112 §9.8).
                if handle.side == .upstream, session?.hasClosed == false { exchange.failed(handle, at: now) }
                exchange.ended(handle, at: now)
            case .moved(let count):
                if session?.isDrained ?? (count < TransportLimits.pieceBytes), !connection(handle).hasHungUp { forgetReadable(handle) }
                let bytes = unsafe Span<UInt8>(_unsafeBytes: UnsafeRawBufferPointer(rebasing: piece[0..<count]))
                exchange.received(bytes, on: handle, at: now)
            case .wouldBlock: forgetReadable(handle)
            case .broken:
                forgetReadable(handle)
                exchange.failed(handle, at: now)
            }
            perform()
        }
        toRead.append(handle)
    }

    /// Carries out the exchange's actions. Reads are put off: one of them would overwrite the piece that a later action still sends from.
    mutating func perform() {
        while let action = exchange.takeAction() {
            switch action {
            case .send(let handle): send(handle)
            case .sendThrough(let handle, let range): send(handle, through: range)
            case .connect(let handle, let endpoint): connect(handle, to: endpoint)
            case .read(let handle): if connection(handle).isReadable { toRead.append(handle) }
            case .finishSending(let handle): finishSending(handle)
            case .lookUp(let handle): lookUp(handle)
            case .close(let handle): close(handle)
            case .reset(let handle): close(handle, isCut: true)
            }
        }
    }

    private mutating func send(_ handle: ConnectionHandle) {
        guard exchange.isCurrent(handle) else { return }
        let socket = connection(handle)
        var asked = 0
        guard exchange.hasOutput(handle) else { return exchange.passedThrough(handle, at: now) }
        guard socket.isWritable else { return exchange.sent(0, on: handle, at: now) }
        let session = security.session(of: handle, in: socket.stage)
        let outcome = exchange.withOutput(of: handle) { bytes in
            asked = bytes.count
            return session?.send(bytes) ?? Sockets.send(socket.descriptor, bytes)
        }
        switch outcome {
        case .moved(let count):
            if count < asked { forgetWritable(handle) }
            exchange.sent(count, on: handle, at: now)
        case .wouldBlock:
            forgetWritable(handle)
            exchange.sent(0, on: handle, at: now)
        case .broken: exchange.failed(handle, at: now)
        }
    }

    private mutating func send(_ handle: ConnectionHandle, through range: Range<Int>) {
        guard exchange.isCurrent(handle) else { return }
        let socket = connection(handle)
        let tail = unsafe UnsafeRawBufferPointer(rebasing: piece[range])
        var headBytes = 0
        var outcome = Transfer.wouldBlock
        if socket.isWritable {
            let session = security.session(of: handle, in: socket.stage)
            let record = unsafe security.record
            outcome = exchange.withOutput(of: handle) { bytes in
                headBytes = bytes.count
                return unsafe session?.send(bytes, tail, joinedIn: record) ?? Sockets.send(socket.descriptor, bytes, tail)
            }
        }
        switch outcome {
        case .broken: exchange.failed(handle, at: now)
        case .wouldBlock:
            forgetWritable(handle)
            exchange.keep(unsafe Span(_unsafeBytes: tail), for: handle)
            exchange.sent(0, on: handle, at: now)
        case .moved(let count):
            let fromTail = max(0, count - headBytes)
            if fromTail < tail.count {
                forgetWritable(handle)
                exchange.keep(unsafe Span(_unsafeBytes: UnsafeRawBufferPointer(rebasing: tail[fromTail...])), for: handle)
            }
            if headBytes > 0 || fromTail < tail.count {
                exchange.sent(min(count, headBytes), on: handle, at: now)
            } else {
                exchange.passedThrough(handle, at: now)
            }
        }
    }

    private mutating func connect(_ handle: ConnectionHandle, to endpoint: EndpointName) {
        while handle.index >= upstreams.count { upstreams.append(Connection()) }
        isOutOfDescriptors = false
        guard let target = setting.stores.target(of: endpoint), let descriptor = connect(to: target.address) else {
            upstreams[handle.index] = Connection()
            return isOutOfDescriptors ? exchange.lacksDescriptor(handle, at: now) : exchange.failed(handle, at: now)
        }
        upstreams[handle.index] = Connection(descriptor: descriptor)
        let isSecure = setting.stores.lists[Int(endpoint.environment.rawValue)].isSecure
        let isGood = !isSecure || beginHandshake(handle, with: target, endpoint)
        if !isGood || !queue.watch(descriptor, as: handle.packed) { exchange.failed(handle, at: now) }
    }

    private mutating func finishSending(_ handle: ConnectionHandle) {
        security.session(of: handle, in: connection(handle).stage)?.finishSending()
        Sockets.finishSending(connection(handle).descriptor)
    }

    private mutating func close(_ handle: ConnectionHandle, isCut: Bool = false) {
        let (descriptor, stage) = (connection(handle).descriptor, connection(handle).stage)
        if stage.hasSession { security.close(handle, isCut: isCut) }
        if descriptor >= 0 {
            if isCut { Sockets.reset(descriptor) } else { Sockets.close(descriptor) }
            if mayListenAgain { resumeListening() }
        }
        switch handle.side {
        case .client:
            if stage.isOpening { arrivals[handle.index] = nil }
            clients[handle.index] = Connection()
        case .upstream: if handle.index < upstreams.count { upstreams[handle.index] = Connection() }
        }
    }

    func connection(_ handle: ConnectionHandle) -> Connection {
        switch handle.side {
        case .client: clients[handle.index]
        case .upstream: handle.index < upstreams.count ? upstreams[handle.index] : Connection()
        }
    }

    private mutating func note(_ readiness: EventQueue.Readiness, for handle: ConnectionHandle) {
        change(handle) { connection in
            if readiness.isReadable { connection.isReadable = true }
            if readiness.isWritable { connection.isWritable = true }
            if readiness.hasHungUp { connection.hasHungUp = true }
        }
    }

    private mutating func forgetReadable(_ handle: ConnectionHandle) { change(handle) { $0.isReadable = false } }
    private mutating func forgetWritable(_ handle: ConnectionHandle) { change(handle) { $0.isWritable = false } }

    private mutating func change(_ handle: ConnectionHandle, _ body: (inout Connection) -> Void) {
        switch handle.side {
        case .client: body(&clients[handle.index])
        case .upstream: body(&upstreams[handle.index])
        }
    }
}
