/// What sorts of file may be handed in as evidence, told by their content; the raw value is the media type.
package enum EvidenceFileType: String, CaseIterable, Sendable {
    case pdf = "application/pdf", png = "image/png", jpeg = "image/jpeg", text = "text/plain", csv = "text/csv"

    /// Endings of file names that say so.
    package var endings: [String] {
        switch self {
        case .pdf: ["pdf"]
        case .png: ["png"]
        case .jpeg: ["jpg", "jpeg"]
        case .text: ["txt"]
        case .csv: ["csv"]
        }
    }

    /// The type of a file, by its name and its content, which must agree and be nothing else as well; or why it is none.
    static func of(_ bytes: [UInt8], named name: String) throws(RegistryError) -> EvidenceFileType {
        let ending = name.split(separator: ".", omittingEmptySubsequences: false).dropFirst().last.map { $0.lowercased() } ?? ""
        guard let type = allCases.first(where: { $0.endings.contains(ending) }) else {
            throw .outOfForm(
                "'\(name)' is no file that may be evidence: it ends in .\(allCases.flatMap(\.endings).joined(separator: ", ."))")
        }
        guard bytes.count <= Limits.evidenceBytes else {
            throw .outOfForm("the file has \(bytes.count) bytes, \(Limits.evidenceBytes) are the most")
        }
        if let problem = type.problem(of: bytes) { throw .outOfForm("'\(name)' is not taken: \(problem)") }
        return type
    }

    private func problem(of bytes: [UInt8]) -> String? {
        switch self {
        case .pdf: FileShape.problem(ofPDF: bytes)
        case .png: FileShape.problem(ofPNG: bytes)
        case .jpeg: FileShape.problem(ofJPEG: bytes)
        case .text, .csv: FileShape.problem(ofText: bytes)
        }
    }
}
