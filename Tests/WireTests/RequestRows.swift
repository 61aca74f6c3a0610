import Wire

/// Requests that pass, alone and one behind the other.
enum RequestRows {
    static let all: [Message] = plain + targets + hosts + persistence + bodies + pipelines

    static let plain: [Message] = [
        .good("a plain GET", "GET / HTTP/1.1\r\nHost: h\r\n\r\n", "GET / at h"),
        .good("every method we know", "DELETE /a HTTP/1.1\r\nHost: h\r\n\r\n", "DELETE /a at h"),
        .good("an unknown method", "BREW /pot HTTP/1.1\r\nHost: h\r\n\r\n", "BREW /pot at h"),
        .good("a lower-case method is another one", "get / HTTP/1.1\r\nHost: h\r\n\r\n", "get / at h"),
        .good("a method of all token bytes", "!#$%&'*+-.^_`|~09AZaz / HTTP/1.1\r\nHost: h\r\n\r\n", "!#$%&'*+-.^_`|~09AZaz / at h"),
        .good(
            "a method of 32 bytes", "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEF / HTTP/1.1\r\nHost: h\r\n\r\n",
            "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEF / at h"),
        .good("an empty line in front", "\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n", "GET / at h"),
        .good("names in any case", "GET / HTTP/1.1\r\nhOST: h\r\nX-API-Key: k\r\n\r\n", "GET / at h key=k"),
        .good("blanks around a value", "GET / HTTP/1.1\r\nHost: \t h \t\r\nX-Api-Key:k\r\n\r\n", "GET / at h key=k"),
        .good("an empty value", Message.head("Accept:"), "GET / at h"),
        .good("a value of blanks", Message.head("Accept: \t "), "GET / at h"),
        .good("blanks and a tab inside a value", Message.head("Accept: a \t b"), "GET / at h"),
        .good("obs-text in a value", Message.head("Accept: caf\u{e9}"), "GET / at h"),
        .good("a name of all token bytes", Message.head("!#$%&'*+-.^_`|~09AZaz: v"), "GET / at h"),
        .good("a key and a citizen", Message.head("x-api-key: k\r\nAuthorization: Bearer t"), "GET / at h key=k auth=Bearer t"),
        .good("an empty key is there all the same", Message.head("x-api-key:"), "GET / at h key="),
        .good("HTTP/1.0 without Host", "GET / HTTP/1.0\r\n\r\n", "GET / at  1.0 close"),
        .good("HTTP/1.0 with Host", Message.head("Accept: a", version: "1.0"), "GET / at h 1.0 close"),
        .good("waits for 100", Message.head("Expect: 100-Continue", method: "PUT"), "PUT / at h expects"),
        .good("HTTP/1.0 cannot wait for 100", Message.head("Expect: 100-continue", version: "1.0"), "GET / at h 1.0 close"),
        .good("a hundred fields", "GET / HTTP/1.1\r\nHost: h\r\n" + String(repeating: "a: b\r\n", count: 99) + "\r\n", "GET / at h"),
    ]

    static let targets: [Message] = [
        .good("a path and a query", Message.target("/a/b?c=d&e=/f?g"), "GET /a/b?c=d&e=/f?g at h"),
        .good("an empty query", Message.target("/a?"), "GET /a? at h"),
        .good("a trailing slash", Message.target("/a/"), "GET /a/ at h"),
        .good("dots that are no dot segments", Message.target("/.../..a/a../.b/c.d"), "GET /.../..a/a../.b/c.d at h"),
        .good("encodings that are harmless", Message.target("/%41%c3%A9%20?%2F%00"), "GET /%41%c3%A9%20?%2F%00 at h"),
        .good("slashes and dots in the query", Message.target("/a?//../.&b"), "GET /a?//../.&b at h"),
        .good("all bytes a path may hold", Message.target("/-._~!$&'()*+,;=:@09AZaz[]"), "GET /-._~!$&'()*+,;=:@09AZaz[] at h"),
        .good(
            "the longest target", Message.target("/" + String(repeating: "a", count: 8_191)),
            "GET /\(String(repeating: "a", count: 8_191)) at h"),
        .good("* for OPTIONS", "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", "OPTIONS * at h"),
        .good("a path for OPTIONS", "OPTIONS /a HTTP/1.1\r\nHost: h\r\n\r\n", "OPTIONS /a at h"),
        .good("an absolute target wins over Host", Message.target("http://other:81/a?b"), "GET /a?b at other:81"),
        .good("an absolute target in another case", Message.target("HTTPS://Other/a"), "GET /a at Other"),
        .good("an absolute target without a path", Message.target("http://other"), "GET / at other"),
        .good("an absolute target with a query only", Message.target("http://other?a=b"), "GET /?a=b at other"),
        .good("an absolute target in HTTP/1.0", "GET http://other/a HTTP/1.0\r\n\r\n", "GET /a at other 1.0 close"),
    ]

    static let hosts: [Message] = [
        "gateway.example.org", "gateway.example.org:8080", "10.0.0.1:1", "[::1]", "[2001:db8::1]:65535", "[::ffff:10.0.0.1]",
        "a_b-c.~!$&'()*+,;=",
    ].map { .good("the host \($0)", "GET / HTTP/1.1\r\nHost: \($0)\r\n\r\n", "GET / at \($0)") }

