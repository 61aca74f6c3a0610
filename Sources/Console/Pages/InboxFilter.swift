import ControlPlane
import Foundation
import Registry

/// What the inbox's address asks for.
struct InboxFilter: Equatable, Sendable {
    /// Words to look for.
    var text = ""
    /// A state's name, `all`, or empty: whatever waits for somebody.
    var state = ""
    /// A partner's kind; empty for any.
    var kind = ""
    /// An account's name, `-` for nobody; empty for anybody.
    var assignee = ""
    /// A kind of evidence; empty for none.
    var missing = ""
    var order = InboxQuery.Order.age
    var isOverdue = false
    var awaitsSecond = false
    var page = 1

    init() {}

    /// What is out of form is not asked for.
    init(_ fields: FormFields) {
        text = String(fields["q"].prefix(100))
        state = fields["state"] == "all" || ApplicationState(name: fields["state"]) != nil ? fields["state"] : ""
        kind = PartnerKind(name: fields["kind"])?.name ?? ""
        assignee = String(fields["with"].prefix(Limits.nameCharacters))
        missing = EvidenceKind(name: fields["lacks"])?.name ?? ""
        order = InboxQuery.Order(rawValue: fields["order"]) ?? .age
        (isOverdue, awaitsSecond) = (!fields["overdue"].isEmpty, !fields["second"].isEmpty)
        page = min(max(Int(fields["page"]) ?? 1, 1), 100_000)
    }

    var query: InboxQuery {
        let states: Set<ApplicationState>? =
            switch state {
            case "": InboxQuery.waiting
            case "all": nil
            default: ApplicationState(name: state).map { [$0] }
            }
        let person: InboxQuery.Assignee =
            switch assignee {
            case "": .anyone
            case "-": .nobody
            default: .person(assignee)
            }
        return InboxQuery(
            states: states, kind: PartnerKind(name: kind), assignee: person, missing: EvidenceKind(name: missing), isOverdue: isOverdue,
            awaitsSecond: awaitsSecond, text: text, order: order, page: page)
    }

    /// The inbox's address with a change made to this, from its first page on.
    func path(_ change: (inout InboxFilter) -> Void) -> String {
        var filter = self
        filter.page = 1
        change(&filter)
        let values = [
            ("q", filter.text), ("state", filter.state), ("kind", filter.kind), ("with", filter.assignee), ("lacks", filter.missing),
            ("order", filter.order == .age ? "" : filter.order.rawValue), ("overdue", filter.isOverdue ? "yes" : ""),
            ("second", filter.awaitsSecond ? "yes" : ""), ("page", filter.page > 1 ? String(filter.page) : ""),
        ]
        let pairs = values.filter { !$0.1.isEmpty }.map { name, value in
            name + "=" + (value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")
        }
        return "/inbox" + (pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&"))
    }
}
