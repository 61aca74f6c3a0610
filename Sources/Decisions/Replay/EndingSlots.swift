/// Requests that are in flight under one policy alone, the one that ends next first: a binary heap.
struct EndingSlots {
    struct Entry {
        var end: Int64
        var slot: SlotPlace
        /// 1 where only the proposed policy lets it in, −1 where only the recorded one did.
        var difference: Int32
    }

    private var entries: [Entry] = []

    var isEmpty: Bool { entries.isEmpty }

    mutating func insert(_ entry: Entry) {
        entries.append(entry)
        var place = entries.count - 1
        while place > 0, entries[place].end < entries[(place - 1) / 2].end {
            entries.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    /// Takes out the next that has ended by then, or nil.
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
