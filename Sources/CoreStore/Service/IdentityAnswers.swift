import NIOCore

/// A confirmed code's token, and whether the account was opened by it.
struct ConfirmedCode {
    let token: String
    let isNew: Bool

    /// The protected call also says whether the account is new.
    func answer(isFull: Bool) -> ByteBuffer {
        JSONText.object { json in
            json.field("token", token)
            if isFull { json.field("isNewAccount", isNew ? "Y" : "N") }
        }
    }
}

/// `application` is nil on the public call, whose token then opens nothing protected.
func sendCode<Caller>(_ call: Call<Caller>, through application: String?) async throws -> ByteBuffer {
    let mobile = try await call.body(SendCodeBody.self).checkedMobile()
    let transaction = try await call.store.sendCode(to: mobile, through: application)
    return JSONText.object { $0.field("txnId", transaction) }
}

func confirmCode<Caller>(_ call: Call<Caller>, through application: String?, _ tokens: CitizenTokens) async throws -> ConfirmedCode {
    let body = try await call.body(ConfirmCodeBody.self)
    switch try await call.store.confirmCode(sha256: body.otp, transaction: body.txnId, through: application) {
    case .refused(let refusal): throw refusal
    case .confirmed(let account, let isNew):
        let token = try await tokens.issue(
            account: account, transaction: body.txnId, application: application, environment: call.store.environment)
        return ConfirmedCode(token: token, isNew: isNew)
    }
}
