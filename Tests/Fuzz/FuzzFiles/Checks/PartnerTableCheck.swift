import Registry

@testable import ControlPlane

/// What must hold for any text of a table of partners.
enum PartnerTableCheck {
    /// A table is read or has a fault with its place; what is read without one is read again from the lines that an export writes.
    static func table(_ text: String) {
        var faults = FaultList()
        let partners = PartnerTable.read(text, file: "input", into: &faults)
        FaultCheck.places(of: faults.faults, in: text, mustHaveOne: false)
        guard faults.faults.isEmpty, !partners.isEmpty else { return }
        let declared = partners.map(\.declaration)
        let lines = [PartnerDeclaration.tableHeadings] + declared.flatMap(\.tableRows)
        let written = lines.map { $0.map(quoted).joined(separator: ",") + "\r\n" }.joined()
        let again = PartnerTable.read(written, file: "again", into: &faults).map(\.declaration)
        hold(faults.faults.isEmpty && again == declared, "what is exported imports as it was:\n\(written)")
    }

    /// Every field in quotes, which may hold anything (RFC 4180 §2).
    private static func quoted(_ field: String) -> String { "\"\(field.replacing("\"", with: "\"\""))\"" }
}
