package import Registry

extension Levels {
    /// What a request to a scope would find now: nothing is charged.
    package func reading(
        of scope: Scope, under allowance: Allowance, counting inFlight: InFlightCounts?, by days: DayClock, at now: Moment
    ) -> LevelReading {
        var copy = self
        var charge = Charge()
        charge.level = copy[scope]
        charge.level.settle(under: allowance.bucket, at: now.monotonic)
        copy.check(0, for: scope, under: allowance, counting: inFlight, by: days, at: now, into: &charge)
        var reading = LevelReading(of: charge.level, for: scope, under: allowance.bucket, at: now.monotonic)
        reading.note(charge, before: LevelBefore(charge, cost: 0, under: allowance, at: now.monotonic))
        return reading
    }
}
