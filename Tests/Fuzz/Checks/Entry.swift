package import Synchronization

/// What the fuzzer calls; the only place here that handles pointers.
package enum Entry {
    /// What the inputs are taken for.
    package enum Subject: Sendable {
        case requestHead, responseHead, chunkedBody
    }

    /// An executable chooses it when the fuzzer starts.
    package static let subject = Mutex(Subject.requestHead)

    static func check(_ bytes: Span<UInt8>) {
        switch subject.withLock({ $0 }) {
        case .requestHead: HeadCheck.request(bytes)
        case .responseHead: HeadCheck.response(bytes)
        case .chunkedBody: ChunkedBodyCheck.chunked(bytes)
        }
    }
}

/// libFuzzer's entry point: one input, which lives as long as the call.
@_cdecl("LLVMFuzzerTestOneInput")
package func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = unsafe UnsafeBufferPointer(start: start, count: count)
    Entry.check(unsafe bytes.span)
    return 0
}
