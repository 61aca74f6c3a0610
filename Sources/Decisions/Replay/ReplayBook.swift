import Registry

/// What one process's records name, and the ways of the kinds of records it made.
struct ReplayBook {
    var courses = CourseTable()
    private var facts: [UInt32: Fact] = [:]

    /// Takes in what a segment of the process says; false where it says something else of a number that is known already.
    mutating func learn(_ others: [UInt32: Fact]) -> Bool {
        for (number, fact) in others { if let known = facts[number], known != fact { return false } }
        for (number, fact) in others {
            switch fact {
            case .application, .rules: facts[number] = fact
            case .endpoint, .stream: break
            }
        }
        return true
    }

    func application(_ number: UInt32) -> ApplicationRecord? {
        if case .application(let application)? = facts[number] { application } else { nil }
    }

    func policy(_ number: UInt32) -> Policy? { if case .rules(let policy, _)? = facts[number] { policy } else { nil } }
}

/// Which segments were met, and whose process's they are: numbers of facts mean the same in all segments of one process.
struct ReplaySegments {
    private struct Key: Hashable {
        let header: SegmentHeader
        let count: Int
        let wall: TimeSpan
    }

    private struct Process: Hashable {
        let boot: UInt32
        let identifier: Int32
    }

    private var known: [Key: Int] = [:]
    private var processes: [Process: Int] = [:]
    private var last: (key: Key, book: Int)?
    private var boot: UInt32?

    /// The book of a segment, and whether it is of another run of the machine than the last one.
    mutating func enter(_ segment: SegmentReader, books: inout [ReplayBook]) -> (book: Int, isOtherRun: Bool) {
        let summary = segment.summary
        let key = Key(header: summary.header, count: summary.count, wall: summary.wall)
        if let last, last.key == key { return (last.book, false) }
        let book = known[key] ?? learn(segment, books: &books)
        let isOtherRun = boot.map { $0 != summary.header.boot } ?? false
        (known[key], last, boot) = (book, (key, book), summary.header.boot)
        return (book, isOtherRun)
    }

    private mutating func learn(_ segment: SegmentReader, books: inout [ReplayBook]) -> Int {
        let process = Process(boot: segment.summary.header.boot, identifier: segment.summary.header.processIdentifier)
        if let book = processes[process], books[book].learn(segment.facts) { return book }
        // Another process: a number is given again once its first bearer is gone.
        var book = ReplayBook()
        _ = book.learn(segment.facts)
        books.append(book)
        processes[process] = books.count - 1
        return books.count - 1
    }
}
