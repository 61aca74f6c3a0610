import Exchange
import Foundation
import Registry
import Support
import Testing

@Suite struct CitizenTokenTests {
    let world: World

    init() throws { world = try World() }

    /// A token in the form of a JWT with this payload.
    static func token(_ payload: String) -> String {
        func encoded(_ text: String) -> String {
            Data(text.utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        }
        return "\(encoded(#"{"alg":"ES256"}"#)).\(encoded(payload)).c2lnbmF0dXJl"
    }

    private func status(_ authorization: String) throws -> Int? {
        let text = request("GET", Routes.beneficiaries, key: world.key(.live), fields: ["Authorization: \(authorization)"])
        let (bench, client) = try bench(sending: text, world: world)
        guard bench.stores.isEmpty else { return nil }
        return try client.message().status
    }

    @Test(arguments: [
        #"{"client_id":"live-app"}"#, #"{"exp":1,"client_id" : "live-app","x":"other-app"}"#, "{}", #"{"client_id":7}"#,
        #"{"client_id":"A B"}"#,
        #"{"client_id""#, #"{"client_id":"#, #"{"client_id":""#, #""#, #"{"sub":"other-app"}"#,
    ])
    func `a token that names the caller, or nobody one can read, goes on to be verified`(payload: String) throws {
        #expect(try status("Bearer \(CitizenTokenTests.token(payload))") == nil)
        #expect(try status("bearer \(CitizenTokenTests.token(payload))") == nil)
    }

    @Test(arguments: [#"{"client_id":"other-app"}"#, #"{"name":"\u0905","client_id": "other-app","exp":1}"#])
    func `a token obtained through another application is refused`(payload: String) throws {
        #expect(try status("Bearer \(CitizenTokenTests.token(payload))") == 401)
    }

    @Test(arguments: ["opaque", "a.b", "a.!.c", "....", "a.b.c.d", "ab+/cd=="])
    func `what cannot be read passes on, or is no token at all`(token: String) throws {
        #expect(try status("Bearer \(token)") == (token.contains("!") ? 401 : nil))
    }

    @Test(arguments: ["Basic YTpi", "Bearer", "Bearer ", "Bearer  abc", "Token abc", "", "Bearer a b", "Bearer a,b"])
    func `what is no Bearer token is none`(authorization: String) throws {
        #expect(try status(authorization) == 401)
    }
}
