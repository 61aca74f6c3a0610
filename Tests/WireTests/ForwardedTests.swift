import Registry
import Support
import Testing

@testable import Wire

@Suite struct ForwardedTests {
    /// All entries from the right, as text: an address, or `?` for one that names nobody.
    private func entries(_ form: ForwardedEntries.Form, _ value: String) -> [String] {
        let bytes = Array(value.utf8)
        var entries = ForwardedEntries(form, in: Slice(0, bytes.count))
        var found: [String] = []
        while true {
            switch entries.next(bytes.span) {
            case .end: return found
            case .unusable: found.append("?")
            case .address(let address): found.append(String(decoding: address.text, as: UTF8.self))
            }
        }
    }

    @Test(arguments: [
        ("203.0.113.5", ["203.0.113.5"]),
        ("10.0.0.1, 203.0.113.5", ["203.0.113.5", "10.0.0.1"]),
        ("10.0.0.1,203.0.113.5:8080", ["203.0.113.5", "10.0.0.1"]),
        (" ,, 203.0.113.5 ,\t", ["203.0.113.5"]),
        ("", []), (" , ,", []),
        ("2001:db8::1", ["2001:db8:0:0:0:0:0:1"]),
        ("[2001:db8::1], [2001:DB8::2]:443", ["2001:db8:0:0:0:0:0:2", "2001:db8:0:0:0:0:0:1"]),
        ("::ffff:203.0.113.5", ["203.0.113.5"]),
        ("unknown, 203.0.113.5", ["203.0.113.5", "?"]),
        ("\"203.0.113.5\"", ["?"]), ("203.0.113.5 10.0.0.1", ["?"]), ("203.0.113.256", ["?"]), ("203.0.113.05", ["?"]),
        ("203.0.113", ["?"]), ("203.0.113.5.6", ["?"]), ("[203.0.113.5]", ["?"]), ("[2001:db8::1", ["?"]), ("[2001:db8::1]443", ["?"]),
        ("203.0.113.5:", ["?"]), ("203.0.113.5:123456", ["?"]), ("203.0.113.5:8x", ["?"]), ("fe80::1%eth0", ["?"]), (":", ["?"]),
        ("2001:db8:::1", ["?"]), ("1:2:3:4:5:6:7", ["?"]), ("1:2:3:4:5:6:7:8:9", ["?"]), ("1::2::3", ["?"]), ("12345::", ["?"]),
        ("1:2:3:4:5:6:7::8", ["?"]), ("1:2:3:4:5:6:7:", ["?"]), ("::", ["0:0:0:0:0:0:0:0"]), ("1::", ["1:0:0:0:0:0:0:0"]),
    ]) func `X-Forwarded-For is read from the right`(value: String, expected: [String]) {
        #expect(entries(.xForwardedFor, value) == expected)
    }

    @Test(arguments: [
        ("for=203.0.113.5", ["203.0.113.5"]),
        ("For=\"203.0.113.5:47011\";proto=http;by=10.0.0.9", ["203.0.113.5"]),
        ("by=10.0.0.9; FOR=203.0.113.5 ;host=\"a,b;c\"", ["203.0.113.5"]),
        ("for=\"[2001:db8:cafe::17]:4711\"", ["2001:db8:cafe:0:0:0:0:17"]),
        ("for=\"[2001:db8::1]\", for=10.0.0.1", ["10.0.0.1", "2001:db8:0:0:0:0:0:1"]),
        ("for=192.0.2.43, for=\"203.0.113.5:_gone\"", ["203.0.113.5", "192.0.2.43"]),
        ("for=unknown, for=_hidden", ["?", "?"]),
        ("by=10.0.0.1", ["?"]), ("for=1.2.3.4;for=5.6.7.8", ["?"]), ("for = 1.2.3.4", ["?"]), ("for=", ["?"]), ("1.2.3.4", ["?"]),
        ("for=\"1.2.3.4", ["?"]), ("for=\"1.2.3.4\"x", ["?"]), ("for=\"1.2.\\3.4\"", ["?"]), (", ,", []),
        // Whoever writes the left part cannot reach into the right one.
        ("for=\", for=203.0.113.5", ["203.0.113.5", "?"]),
        ("for=\"\\\", for=\"203.0.113.5\"", ["203.0.113.5", "?"]),
        ("for=1.2.3.4;by=\"x, for=203.0.113.5;by=\"y\"", ["203.0.113.5", "?"]),
        ("for=1.2.3.4;host=\"a\\\"b,c\", for=203.0.113.5", ["203.0.113.5", "1.2.3.4"]),
    ]) func `Forwarded is read from the right`(value: String, expected: [String]) {
        #expect(entries(.forwarded, value) == expected)
    }

    @Test func `what a proxy adds is found whatever stands before it`() {
        var generator = SplitMix64(seed: 31)
        let letters = Array("for=\"\\,; 1.2:[]ab_?\t".utf8)
        for _ in 0..<Soak.count(100_000) {
            let count = Int.random(in: 0...40, using: &generator)
            let before = (0..<count).map { _ in letters[Int.random(in: 0..<letters.count, using: &generator)] }
            let text = String(decoding: before, as: UTF8.self)
            #expect(entries(.forwarded, text + ", for=\"203.0.113.5:8\";by=_x").first == "203.0.113.5", "\(text)")
            #expect(entries(.xForwardedFor, text + ", 203.0.113.5").first == "203.0.113.5", "\(text)")
        }
    }
}
