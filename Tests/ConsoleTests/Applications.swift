import ControlPlane
import Registry
import Support
import Testing

@testable import Console

extension Site {
    /// Puts the shipped policy in force and imports applications of one partner each, straight into their states.
    func fill(_ applications: [(String, ApplicationState)]) throws {
        _ = try applyPolicy(from: Repository.root + "/policies", to: registry, by: "owner", at: now)
        let partners = try applications.map { name, state in
            PartnerDeclaration(
                id: try #require(Identifier("of-" + name)), kind: .app, name: "Partner of \(name)",
                registration: "U72200MH2015PTC\(100_000 + name.utf8.reduce(0) { $0 * 7 + Int($1) } % 800_000)",
                site: "https://\(name).example",
                contacts: [.technical: "desk@\(name).example"],
                applications: [
                    ApplicationDeclaration(
                        id: try #require(Identifier(name)), name: "Application \(name)", purpose: "Is <tested>.",
                        scopes: ScopeSet([.metadata, .search]), state: state)
                ])
        }
        _ = try registry.importPartners(partners, at: now)
    }

    func state(of name: String) throws -> ApplicationState { try registry.application(id(name)).lifecycle.state }

    func id(_ name: String) throws -> Identifier { try #require(Identifier(name)) }

    /// Evidence of each kind, in date for a year.
    func handIn(_ kinds: [EvidenceKind], to name: String, by actor: Actor) throws {
        for kind in kinds {
            let end = WallTime(seconds: now.seconds + 365 * 86_400)
            let file = EvidenceSubmission(kind: kind, name: "\(kind.name).txt", bytes: Array("Seen.".utf8), expires: end)
            _ = try registry.addEvidence(file, to: id(name), by: actor, at: now)
        }
    }
}

extension Page {
    /// The record that the page's forms were shown for.
    var version: String? { html.firstMatch(of: /name="version" value="([0-9]+)"/).map { String($0.1) } }

    /// The moves that it has forms for.
    var moves: Set<String> { Set(html.matches(of: /action="\/applications\/[^"]*\/moves\/([a-z-]+)"/).map { String($0.1) }) }
}
