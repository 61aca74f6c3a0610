/// Routes' paths against each other: whether two could match the same request.
package enum RoutePath {
    /// Whether some path matches both; a template matches digits only.
    package static func overlap(_ left: String, _ right: String) -> Bool {
        let (left, right) = (left.split(separator: "/"), right.split(separator: "/"))
        return left.count == right.count && zip(left, right).allSatisfy(segmentsOverlap)
    }

    /// Whether one of its segments is a template.
    package static func hasTemplate(_ path: String) -> Bool { path.split(separator: "/").contains(where: isTemplate) }

    /// Whether one path matches whatever another does, both ways: they differ in their templates' names only.
    package static func matchesAll(of path: String, _ other: String) -> Bool {
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

    /// Whether a segment stands for digits: `{name}`.
    package static func isTemplate(_ segment: Substring) -> Bool {
        segment.count >= 3 && segment.first == "{" && segment.last == "}"
            && segment.dropFirst().dropLast().allSatisfy { ("a"..."z").contains($0) || $0 == "_" }
    }
}
