import Foundation
import GRDB
import Testing

@testable import CoreStore

@Suite struct OneTimeCodeTests {
    private static let mobile = "9123456780"
    private static let ask = #"{"mobile":"9123456780"}"#
    private static let application = ["X-Application-Id": "app-one"]

    private func ask(_ client: StoreClient, _ fields: [String: String] = application) async throws -> String {
        let answer = try await client.post("/api/v2/auth/generateOTP", Self.ask, fields)
        return try #require(try answer.json()["txnId"]?.string)
    }

    private func confirm(_ body: String, _ client: StoreClient, _ fields: [String: String] = application) async throws -> Answer {
        try await client.post("/api/v2/auth/confirmOTP", body, fields)
    }

    @Test func `a code works until three minutes have passed and not a second longer`() async throws {
        try await RunningStore.run { running in
            try await StoreClient.connected(to: running.port) { client in
                let first = try await ask(client)
                let code = try #require(try running.code(for: Self.mobile))
                running.clock.move(by: 179)
                #expect(try await confirm(running.confirmation(code, first), client).status == 200)

                let second = try await ask(client)
                let late = try #require(try running.code(for: Self.mobile))
                running.clock.move(by: 180)
                #expect(try running.code(for: Self.mobile) == nil)
                let answer = try await confirm(running.confirmation(late, second), client)
                #expect(answer.status == 400 && answer.errorCode == "USRAUT9005")
            }
        }
    }

    @Test func `the fourth try is refused even with the right code, and a wrong one costs a try`() async throws {
        try await RunningStore.run { running in
            try await StoreClient.connected(to: running.port) { client in
                let transaction = try await ask(client)
                let code = try #require(try running.code(for: Self.mobile))
                let wrong = running.confirmation(code == "000000" ? "000001" : "000000", transaction)
                for body in [wrong, #"{"otp":"\#(code)","txnId":"\#(transaction)"}"#, wrong] {
                    let answer = try await confirm(body, client)
                    #expect(answer.status == 400 && answer.errorCode == "USRAUT0014")
                }
                #expect(try await confirm(running.confirmation(code, transaction), client).errorCode == "USRAUT9006")
            }
        }
    }

    @Test func `a code is used once, by the application it was asked through, in its environment`() async throws {
        try await RunningStore.run { running in
            try await StoreClient.connected(to: running.port) { client in
                let transaction = try await ask(client)
                let right = running.confirmation(try #require(try running.code(for: Self.mobile)), transaction)
                let sandbox = ["X-Application-Id": "app-one", "X-Environment": "sandbox"]
                #expect(try await confirm(right, client, ["X-Application-Id": "app-two"]).errorCode == "USRAUT9008")
                #expect(try await confirm(right, client, sandbox).errorCode == "USRAUT9008")
                #expect(try await client.post("/api/v2/auth/public/confirmOTP", right).errorCode == "USRAUT9008")
                #expect(try await confirm(right, client).status == 200)
                #expect(try await confirm(right, client).errorCode == "USRAUT9008")
                #expect(try running.code(for: Self.mobile) == nil)
            }
        }
    }

    @Test func `an account is new once`() async throws {
        try await RunningStore.run { running in
            try await StoreClient.connected(to: running.port) { client in
                for expected in ["Y", "N"] {
                    let transaction = try await ask(client)
                    let right = running.confirmation(try #require(try running.code(for: Self.mobile)), transaction)
                    let json = try await confirm(right, client).json()
                    #expect(Shape.object(["token": .string, "isNewAccount": .matching("^[YN]$")]).faults(in: json) == [])
                    #expect(json["isNewAccount"] == .string(expected))
                }
            }
        }
    }

    @Test func `a flood of codes is refused with the exact wait`() async throws {
        try await RunningStore.run { running in
            try await StoreClient.connected(to: running.port) { client in
                for _ in 0..<5 {
                    _ = try await ask(client)
                    running.clock.move(by: 10)
                }
                let refused = try await client.post("/api/v2/auth/public/generateOTP", Self.ask)
                #expect(refused.status == 429 && refused.errorCode == "USRAUT9007")
                #expect(refused.fields["retry-after"] == "130")
                running.clock.move(by: 129)
                #expect(try await client.post("/api/v2/auth/generateOTP", Self.ask, Self.application).status == 429)
                running.clock.move(by: 1)
                #expect(try await client.post("/api/v2/auth/generateOTP", Self.ask, Self.application).status == 200)
            }
        }
    }

    @Test func `fifty codes a day are the most, and old ones leave the database`() async throws {
        try await RunningStore.run { running in
            try await StoreClient.connected(to: running.port) { client in
                for _ in 0..<50 {
                    _ = try await ask(client)
                    running.clock.move(by: 61)
                }
                #expect(try await client.post("/api/v2/auth/generateOTP", Self.ask, Self.application).status == 429)
                let counts = try await running.store().database.read { database in
                    try [
                        Int.fetchOne(database, sql: "SELECT count(*) FROM outbox"),
                        Int.fetchOne(database, sql: "SELECT count(*) FROM otp_transaction"),
                    ]
                }
                // The refused fifty-first rolled its own tidying back, so the last tidying was the fiftieth's.
                #expect(counts == [3, 50])
                running.clock.move(by: 86_400)
                try await running.store().keepHouse()
                let left = try await running.store().database.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM otp_transaction") }
                #expect(left == 0)
            }
        }
    }
}
