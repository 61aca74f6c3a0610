import Foundation

/// Wall time in whole seconds: the store's limits are minutes and days, and tests move it by hand.
package struct StoreClock: Sendable {
    /// Seconds since 1970, UTC.
    package let secondsSince1970: @Sendable () -> Int

    /// A clock that says whole seconds since 1970.
    package init(secondsSince1970: @escaping @Sendable () -> Int) { self.secondsSince1970 = secondsSince1970 }

    /// The machine's own clock.
    package static let wall = StoreClock { Int(Date().timeIntervalSince1970) }
}
