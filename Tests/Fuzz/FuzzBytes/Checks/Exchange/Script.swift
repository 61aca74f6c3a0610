import Registry

@testable import Exchange

/// An input read as a play: bytes, and between them what becomes of them. 0xFF and the byte behind it are a step, its low half which and its
/// high half how much; 0x01 and 0x02 stand for a sandbox and a production key, 0x03 for a citizen's token; all else is spoken as it is.
struct Script {
    let driver: Driver
    private var bytes: ArraySlice<UInt8>
    private var spoken: [UInt8] = []
    private var current = 0

    /// Enough to fill every table of a connection twice; more would only be slower.
    private static let mostSteps = 64

    init(_ bytes: [UInt8], on driver: Driver) {
        self.bytes = bytes[...]
        self.driver = driver
    }

    mutating func play() {
        _ = driver.connect()
        var steps = 0
        while let byte = bytes.popFirst(), steps < Script.mostSteps {
            switch byte {
            case 0x01: spoken += PlainRules.keys[0]
            case 0x02: spoken += PlainRules.keys[1]
            case 0x03: spoken += PlainRules.token
            case 0xFF:
                let step = bytes.popFirst() ?? 0
                steps += 1
                take(step & 0x0F, Int(step >> 4))
            default: spoken.append(byte)
            }
        }
        take(0, 0)
    }

    private var client: Driver.End? { driver.clients.indices.contains(current) ? driver.clients[current] : nil }

    private mutating func take(_ step: UInt8, _ amount: Int) {
        let store = amount < driver.stores.count ? driver.stores[driver.stores.count - 1 - amount] : nil
        switch step {
        case 0: say(to: client, pieceBytes: 65_536)
        case 1: say(to: client, pieceBytes: 1 + amount)
        case 2: say(to: store, pieceBytes: 65_536)
        case 3: say(to: store, pieceBytes: 1 + amount)
        case 4: answer(store)
        case 5: switchClient()
        case 6: driver.advance(milliseconds: 100 << Int64(amount))
        case 7: client?.hasEnded = true
        case 8: store?.hasEnded = true
        case 9: if let client { driver.fail(client) }
        case 10: if let store { driver.fail(store) }
        case 11: client?.window = amount * 16
        case 12: store?.window = amount * 16
        case 13: for end in driver.clients + driver.stores { end.window = .max }
        case 14: driver.door = amount % 3 == 0 ? true : amount % 3 == 1 ? false : nil
        default: amount == 15 ? driver.exchange.drain(at: driver.now) : spoken.append(0xFF)
        }
        driver.settle()
    }

    private mutating func say(to end: Driver.End?, pieceBytes: Int) {
        if let end, !end.isClosed, !end.hasEnded, !end.isConnecting { end.sent += spoken }
        spoken = []
        driver.settle(pieceBytes: pieceBytes)
    }

    /// What a core store would say to a request.
    private func answer(_ store: Driver.End?) {
        guard let store, !store.isClosed, !store.hasEnded, !store.isConnecting else { return }
        store.sent += Array("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}".utf8)
    }

    private mutating func switchClient() {
        current = driver.clients.count < 4 ? driver.clients.count : (current + 1) % driver.clients.count
        if current == driver.clients.count, driver.connect() == nil { current = 0 }
    }
}
