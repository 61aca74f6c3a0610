/// Bytes on their way: appended at the back, consumed at the front. Output to be written, or input that is not a whole message yet.
package struct ByteQueue: Sendable {
    /// The memory, all of it initialised: only growing it costs zeros, and writing into it is a plain store.
    private var storage: [UInt8]
    private var front = 0
    private var back = 0

    /// Empty, without memory of its own.
    package init() {
        storage = []
    }

    /// Empty, with room for `capacity` bytes.
    package init(capacity: Int) {
        storage = [UInt8](repeating: 0, count: capacity)
    }

    /// Bytes not consumed yet.
    package var count: Int { back - front }

    /// Whether there is nothing to read.
    package var isEmpty: Bool { back == front }

    /// Bytes the memory held has room for.
    package var capacity: Int { storage.count }

    /// Hands the bytes not consumed yet to `body`; the span cannot leave it.
    @inline(__always)
    package func withReadable<Result: ~Copyable, Failure>(_ body: (Span<UInt8>) throws(Failure) -> Result) throws(Failure) -> Result {
        try body(storage.span.extracting(front..<back))
    }

    /// Takes `count` bytes from the front away.
    package mutating func consume(_ count: Int) {
        precondition(count >= 0 && count <= self.count, "more consumed than there is")
        front += count
        if front == back {
            front = 0
            back = 0
        }
    }

    /// Forgets everything; gives the memory back unless told to keep it.
    package mutating func removeAll(keepingCapacity: Bool) {
        if !keepingCapacity { storage = [] }
        front = 0
        back = 0
    }

    /// Makes room for at least `room` bytes and lets `fill` write into all the room there is; it answers how many it wrote, from the front on.
    /// This is what a read from a socket needs.
    @inline(__always)
    package mutating func append<Failure>(
        room: Int, _ fill: (inout MutableSpan<UInt8>) throws(Failure) -> Int
    ) throws(Failure) {
        if storage.count &- back < room { makeRoom(for: room) }
        let start = back
        let free = storage.count - start
        var memory = storage.mutableSpan
        var target = memory._mutatingExtracting(start...)
        let written = try fill(&target)
        precondition(written >= 0 && written <= free, "more written than there was room for")
        back = start + written
    }

    /// Moves what is left to the front if that frees enough, else takes at least twice the memory.
    @inline(never)
    private mutating func makeRoom(for added: Int) {
        if front > 0, count + added <= storage.count {
            for offset in 0..<count { storage[offset] = storage[front + offset] }
        } else {
            var larger = [UInt8]()
            larger.reserveCapacity(max(count + added, 2 * storage.count, 256))
            larger.append(contentsOf: storage[front..<back])
            larger.append(contentsOf: repeatElement(0, count: larger.capacity - larger.count))
            storage = larger
        }
        back -= front
        front = 0
    }
}

/// Appending bytes as they are.
extension ByteQueue {
    /// One byte.
    @inline(__always)
    package mutating func append(_ byte: UInt8) {
        if back == storage.count { makeRoom(for: 1) }
        storage[back] = byte
        back &+= 1
    }

    /// A copy of `span`.
    @inline(__always)
    package mutating func append(_ span: Span<UInt8>) {
        let count = span.count
        if storage.count &- back < count { makeRoom(for: count) }
        let start = back
        back = start + count
        var memory = storage.mutableSpan
        var target = memory._mutatingExtracting(start..<(start + count))
        for index in 0..<count { target[index] = span[index] }
    }

    /// A copy of that part of `span`.
    @inline(__always)
    package mutating func append(_ span: Span<UInt8>, _ slice: Slice) {
        append(span.extracting(slice.range))
    }

    /// A copy of bytes made ready before.
    @inline(__always)
    package mutating func append(_ bytes: [UInt8]) {
        append(bytes.span)
    }

    /// A copy of what another queue holds.
    package mutating func append(_ other: borrowing ByteQueue) {
        append(other.storage.span.extracting(other.front..<other.back))
    }

    /// A literal's UTF-8. Nothing is allocated: a literal is a pointer to constant bytes.
    @inline(__always)
    package mutating func append(_ text: String) {
        append(text.utf8.span)
    }
}
