import Registry

/// The form of a route's path, and whether two could match the same request.
enum RoutePath {
    /// The path, or nil and a fault.
    static func read(_ tree: FileTree, into faults: inout FaultList) -> String? {
        guard let path = tree.text("the path", limit: Limits.pathBytes, into: &faults) else { return nil }
        let segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        let templates = segments.filter(isTemplate)
        guard path.hasPrefix("/"), (1...Limits.pathSegments).contains(segments.count), templates.count <= 1,
            segments.allSatisfy({ isTemplate($0) || isLiteral($0) })
        else {
            faults.add(
                at: tree.position, "the path '\(path)' is out of form",
                expected: "segments of letters, digits, '-', '_' and '.', at most one of them a {name} (which matches digits)")
            return nil
        }
        return path
    }

    /// Whether some path matches both; a template matches digits only.
    static func overlap(_ left: String, _ right: String) -> Bool {
        let (left, right) = (left.split(separator: "/"), right.split(separator: "/"))
        return left.count == right.count && zip(left, right).allSatisfy(segmentsOverlap)
    }

    /// Whether one of its segments is a template.
    static func hasTemplate(_ path: String) -> Bool { path.split(separator: "/").contains(where: isTemplate) }

    /// Whether one path matches whatever another does: they differ in their templates' names only.
    static func matchesAll(of path: String, _ other: String) -> Bool {
        let (left, right) = (path.split(separator: "/"), other.split(separator: "/"))
        return left.count == right.count && zip(left, right).allSatisfy { $0 == $1 || isTemplate($0) && isTemplate($1) }
    }

    private static func segmentsOverlap(_ left: Substring, _ right: Substring) -> Bool {
        switch (isTemplate(left), isTemplate(right)) {
        case (true, true): true
        case (true, false): isDigits(right)
        case (false, true): isDigits(left)
        case (false, false): left == right
        }
    }

    private static func isDigits(_ segment: Substring) -> Bool { segment.allSatisfy { ("0"..."9").contains($0) } }

    private static func isTemplate(_ segment: Substring) -> Bool {
        segment.count >= 3 && segment.first == "{" && segment.last == "}"
            && segment.dropFirst().dropLast().allSatisfy { ("a"..."z").contains($0) || $0 == "_" }
    }

    private static func isLiteral(_ segment: Substring) -> Bool {
        !segment.isEmpty && segment != "." && segment != ".."
            && segment.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
                default: false
                }
            }
    }
}
