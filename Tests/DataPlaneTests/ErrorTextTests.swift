import Registry
import Support
import Testing

@testable import DataPlane

/// What of a core store's error text may be in the log.
struct ErrorTextTests {
    @Test(arguments: [
        ("", ""), ("upstream timed out after 30 s", "upstream timed out after 30 s"),
        ("no beneficiary 'Asha Rao' here", "no beneficiary '…' here"), ("name=\"Asha\", `x`", "name='…', '…'"),
        ("by 'O'Brien' today", "by '…' today"), ("u'Asha' failed", "u'…' failed"), ("“Asha” and ‘Rao’", "'…' and '…'"),
        ("can't reach the firms' store, it's down", "can't reach the firms' store, it's down"),
        ("never closed: 'Asha Rao and", "never closed: '…'"), ("an escaped \\\"Asha\\\" Rao", "an escaped \\'…'"),
        ("mobile 9876543210 at line 12", "mobile # at line 12"), ("+91 98765-43210.", "+#."), ("(987) 654-3210", "(#"),
        ("born 01-06-1980", "born #"), ("मोबाइल ९८७६५४३२१०", "मोबाइल #"), ("E123 and GWAPP0005", "E123 and GWAPP#"),
        ("token eyJhbGciOi.x.y bad", "token … bad"), ("token=eyJhbGciOi, key (pgw_sandbox_abc)", "…, key (…)"),
        ("Authorization: Bearer abc.def bad", "Authorization: Bearer … bad"), ("bearer=abc and Bearer: <abc> bad", "… … Bearer: <…> bad"),
        ("BEARER token abc bad", "BEARER … … bad"), ("write to asha@example.com", "write to …"),
        ("x \(String(repeating: "a", count: 32)) \(String(repeating: "a", count: 33))", "x \(String(repeating: "a", count: 32)) …"),
        ("a\u{0}b\u{7F}\r\nc\u{85}d\u{2028}e\u{1B}[31mf", "a b   c d e [31mf"), ("9\u{200B}8\u{200B}7\u{200B}6", "#"),
        ("<html><body>502 Bad Gateway</body></html>", "<html><body>502 Bad Gateway</body></html>"),
    ])
    func `a text is told without what may be a citizen's`(text: String, expected: String) {
        #expect(ErrorText.loggable(Array(text.utf8)) == expected)
    }

    @Test(arguments: [
        (#"{"error":"store is full","mobile":"9876543210","name":"Asha Rao"}"#, "error: store is full"),
        (#" {"message" : "no 'Asha'", "code": "E12", "status": 500}"#, "message: no '…'; code: E12"),
        (#"{"beneficiary":{"message":"Asha"},"list":["detail","Asha"],"detail":"gone"}"#, "detail: gone"),
        (#"[{"title":"a"},{"title":"b","x":[{"title":"Asha"}]}]"#, "title: a; title: b"),
        (#"{"message":"an open 'quote","detail":"is not the next's"}"#, "message: an open '…'; detail: is not the next's"),
        (#"{"message":"\u0039\u0038\u0037\u0036 \"Asha\"\tx\ud800"}"#, "message: # '…' x\u{FFFD}"),
        (#"{"message":"cut off 987654"#, "message: cut off #"), (#"{"message":"cut off\"#, "message: cut off"),
        (#"{"message":"cut off\u00"#, "message: cut off\u{FFFD}"), (#"{"message":"#, ""), (#"{"message""#, ""), ("{", ""), ("[", ""),
        (#"{"name":"Asha","error":42}"#, ""), ("[ERROR] Asha Rao is unknown", ""), (#"{"name": "message", "x":"Asha"}"#, ""),
        (#"}}{{{"message":"Asha"}"#, "}}{{{'…':'…'}"), (#"{}}{{"message":"well"}"#, "message: well"),
    ])
    func `of JSON only what tells of the error is told`(text: String, expected: String) {
        #expect(ErrorText.loggable(Array(text.utf8)) == expected)
    }

    @Test func `what a core store repeats of its request is not in the log`() async throws {
        let port = freePort()
        let store = try Caller.listening(at: port)
        let serving = try await Serving(store: port, ["--health-check-milliseconds", "0"])
        let caller = try Caller(port: serving.port)
        caller.send("GET /find HTTP/1.1\r\nHost: a\r\nx-api-key: \(Sample.key)\r\n\r\n")
        let asked = try #require(store.accept())
        #expect(asked.receive() != nil)
        let body = "cannot book for 'Asha Rao', mobile 9876543210"
        asked.send("HTTP/1.1 500 Oh\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
        #expect(caller.receive()?.head.contains(" 502 ") == true)
        #expect(await eventually { serving.program.errorsSoFar.contains("\"answer\":\"cannot book for '…', mobile #\"") })
        #expect(!serving.program.errorsSoFar.contains("Asha"))
    }

    @Test func `any bytes, cut off anywhere, are read to an end, and no long number is left`() {
        var generator = SplitMix64(seed: 20)
        let pieces = [
            "{\"message\":\"", "'", "\"", "`", "\\", "\\u00", "98765", "Bearer ", "eyJ", "\u{0}", "Asha", " ", "}", "[", ":", "é", "९९९९",
        ]
        for _ in 0..<Soak.count(20_000) {
            var bytes = (0..<Int.random(in: 0..<12, using: &generator)).flatMap { _ in
                Array((pieces.randomElement(using: &generator) ?? "").utf8)
            }
            bytes = Array(bytes.prefix(Int.random(in: 0...40, using: &generator)))
            let text = ErrorText.loggable(bytes)
            let runs = text.unicodeScalars.split { $0.properties.numericType != .decimal }
            #expect(runs.allSatisfy { $0.count < 4 } && !text.contains("eyJ"), "\(bytes)")
        }
    }
}
