import Foundation
package import Registry

extension WallTime {
    /// The time now: for the edge only, which hands it on as a parameter.
    package static func now() -> WallTime { WallTime(nanoseconds: Int64(Date().timeIntervalSince1970 * 1_000_000) * 1_000) }
}
