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
    /// A file that is sent as it is read, and is gone with that.
    case file(SpooledFile, type: String, name: String)
}

/// A list, or a page of one.
struct ItemList<Item: Encodable & Sendable>: Encodable, Sendable {
    let items: [Item]
    /// What `after` is for the next page; nil on the last.
    var next: String?
}

extension AdminAnswer {
    static func list(_ items: [some Encodable & Sendable], next: String? = nil) -> AdminAnswer { .json(ItemList(items: items, next: next)) }

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
        case .file(let file, let type, let name):
            fields[.contentType] = type
            fields[.contentDisposition] = AdminAnswer.attachment(name)
            return Response(
                status: .ok, headers: fields,
                body: ResponseBody { writer in
                    while let piece = try file.next() { try await writer.write(piece) }
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

/// A file without a name: what is too long to be held is written there first and read from there.
final class SpooledFile: Sendable {
    private let handle: FileHandle

    private static let pieceBytes = 65_536

    /// Filled by the body; in the state folder, readable by its owner alone, and gone with its last reader.
    init(in folder: String, _ fill: ((String) throws -> Void) throws -> Void) throws {
        let path = folder + "/spool-" + UUID().uuidString
        guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]),
            let handle = FileHandle(forUpdatingAtPath: path)
        else { throw RegistryError.storage("cannot make \(path): the folder cannot be written") }
        try FileManager.default.removeItem(atPath: path)
        self.handle = handle
        var text = ""
        try fill { line in
            text += line
            guard text.utf8.count >= SpooledFile.pieceBytes else { return }
            try handle.write(contentsOf: Data(text.utf8))
            text = ""
        }
        try handle.write(contentsOf: Data(text.utf8))
        try handle.seek(toOffset: 0)
    }

    /// The next piece; nil at the end.
    func next() throws -> ByteBuffer? {
        guard let data = try handle.read(upToCount: SpooledFile.pieceBytes), !data.isEmpty else { return nil }
        return ByteBuffer(bytes: data)
    }
}
