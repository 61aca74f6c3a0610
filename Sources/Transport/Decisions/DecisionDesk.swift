import Decisions
import Exchange
import Registry
import Synchronization

/// Looks decisions up for the loops: a thread of its own, of the lowest priority, reads the log's segments, so that no file is ever read on a
/// loop and no request waits for one. As many questions as one second's worth of reading wait; more are turned away at once.
package final class DecisionDesk: Sendable {
    /// A question, and where its answer goes.
    private struct Asked: Sendable {
        let question: DecisionQuestion
        let handle: ConnectionHandle
        let mailbox: DecisionMailbox
    }

    private let folder: SegmentFolder
    private let waiting = Mutex<[Asked]>([])
    private let bell: Bell

    /// A desk for the segments of this folder, which need not be there yet.
    package init(path: String) throws {
        folder = SegmentFolder(at: path)
        bell = try Bell(isWatched: false)
    }

    /// Begins to answer; it ends with the process.
    package func start() throws {
        _ = try Threads.start {
            Threads.giveWay()
            var reading = DecisionReading(folder: self.folder)
            while true {
                self.bell.hear()
                self.answerAll(by: &reading)
            }
        }
    }

    /// Takes a question; false where too many wait already.
    func take(_ question: DecisionQuestion, of handle: ConnectionHandle, to mailbox: DecisionMailbox) -> Bool {
        let isTaken = waiting.withLock { waiting in
            guard waiting.count < TransportLimits.decisionQuestions else { return false }
            waiting.append(Asked(question: question, handle: handle, mailbox: mailbox))
            return true
        }
        if isTaken { bell.ring() }
        return isTaken
    }

    /// Records reach the log a moment after their requests end: one that may be on its way is looked for once more.
    private func answerAll(by reading: inout DecisionReading) {
        var again: [Asked] = []
        while let asked = next() {
            let found = reading.answer(asked.question)
            if found == .unknown, isFresh(asked.question) { again.append(asked) } else { tell(asked, found) }
        }
        guard !again.isEmpty else { return }
        Threads.pause(milliseconds: TransportLimits.secondLookMilliseconds)
        for asked in again { tell(asked, reading.answer(asked.question)) }
    }

    private func next() -> Asked? { waiting.withLock { $0.isEmpty ? nil : $0.removeFirst() } }

    private func tell(_ asked: Asked, _ found: DecisionAnswer) { asked.mailbox.put(found, to: asked.question, of: asked.handle) }

    private func isFresh(_ question: DecisionQuestion) -> Bool {
        SystemClock.now().wall.nanoseconds - question.asked.wall.first < TransportLimits.freshRecordNanoseconds
    }
}

/// Answers on their way to one loop.
final class DecisionMailbox: Sendable {
    /// An answer, and who asked for it.
    struct Letter: Sendable {
        let handle: ConnectionHandle
        let question: DecisionQuestion
        let found: DecisionAnswer
    }

    /// Rings when something has come.
    let bell: Bell
    private let letters = Mutex<[Letter]>([])

    init() throws { bell = try Bell(isWatched: true) }

    func put(_ found: DecisionAnswer, to question: DecisionQuestion, of handle: ConnectionHandle) {
        letters.withLock { $0.append(Letter(handle: handle, question: question, found: found)) }
        bell.ring()
    }

    /// What has come; called by the loop when the bell has rung.
    func takeAll() -> [Letter] {
        bell.hear()
        return letters.withLock { letters in
            defer { letters = [] }
            return letters
        }
    }
}

// A loop's part: it asks, and is told.
extension Loop {
    /// Has a decision looked up; nobody waits for a desk that is full.
    mutating func lookUp(_ handle: ConnectionHandle) {
        guard let question = exchange.question(of: handle) else { return }
        if let mailbox, setting.desk?.take(question, of: handle, to: mailbox) == true { return }
        exchange.lookedUp(handle, question, .busy, at: now)
    }

    /// Answers have come.
    mutating func openMail() {
        for letter in mailbox?.takeAll() ?? [] { exchange.lookedUp(letter.handle, letter.question, letter.found, at: now) }
    }
}
