import Foundation
import GRDB
import JWTKit
import Testing

@testable import CoreStore

@Suite struct CitizenTokenTests {
    private static let path = "/api/v2/appointment/beneficiaries"

    @Test func `a token lives 900 seconds`() async throws {
        try await RunningStore.run { running in
            try await StoreClient.connected(to: running.port) { client in
                let login = try await running.logIn("9876543210", client)
                running.clock.move(by: 899)
                #expect(try await client.get(Self.path, login.fields).status == 200)
                running.clock.move(by: 1)
                let late = try await client.get(Self.path, login.fields)
                #expect(late.status == 401 && late.errorCode == "USRAUT9003")
            }
        }
    }

    @Test func `a token opens nothing through another application, in another environment or from the public call`() async throws {
        try await RunningStore.run { running in
            try await StoreClient.connected(to: running.port) { client in
                let login = try await running.logIn("9876543210", client)
                var fields = login.fields
                fields["X-Application-Id"] = "app-two"
                #expect(try await client.get(Self.path, fields).errorCode == "USRAUT9004")
                fields = login.fields
                fields["X-Environment"] = "sandbox"
                #expect(try await client.get(Self.path, fields).errorCode == "USRAUT9002")

                let asked = try await client.post("/api/v2/auth/public/generateOTP", #"{"mobile":"9876543210"}"#)
                let transaction = try #require(try asked.json()["txnId"]?.string)
                let code = try #require(try running.code(for: "9876543210"))
                let token = try await client.post("/api/v2/auth/public/confirmOTP", running.confirmation(code, transaction)).json()["token"]
                fields = ["X-Application-Id": "app-one", "Authorization": "Bearer \(try #require(token?.string))"]
                let refused = try await client.get(Self.path, fields)
                #expect(refused.status == 401 && refused.errorCode == "USRAUT9004")
            }
        }
    }

    @Test func `what is not a token of this store is refused`() async throws {
        try await RunningStore.run { running in
            try await StoreClient.connected(to: running.port) { client in
                let login = try await running.logIn("9876543210", client)
                let parts = login.token.split(separator: ".").map(String.init)
                let none = Data(#"{"alg":"none","typ":"JWT"}"#.utf8).base64EncodedString().replacingOccurrences(of: "=", with: "")
                let claims = CitizenClaims(
                    iss: "core-store-production", iat: running.clock.now, exp: running.clock.now + 900, user_id: "someone",
                    user_type: "BENEFICIARY", txnId: "t", client_id: "app-one")
                let stranger = try await JWTKeyCollection().add(ecdsa: ES256PrivateKey()).sign(claims)
                let symmetric = try await JWTKeyCollection().add(
                    hmac: HMACKey(from: String(repeating: "secret", count: 12)), digestAlgorithm: .sha256
                ).sign(claims)
                let headers = [
                    nil, "", "Bearer", "Bearer ", "Bearer x", "Basic \(login.token)", "\(login.token)", "Bearer \(login.token)x",
                    "Bearer \(parts[0]).\(parts[1]).", "Bearer \(none).\(parts[1]).", "Bearer \(none).\(parts[1]).\(parts[2])",
                    "Bearer \(stranger)", "Bearer \(symmetric)",
                ]
                for header in headers {
                    var fields = ["X-Application-Id": "app-one"]
                    fields["Authorization"] = header
                    let answer = try await client.get(Self.path, fields)
                    #expect(answer.status == 401 && answer.errorCode == "USRAUT9002", "\(header ?? "none")")
                }
                #expect(try await client.get(Self.path, ["Authorization": "Bearer \(login.token)"]).errorCode == "USRAUT9001")
                var lower = login.fields
                lower["Authorization"] = "bearer \(login.token)"
                #expect(try await client.get(Self.path, lower).status == 200)
            }
        }
    }

    @Test func `a token names the account and the application, and no mobile number`() async throws {
        try await RunningStore.run { running in
            try await StoreClient.connected(to: running.port) { client in
                let login = try await running.logIn("9876543210", client)
                let claims = try await JWTKeyCollection().add(ecdsa: ES256PrivateKey()).unverified(login.token, as: CitizenClaims.self)
                #expect(claims.client_id == "app-one" && claims.user_type == "BENEFICIARY" && claims.exp - claims.iat == 900)
                #expect(Shape.uuid.faults(in: .string(claims.user_id)) == [] && Shape.uuid.faults(in: .string(claims.txnId)) == [])
                let payload = login.token.split(separator: ".")[1].replacingOccurrences(of: "-", with: "+")
                    .replacingOccurrences(of: "_", with: "/")
                let padding = String(repeating: "=", count: (4 - payload.count % 4) % 4)
                let text = String(decoding: try #require(Data(base64Encoded: payload + padding)), as: UTF8.self)
                #expect(!text.contains("9876543210") && text.contains("client_id"))
            }
        }
    }

    @Test func `the signing key is the owner's alone and outlives a restart, as do the databases`() async throws {
        let state = try RunningStore.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: state) }
        let clock = StoreClock { 1_624_257_000 }
        let first = try await CitizenTokens(stateDirectory: state, clock: clock)
        let token = try await first.issue(account: "a", transaction: "t", application: "app-one", environment: .sandbox)
        let second = try await CitizenTokens(stateDirectory: state, clock: clock)
        #expect(try await second.account(of: "Bearer \(token)", application: "app-one", environment: .sandbox) == "a")
        let settings = CoreStoreSettings(stateDirectory: state, countryDirectory: try Fixture.folder(), centreCount: 3)
        let country = try Country(directory: settings.countryDirectory)
        let store = try Store(.sandbox, settings: settings, country: country, clock: clock)
        for file in try FileManager.default.contentsOfDirectory(atPath: state) {
            let mode = try FileManager.default.attributesOfItem(atPath: "\(state)/\(file)")[.posixPermissions] as? Int
            #expect(mode == 0o600, "\(file)")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: state).count == 4)
        // The pool turns FULL back to NORMAL while it opens; a booking acknowledged must survive a power cut.
        let synchronous = try await store.database.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA synchronous") }
        #expect(synchronous == 2)
    }
}
