/// A thing with no home is a thing not yet understood: no file or folder is a drawer for the rest.
func namesSayWhatIsInside(_ file: SourceFile) -> [Finding] {
    let drawers: Set<Substring> = ["Core", "Common", "Utils", "Helpers", "Extensions", "Manager"]
    let words = file.path.split { "/.+-_".contains($0) }
    return words.filter(drawers.contains).map { Finding(file, 1, "nothing is called \($0): name what it is") }
}

/// The repository stands by itself: it names no path of one machine and no folder beside it.
func textStandsByItself(_ file: SourceFile) -> [Finding] {
    let outside = [".." + "/shared", "/wo" + "rk/", "/tmp" + "/inner", "/ro" + "ot/", "/ho" + "me/"]
    return file.lines.indices.flatMap { index in
        outside.filter { file.lines[index].utf8.contains($0) }.map {
            Finding(file, index + 1, "\($0) is a path of somebody's machine")
        }
    }
}

/// What a build makes is not kept: versions are pinned in Package.swift.
func onlySourcesAreKept(_ file: SourceFile) -> [Finding] {
    let parts = file.path.split(separator: "/")
    let isHeader = parts.count == 1 && file.path.hasSuffix(".h")
    let isMade = parts.last == "Package.resolved" || isHeader || parts.contains { $0.hasPrefix(".build") }
    return isMade ? [Finding(file, 1, "is made by a build and must not be tracked")] : []
}

/// A dependency needs a sentence in the README that says what it saves us.
func unexplainedDependencies(manifest: String, readme: String) -> [String] {
    let names = manifest.split(separator: "url: \"").dropFirst().compactMap { part in
        part.prefix { $0 != "\"" }.split(separator: "/").last.map { $0.hasSuffix(".git") ? $0.dropLast(4) : $0 }
    }
    return names.filter { !readme.lowercased().contains($0.lowercased()) }.map(String.init)
}

extension Substring.UTF8View {
    /// Whether `text` stands in it: by bytes, since most lines have none of what the rules look for.
    fileprivate func contains(_ text: String) -> Bool {
        let wanted = Array(text.utf8)
        guard let first = wanted.first else { return true }
        var rest = self[...]
        while let place = rest.firstIndex(of: first) {
            rest = rest[place...]
            if rest.starts(with: wanted) { return true }
            rest = rest.dropFirst()
        }
        return false
    }
}
