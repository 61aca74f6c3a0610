/// Bytes on their way: appended at the back, consumed at the front. Output to be written, or input that is not a whole message yet.
package struct ByteQueue: Sendable {
    private var storage: [UInt8]
    /// Bytes of `storage` already consumed.
    private var front = 0

    /// Empty, without memory of its own.
    package init() {
        storage = []
    }

    /// Empty, with room for `capacity` bytes.
    package init(capacity: Int) {
        storage = []
        storage.reserveCapacity(capacity)
    }

    /// Bytes not consumed yet.
    package var count: Int { storage.count - front }

    /// Whether there is nothing to read.
    package var isEmpty: Bool { storage.count == front }

    /// Bytes the memory held has room for, consumed ones included.
    package var capacity: Int { storage.capacity }

    /// Hands the bytes not consumed yet to `body`; the span cannot leave it.
    @inline(__always)
    package func withReadable<Result: ~Copyable, Failure>(_ body: (Span<UInt8>) throws(Failure) -> Result) throws(Failure) -> Result {
        try body(storage.span.extracting(front...))
    }

    /// Takes `count` bytes from the front away.
    package mutating func consume(_ count: Int) {
        precondition(count >= 0 && count <= self.count, "more consumed than there is")
        front += count
        if front == storage.count { removeAll(keepingCapacity: true) }
    }

    /// Forgets everything; gives the memory back unless told to keep it.
    package mutating func removeAll(keepingCapacity: Bool) {
        storage.removeAll(keepingCapacity: keepingCapacity)
        front = 0
    }

    /// Appends at most `capacity` bytes, written by `fill` in place: what a read from a socket needs.
    @inline(__always)
    package mutating func append<Failure>(
        upTo capacity: Int, _ fill: (inout OutputSpan<UInt8>) throws(Failure) -> Void
    ) throws(Failure) {
        makeRoom(for: capacity)
        try storage.append(addingCapacity: capacity, initializingWith: fill)
    }

    /// Moves what is left to the front before the memory would grow, if that frees enough.
    @inline(__always)
    private mutating func makeRoom(for added: Int) {
        if front > 0, storage.count + added > storage.capacity { compact() }
    }

    @inline(never)
    private mutating func compact() {
        storage.removeSubrange(0..<front)
        front = 0
    }
}

/// Appending bytes as they are.
extension ByteQueue {
    /// One byte.
    @inline(__always)
    package mutating func append(_ byte: UInt8) {
        makeRoom(for: 1)
        storage.append(byte)
    }

    /// A copy of `span`.
    @inline(__always)
    package mutating func append(_ span: Span<UInt8>) {
        let count = span.count
        makeRoom(for: count)
        storage.append(addingCapacity: count) { output in
            for index in 0..<count { output.append(span[index]) }
        }
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
        append(other.storage.span.extracting(other.front...))
    }

    /// A literal's UTF-8. Nothing is allocated: a literal is a pointer to constant bytes.
    @inline(__always)
    package mutating func append(_ text: String) {
        append(text.utf8.span)
    }
}
