import Wire

/// Requests that must not pass.
enum RefusedRequestRows {
    static let all: [Message] = startLines + targets + fields + hosts + lengths + codings + chunks + limits

    static let startLines: [Message] = [
        .bad("two empty lines in front", "\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n"),
        .bad("a bare CR in front", "\rGET / HTTP/1.1\r\nHost: h\r\n\r\n"),
        .bad("a bare LF in front", "\nGET / HTTP/1.1\r\nHost: h\r\n\r\n"),
        .bad("a blank in front", " GET / HTTP/1.1\r\nHost: h\r\n\r\n"),
        .bad("a method that is no token", "GE(T / HTTP/1.1\r\nHost: h\r\n\r\n"),
        .bad("a method of 33 bytes", "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFG / HTTP/1.1\r\nHost: h\r\n\r\n"),
        .bad("a tab behind the method", "GET\t/ HTTP/1.1\r\nHost: h\r\n\r\n"),
        .bad("two blanks behind the method", "GET  / HTTP/1.1\r\nHost: h\r\n\r\n"),
        .bad("two blanks behind the target", "GET /  HTTP/1.1\r\nHost: h\r\n\r\n"),
        .bad("no target", "GET HTTP/1.1\r\nHost: h\r\n\r\n"),
        .bad("no version", "GET /\r\nHost: h\r\n\r\n"),
        .bad("a blank behind the version", "GET / HTTP/1.1 \r\nHost: h\r\n\r\n"),
        .bad("a bare LF behind the version", "GET / HTTP/1.1\nHost: h\r\n\r\n"),
        .bad("a bare CR behind the version", "GET / HTTP/1.1\rHost: h\r\n\r\n"),
        .bad("HTTP in lower case", "GET / http/1.1\r\nHost: h\r\n\r\n"),
        .bad("another protocol", "GET / ICAP/1.1\r\nHost: h\r\n\r\n"),
        .bad("a version with a comma", "GET / HTTP/1,1\r\nHost: h\r\n\r\n"),
        .bad("a version of one digit", "GET / HTTP/2\r\nHost: h\r\n\r\n"),
        .bad("a version of three digits", "GET / HTTP/1.10\r\nHost: h\r\n\r\n"),
        .bad("HTTP/2.0", "GET / HTTP/2.0\r\nHost: h\r\n\r\n", .versionNotSupported),
        .bad("HTTP/1.2", "GET / HTTP/1.2\r\nHost: h\r\n\r\n", .versionNotSupported),
        .bad("HTTP/0.9", "GET / HTTP/0.9\r\nHost: h\r\n\r\n", .versionNotSupported),
        .bad("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        .bad("a TLS client hello", "\u{16}\u{3}\u{1}\0"),
    ]

    static let targets: [Message] =
        [
            "a", "", "//", "/a//b", "//a", "/a//", "/.", "/..", "/./a", "/../a", "/a/.", "/a/..", "/a/./b", "/%2e/a", "/a/%2E%2e", "/.%2e/",
            "/%2e.?a",
            "/a%2fb", "/a%2Fb", "/a%5cb", "/a%5C", "/a%00", "/%0a", "/%1F", "/%7f", "/%", "/%4", "/%4g", "/%g4", "/?%", "/?%4", "/?%zz",
            "/a#b", "#", "/a?b#",
            "/\"", "/<", "/>", "/\\", "/^", "/`", "/{", "/|", "/}", "/\u{7f}", "/\u{1}", "/\0", "/\t", "/caf\u{e9}", "*", "*a", "/a?\"",
            "h:443", "ftp://h/a", "http:/h/a", "http://", "https://", "http:///a", "http://u@h/a", "http://u:p@h/a", "http://h:/a",
            "http://h:x/a",
            "http://[::1/a", "http://h//a", "http://h/../a", "http://h/%2f", "http://h?%", "http://h#a", "mailto:a",
        ].map { .bad("the target \($0.debugDescription)", Message.target($0)) } + [
            .bad("CONNECT with an authority", "CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\n"),
            .bad("CONNECT with a path", "CONNECT / HTTP/1.1\r\nHost: h\r\n\r\n"),
            .bad("* with a query", "OPTIONS *?a HTTP/1.1\r\nHost: h\r\n\r\n"),
        ]

    static let fields: [Message] =
        [
            "Accept : a", " Accept: a", "\tAccept: a", "Accept: a\r\n b", "Accept: a\r\n\tb", ": a", "Accept", "Acc ept: a", "Acc(ept: a",
            "Acc\u{e9}pt: a", "Acc\0ept: a",
            "Acc\tept: a", "Accept: a\0", "Accept: \u{1}", "Accept: \u{7f}", "Accept: \u{b}", "Accept: a\rb", "Accept: a\nb: c",
            "Accept: a\r\r", "Acc\rept: a", "Acc\nept: a",
            "\u{7f}: a", "Accept: a\n", "x-api-key: a\r\nX-API-Key: a", "Authorization: a\r\nauthorization: b", "Connection: a b",
            "Connection: a;b", "Connection: (", "Connection: close, host", "Connection: X-API-Key\r\nx-api-key: a",
        ].map { .bad("the field \($0.debugDescription)", Message.head($0)) } + [
            .bad("a bare LF for the empty line", "GET / HTTP/1.1\r\nHost: h\r\n\n"),
            .bad("a bare CR for the empty line", "GET / HTTP/1.1\r\nHost: h\r\n\rG"),
            .bad("another expectation", Message.head("Expect: a"), .unknownExpectation),
            .bad("an empty expectation", Message.head("Expect:"), .unknownExpectation),
            .bad("a list of expectations", Message.head("Expect: 100-continue, a"), .unknownExpectation),
        ]

    static let hosts: [Message] =
        [
            "", "h h", "h:", "h:0", "h:65536", "h:000080", "h:8a", "h:8:8", ":80", "a/b", "u@h", "h?", "h#", "[", "[]", "[::1", "[::1]a",
            "[::1%25eth0]", "[v1.a]", "[1:2:3:4:5:6:7:8:9]", "::1", "h\\", "h%41",
            "h\u{e9}", "h<", String(repeating: "a", count: 261),
        ].map { .bad("the host \($0.debugDescription)", "GET / HTTP/1.1\r\nHost: \($0)\r\n\r\n") } + [
            .bad("no Host", "GET / HTTP/1.1\r\nAccept: a\r\n\r\n"),
            .bad("no Host beside an absolute target", "GET http://h/ HTTP/1.1\r\n\r\n"),
            .bad("two Hosts", "GET / HTTP/1.1\r\nHost: h\r\nHost: h\r\n\r\n"),
            .bad("a bad Host in HTTP/1.0", "GET / HTTP/1.0\r\nHost: h h\r\n\r\n"),
        ]

    static let lengths: [Message] =
        [
            "", "5, 5", "5,5", "+5", "-5", "5 5", "0x5", "5a", "a", "5.0", "5;", "18446744073709551616", "9223372036854775808",
            "99999999999999999999", "00000000000000000005",
            "\u{665}",
        ].map { .bad("the length \($0.debugDescription)", Message.head("Content-Length: \($0)", method: "POST")) } + [
            .bad("two lengths that differ", Message.head("Content-Length: 5\r\nContent-Length: 6", method: "POST")),
            .bad("two equal lengths", Message.head("Content-Length: 5\r\nContent-Length: 5", method: "POST")),
            .bad("a length and chunks", Message.head("Content-Length: 5\r\nTransfer-Encoding: chunked", method: "POST")),
            .bad("chunks and a length", Message.head("Transfer-Encoding: chunked\r\nContent-Length: 5", method: "POST")),
            .bad("chunks and a length of zero", Message.head("Transfer-Encoding: chunked\r\nContent-Length: 0", method: "POST")),
            .bad(
                "a body over the limit", Message.head("Content-Length: 1001", method: "POST"), .bodyTooLarge,
                after: "POST / at h length 1001"),
            .bad(
                "the largest length is over the limit", Message.head("Content-Length: 9223372036854775807", method: "POST"), .bodyTooLarge,
                after: "POST / at h length 9223372036854775807"),
        ]

    static let codings: [Message] = [
        .bad("gzip", Message.head("Transfer-Encoding: gzip"), .codingNotImplemented),
        .bad("identity", Message.head("Transfer-Encoding: identity"), .codingNotImplemented),
        .bad("xchunked", Message.head("Transfer-Encoding: xchunked"), .codingNotImplemented),
        .bad("chunke", Message.head("Transfer-Encoding: chunke"), .codingNotImplemented),
        .bad("several codings", Message.head("Transfer-Encoding: gzip, chunked")),
        .bad("chunked twice in a list", Message.head("Transfer-Encoding: chunked, chunked")),
        .bad("chunked twice in fields", Message.head("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked")),
        .bad("chunked with a parameter", Message.head("Transfer-Encoding: chunked;a=b")),
        .bad("chunked with a vertical tab", Message.head("Transfer-Encoding: \u{b}chunked")),
        .bad("chunked in quotes", Message.head("Transfer-Encoding: \"chunked\"")),
        .bad("no coding", Message.head("Transfer-Encoding:")),
        .bad("chunks in HTTP/1.0", Message.head("Transfer-Encoding: chunked", version: "1.0")),
    ]

    static let chunks: [Message] =
        [
            "\r\n", ";a\r\n", " 1\r\n", "1 \r\n", "1 ;a\r\n", "1\t\r\n", "0x1\r\n", "g\r\n", "-1\r\n", "+1\r\n", "1,\r\n", "1\n", "1\rA",
            "1\r\na\n", "1\r\na\rX", "1\r\nab", "1\r\na0\r\n",
            "00000000000000001\r\n", "1;\r\n", "1;;\r\n", "1;a=\r\n", "1; a\r\n", "1;a =b\r\n", "1;a=b c\r\n", "1;a=\"b\r\n",
            "1;a=\"b\"c\r\n", "1;a=\"\\\u{7f}\"\r\n", "1;a\n", "1;a\0\r\n",
            "1;\(String(repeating: "a", count: 256))\r\n", "0\r\n\n", "0\r\n\rX", "0\n", "0\r\n a: b\r\n", "0\r\n: b\r\n", "0\r\na : b\r\n",
            "0\r\na\r\n", "0\r\na: b\n",
            "0\r\na: \0\r\n", "0\r\na: b\rc\r\n", "0\r\na: b\r\n c\r\n", "0\r\n(: b\r\n",
        ].map { .bad("the chunks \($0.debugDescription)", Message.chunked($0), after: "POST / at h chunked") } + [
            .bad("a chunk over the limit", Message.chunked("3e9\r\n"), .bodyTooLarge, after: "POST / at h chunked"),
            .bad("chunks over the limit together", Message.chunked("1\r\na\r\n3e8\r\n"), .bodyTooLarge, after: "POST / at h chunked"),
            .bad("the largest chunk size", Message.chunked("ffffffffffffffff\r\n"), .bodyTooLarge, after: "POST / at h chunked"),
            .bad(
                "twenty-one trailers", Message.chunked("0\r\n\(String(repeating: "a: b\r\n", count: 21))\r\n"), .tooManyFields,
                after: "POST / at h chunked"),
            .bad(
                "trailers over 4 KiB", Message.chunked("0\r\na: \(String(repeating: "b", count: 4_096))\r\n\r\n"), .headTooLarge,
                after: "POST / at h chunked"),
        ]

    static let limits: [Message] = [
        .bad(
            "a hundred and one fields", "GET / HTTP/1.1\r\nHost: h\r\n" + String(repeating: "a: b\r\n", count: 100) + "\r\n", .tooManyFields
        ),
        .bad("a target over 8 KiB", Message.target("/" + String(repeating: "a", count: 8_192)), .targetTooLong),
        .bad("a head over 16 KiB", Message.head("a: " + String(repeating: "b", count: 16_384)), .headTooLarge),
        .bad(
            "a fault before the limits counts first", "GET /%zz HTTP/1.1\r\nHost: h\r\na: \(String(repeating: "b", count: 16_384))\r\n\r\n"),
    ]
}
