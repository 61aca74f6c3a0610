/// A message read in the plainest way there is, for what the gateway itself writes: anything but the one simple form is a bug of ours.
struct PlainMessage {
    var startLine: [String]
    var fields: [(name: String, value: String)]
    var body: [UInt8] = []
    /// Not all of it was there.
    var isCut = false
    /// The body ends with the connection.
    var isOpenEnded = false

    subscript(name: String) -> [String] { fields.filter { $0.name.lowercased() == name }.map(\.value) }

    var status: Int { startLine.count > 1 ? Int(startLine[1]) ?? 0 : 0 }

    /// Takes the message at the front; nil where not even a head is whole.
    init?(from bytes: inout ArraySlice<UInt8>, answering method: String?) {
        guard let end = PlainMessage.place(of: "\r\n\r\n", in: bytes) else { return nil }
        var lines = PlainMessage.lines(bytes[..<end])
        startLine = lines.removeFirst().split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        fields = lines.map(PlainMessage.field)
        bytes = bytes[(end + 4)...]
        readBody(from: &bytes, answering: method)
    }

    private mutating func readBody(from bytes: inout ArraySlice<UInt8>, answering method: String?) {
        let (lengths, codings) = (self["content-length"], self["transfer-encoding"])
        hold(lengths.count + codings.count <= 1, "one way to say how a body ends, not \(fields)")
        if method != nil, method == "HEAD" || (100..<200).contains(status) || status == 204 || status == 304 { return }
        if let length = lengths.first {
            guard let count = Int(length), String(count) == length else { fatalError("Content-Length: \(length)") }
            body = Array(bytes.prefix(count))
            isCut = body.count < count
            bytes = bytes.dropFirst(count)
        } else if let coding = codings.first {
            hold(coding == "chunked", "Transfer-Encoding: \(coding)")
            readChunks(from: &bytes)
        } else if method != nil {
            body = Array(bytes)
            bytes = []
            isOpenEnded = true
        }
    }

    /// Sizes in lower-case digits without zeros in front, no extensions, no trailers.
    private mutating func readChunks(from bytes: inout ArraySlice<UInt8>) {
        while let end = PlainMessage.place(of: "\r\n", in: bytes) {
            let digits = String(decoding: bytes[..<end], as: UTF8.self)
            guard let size = Int(digits, radix: 16), String(size, radix: 16) == digits else { fatalError("chunk size \(digits)") }
            let start = end + 2
            body += bytes[start...].prefix(size)
            guard bytes.endIndex - start >= size + 2 else { break }
            hold(bytes[(start + size)...].starts(with: [13, 10]), "a line end behind a chunk")
            bytes = bytes[(start + size + 2)...]
            if size == 0 { return }
        }
        isCut = true
        bytes = []
    }

    private static func lines(_ head: ArraySlice<UInt8>) -> [String] {
        var lines: [[UInt8]] = [[]]
        var rest = head
        while let byte = rest.popFirst() {
            if byte == 13, rest.first == 10 {
                rest = rest.dropFirst()
                lines.append([])
            } else {
                hold(byte == 9 || byte >= 0x20 && byte != 0x7F, "a control character in a head of ours")
                lines[lines.count - 1].append(byte)
            }
        }
        return lines.map { String(decoding: $0, as: Unicode.Latin1.self) }
    }

    private static func field(_ line: String) -> (name: String, value: String) {
        let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let isToken = !parts[0].isEmpty && parts[0].utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"\"(),/:;<=>?@[\\]{}".utf8.contains($0) }
        hold(parts.count == 2 && isToken && parts[1].hasPrefix(" "), "the field line '\(line)'")
        return (parts[0], String(parts[1].dropFirst()))
    }

    private static func place(of text: String, in bytes: ArraySlice<UInt8>) -> Int? {
        let wanted = Array(text.utf8)
        return bytes.indices.first { bytes[$0] == wanted[0] && bytes[$0...].starts(with: wanted) }
    }
}

extension Unicode {
    /// ISO 8859-1, a scalar a byte: no byte of a field is lost.
    enum Latin1 {}
}

extension String {
    init(decoding bytes: some Sequence<UInt8>, as encoding: Unicode.Latin1.Type) {
        self.init(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }
}
