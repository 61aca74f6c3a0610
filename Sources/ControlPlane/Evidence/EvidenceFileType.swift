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
        let ending = name.split(separator: ".").last.map { $0.lowercased() } ?? ""
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

/// What a file of each type begins with, ends with and holds nothing beside: a file that is two things is opened as the wrong one.
private enum FileShape {
    static func problem(ofPDF bytes: [UInt8]) -> String? {
        guard bytes.starts(with: Array("%PDF-1.".utf8)) || bytes.starts(with: Array("%PDF-2.".utf8)) else {
            return "its content is no PDF"
        }
        let end = bytes.dropLast(trailingBlanks(bytes))
        guard end.suffix(5).elementsEqual("%%EOF".utf8) else { return "its content does not end as a PDF does, or goes on after it" }
        return isArchive(bytes) ? "it is an archive as well" : markup(in: bytes.prefix(1_024))
    }

    static func problem(ofPNG bytes: [UInt8]) -> String? {
        guard bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) else { return "its content is no PNG image" }
        var place = 8
        var isFirst = true
        while place + 12 <= bytes.count {
            let length = bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
            let kind = String(decoding: bytes[place + 4..<place + 8], as: UTF8.self)
            guard isFirst == (kind == "IHDR"), length <= bytes.count - place - 12 else { return "its content is a damaged PNG image" }
            place += 12 + length
            isFirst = false
            if kind == "IEND" { return place == bytes.count ? nil : "its content goes on after the PNG image" }
        }
        return "its content is a PNG image cut short"
    }

    static func problem(ofJPEG bytes: [UInt8]) -> String? {
        guard bytes.starts(with: [0xFF, 0xD8, 0xFF]) else { return "its content is no JPEG image" }
        guard bytes.count > 4, bytes.suffix(2).elementsEqual([0xFF, 0xD9]) else {
            return "its content does not end as a JPEG image does, or goes on after it"
        }
        return isArchive(bytes) ? "it is an archive as well" : markup(in: bytes.prefix(4_096))
    }

    static func problem(ofText bytes: [UInt8]) -> String? {
        guard !bytes.isEmpty, let text = String(validating: bytes, as: UTF8.self) else { return "its content is no text in UTF-8" }
        let isPlain = text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F || [0x09, 0x0A, 0x0D].contains($0.value) }
        guard isPlain else { return "its content is no plain text" }
        for magic in ["%PDF-", "PK\u{3}\u{4}", "#!"] where text.hasPrefix(magic) { return "its content is no plain text" }
        return markup(in: bytes.prefix(4_096))
    }

    private static func trailingBlanks(_ bytes: [UInt8]) -> Int {
        bytes.reversed().prefix(4).prefix { [0x0A, 0x0D, 0x20].contains($0) }.count
    }

    /// The end of a ZIP archive's directory, where programs look for it: within the last 64 KiB.
    private static func isArchive(_ bytes: [UInt8]) -> Bool {
        bytes.suffix(65_557).firstRange(of: [0x50, 0x4B, 0x05, 0x06]) != nil
    }

    /// What a browser that guesses would take for a page.
    private static func markup(in bytes: ArraySlice<UInt8>) -> String? {
        let text = String(decoding: bytes, as: UTF8.self).lowercased()
        let signs = ["<script", "<html", "<svg", "<iframe", "<!doctype html", "<?php"]
        return signs.contains(where: text.contains) ? "it is a page as well" : nil
    }
}
