import Testing
import Wire

/// What the tables of messages do not show: fields by index, kinds of bytes, work for slow senders.
struct HeadTests {
    @Test func `fields are told in the order sent, with their values trimmed`() {
        let bytes = Array("GET / HTTP/1.1\r\nHost: h\r\nX-One:  a b \r\nx-forwarded-for: c\r\n\r\nrest".utf8)
        var head = RequestHead()
        #expect(head.parse(bytes.span) == .complete(byteCount: bytes.count - 4))
        let fields = (0..<head.fieldCount).map { head.field($0) }
        #expect(fields.map { text(bytes[$0.name.range]) } == ["Host", "X-One", "x-forwarded-for"])
        #expect(fields.map { text(bytes[$0.value.range]) } == ["h", "a b", "c"])
        #expect(fields.map(\.known) == [.host, .other, .forwardedFamily])
        #expect(head.method == .get)
    }

    @Test(arguments: [
        ("GET", Wire.Method.get), ("HEAD", .head), ("POST", .post), ("PUT", .put), ("DELETE", .delete), ("OPTIONS", .options),
        ("PATCH", .patch),
        ("TRACE", .trace), ("GETT", .other), ("GE", .other), ("Get", .other), ("CONNECTED", .other), ("OPTIONSX", .other),
    ])
    func `a method is known by its exact letters`(_ name: String, _ method: Wire.Method) {
        var head = RequestHead()
        let bytes = Array("\(name) / HTTP/1.1\r\nHost: h\r\n\r\n".utf8)
        #expect(head.parse(bytes.span) == .complete(byteCount: bytes.count))
        #expect(head.method == method)
    }

    @Test(arguments: UInt8.min...UInt8.max)
    func `each byte passes exactly where the grammar has it`(_ byte: UInt8) {
        let letters = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789".utf8)
        let isToken = letters.union("!#$%&'*+-.^_`|~".utf8).contains(byte)
        let isTarget = letters.union("-._~:@!$&'()*+,;=[]".utf8).contains(byte)
        let isText = byte == 0x09 || (byte >= 0x20 && byte != 0x7f)
        #expect(accepts("GET / HTTP/1.1\r\nHost: h\r\na", byte, "b: c\r\n\r\n") == (isToken || byte == 0x3a), "name")
        #expect(accepts("G", byte, "T / HTTP/1.1\r\nHost: h\r\n\r\n") == isToken, "method")
        #expect(accepts("GET /a", byte, "b HTTP/1.1\r\nHost: h\r\n\r\n") == (isTarget || byte == 0x2f || byte == 0x3f), "path")
        #expect(accepts("GET /?a", byte, "b HTTP/1.1\r\nHost: h\r\n\r\n") == (isTarget || byte == 0x2f || byte == 0x3f), "query")
        #expect(accepts("GET / HTTP/1.1\r\nHost: h\r\na: b", byte, "c\r\n\r\n") == isText, "value")
    }

    private func accepts(_ front: String, _ byte: UInt8, _ back: String) -> Bool {
        let bytes = Array(front.utf8) + [byte] + Array(back.utf8)
        var head = RequestHead()
        return head.parse(bytes.span) == .complete(byteCount: bytes.count)
    }

    @Test func `a byte in a value is refused at every place in a word of eight`() {
        for length in 0..<40 {
            for bad in [UInt8(0), 0x0a, 0x1f, 0x7f] {
                let front = "GET / HTTP/1.1\r\nHost: h\r\na: " + String(repeating: "\u{e9}\t", count: length)
                #expect(!accepts(front, bad, "c\r\n\r\n"))
                #expect(!accepts(front + "b", bad, "\r\n\r\n"))
            }
        }
    }

    @Test func `an empty segment is found at every place in a word of eight`() {
        for length in 0..<40 {
            let front = "/a" + String(repeating: "a", count: length)
            #expect(accepts("GET \(front)/", 0x61, " HTTP/1.1\r\nHost: h\r\n\r\n"))
            #expect(!accepts("GET \(front)/", 0x2f, " HTTP/1.1\r\nHost: h\r\n\r\n"))
            #expect(!accepts("GET \(front)/", 0x2f, "a?b HTTP/1.1\r\nHost: h\r\n\r\n"))
            #expect(accepts("GET \(front)?/", 0x2f, "b HTTP/1.1\r\nHost: h\r\n\r\n"))
        }
    }

    @Test func `a scan sees the end with the last byte and not before`() {
        let bytes = Array("GET / HTTP/1.1\r\nHost: h\r\nAccept: a\r\n\r\n".utf8)
        var progress = HeadProgress()
        for count in 0..<bytes.count {
            #expect(progress.scan(bytes.span.extracting(..<count)) == .incomplete)
        }
        #expect(progress.scan(bytes.span) == .ended)
    }

    @Test func `a scan ends as soon as bytes break the rules`() {
        for broken in [
            "GET / HTTP/1.1\n", "GET / HTTP/1.1\r\n ", "GET / HTTP/1.1\r\nA ", "GET / HTTP/1.1\r\nA: \0", "GET / HTTP/1.1\r\nA: b\rc",
            "GET / HTTP/1.1\r\n\rG",
        ] {
            let bytes = Array(broken.utf8)
            var progress = HeadProgress()
            #expect(progress.scan(bytes.span.extracting(..<(bytes.count - 1))) == .incomplete)
            #expect(progress.scan(bytes.span) == .ended)
        }
        var progress = HeadProgress()
        #expect(progress.scan(Array("\u{16}".utf8).span) == .refused(.malformed("")))
    }
}
