import Foundation
package import Registry

extension WallTime {
    /// As in RFC 3339, in UTC, to the second.
    package var text: String {
        Date(timeIntervalSince1970: TimeInterval(seconds)).formatted(.iso8601)
    }
}