    static let persistence: [Message] = [
        .good("close", Message.head("Connection: close"), "GET / at h close"),
        .good("close in another case", Message.head("Connection: CLOSE"), "GET / at h close"),
        .good("keep-alive", Message.head("Connection: keep-alive"), "GET / at h"),
        .good("keep-alive in HTTP/1.0", Message.head("Connection: keep-alive", version: "1.0"), "GET / at h 1.0 close"),
        .good("close in a list", Message.head("Connection: , keep-alive,\tclose ,"), "GET / at h close"),
        .good("close in a second field", Message.head("Connection: TE\r\nConnection: close"), "GET / at h close"),
        .good("an empty Connection", Message.head("Connection:"), "GET / at h"),
        .good(
            "a field named by Connection", Message.head("Connection: x-one, Accept\r\nX-One: 1\r\nX-Two: 2\r\naccept: a"),
            "GET / at h hop=X-One hop=accept"),
        .good("a name Connection only begins", Message.head("Connection: x-on\r\nX-One: 1"), "GET / at h"),
        .good("closed is not close", Message.head("Connection: closed"), "GET / at h"),
    ]

    static let bodies: [Message] = [
        .good("a length", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello", "POST / at h length 5: hello"),
        .good("a length of zero", Message.head("Content-Length: 0"), "GET / at h length 0"),
        .good(
            "a length with zeros in front", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0005\r\n\r\nhello", "POST / at h length 5: hello"
        ),
        .good("a body of a GET", "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi", "GET / at h length 2: hi"),
        .good("one chunk", Message.chunked("5\r\nhello\r\n0\r\n\r\n"), "POST / at h chunked: hello"),
        .good("no chunk but the last", Message.chunked("0\r\n\r\n"), "POST / at h chunked"),
        .good("many chunks", Message.chunked("1\r\na\r\n2\r\nbc\r\n0A\r\n0123456789\r\n000\r\n\r\n"), "POST / at h chunked: abc0123456789"),
        .good(
            "a size in any case", Message.chunked("a\r\n0123456789\r\nB\r\n0123456789a\r\n0\r\n\r\n"),
            "POST / at h chunked: 01234567890123456789a"),
        .good("a size of 16 digits", Message.chunked("0000000000000001\r\na\r\n0000000000000000\r\n\r\n"), "POST / at h chunked: a"),
        .good("payload of line ends", Message.chunked("4\r\n\r\n\r\n\r\n0\r\n\r\n"), "POST / at h chunked: \r\n\r\n"),
        .good("extensions", Message.chunked("1;a;b=c;d=\"e;\\\"\t f\"\r\na\r\n0;z\r\n\r\n"), "POST / at h chunked: a"),
        .good(
            "the longest extension", Message.chunked("1;\(String(repeating: "a", count: 255))\r\na\r\n0\r\n\r\n"), "POST / at h chunked: a"),
        .good("trailers", Message.chunked("1\r\na\r\n0\r\nX-Sum: 1\r\nEmpty:\r\n\r\n"), "POST / at h chunked: a"),
        .good("twenty trailers", Message.chunked("0\r\n\(String(repeating: "a: b\r\n", count: 20))\r\n"), "POST / at h chunked"),
        .good(
            "chunked in another case", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: Chunked\r\n\r\n0\r\n\r\n", "POST / at h chunked"),
        .good(
            "the largest body the limit allows",
            "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n\(String(repeating: "a", count: 1_000))",
            "POST / at h length 1000: \(String(repeating: "a", count: 1_000))"),
    ]

    static let pipelines: [Message] = [
        .good("two requests", Message.target("/a") + Message.target("/b"), "GET /a at h", "GET /b at h"),
        .good("an empty line between two", Message.target("/a") + "\r\n" + Message.target("/b"), "GET /a at h", "GET /b at h"),
        .good(
            "a body, then a request", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi" + Message.target("/b"),
            "POST / at h length 2: hi", "GET /b at h"),
        .good(
            "chunks, then a request", Message.chunked("2\r\nhi\r\n0\r\nA: b\r\n\r\n") + Message.target("/b"), "POST / at h chunked: hi",
            "GET /b at h"),
        .good(
            "nothing of one is left in the next",
            Message.head("x-api-key: k\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 0")
                + "GET http://o/a HTTP/1.1\r\nHost: h\r\n\r\n" + Message.target("/b"),
            "GET / at h close expects key=k length 0", "GET /a at o", "GET /b at h"),
        .bad("a good one, then a bad one", Message.target("/a") + "GET\r\n\r\n", after: "GET /a at h"),
        .bad(
            "bytes behind a body that are no request", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi\0",
            after: "POST / at h length 2: hi"),
        .open("half a head", "GET / HTTP/1.1\r\nHost: h\r\n"),
        .open("a head without its last byte", "GET / HTTP/1.1\r\nHost: h\r\n\r"),
        .open("half a body", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhell", "POST / at h length 5"),
        .open("half a chunk", Message.chunked("5\r\nhell"), "POST / at h chunked"),
        .open("no end of the chunks", Message.chunked("5\r\nhello\r\n0\r\n"), "POST / at h chunked"),
        .open("no end of the trailers", Message.chunked("0\r\nA: b\r\n"), "POST / at h chunked"),
        .open("a request, then half of one", Message.target("/a") + "GET /b HT", "GET /a at h"),
    ]
}
