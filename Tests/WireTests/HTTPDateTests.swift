import Support
import Testing
import Wire

/// Dates as they are sent are read as they were meant.
@Suite struct HTTPDateTests {
    @Test func `what is written is read again, over five thousand years`() {
        var generator = SplitMix64(seed: 9)
        for _ in 0..<10_000 {
            let time = Int64.random(in: -62_167_219_200...97_000_000_000, using: &generator)
            var queue = ByteQueue()
            queue.append(httpDate: time)
            #expect(queue.withReadable { HTTPDate.epochSeconds($0) } == time)
        }
    }

    @Test(arguments: [
        "", "Sun, 06 Nov 1994 08:49:37 UTC", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Sun, 32 Nov 1994 08:49:37 GMT",
        "Sun, 06 nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Nov 1994 08:60:37 GMT", "Sun, 06 Nov 19x4 08:49:37 GMT",
    ])
    func `another form is none`(text: String) {
        let bytes = Array(text.utf8)
        #expect(HTTPDate.epochSeconds(bytes.span) == nil)
    }
}
