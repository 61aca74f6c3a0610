import Support
import Testing

/// Every input kept from fuzzing holds, so that what was found once stays fixed.
@Suite struct FileCorpusTests {
    @Test(arguments: Subject.allCases)
    func `every kept input holds`(subject: Subject) throws {
        let inputs = try KeptInputs.all(of: subject.rawValue)
        #expect(inputs.count >= 2, "a fuzzer begins with more than one idea")
        for bytes in inputs { subject.check(bytes.span) }
    }

    @Test(arguments: Subject.allCases)
    func `the first bytes of every kept input hold, and the input with bytes changed`(subject: Subject) throws {
        try KeptInputs.changed(of: subject.rawValue) { subject.check($0.span) }
    }
}
