/// Polls until the condition holds or the time is over; says whether it held. The one place where a test waits. The time is over only after
/// so many looks as well: where other tests keep the threads busy, a look can take longer than the time.
package func eventually(
    withinSeconds seconds: Double = 20, looks fewest: Int = 50, _ holds: () async throws -> Bool
) async rethrows -> Bool {
    let deadline = ContinuousClock.now + .seconds(seconds)
    var looks = 0
    while true {
        if try await holds() { return true }
        looks += 1
        guard looks < fewest || ContinuousClock.now < deadline else { return false }
        try? await Task.sleep(for: .milliseconds(10))
    }
}
