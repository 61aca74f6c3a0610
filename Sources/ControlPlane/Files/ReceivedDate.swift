package import Registry

/// When an application was received, as a file says it: a day, which begins by the clocks of the policy's `day-offset`, or a time.
package struct ReceivedDate: Hashable, Sendable {
    /// `2021-06-10`, or a time as RFC 3339 has it to the second.
    package let text: String

    /// A date in form; nil for anything else.
    package init?(_ text: String) {
        guard DayClock.day(text) != nil || WallTime(calendar: text) != nil else { return nil }
        self.text = text
    }

    /// The time meant where the clocks are ahead of UTC by so much.
    package func time(by clock: DayClock) -> WallTime {
        guard let time = DayClock.day(text).map(clock.beginning) ?? WallTime(calendar: text) else {
            preconditionFailure("a date that was made is in form")
        }
        return time
    }
}
