package import Registry

/// An application that asks the gateway about itself: nothing but `introduce` makes one, so that a page cannot be shown to anyone else.
package struct Introduction: Sendable {
    /// Index into the snapshot's applications.
    package let application: Int
    /// Index into the snapshot's credentials: the key that was shown.
    package let credential: Int
    /// What the key is registered for.
    package let environment: Environment
}

/// Who asks for a page of the gateway's own? The stations of a call as far as they do not hang on what is called. Nothing of the plan is spent,
/// so that whoever is refused by its limits can still ask about them; asking has a small bucket of its own in `asking`.
package func introduce(
    _ request: RequestFacts, under snapshot: Snapshot, spending asking: some LevelStore, failures: AddressLevels, at now: Moment
) throws(Refusal) -> Introduction {
    let caller = try authenticate(request, among: snapshot, charging: failures, at: now)
    guard case .application(let application, let environment) = caller, case .digest(let digest, _) = request.key,
        let credential = snapshot.credential(digest)
    else { throw .missingKey }
    try requireStanding(of: application, in: environment, toMake: request, under: snapshot, at: now)
    var wait: Int64 = 0
    // The one bucket lies in the first scope's place: these levels are of no plan.
    asking.withLevels(of: application) { kept in
        wait = take(cost: 1, from: &kept[.metadata], under: AdmissionLimits.ownPageRule, at: now.monotonic)
    }
    guard wait == 0 else { throw .askedTooOften(waitNanoseconds: wait) }
    return Introduction(application: application, credential: credential, environment: environment)
}
