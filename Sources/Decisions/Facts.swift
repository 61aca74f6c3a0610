package import Registry
import Synchronization

/// What records name by a number: long, and the same for many of them.
package enum Fact: Hashable, Sendable {
    /// An application as it was: its state, scopes, plan and lists.
    case application(ApplicationRecord)
    /// The policy in force, and the one that only watched, where there was one.
    case rules(Policy, shadow: Policy?)
    /// A core store's endpoint as the log spells it.
    case endpoint(String)
    /// The two words of a loop's id stream.
    case stream(UInt64, UInt64)
}

/// Numbers for facts, from 1 on, given once in a process: a fact keeps its number, and a number its fact. It grows by what people change and by
/// endpoints, never by what callers send.
package final class FactTable: Sendable {
    private struct Known {
        var numbers: [Fact: UInt32] = [:]
        var facts: [Fact] = []
    }

    private let known = Mutex(Known())

    /// No facts yet.
    package init() {}

    /// The most facts a process tells apart: numbers have 24 bits in a record.
    package static let capacity = (1 << 24) - 1

    /// The fact's number, the same whenever it is asked for; 0, which says nothing, once there are as many as there may be.
    package func number(of fact: Fact) -> UInt32 {
        known.withLock { known in
            if let number = known.numbers[fact] { return number }
            guard known.facts.count < FactTable.capacity else { return 0 }
            known.facts.append(fact)
            let number = UInt32(known.facts.count)
            known.numbers[fact] = number
            return number
        }
    }

    /// The fact of that number, or nil for 0 and numbers not given.
    package func fact(_ number: UInt32) -> Fact? {
        known.withLock { number > 0 && Int(number) <= $0.facts.count ? $0.facts[Int(number) - 1] : nil }
    }
}
