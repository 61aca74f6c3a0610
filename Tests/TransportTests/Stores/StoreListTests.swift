import Testing
import Transport

@Suite struct StoreListTests {
    @Test(arguments: [
        ("127.0.0.1:8082", false, ["127.0.0.1:8082"]), ("http://10.0.0.5", false, ["10.0.0.5:80"]),
        ("https://store.example/", true, ["store.example:443"]), ("[::1]:9000,10.0.0.1:1", false, ["[::1]:9000", "10.0.0.1:1"]),
        ("http://[::1]", false, ["[::1]:80"]), ("http://a:1, http://b:2,c:3", false, ["a:1", "b:2", "c:3"]),
        ("https://a,https://b:8443", true, ["a:443", "b:8443"]),
    ])
    func `a list of addresses is read`(text: String, isSecure: Bool, members: [String]) throws {
        let list = try StoreList(text)
        #expect(list.isSecure == isSecure && list.members.map(\.text) == members && list.authority == members[0])
    }

    @Test(arguments: [
        "", ",", "a:1,", "a", "a:0", "a:65536", "a:x", "http://", "https://:443", "http://a:1,https://b:1", "a:1,a:1", "http://a/path",
        "ftp://a:1", "a b:1", "::1:80", "[::1:80", "http://user@a:1", "a:1;b:2",
    ])
    func `what is no list is refused in words`(text: String) throws {
        let fault = try #require(throws: StoreList.Fault.self) { try StoreList(text) }
        #expect(fault.description.contains("expected"))
    }
}
