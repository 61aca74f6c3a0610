import ControlPlane
import Decisions
import Foundation
import Logging
import Registry

/// One JSON object a line on standard error, in the form of the data plane's log: `time`, `level`, `part`, `message`, then what belongs to it;
/// the id of a request that the control plane answers is its member `request`.
struct JSONLogHandler: LogHandler {
    var logLevel = Logger.Level.notice
    var metadata: Logger.Metadata = [:]
    /// Which process speaks.
    let part: String
    /// Where whole lines go.
    let write: @Sendable (String) -> Void

    init(part: String, write: @escaping @Sendable (String) -> Void = Message.write) {
        (self.part, self.write) = (part, write)
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        var json = JSONText()
        json.object { json in
            json.member("time", WallTime.now().timestamp(digits: 3))
            json.member("level", event.level.rawValue)
            json.member("part", part)
            json.member("message", "\(event.message)")
            if let error = event.error { json.member("error", "\(error)") }
            for (key, value) in all.sorted(by: { $0.key < $1.key }) { json.member(JSONLogHandler.name(of: key), "\(value)") }
        }
        write(String(decoding: json.bytes, as: UTF8.self))
    }

    /// Names by which other members go may not come twice; what Hummingbird calls a request's id is the same as ours.
    private static func name(of key: String) -> String {
        switch key {
        case "hb.request.id": "request"
        case "time", "level", "part", "message", "error": key + "Value"
        default: key
        }
    }
}
