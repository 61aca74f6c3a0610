/// Polls until the condition holds or the time is over; says whether it held. The one place where a test waits.
package func eventually(withinSeconds seconds: Double = 20, _ holds: () async throws -> Bool) async rethrows -> Bool {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while true {
        if try await holds() { return true }
        guard ContinuousClock.now < deadline else { return false }
        try? await Task.sleep(for: .milliseconds(10))
    }
}
