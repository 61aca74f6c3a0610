import Registry

/// The outer structure of a file of each type: what it begins with, is made of and ends with, and that nothing stands before or behind it.
/// What its parts hold is not looked at: a picture's comments may carry anything, and a text may be markup to whoever takes it for that. Files
/// of evidence are only ever served as attachments whose type is not to be guessed.
enum FileShape {
    static func problem(ofPDF bytes: [UInt8]) -> String? {
        guard bytes.starts(with: Array("%PDF-1.".utf8)) || bytes.starts(with: Array("%PDF-2.".utf8)) else {
            return "its content is no PDF"
        }
        let end = bytes.dropLast(lineEnd(of: bytes))
        guard end.suffix(5).elementsEqual("%%EOF".utf8) else { return "its content does not end as a PDF does, or goes on after it" }
        return isArchive(bytes) ? "it is an archive as well" : markup(in: bytes.prefix(1_024))
    }

    /// RFC 2083 (PNG): a signature, then chunks of length, kind, content and CRC-32; IHDR first, IEND last.
    static func problem(ofPNG bytes: [UInt8]) -> String? {
        guard bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) else { return "its content is no PNG image" }
        var place = 8
        while place + 12 <= bytes.count {
            let length = number(of: bytes[place..<place + 4])
            guard length <= bytes.count - place - 12 else { return "its content is a PNG image cut short" }
            let (kind, end) = (bytes[place + 4..<place + 8], place + 8 + length)
            guard (place == 8) == kind.elementsEqual("IHDR".utf8),
                number(of: bytes[end..<end + 4]) == Int(Checksum.crc32(Array(bytes[place + 4..<end]).span))
            else { return "its content is a damaged PNG image" }
            place = end + 4
            if kind.elementsEqual("IEND".utf8) { return place == bytes.count ? nil : "its content goes on after the PNG image" }
        }
        return "its content is a PNG image cut short"
    }

    /// ITU-T T.81 annex B (JPEG): SOI, then segments of marker and length, after a scan's header coded data as far as the next marker, then EOI.
    static func problem(ofJPEG bytes: [UInt8]) -> String? {
        guard bytes.starts(with: [0xFF, 0xD8, 0xFF]) else { return "its content is no JPEG image" }
        let damaged = "its content is a damaged JPEG image"
        var (place, hasScan) = (2, false)
        while place + 2 <= bytes.count {
            guard bytes[place] == 0xFF else { return damaged }
            switch bytes[place + 1] {
            case 0xFF: place += 1
            case 0xD9:
                guard hasScan else { return damaged }
                return place + 2 == bytes.count ? nil : "its content goes on after the JPEG image"
            case 0x00, 0x01, 0xD0...0xD8: return damaged
            case let marker:
                guard place + 4 <= bytes.count else { return "its content is a JPEG image cut short" }
                let length = number(of: bytes[place + 2..<place + 4])
                guard length >= 2, place + 2 + length <= bytes.count else { return "its content is a JPEG image cut short" }
                place += 2 + length
                guard marker == 0xDA else { continue }
                hasScan = true
                place = endOfScan(in: bytes, from: place)
            }
        }
        return "its content is a JPEG image cut short"
    }

    /// Where coded data ends: at a marker, which a stuffed zero and the restart markers are not.
    private static func endOfScan(in bytes: [UInt8], from start: Int) -> Int {
        var place = start
        while place + 1 < bytes.count {
            if bytes[place] == 0xFF, bytes[place + 1] != 0, !(0xD0...0xD7).contains(bytes[place + 1]) { return place }
            place += 1
        }
        return bytes.count
    }

    static func problem(ofText bytes: [UInt8]) -> String? {
        guard !bytes.isEmpty, let text = String(validating: bytes, as: UTF8.self) else { return "its content is no text in UTF-8" }
        let isPlain = text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F || [0x09, 0x0A, 0x0D].contains($0.value) }
        guard isPlain else { return "its content is no plain text" }
        // Behind a mark of the byte order, too; and a PDF's header counts for its readers anywhere near the beginning.
        let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        guard !body.isEmpty, !["PK\u{3}\u{4}", "#!"].contains(where: { body.starts(with: $0.utf8) }),
            bytes.prefix(1_024).firstRange(of: Array("%PDF-".utf8)) == nil
        else { return "its content is no plain text" }
        return markup(in: bytes.prefix(4_096))
    }

    /// The number of these bytes, the highest first.
    private static func number(of bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }

    /// A line's end, which is all that may follow a PDF's last mark.
    private static func lineEnd(of bytes: [UInt8]) -> Int {
        if bytes.suffix(2).elementsEqual([0x0D, 0x0A]) { return 2 }
        return bytes.last == 0x0A || bytes.last == 0x0D ? 1 : 0
    }

    /// The end of a ZIP archive's directory, where programs look for it: within the last 64 KiB.
    private static func isArchive(_ bytes: [UInt8]) -> Bool {
        bytes.suffix(65_557).firstRange(of: [0x50, 0x4B, 0x05, 0x06]) != nil
    }

    /// The plainest signs of a page; others there are many.
    private static func markup(in bytes: ArraySlice<UInt8>) -> String? {
        let text = String(decoding: bytes, as: UTF8.self).lowercased()
        let signs = ["<script", "<html", "<svg", "<iframe", "<!doctype html", "<?php"]
        return signs.contains(where: text.contains) ? "it is a page as well" : nil
    }
}
