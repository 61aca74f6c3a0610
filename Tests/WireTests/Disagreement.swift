/// Where we and the independent parser differ on a head, and why that is meant to be so.
struct Disagreement {
    let text: String
    let ours: Reading
    let theirs: Reading

    /// A kind of disagreement: which, why, and what in the head must bear it out, by the other parser's reading.
    struct Kind: Sendable {
        let name: String
        let reason: String
        let isBorneOut: @Sendable (ParsedHead, String) -> Bool
    }

    /// The name of the kind it is of; nil if nobody has explained such a one.
    var kind: String? {
        switch (ours, theirs) {
        case (.refused(let fault), .accepted(let head)):
            Strictness.kinds.first { $0.name == fault && $0.isBorneOut(head, text) }?.name
        case (.accepted(let head), .refused(let refusal)):
            Leniency.refusals.first { refusal.contains($0.name) && $0.isBorneOut(head, text) }?.name
        case (.accepted(let ours), .accepted(let theirs)):
            spelling(ours, theirs)
        case (.incomplete, _), (.refused, _), (.accepted, _): nil
        }
    }

    /// Undoes one known spelling after the other until the heads are the same.
    private func spelling(_ ours: ParsedHead, _ theirs: ParsedHead) -> String? {
        var mended = theirs
        for spelling in Leniency.spellings {
            spelling.undo(&mended)
            if mended == ours { return spelling.name }
        }
        return nil
    }
}

extension ParsedHead {
    /// The values of a field, without the blanks behind them that llhttp leaves there.
    func values(_ name: String) -> [String] {
        fields.filter { $0.lowercased().hasPrefix(name + ":") }.map { field in
            String(field.dropFirst(name.count + 2).reversed().drop { " \t".contains($0) }.reversed())
        }
    }

    /// The target up to the question mark.
    var path: String { String(target.prefix { $0 != "?" }) }
}
