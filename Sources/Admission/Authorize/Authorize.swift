import Registry

/// May this caller make this call? State, environment, address, certificate, scope and citizen, in that order: the first that fails is the answer.
func authorize(_ caller: Caller, toMake request: RequestFacts, under snapshot: Snapshot, at now: Moment) throws(Refusal) {
    guard case .application(let index, let environment) = caller else { return }
    try requireStanding(of: index, in: environment, toMake: request, under: snapshot, at: now)
    let scope = snapshot.policy.routes[request.route].scope
    guard snapshot.applications[index].scopes.contains(scope) else { throw .scopeNotGranted(scope) }
    guard snapshot.policy.routes[request.route].identities == .applicationAndCitizen else { return }
    try requireCitizen(request.citizen, of: snapshot.applications[index].id)
}

/// What an application needs for any call, whichever it is: state, environment, address, certificate.
func requireStanding(
    of index: Int, in environment: Environment, toMake request: RequestFacts, under snapshot: Snapshot, at now: Moment
) throws(Refusal) {
    let state = snapshot.applications[index].state
    guard state.works(environment, ends: snapshot.applications[index].ends, at: now.wall) else { throw .applicationState(state) }
    guard case .digest(_, environment) = request.key else { throw .wrongEnvironment }
    guard allows(request.address, in: snapshot.applications[index].allowedAddresses) else { throw .addressNotAllowed }
    try requireCertificate(request.certificate, among: snapshot.applications[index].certificates)
}

/// An empty allow-list means anywhere.
private func allows(_ address: Address, in ranges: [AddressRange]) -> Bool {
    if ranges.isEmpty { return true }
    for range in ranges where range.contains(address) { return true }
    return false
}
