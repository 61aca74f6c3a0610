import Registry

/// Who calls, once the key is proven.
enum Caller: Sendable {
    /// Nobody showed a key, on a public route.
    case anonymous
    /// Index into the snapshot's applications, and the environment the key is registered for.
    case application(Int, Environment)
}

/// Which application calls: by its key alone. Only a failure is charged to the address, so a genuine key never pays for its neighbours'.
func authenticate(
    _ request: RequestFacts, among snapshot: Snapshot, charging failures: AddressLevels, at now: Moment
) throws(Refusal) -> Caller {
    do throws(Refusal) {
        return try identify(request, among: snapshot, at: now)
    } catch {
        if case .missingKey = error { throw error }
        throw failed(error, from: request.address, charging: failures, at: now)
    }
}

/// Which application the key names, or why it names none; nothing is charged.
func identify(_ request: RequestFacts, among snapshot: Snapshot, at now: Moment) throws(Refusal) -> Caller {
    switch request.key {
    case .none:
        guard request.route >= 0, snapshot.policy.routes[request.route].identities == .anyone else { throw .missingKey }
        return .anonymous
    case .foreign: throw .unknownKey
    case .mistyped: throw .mistypedKey
    case .digest(let digest, _):
        guard let index = snapshot.credential(digest) else { throw .unknownKey }
        let credential = snapshot.credentials[index]
        guard credential.isGood(at: now.wall) else { throw .revokedKey }
        return .application(credential.application, credential.environment)
    }
}

/// The refusal to give for a failed authentication: its true reason while the address can pay for it.
private func failed(_ reason: Refusal, from address: Address, charging failures: AddressLevels, at now: Moment) -> Refusal {
    let spent = failures.take(cost: 1, of: address, for: .identity, under: AdmissionLimits.failureRule, at: now.monotonic)
    return spent.waitNanoseconds == 0 ? reason : .tooManyFailures(waitNanoseconds: spent.waitNanoseconds)
}
