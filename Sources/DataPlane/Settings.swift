/// What the data plane is told on its command line; the supervisor writes it, a person may.
struct Settings {
    var snapshot = ""
    var levels = ""
    var listen = "127.0.0.1:8080"
    var productionStore = ""
    var sandboxStore = ""
    var loops = 1
    /// Drains and ends when this process is no longer its parent; 0 watches nobody.
    var parent: Int32 = 0
    var drainMilliseconds: Int64 = 4_000

    /// Why the arguments make no settings.
    struct Fault: Error, CustomStringConvertible {
        var description: String
    }

    static let usage = """
        usage: gateway-data-plane --snapshot FILE --levels FILE --production-store HOST:PORT --sandbox-store HOST:PORT
                                  [--listen HOST:PORT=127.0.0.1:8080] [--loops N=1] [--drain-milliseconds N=4000] [--parent PID]
        Serves the partner API by the rules of a snapshot file that the control plane publishes. `gateway serve` starts it.
        """

    init(_ arguments: [String]) throws {
        var rest = arguments[...]
        while let flag = rest.popFirst() {
            guard let value = rest.popFirst() else { throw Fault(description: "\(flag) needs a value") }
            switch flag {
            case "--snapshot": snapshot = value
            case "--levels": levels = value
            case "--listen": listen = value
            case "--production-store": productionStore = value
            case "--sandbox-store": sandboxStore = value
            case "--loops": loops = try Settings.number(value, of: flag, in: 1...256)
            case "--parent": parent = Int32(try Settings.number(value, of: flag, in: 0...Int(Int32.max)))
            case "--drain-milliseconds": drainMilliseconds = Int64(try Settings.number(value, of: flag, in: 0...600_000))
            default: throw Fault(description: "there is no setting \(flag)")
            }
        }
        for (flag, value) in [
            ("--snapshot", snapshot), ("--levels", levels), ("--production-store", productionStore), ("--sandbox-store", sandboxStore),
        ] where value.isEmpty {
            throw Fault(description: "\(flag) is missing")
        }
    }

    private static func number(_ text: String, of flag: String, in range: ClosedRange<Int>) throws -> Int {
        guard let number = Int(text), range.contains(number) else {
            throw Fault(description: "\(flag) is \(text), expected a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }
}
