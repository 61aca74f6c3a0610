import FuzzChecks
import Synchronization

/// libFuzzer calls this once, before the first input: here each is taken for a request's head.
@_cdecl("LLVMFuzzerInitialize")
func chooseCheck() -> CInt {
    Entry.subject.withLock { $0 = .requestHead }
    return 0
}
