import Wire

/// What core stores answer, and what they must not.
enum ResponseRows {
    static let all: [Message] = good + bad + startLines

    static let good: [Message] = [
        .goodAnswer("a length", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", "200 length 2: hi"),
        .goodAnswer("chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n", "200 chunked: hi"),
        .goodAnswer("a length of zero", "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "404 length 0"),
        .goodAnswer("no reason", "HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n", "200 length 0"),
        .goodAnswer("not even the blank before it", "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", "200 length 0"),
        .goodAnswer("a reason with obs-text and tabs", "HTTP/1.1 299 tr\u{e8}s\tbien\r\nContent-Length: 0\r\n\r\n", "299 length 0"),
        .goodAnswer("close", "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", "200 close length 0"),
        .goodAnswer("HTTP/1.0", "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n", "200 close length 0"),
        .goodAnswer(
            "a field named by Connection", "HTTP/1.1 200 OK\r\nConnection: x-a\r\nX-A: b\r\nContent-Length: 0\r\n\r\n",
            "200 hop=X-A length 0"),
        .goodAnswer("an answer to HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", to: .head, "200"),
        .goodAnswer("an answer to HEAD in chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", to: .head, "200"),
        .goodAnswer("204", "HTTP/1.1 204 No Content\r\n\r\n", "204"),
        .goodAnswer("204 with a length of zero", "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n", "204"),
        .goodAnswer("204 that promises a body", "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", "204 close"),
        .goodAnswer("204 that promises chunks", "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n", "204 close"),
        .goodAnswer("304 with the length of what it stands for", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", "304"),
        .goodAnswer(
            "an interim answer, then the final one", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n",
            "100", "201 length 0"),
        .goodAnswer("early hints", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 204 No\r\n\r\n", "103", "204"),
        .goodAnswer("two answers", "HTTP/1.1 204 No\r\n\r\nHTTP/1.1 599 ?\r\nContent-Length: 1\r\n\r\na", "204", "599 length 1: a"),
        .goodAnswer("up to the close", "HTTP/1.1 200 OK\r\n\r\nhello", "200 close until close: hello"),
        .goodAnswer("nothing up to the close", "HTTP/1.1 200 OK\r\n\r\n", "200 close until close"),
        .goodAnswer(
            "the same fields twice",
            "HTTP/1.1 200 OK\r\nx-api-key: a\r\nx-api-key: b\r\nHost: a b\r\nExpect: c\r\nContent-Length: 0\r\n\r\n", "200 length 0"),
    ]

    static let bad: [Message] = [
        .badAnswer("101", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: a\r\n\r\n"),
        .badAnswer("a length and chunks", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"),
        .badAnswer("two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n"),
        .badAnswer("a list of lengths", "HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\n"),
        .badAnswer("a bad length though there is no body", "HTTP/1.1 204 No\r\nContent-Length: a\r\n\r\n"),
        .badAnswer("chunks in HTTP/1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
        .badAnswer("gzip", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", .codingNotImplemented),
        .badAnswer("several codings", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"),
        .badAnswer("a folded line", "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n"),
        .badAnswer("a blank before the colon", "HTTP/1.1 200 OK\r\nA : b\r\n\r\n"),
        .badAnswer("a bare LF", "HTTP/1.1 200 OK\nA: b\r\n\r\n"),
        .badAnswer("NUL in a value", "HTTP/1.1 200 OK\r\nA: \0\r\n\r\n"),
        .badAnswer("a body over the limit", "HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n", .bodyTooLarge, after: "200 length 1001"),
        .badAnswer(
            "a body up to the close over the limit", "HTTP/1.1 200 OK\r\n\r\n\(String(repeating: "a", count: 1_001))", .bodyTooLarge,
            after: "200 close until close"),
        .badAnswer("a chunk that does not end", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab", after: "200 chunked"),
        .badAnswer("bytes behind an answer", "HTTP/1.1 204 No\r\n\r\nhello", after: "204"),
        .badAnswer("a hundred and one fields", "HTTP/1.1 200 OK\r\n" + String(repeating: "a: b\r\n", count: 101) + "\r\n", .tooManyFields),
        .badAnswer("a head over 16 KiB", "HTTP/1.1 200 \(String(repeating: "a", count: 16_384))\r\n\r\n", .headTooLarge),
    ]

    static let startLines: [Message] =
        [
            "HTTP/1.1 099 a\r\n\r\n", "HTTP/1.1 600 a\r\n\r\n", "HTTP/1.1 000 a\r\n\r\n", "HTTP/1.1 20 a\r\n\r\n",
            "HTTP/1.1 2000 a\r\n\r\n", "HTTP/1.1 20a a\r\n\r\n",
            "HTTP/1.1  200 a\r\n\r\n", "HTTP/1.1\t200 a\r\n\r\n", "HTTP/1.1 200\ta\r\n\r\n", "HTTP/1.1 200 a\0\r\n\r\n",
            "HTTP/1.1 200 a\rb\r\n\r\n", "HTTP/1.1 200 a\n\r\n",
            "\r\nHTTP/1.1 200 a\r\n\r\n", "http/1.1 200 a\r\n\r\n", "ICY 200 OK\r\n\r\n", "HTTP/1.1\r\n\r\n", "<html>", "\0",
            "HTTP/11 200 a\r\n\r\n",
        ].map { .badAnswer("the status line \($0.debugDescription)", $0) } + [
            .badAnswer("HTTP/2.0", "HTTP/2.0 200 OK\r\n\r\n", .versionNotSupported),
            .badAnswer("HTTP/1.2", "HTTP/1.2 200 OK\r\n\r\n", .versionNotSupported),
        ]
}
