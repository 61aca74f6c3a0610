/// A browser's own name, cut to what its owner recognises.
enum BrowserName {
    private static let browsers = [
        ("Firefox/", "Firefox"), ("Edg/", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("Chrome/", "Chrome"),
        ("Chromium/", "Chromium"), ("Safari/", "Safari"),
    ]
    private static let systems = [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "Mac"), ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ]

    /// `Firefox, Linux`; the beginning of the name where neither is known, nil where there is none.
    static func of(_ agent: String) -> String? {
        let parts = [browsers, systems].compactMap { known in known.first { agent.contains($0.0) }?.1 }
        guard parts.isEmpty else { return parts.joined(separator: ", ") }
        return agent.isEmpty ? nil : String(agent.prefix(40))
    }
}
