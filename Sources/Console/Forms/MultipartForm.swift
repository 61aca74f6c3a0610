import Foundation

/// A file that came with a form.
struct UploadedFile: Hashable, Sendable {
    /// The form's field.
    let field: String
    /// What it is called where it comes from.
    let name: String
    let bytes: [UInt8]
}

/// A form with files (multipart/form-data, RFC 7578), exactly as browsers send it: what is otherwise is no form.
struct MultipartForm: Sendable {
    private(set) var fields = FormFields()
    private(set) var files: [UploadedFile] = []

    /// nil where it is out of form, or has more parts than any form of ours.
    init?(_ body: Data, boundary: String) {
        guard (1...70).contains(boundary.utf8.count), boundary.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x22 }) else {
            return nil
        }
        let line = Data("--\(boundary)".utf8)
        let (end, between) = (Data("--".utf8), Data("\r\n".utf8) + line)
        guard body.starts(with: line) else { return nil }
        var place = body.startIndex + line.count
        for _ in 0...ConsoleLimits.formFields {
            let rest = body[place...]
            if rest.starts(with: end) { return }
            guard rest.starts(with: Data("\r\n".utf8)), let next = rest.range(of: between) else { return nil }
            guard take(body[(place + 2)..<max(next.lowerBound, place + 2)]) else { return nil }
            place = next.upperBound
        }
        return nil
    }

    /// The boundary that a form's type names; nil where it is no form with files.
    static func boundary(of type: String) -> String? {
        let parts = type.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
        guard parts.first?.lowercased() == "multipart/form-data" else { return nil }
        let value = parts.dropFirst().first { $0.lowercased().hasPrefix("boundary=") }?.dropFirst("boundary=".count)
        return value.map { $0.trimmingCharacters(in: CharacterSet(charactersIn: "\"")) }
    }

    /// One part: a field, or a file where it has a file's name. A field for a file that nobody chose is left out.
    private mutating func take(_ part: Data) -> Bool {
        guard let gap = part.range(of: Data("\r\n\r\n".utf8)), gap.lowerBound - part.startIndex <= ConsoleLimits.partHeadBytes,
            let head = String(bytes: part[part.startIndex..<gap.lowerBound], encoding: .utf8)
        else { return false }
        let disposition = head.components(separatedBy: "\r\n").first { $0.lowercased().hasPrefix("content-disposition: form-data;") }
        guard let disposition, let name = MultipartForm.parameter("name", of: disposition) else { return false }
        let content = part[gap.upperBound...]
        guard let file = MultipartForm.parameter("filename", of: disposition) else {
            guard content.count <= ConsoleLimits.formBytes, let text = String(bytes: content, encoding: .utf8) else { return false }
            fields.add(name, text)
            return true
        }
        if !file.isEmpty || !content.isEmpty { files.append(UploadedFile(field: name, name: file, bytes: Array(content))) }
        return true
    }

    /// A quoted value, in which browsers write `"` and line ends by per cent.
    private static func parameter(_ name: String, of disposition: String) -> String? {
        guard let start = disposition.range(of: "; \(name)=\"") else { return nil }
        let rest = disposition[start.upperBound...]
        guard let end = rest.firstIndex(of: "\"") else { return nil }
        return String(rest[..<end]).replacing("%22", with: "\"").replacing("%0D%0A", with: " ").replacing("%0A", with: " ")
    }
}
