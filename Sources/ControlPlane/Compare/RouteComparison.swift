import Registry

extension PolicyComparison {
    /// Changes of routes, by id.
    var routes: [PolicyChange] {
        let before = Dictionary(old.routes.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let after = Dictionary(new.routes.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        return Set(before.keys).union(after.keys).sorted { $0.text < $1.text }.flatMap { id in
            let both = [before[id], after[id]].compactMap { $0 }
            let scopes = ScopeSet(both.map(\.scope))
            return parts(of: before[id], after[id]).map { part in
                PolicyChange(
                    subject: .route(id), part: part.name, old: part.old, new: part.new, generosity: part.generosity,
                    applications: holders { !$0.granted.intersection(scopes).isEmpty },
                    touchesAnonymous: both.contains { $0.identities == .anyone })
            }
        }
    }

    private func parts(of old: Route?, _ new: Route?) -> [Part] {
        switch (old, new) {
        case (nil, nil): []
        case (nil, let new?): [Part(name: "all", old: nil, new: text(new), generosity: .more)]
        case (let old?, nil): [Part(name: "all", old: text(old), new: nil, generosity: .less)]
        case (let old?, let new?): changes(from: old, to: new).filter { $0.old != $0.new }
        }
    }

    private func changes(from old: Route, to new: Route) -> [Part] {
        func part(_ name: String, _ text: (Route) -> String, _ amount: ((Route) -> Int64)? = nil) -> Part {
            let generosity: PolicyChange.Generosity =
                if let amount, amount(old) != amount(new) { amount(new) > amount(old) ? .more : .less } else { .other }
            return Part(name: name, old: text(old), new: text(new), generosity: generosity)
        }
        return [
            part("call", { "\($0.method.token) \($0.path)" }),
            part("query", query),
            part("scope", { $0.scope.name }),
            part("cost", { "\($0.cost)" }, { -$0.cost }),
            // The fewer must be named, the more may call.
            part("identities", { $0.identities.name }, { -Int64($0.identities.rawValue) }),
            part("maximum-body", { Quantity.size(bytes: $0.maximumBodyBytes) }, { $0.maximumBodyBytes }),
            part("first-byte", { "\($0.timeouts.firstByteMilliseconds) ms" }, { $0.timeouts.firstByteMilliseconds }),
            part("request", { "\($0.timeouts.requestMilliseconds) ms" }, { $0.timeouts.requestMilliseconds }),
        ]
    }

    private func query(_ route: Route) -> String {
        let parameters = route.parameters.map { "\($0.name)\($0.isRequired ? "" : "?") \(RouteQuery.text($0.form))" }
        return parameters.isEmpty ? "none" : parameters.joined(separator: ", ")
    }

    private func text(_ route: Route) -> String {
        "\(route.method.token) \(route.path), \(route.scope.name), cost \(route.cost), \(route.identities.name)"
    }
}
