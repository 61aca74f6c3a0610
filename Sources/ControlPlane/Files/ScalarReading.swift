import Registry

// One reader for each form a scalar may have; each adds its fault and returns nil where the form is missed.

extension FileTree {
    /// Any text of one to `limit` bytes without control characters.
    func text(_ subject: String, limit: Int = 400, into faults: inout FaultList) -> String? {
        guard case .scalar(let text) = content, (1...limit).contains(text.utf8.count),
            !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F })
        else {
            faults.add(at: position, "\(subject) is \(sort)", expected: "one line of 1 to \(limit) bytes")
            return nil
        }
        return text
    }

    /// An id.
    func identifier(_ subject: String, into faults: inout FaultList) -> Identifier? {
        guard case .scalar(let text) = content, let identifier = Identifier(text) else {
            faults.add(at: position, "\(subject) \(sort) is out of form", expected: "3 to 40 of a-z, 0-9 and '-'")
            return nil
        }
        return identifier
    }

    /// A whole number in a range.
    func integer(_ subject: String, in range: ClosedRange<Int64>, into faults: inout FaultList) -> Int64? {
        guard case .scalar(let text) = content, text.allSatisfy({ ("0"..."9").contains($0) }), let number = Int64(text) else {
            faults.add(at: position, "\(subject) is \(sort)", expected: "a whole number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        guard range.contains(number) else {
            faults.add(at: position, "\(subject) \(number) is out of range", expected: "\(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return number
    }

    /// A duration in nanoseconds, in a range.
    func nanoseconds(_ subject: String, in range: ClosedRange<Int64>, into faults: inout FaultList) -> Int64? {
        guard case .scalar(let text) = content, let duration = Quantity.nanoseconds(text) else {
            faults.add(at: position, "\(subject) is \(sort)", expected: "a duration such as 300 s (units ms, s, min, h, d)")
            return nil
        }
        guard range.contains(duration) else {
            let bounds = "\(Quantity.duration(nanoseconds: range.lowerBound)) to \(Quantity.duration(nanoseconds: range.upperBound))"
            faults.add(at: position, "\(subject) \(text) is out of range", expected: bounds)
            return nil
        }
        return duration
    }

    /// A size in bytes, in a range.
    func bytes(_ subject: String, in range: ClosedRange<Int64>, into faults: inout FaultList) -> Int64? {
        guard case .scalar(let text) = content, let size = Quantity.bytes(text) else {
            faults.add(at: position, "\(subject) is \(sort)", expected: "a size such as 16 KiB (units B, KiB, MiB)")
            return nil
        }
        guard range.contains(size) else {
            let bounds = "\(Quantity.size(bytes: range.lowerBound)) to \(Quantity.size(bytes: range.upperBound))"
            faults.add(at: position, "\(subject) \(text) is out of range", expected: bounds)
            return nil
        }
        return size
    }

    /// Minutes ahead of UTC, as `+05:30`.
    func offset(_ subject: String, into faults: inout FaultList) -> Int64? {
        guard case .scalar(let text) = content, let minutes = Quantity.offsetMinutes(text) else {
            faults.add(
                at: position, "\(subject) is \(sort)", expected: "hours and minutes ahead of UTC such as +05:30, from -12:00 to +14:00")
            return nil
        }
        return minutes
    }

    /// When an application was received.
    func received(into faults: inout FaultList) -> ReceivedDate? {
        guard case .scalar(let text) = content, let date = ReceivedDate(text) else {
            faults.add(
                at: position, "when it was received is \(sort)",
                expected: "a day such as 2021-06-10, or a time such as 2021-06-10T09:30:00+05:30")
            return nil
        }
        return date
    }

    /// One of some words; `subject` names what the words are ("scope").
    func choice<Value>(
        _ subject: String, among words: [String], into faults: inout FaultList, _ make: (String) -> Value?
    ) -> Value? {
        guard case .scalar(let text) = content, let value = make(text) else {
            let guess: String? = if case .scalar(let text) = content { nearest(to: text, among: words) } else { nil }
            let hint = guess.map { " (did you mean '\($0)'?)" } ?? ""
            faults.add(at: position, "unknown \(subject) \(sort)\(hint)", expected: "one of \(words.joined(separator: ", "))")
            return nil
        }
        return value
    }

    /// The items of a list of at most `limit`; nil and a fault for anything else.
    func items(_ subject: String, limit: Int, into faults: inout FaultList) -> [FileTree]? {
        guard case .list(let items) = content else {
            faults.add(at: position, "\(subject) is \(sort)", expected: "a list")
            return nil
        }
        guard items.count <= limit else {
            faults.add(at: position, "\(subject) has \(items.count) entries", expected: "at most \(limit)")
            return nil
        }
        return items
    }

    /// The entries of a mapping whose keys are names rather than words of the form.
    func namedEntries(_ subject: String, into faults: inout FaultList) -> [Entry]? {
        guard case .mapping(let entries) = content else {
            faults.add(at: position, "\(subject) is \(sort)", expected: "a mapping")
            return nil
        }
        return entries
    }

    /// A list of different scopes, at least one.
    func scopes(_ subject: String, into faults: inout FaultList) -> ScopeSet? {
        guard let items = items(subject, limit: Scope.allCases.count, into: &faults) else { return nil }
        guard !items.isEmpty else {
            faults.add(at: position, "\(subject) is empty", expected: "at least one scope")
            return nil
        }
        var scopes = ScopeSet([])
        for item in items {
            guard let scope = item.choice("scope", among: Scope.allCases.map(\.name), into: &faults, Scope.init(name:)) else { continue }
            if scopes.contains(scope) { faults.add(at: item.position, "the scope '\(scope.name)' is given twice") }
            scopes.insert(ScopeSet([scope]))
        }
        return scopes
    }
}
