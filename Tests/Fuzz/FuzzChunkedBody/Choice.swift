import FuzzChecks
import Synchronization

/// libFuzzer calls this once, before the first input: here each is taken for a chunked body.
@_cdecl("LLVMFuzzerInitialize")
func chooseCheck() -> CInt {
    Entry.subject.withLock { $0 = .chunkedBody }
    return 0
}
