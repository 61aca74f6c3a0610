import HTTPTypes
import Registry

/// The places in the header, in their order. One whose page there is not, or that somebody may not see, is left out.
enum Navigation {
    /// A place, and the beginnings of the paths of pages that belong to it.
    private struct Entry {
        let path: String
        let name: Phrase
        var others: [String] = []
    }

    private static let entries = [
        Entry(path: "/", name: .home), Entry(path: "/inbox", name: .inbox, others: ["/applications"]),
        Entry(path: "/partners", name: .partners), Entry(path: "/funnel", name: .funnel), Entry(path: "/audit", name: .auditTrail),
        Entry(path: "/accounts", name: .accounts), Entry(path: "/sessions", name: .sessions), Entry(path: "/tokens", name: .tokens),
    ]

    /// What somebody with these roles may see, from the page at a path.
    static func places(for roles: Set<Role>, at here: String, _ texts: Texts) -> [Frame.Place] {
        entries.filter { mayOpen($0.path, roles) }.map { entry in
            let isCurrent = ([entry.path] + entry.others).contains { here == $0 || ($0 != "/" && here.hasPrefix($0 + "/")) }
            return Frame.Place(path: entry.path, name: texts[entry.name], isCurrent: isCurrent)
        }
    }

    private static func mayOpen(_ path: String, _ roles: Set<Role>) -> Bool {
        ConsoleRoute.all.contains { route in
            guard route.method == .get, route.path == path else { return false }
            return switch route.access {
            case .anyone: true
            case .signedIn(let allowed, _): allowed.isEmpty || !allowed.isDisjoint(with: roles)
            }
        }
    }
}
