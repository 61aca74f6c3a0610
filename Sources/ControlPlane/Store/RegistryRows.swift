import Foundation
import GRDB
import Registry

// Rows to values and back. The schema's checks keep the texts in form; a row out of form all the same is a damaged file.

extension Row {
    func identifier(_ column: String) throws -> Identifier {
        guard let identifier = Identifier(self[column] as String) else { throw RegistryRows.damaged(column) }
        return identifier
    }

    func optionalIdentifier(_ column: String) throws -> Identifier? {
        self[column] as String? == nil ? nil : try identifier(column)
    }

    func state(_ column: String) throws -> ApplicationState {
        guard let state = ApplicationState(name: self[column]) else { throw RegistryRows.damaged(column) }
        return state
    }

    func time(_ column: String) -> WallTime? { (self[column] as Int64?).map(WallTime.init(nanoseconds:)) }

    func scopes(_ column: String) -> ScopeSet { ScopeSet(rawValue: UInt8(truncatingIfNeeded: self[column] as Int64)) }
}

enum RegistryRows {
    static func damaged(_ column: String) -> RegistryError { .storage("the registry is damaged: a value of \(column) is out of form") }

    static let applicationColumns = "application.*, partner.kind AS kind FROM application JOIN partner ON partner.id = application.partner"

    static func application(_ row: Row) throws -> RegisteredApplication {
        guard let kind = PartnerKind(name: row["kind"]) else { throw damaged("kind") }
        let declaration = ApplicationDeclaration(
            id: try row.identifier("id"), name: row["name"], purpose: row["purpose"], scopes: row.scopes("scopes_asked"),
            plan: try row.optionalIdentifier("plan_asked"), allowedAddresses: try addresses(row["allowed_addresses"]),
            certificates: try certificates(row["certificates"]), received: try received(row["received_said"]))
        return RegisteredApplication(
            declaration: declaration, partner: try row.identifier("partner"), kind: kind, lifecycle: try lifecycle(row),
            granted: row.scopes("scopes_granted"), plan: try row.optionalIdentifier("plan"), received: row.time("received"),
            since: row.time("since"), assignee: row["assignee"])
    }

    private static func received(_ text: String?) throws -> ReceivedDate? {
        guard let text else { return nil }
        guard let date = ReceivedDate(text) else { throw damaged("received_said") }
        return date
    }

    private static func lifecycle(_ row: Row) throws -> Lifecycle {
        let pending: Lifecycle.PendingMove? = try (row["pending_move"] as String?).map { name in
            guard let move = LifecycleMove(rawValue: name) else { throw damaged("pending_move") }
            let terms = try row.optionalIdentifier("pending_plan").map { GrantTerms(scopes: row.scopes("pending_scopes"), plan: $0) }
            return Lifecycle.PendingMove(
                move: move, actor: row["pending_actor"], standingInFor: row["pending_for"], terms: terms,
                limits: (row["pending_limits"] as Data?).flatMap { Digest(Array($0)) }, time: WallTime(nanoseconds: row["pending_since"]))
        }
        let review = row.time("review_since").map {
            Lifecycle.OpenReview(actor: row["review_actor"], standingInFor: row["review_for"], since: $0)
        }
        return Lifecycle(
            state: try row.state("state"), returnsTo: row["returns_to"] as String? == nil ? nil : try row.state("returns_to"),
            submitters: try submitters(row["submitters"]), pending: pending, withdrawnUntil: row.time("withdrawn_until"),
            review: review)
    }

    /// A JSON array, sorted: names may hold any mark that could separate them.
    static func text(_ submitters: Set<String>) throws -> String {
        String(decoding: try JSONEncoder().encode(submitters.sorted()), as: UTF8.self)
    }

    private static func submitters(_ text: String) throws -> Set<String> {
        guard let names = try? JSONDecoder().decode([String].self, from: Data(text.utf8)) else { throw damaged("submitters") }
        return Set(names)
    }

    static func text(_ addresses: [AddressRange]?) -> String { (addresses ?? []).map(AddressText.text).joined(separator: " ") }

    /// Nil where it may call from anywhere, as a declaration that says nothing.
    private static func addresses(_ text: String) throws -> [AddressRange]? {
        let ranges = try text.split(separator: " ").map { part in
            guard let range = AddressText.range(String(part)) else { throw damaged("allowed_addresses") }
            return range
        }
        return ranges.isEmpty ? nil : ranges
    }

    static func text(_ certificates: [Digest]?) -> String { (certificates ?? []).map(CertificateText.text).joined(separator: " ") }

    /// Nil where it is bound to none, as a declaration that says nothing.
    private static func certificates(_ text: String) throws -> [Digest]? {
        let digests = try text.split(separator: " ").map { part in
            guard let digest = CertificateText.digest(String(part)) else { throw damaged("certificates") }
            return digest
        }
        return digests.isEmpty ? nil : digests
    }

    static func contacts(_ rows: [Row]) throws -> [ContactRole: String] {
        var contacts: [ContactRole: String] = [:]
        for row in rows {
            guard let role = ContactRole(rawValue: row["role"]) else { throw damaged("role") }
            contacts[role] = row["address"]
        }
        return contacts
    }

    static func partner(_ row: Row, contacts: [ContactRole: String]) throws -> PartnerDeclaration {
        guard let kind = PartnerKind(name: row["kind"]) else { throw damaged("kind") }
        return PartnerDeclaration(
            id: try row.identifier("id"), kind: kind, name: row["name"], registration: row["registration"], site: row["site"],
            contacts: contacts, applications: [])
    }

    static func key(_ row: Row) throws -> RegisteredKey {
        guard let environment = Environment(name: row["environment"]) else { throw damaged("environment") }
        return RegisteredKey(
            id: row["id"], application: try row.identifier("application"), environment: environment, name: row["name"],
            state: try credentialState(row["state"]), until: row.time("until"),
            created: WallTime(nanoseconds: row["created"]), createdBy: row["created_by"], lastUsed: row.time("last_used"),
            endedBy: row["ended_by"], reason: row["reason"])
    }

    static func credentialState(_ name: String) throws -> CredentialRecord.State {
        guard let state = CredentialRecord.State(name: name) else { throw damaged("state") }
        return state
    }

    static func move(_ row: Row) throws -> RecordedMove {
        RecordedMove(
            number: row["number"], application: try row.identifier("application"), from: try row.state("from_state"),
            to: try row.state("to_state"), move: row["move"], actor: row["actor"], inPlaceOf: row["in_place_of"],
            time: WallTime(nanoseconds: row["time"]), reason: row["reason"], isPending: row["pending"])
    }
}

extension CredentialRecord.State {
    /// The name in the registry and on the command line.
    package var name: String {
        switch self {
        case .active: "active"
        case .retiring: "retiring"
        case .revoked: "revoked"
        }
    }

    init?(name: String) {
        switch name {
        case "active": self = .active
        case "retiring": self = .retiring
        case "revoked": self = .revoked
        default: return nil
        }
    }
}
