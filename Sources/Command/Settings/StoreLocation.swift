/// Where a kind of keys leads.
enum StoreLocation: Hashable, Sendable {
    /// The reference core store, started beside the data plane.
    case embedded
    /// Any service with the CoWIN v2 paths, at one address or several; all reached in the same way.
    case remote([Endpoint], isSecure: Bool)

    /// `embedded`, or URLs with commas between them; nil if out of form.
    init?(_ text: String) {
        if text == "embedded" {
            self = .embedded
            return
        }
        var endpoints: [Endpoint] = []
        var schemes: Set<Bool> = []
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let (endpoint, isSecure) = StoreLocation.read(item.trimmingPrefix(" ")), !endpoints.contains(endpoint) else { return nil }
            endpoints.append(endpoint)
            schemes.insert(isSecure)
        }
        guard schemes.count == 1 else { return nil }
        self = .remote(endpoints, isSecure: schemes.contains(true))
    }

    /// `http://host:port` or `https://host:port`, with nothing after the port but a slash, or `host:port` alone.
    private static func read(_ item: Substring) -> (Endpoint, isSecure: Bool)? {
        let isSecure = item.hasPrefix("https://")
        guard isSecure || item.hasPrefix("http://") else {
            return Endpoint(String(item), allowingNames: true).map { ($0, false) }
        }
        var rest = item.dropFirst(isSecure ? "https://".count : "http://".count)
        if rest.hasSuffix("/") { rest.removeLast() }
        let hasPort = rest.last != "]" && rest.split(separator: "]").last.map { $0.contains(":") } ?? false
        let text = hasPort ? String(rest) : rest + (isSecure ? ":443" : ":80")
        return Endpoint(text, allowingNames: true).map { ($0, isSecure) }
    }

    /// As the data plane is told; `embedded` is at that endpoint.
    func list(embedded: Endpoint) -> String {
        switch self {
        case .embedded: embedded.description
        case .remote(let endpoints, let isSecure):
            endpoints.map { (isSecure ? "https://" : "http://") + $0.description }.joined(separator: ",")
        }
    }
}
