import ControlPlane
import Registry
import Testing

@Suite struct AddressTextTests {
    @Test(arguments: [
        ("203.0.113.0/24", "203.0.113.0/24"), ("10.0.0.1", "10.0.0.1/32"), ("0.0.0.0/0", "0.0.0.0/0"), ("::/0", "0:0:0:0:0:0:0:0/0"),
        ("2001:db8::/32", "2001:db8:0:0:0:0:0:0/32"), ("::1", "0:0:0:0:0:0:0:1/128"), ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8/128"),
    ])
    func `a block is read, and written so that it reads the same`(_ text: String, _ written: String) throws {
        let range = try #require(AddressText.range(text))
        #expect(AddressText.text(range) == written)
        #expect(AddressText.range(written) == range)
    }

    @Test(arguments: [
        "", "/", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.4/", "1.2.3.4/33", "1.2.3.4/024", "1.2.3.4/-1", "1.2.3.4/24", ":::",
        "1::2::3", "12345::", "g::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "::/129", "2001:db8::1/32", " 1.2.3.4", "1.2.3.4/8/8",
    ])
    func `what is out of form is no block`(_ text: String) { #expect(AddressText.range(text) == nil) }
}
