import Wire

/// What must hold for any bytes taken for a date.
enum DateCheck {
    /// What is read is the second that is spelt so, and every second is read from how it is spelt.
    static func date(_ bytes: Span<UInt8>) {
        if let second = HTTPDate.epochSeconds(bytes), !isOdd(bytes.array) {
            hold(Array(spelt(second).dropFirst(4)) == Array(bytes.array.dropFirst(4)), "another day than the one spelt")
        }
        var source = Draw(bytes.array)
        let second = Int64(source.next() % 315_000_000_000) - 62_167_219_200
        hold(HTTPDate.epochSeconds(spelt(second).span) == second, "a date of ours is not read")
    }

    /// Days that a month may not have, and leap seconds, are read as the time they would be.
    private static func isOdd(_ bytes: [UInt8]) -> Bool {
        func number(_ start: Int) -> UInt8 { (bytes[start] &- 0x30) &* 10 &+ bytes[start + 1] &- 0x30 }
        return number(5) > 28 || number(23) == 60
    }

    private static func spelt(_ second: Int64) -> [UInt8] {
        var queue = ByteQueue()
        queue.append(httpDate: second)
        return queue.withReadable { copy($0) }
    }

    private static func copy(_ bytes: Span<UInt8>) -> [UInt8] { bytes.array }
}
