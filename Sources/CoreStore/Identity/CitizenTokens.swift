import Foundation
import JWTKit

/// What a citizen's token says. No mobile number: tokens pass through partners' hands and logs.
struct CitizenClaims: JWTPayload, Equatable {
    let iss: String
    let iat: Int
    let exp: Int
    /// The account, opaque.
    let user_id: String
    let user_type: String
    let txnId: String
    /// The application the code was obtained through; absent after the public call, so such a token opens nothing protected.
    let client_id: String?

    /// The expiry is judged by the caller, who owns the clock; the signature by the library.
    func verify(using algorithm: some JWTAlgorithm) async throws {}
}

/// Issues and checks citizens' tokens: ES256, 900 s, with a key made at first start and kept in the state directory.
struct CitizenTokens: Sendable {
    private let keys: JWTKeyCollection
    private let clock: StoreClock

    init(stateDirectory: String, clock: StoreClock) async throws {
        self.clock = clock
        keys = await JWTKeyCollection().add(ecdsa: try Self.signingKey(at: "\(stateDirectory)/core-store-signing-key.pem"))
    }

    func issue(account: String, transaction: String, application: String?, environment: StoreEnvironment) async throws -> String {
        let now = clock.secondsSince1970()
        let claims = CitizenClaims(
            iss: issuer(environment), iat: now, exp: now + Limits.tokenLifeSeconds, user_id: account, user_type: "BENEFICIARY",
            txnId: transaction, client_id: application)
        return try await keys.sign(claims)
    }

    /// The account of an `Authorization` field, or the refusal that says which of the rules it broke.
    func account(of authorization: String?, application: String, environment: StoreEnvironment) async throws(Refusal) -> String {
        guard let authorization, let space = authorization.firstIndex(of: " "), authorization[..<space].lowercased() == "bearer" else {
            throw Refusal(.tokenMissing)
        }
        let token = String(authorization[authorization.index(after: space)...])
        guard let claims = try? await keys.verify(token, as: CitizenClaims.self), claims.iss == issuer(environment) else {
            throw Refusal(.tokenMissing)
        }
        guard clock.secondsSince1970() < claims.exp else { throw Refusal(.tokenExpired) }
        guard claims.client_id == application else { throw Refusal(.tokenForeign) }
        return claims.user_id
    }

    /// The environment is part of the issuer, so a sandbox token is worth nothing in production.
    private func issuer(_ environment: StoreEnvironment) -> String { "core-store-\(environment.rawValue)" }

    /// Written with mode 0600 under another name and then linked into place: never readable by others, never half, never replaced.
    private static func signingKey(at path: String) throws -> ES256PrivateKey {
        let files = FileManager.default
        if !files.fileExists(atPath: path) {
            let draft = "\(path).\(ProcessInfo.processInfo.processIdentifier)"
            defer { try? files.removeItem(atPath: draft) }
            let pem = Data(ES256PrivateKey().pemRepresentation.utf8)
            guard files.createFile(atPath: draft, contents: pem, attributes: [.posixPermissions: 0o600]) else {
                throw CocoaError(.fileWriteUnknown)
            }
            do {
                try files.linkItem(atPath: draft, toPath: path)
            } catch {
                guard files.fileExists(atPath: path) else { throw error }
            }
        }
        return try ES256PrivateKey(pem: String(contentsOfFile: path, encoding: .utf8))
    }
}
