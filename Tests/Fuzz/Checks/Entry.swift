package import Synchronization

/// What the fuzzer calls; the only place here that handles pointers.
package enum Entry {
    /// The check that each input is put to; an executable chooses it when the fuzzer starts.
    package static let check = Mutex<@Sendable (Span<UInt8>) -> Void>({ _ in preconditionFailure("no check chosen") })
}

/// libFuzzer's entry point: one input, which lives as long as the call.
@_cdecl("LLVMFuzzerTestOneInput")
package func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = unsafe UnsafeBufferPointer(start: start, count: count)
    let check = Entry.check.withLock { $0 }
    check(unsafe bytes.span)
    return 0
}
