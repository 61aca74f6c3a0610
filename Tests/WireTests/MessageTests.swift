import Support
import Testing
import Wire

/// Every row of the tables, in every kind of pieces.
struct MessageTests {
    static let rows = RequestRows.all + RefusedRequestRows.all + ResponseRows.all

    @Test func `the tables hold at least 150 messages, each with a name of its own`() {
        #expect(Self.rows.count >= 150)
        #expect(Set(Self.rows.map { "\($0.answering == nil) \($0.name)" }).count == Self.rows.count)
    }

    @Test(arguments: rows)
    func `a message comes to the same whole, byte by byte and in random pieces`(_ message: Message) {
        #expect(read(message, cuts: []) == message.expected, "whole")
        #expect(read(message, cuts: Array(1..<max(message.bytes.count, 1))) == message.expected, "byte by byte")
        for seed in UInt64(1)...20 {
            var random = SplitMix64(seed: seed)
            let cuts = (0...random.below(8)).map { _ in random.below(message.bytes.count + 1) }.sorted()
            #expect(read(message, cuts: cuts) == message.expected, "cut at \(cuts), seed \(seed)")
        }
    }

    private func read(_ message: Message, cuts: [Int]) -> Message.Expected {
        var reader = MessageReader(message.answering.map { .responses(answering: $0) } ?? .requests)
        var start = 0
        for cut in cuts + [message.bytes.count] {
            reader.feed(message.bytes[start..<cut])
            start = cut
        }
        if let fault = reader.fault { return .refused(reader.messages, fault) }
        return reader.isInsideMessage ? .unfinished(reader.messages) : .accepted(reader.messagesAtClose)
    }
}
