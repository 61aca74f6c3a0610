import Foundation
import GRDB
package import Registry

/// Evidence to be handed in.
package struct EvidenceSubmission: Sendable {
    /// What it shows.
    package var kind: EvidenceKind
    /// The file's own name.
    package var name: String
    /// The file.
    package var bytes: [UInt8]
    /// From when it is; nil where nobody says.
    package var issued: WallTime?
    /// Until when it holds; nil where it does not end.
    package var expires: WallTime?

    /// A submission from its parts.
    package init(kind: EvidenceKind, name: String, bytes: [UInt8], issued: WallTime? = nil, expires: WallTime? = nil) {
        self.kind = kind
        self.name = name
        self.bytes = bytes
        self.issued = issued
        self.expires = expires
    }
}

/// Evidence as the registry holds it.
package struct EvidenceEntry: Hashable, Sendable {
    /// Its own id.
    package var id: String
    /// Whose it is.
    package var application: Identifier
    /// What it shows.
    package var kind: EvidenceKind
    /// SHA-256 of the file.
    package var digest: Digest
    /// The file's own name.
    package var name: String
    /// What sort of file it is, by its content.
    package var type: EvidenceFileType
    /// The file's size.
    package var bytes: Int64
    /// From when it is.
    package var issued: WallTime?
    /// Until when it holds.
    package var expires: WallTime?
    /// When it was added.
    package var added: WallTime
    /// By whom.
    package var addedBy: String
    /// When it was withdrawn; nil while it counts.
    package var withdrawn: WallTime?
    /// By whom.
    package var withdrawnBy: String?
    /// Why.
    package var withdrawnReason: String?
    /// When its file and its name were erased; nil while they are there.
    package var erased: WallTime? = nil

    /// How it stands now, in a word.
    package func standing(at now: WallTime) -> String {
        if erased != nil { return "erased" }
        if withdrawn != nil { return "withdrawn" }
        return expires.map { $0 <= now } == true ? "expired" : "in date"
    }
}

extension EvidenceEntry {
    init(_ row: Row) throws {
        guard let kind = EvidenceKind(name: row["kind"]), let digest = Digest(Array(row["digest"] as Data)),
            let type = EvidenceFileType(rawValue: row["media_type"])
        else { throw RegistryRows.damaged("evidence") }
        self.init(
            id: row["id"], application: try row.identifier("application"), kind: kind, digest: digest, name: row["name"], type: type,
            bytes: row["bytes"], issued: row.time("issued"), expires: row.time("expires"), added: WallTime(nanoseconds: row["added"]),
            addedBy: row["added_by"], withdrawn: row.time("withdrawn"), withdrawnBy: row["withdrawn_by"],
            withdrawnReason: row["withdrawn_reason"], erased: row.time("erased"))
    }
}
