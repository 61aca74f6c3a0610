package import Registry

/// May this request pass? The stations in the order of the journey; throttling is last, so nothing refused is ever charged.
package func admit(
    _ request: RequestFacts, under snapshot: Snapshot, spending levels: some LevelStore, counting inFlight: [InFlightCounts],
    anonymous: AddressLevels, failures: AddressLevels, at now: Moment
) throws(Refusal) -> Permit {
    let caller = try authenticate(request, among: snapshot, charging: failures, at: now)
    try authorize(caller, toMake: request, under: snapshot, at: now)
    let spent = try throttle(
        caller, for: request, under: snapshot, spending: levels, counting: inFlight, anonymous: anonymous, at: now)
    return Permit(caller: caller, route: request.route, spent: spent)
}
