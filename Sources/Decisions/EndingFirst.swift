/// What is under way, the one that ends next first: a binary heap.
package struct EndingFirst<Value> {
    private var entries: [(end: Int64, value: Value)] = []

    /// Nothing under way.
    package init() {}

    /// Whether nothing is under way.
    package var isEmpty: Bool { entries.isEmpty }

    /// Adds one that ends at this time.
    package mutating func insert(_ value: Value, endingAt end: Int64) {
        entries.append((end, value))
        var place = entries.count - 1
        while place > 0, entries[place].end < entries[(place - 1) / 2].end {
            entries.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    /// Takes out the next that has ended by then, or nil.
    package mutating func next(by time: Int64) -> Value? {
        guard let first = entries.first, first.end <= time else { return nil }
        entries.swapAt(0, entries.count - 1)
        entries.removeLast()
        var place = 0
        while true {
            var least = place
            for child in [2 * place + 1, 2 * place + 2] where child < entries.count && entries[child].end < entries[least].end {
                least = child
            }
            guard least != place else { return first.value }
            entries.swapAt(place, least)
            place = least
        }
    }
}
