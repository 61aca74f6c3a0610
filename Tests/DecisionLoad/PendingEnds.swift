import Decisions

/// Requests that were judged and are not over, the one that ends next first: a binary heap.
struct PendingEnds {
    struct Entry {
        var end: Int64
        /// The application whose slot it holds.
        var slot: Int?
        var words: DecisionWords
    }

    private var entries: [Entry] = []

    mutating func insert(_ entry: Entry) {
        entries.append(entry)
        var place = entries.count - 1
        while place > 0, entries[place].end < entries[(place - 1) / 2].end {
            entries.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    /// The next that ends by then, or nil.
    mutating func next(by time: Int64) -> Entry? {
        guard let first = entries.first, first.end <= time else { return nil }
        entries.swapAt(0, entries.count - 1)
        entries.removeLast()
        var place = 0
        while true {
            var least = place
            for child in [2 * place + 1, 2 * place + 2] where child < entries.count && entries[child].end < entries[least].end {
                least = child
            }
            guard least != place else { return first }
            entries.swapAt(place, least)
            place = least
        }
    }
}
