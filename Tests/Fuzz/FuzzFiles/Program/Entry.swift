import Glibc

/// What libFuzzer calls, with the subject named by the environment.
private enum Entry {
    static let subject: Subject = {
        let name = unsafe getenv("FUZZER").map { unsafe String(cString: $0) } ?? ""
        guard let subject = Subject(rawValue: name) else {
            preconditionFailure("FUZZER is '\(name)', expected one of \(Subject.allCases.map(\.rawValue).joined(separator: " "))")
        }
        return subject
    }()
}

/// libFuzzer's entry point: one input, which lives as long as the call.
@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = unsafe UnsafeBufferPointer(start: start, count: count)
    Entry.subject.check(unsafe bytes.span)
    return 0
}
