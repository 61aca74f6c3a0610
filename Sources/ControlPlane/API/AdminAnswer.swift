import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// What a call answers when it did what was asked.
enum AdminAnswer: Sendable {
    /// JSON members; an ETag where what is shown can be decided on.
    case json(any Encodable & Sendable, status: HTTPResponse.Status = .ok, etag: String? = nil)
    /// JSON that is text already.
    case written([UInt8])
    /// A file or a text as it is; with a name it is never shown but saved.
    case bytes([UInt8], type: String, name: String? = nil)
    /// A file that is sent piece by piece, as each is made.
    case pieces(type: String, name: String, @concurrent @Sendable (inout any ResponseBodyWriter) async throws -> Void)
}

/// A list, or a page of one.
struct ItemList<Item: Encodable & Sendable>: Encodable, Sendable {
    let items: [Item]
    /// What `after` is for the next page; nil on the last.
    var next: String?
}

extension AdminAnswer {
    static func list(_ items: [some Encodable & Sendable], next: String? = nil) -> AdminAnswer { .json(ItemList(items: items, next: next)) }

    /// A page of a list of which one more than the page holds was read: its last one's id leads to the next page, where there is one.
    static func page<Row: Encodable & Sendable>(_ rows: [Row], atMost limit: Int, by id: (Row) -> String) -> AdminAnswer {
        .list(Array(rows.prefix(limit)), next: rows.count > limit ? id(rows[limit - 1]) : nil)
    }

    /// What goes over the wire.
    func response() throws -> Response {
        var fields: HTTPFields = [.cacheControl: "no-store", .xContentTypeOptions: "nosniff"]
        switch self {
        case .json(let value, let status, let etag):
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            fields[.contentType] = "application/json"
            fields[.eTag] = etag
            return Response(status: status, headers: fields, body: .init(byteBuffer: ByteBuffer(bytes: try encoder.encode(value))))
        case .written(let bytes):
            fields[.contentType] = "application/json"
            return Response(status: .ok, headers: fields, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
        case .bytes(let bytes, let type, let name):
            fields[.contentType] = type
            if let name { fields[.contentDisposition] = AdminAnswer.attachment(name) }
            return Response(status: .ok, headers: fields, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
        case .pieces(let type, let name, let write):
            fields[.contentType] = type
            fields[.contentDisposition] = AdminAnswer.attachment(name)
            return Response(
                status: .ok, headers: fields,
                body: ResponseBody { writer in
                    try await write(&writer)
                    try await writer.finish(nil)
                })
        }
    }

    /// To be saved under this name (RFC 6266), whatever letters it has.
    static func attachment(_ name: String) -> String {
        let plain = CharacterSet(charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_")
        return "attachment; filename*=UTF-8''" + (name.addingPercentEncoding(withAllowedCharacters: plain) ?? "file")
    }
}
