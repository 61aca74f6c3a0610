import Support
import Testing
import Wire

/// The queue against a plain array, and how messages are spelled into it.
struct ByteQueueTests {
    @Test(arguments: UInt64(1)...20)
    func `a queue holds what was appended and not consumed, whatever the order`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var queue = random.once(in: 2) ? ByteQueue() : ByteQueue(capacity: 64)
        var expected: [UInt8] = []
        for _ in 0..<2_000 {
            let piece = (0..<random.below(90)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            switch random.below(6) {
            case 0:
                queue.append(piece)
                expected += piece
            case 1:
                queue.append(0x41)
                expected.append(0x41)
            case 2:
                queue.append(room: piece.count) { memory in
                    for index in piece.indices { memory[index] = piece[index] }
                    return piece.count
                }
                expected += piece
            case 3 where piece.count > 3:
                queue.append(piece.span, Slice(start: 1, end: 3))
                expected += piece[1..<3]
            case 4 where random.once(in: 40):
                queue.removeAll(keepingCapacity: random.once(in: 2))
                expected = []
            default:
                let count = random.below(expected.count + 1)
                queue.consume(count)
                expected.removeFirst(count)
            }
            #expect(queue.count == expected.count && queue.isEmpty == expected.isEmpty)
            guard contents(queue) == expected else {
                Issue.record("seed \(seed)")
                return
            }
        }
        #expect(queue.capacity < 16_384, "what is consumed is used again")
    }

    @Test func `a queue emptied for good gives its memory back`() {
        var queue = ByteQueue(capacity: 100)
        queue.append("hello")
        queue.removeAll(keepingCapacity: true)
        #expect(queue.isEmpty && queue.capacity == 100)
        queue.removeAll(keepingCapacity: false)
        #expect(queue.capacity == 0)
    }

    @Test func `one queue is appended to another without what it has lost`() {
        var one = ByteQueue()
        var other = ByteQueue()
        other.append("hello")
        other.consume(2)
        one.append("a ")
        one.append(other)
        #expect(string(one) == "a llo")
    }

    @Test(arguments: [0, 1, 9, 10, 99, 100, 1_480, -1, -120, Int.max, Int.min])
    func `numbers are spelled in decimal`(_ number: Int) {
        #expect(spelled { $0.append(decimal: number) } == String(number))
        #expect(spelled { $0.append(decimal: UInt64(number.magnitude)) } == String(number.magnitude))
        #expect(spelled { $0.append(decimal: Int32(truncatingIfNeeded: number)) } == String(Int32(truncatingIfNeeded: number)))
    }

    @Test func `numbers are spelled in hexadecimal with the digits asked for`() {
        #expect(spelled { $0.append(hex: 0x1a2b, digits: 4) } == "1a2b")
        #expect(spelled { $0.append(hex: 0x1a2b, digits: 12) } == "000000001a2b")
        #expect(spelled { $0.append(hex: .max, digits: 16) } == "ffffffffffffffff")
        #expect(spelled { $0.append(hex: 0x1a2b, digits: 1) } == "b")
    }

    @Test(arguments: [(1, "1"), (15, "f"), (16, "10"), (65_536, "10000"), (1_000_000, "f4240")])
    func `a chunk's size has no zeros in front`(_ size: Int, _ text: String) {
        #expect(spelled { $0.append(chunkSize: size) } == text + "\r\n")
    }

    @Test(arguments: [
        (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
        (951_827_696, "Tue, 29 Feb 2000 12:34:56 GMT"),
        (1_795_300_800, "Sat, 21 Nov 2026 22:40:00 GMT"), (4_107_542_399, "Sun, 28 Feb 2100 23:59:59 GMT"),
        (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
        (-1, "Wed, 31 Dec 1969 23:59:59 GMT"), (-62_135_596_800, "Mon, 01 Jan 0001 00:00:00 GMT"),
        (253_402_300_799, "Fri, 31 Dec 9999 23:59:59 GMT"),
    ])
    func `a date is spelled as RFC 9110 asks`(_ seconds: Int64, _ text: String) {
        #expect(spelled { $0.append(httpDate: seconds) } == text)
    }

    @Test(arguments: [
        (200, "OK"), (204, "No Content"), (304, "Not Modified"), (429, "Too Many Requests"), (504, "Gateway Timeout"), (299, ""),
    ])
    func `a status line has the standard reason`(_ status: Int, _ reason: String) {
        #expect(spelled { $0.appendStatusLine(status) } == "HTTP/1.1 \(status) \(reason)\r\n")
    }

    private func spelled(_ append: (inout ByteQueue) -> Void) -> String {
        var queue = ByteQueue()
        append(&queue)
        return string(queue)
    }

    private func string(_ queue: ByteQueue) -> String {
        String(decoding: contents(queue), as: UTF8.self)
    }

    private func contents(_ queue: ByteQueue) -> [UInt8] {
        queue.withReadable { bytes in bytes.indices.map { bytes[$0] } }
    }
}
