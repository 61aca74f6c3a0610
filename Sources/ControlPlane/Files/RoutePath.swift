import Registry

extension RoutePath {
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
