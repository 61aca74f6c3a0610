import Support

/// Random request heads, most of them nearly right: each part is mostly drawn from good ones, then a few bytes of the whole are changed.
struct HeadGrammar {
    private var random: SplitMix64

    init(seed: UInt64) {
        random = SplitMix64(seed: seed)
    }

    mutating func next() -> [UInt8] {
        var head = Array(requestLine().utf8) + lineEnd()
        var lines = [random.once(in: 12) ? "" : "Host: " + host()]
        for _ in 0..<random.below(6) { lines.append(fieldLine()) }
        lines.shuffle(using: &random)
        for line in lines where !line.isEmpty || random.once(in: 20) {
            head += Array(line.utf8) + lineEnd()
        }
        head += lineEnd()
        for _ in 0..<random.pick([0, 0, 0, 1, 1, 2, 4]) { mutate(&head) }
        return head
    }

    private mutating func requestLine() -> String {
        let methods = [
            "GET", "GET", "GET", "POST", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE", "CONNECT", "BREW", "get", "G=T",
            "M-SEARCH",
        ]
        let versions = [
            "HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "HTTP/2.0", "HTTP/1.2", "HTTP/0.9", "http/1.1",
            "HTTP/1.11", "HTTP/3",
        ]
        let front = random.once(in: 40) ? random.pick(["\r\n", "\n", " ", "\r\n\r\n"]) : ""
        let gap = random.once(in: 60) ? random.pick(["  ", "\t", ""]) : " "
        return front + random.pick(methods) + gap + target() + (random.once(in: 60) ? "  " : " ") + random.pick(versions)
    }

    private mutating func target() -> String {
        let odd = [
            "*", "h:443", "http://h/a", "https://h:81", "http://h?a", "http://u@h/", "ftp://h/", "a", "//h/a", "/a#b", "http:///a",
            "HTTP://H/",
        ]
        if random.once(in: 8) { return random.pick(odd) }
        let segments = ["a", "api", "v2", "centers", "findByPin", "-", "a.b", "~x", "a;b=c", "%41", "%20", "...", "$&'()*+,=:@"]
        let evil = ["", ".", "..", "%2e", "%2F", "%00", "%", "%4", "%zz", "\u{e9}", "\"", "<", "\\", "^", "`", "{", "|", "\u{7f}", "\u{1}"]
        var path = ""
        for _ in 0...random.below(4) { path += "/" + (random.once(in: 20) ? random.pick(evil) : random.pick(segments)) }
        if random.once(in: 2) { path += "?" + random.pick(["", "a=b", "date=21-11-2026&pincode=110001", "a=/../?b", "%41", "%", "a=[1]"]) }
        return path
    }

    private mutating func host() -> String {
        random.pick(
            ["h", "h", "gateway.example.org", "h:80", "10.0.0.1:8080", "[::1]", "[::1]:80"]
                + (random.once(in: 6) ? ["", "h h", "h:", "h:x", "u@h", "[::1", "h/", "h,h", "h:0"] : []))
    }

    private mutating func fieldLine() -> String {
        switch random.below(12) {
        case 0:
            return "Content-Length: "
                + random.pick([
                    "0", "0", "5", "5", "10", "007", "", "5, 5", "5,5", "+5", "-1", " 5 ", "5 5", "a", "18446744073709551616",
                    "9223372036854775808", "5\t",
                ])
        case 1:
            return "Transfer-Encoding: "
                + random.pick([
                    "chunked", "chunked", "chunked", "Chunked", "gzip", "gzip, chunked", "chunked, chunked", "identity", "", "chunked ",
                    "xchunked", "chunked;a=b",
                ])
        case 2:
            return "Connection: "
                + random.pick(["close", "keep-alive", "Keep-Alive", "close, te", "x-a", "", "upgrade", "a b", "CLOSE", "keep-alive, close"])
        case 3: return "Expect: " + random.pick(["100-continue", "100-Continue", "a", ""])
        case 4: return random.pick(["x-api-key: k", "Authorization: Bearer t", "Host: h", "X-API-KEY: k2"])
        case 5:
            return random.pick([
                "Upgrade: h2c", "TE: trailers", "Trailer: a", "Proxy-Connection: close", "Keep-Alive: a=b", "HTTP2-Settings: a",
            ])
        default:
            let names = [
                "Accept", "User-Agent", "a", "X-Partner-Id", "x_y", "!#$%&'*+-.^`|~", "Content-Type", "Cookie", "Content-Lengt",
                "Transfer-Encodin", "Hos", "Connectio",
            ]
            let evil = ["", " a", "a ", "a b", "a\u{e9}", "a(", "a\t", "\u{1}", "a\u{7f}"]
            let values = ["", "b", "a, b", "\"c d\"", "a\tb", "\u{e9}", "text/html;q=0.1", "  b  ", "\tb\t", "'<>\\{}"]
            let name = random.once(in: 20) ? random.pick(evil) : random.pick(names)
            return name + random.pick([": ", ": ", ":", ":\t", ":  "]) + random.pick(values)
        }
    }

    private mutating func lineEnd() -> [UInt8] {
        random.once(in: 150) ? random.pick([[0x0a], [0x0d], [0x0d, 0x0d, 0x0a], [0x0d, 0x0a, 0x20], [0x20, 0x0d, 0x0a]]) : [0x0d, 0x0a]
    }

    private mutating func mutate(_ head: inout [UInt8]) {
        guard !head.isEmpty else { return }
        let place = random.below(head.count)
        let telling: [UInt8] = [
            0, 1, 9, 10, 11, 12, 13, 27, 32, 33, 35, 37, 44, 46, 47, 48, 58, 59, 63, 64, 65, 95, 97, 127, 128, 160, 233, 255,
        ]
        switch random.below(5) {
        case 0: head.remove(at: place)
        case 1: head.insert(random.pick(telling), at: place)
        case 2: head[place] = random.pick(telling)
        case 3: head.swapAt(place, random.below(head.count))
        default: head.insert(contentsOf: head[place...].prefix(random.below(12)), at: place)
        }
    }
}
