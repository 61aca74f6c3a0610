import Registry
import Testing

@testable import ControlPlane

extension RegistryStore {
    /// Does something and gives what is on record of it, `-` before what was refused. What changed must be on record, and nothing else; what
    /// requests are judged by is news to the data plane, and nothing else is.
    func recorded(
        isPublished: Bool = true, exceptFor unrecorded: Set<String> = [], _ body: () throws -> Void,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> [String] {
        let (before, length, revision) = (try contents(), try auditRecords().count, try revision())
        do { try body() } catch is RegistryError {} catch is SignInRefusal {}
        let (after, records) = (try contents(), try auditRecords().dropFirst(length))
        let changed = Set(after.keys.filter { after[$0] != before[$0] }).subtracting(unrecorded)
        #expect(!changed.isEmpty == records.contains { $0.refusal == nil }, "\(changed)", sourceLocation: sourceLocation)
        #expect(try (self.revision() != revision) == (!changed.isEmpty && isPublished), sourceLocation: sourceLocation)
        return records.map { ($0.refusal == nil ? "" : "-") + "\($0.action) \($0.subject)" }
    }
}
