/// The answers a core store may give, the plain ones first.
enum StoreForm: Int, CaseIterable {
    case length, chunks, untilClose, noContent, notModified, notFound, serverError, unavailable, interim, tooManyInterim, noHTTP, closes
    case excess, cut, cutChunks, brokenChunks, old, hugeHead, twice, switching, bothFramings, limited, trailers, emptyChunked

    /// Whether it is an answer by the rules, all of it; what is wrong only in a body does not show where there is none.
    func isSound(hasNoBody: Bool) -> Bool {
        switch self {
        case .cut, .cutChunks, .brokenChunks: hasNoBody
        case .noHTTP, .tooManyInterim, .hugeHead, .switching, .bothFramings: false
        default: true
        }
    }
}

extension StoreTalk {
    /// Writes an answer to the current call behind what was sent; the caller releases it.
    func write(_ form: StoreForm, payload size: Int, for call: Call, to end: inout [UInt8], pieces: Int) -> StoreAnswer {
        let hasNoBody = call.form.isHead || form == .noContent || form == .notModified
        let payload = form == .emptyChunked ? 0 : size
        var answer = StoreAnswer(
            status: StoreTalk.status(form), announced: payload, payload: hasNoBody ? 0 : payload,
            isSound: form.isSound(hasNoBody: hasNoBody),
            hasEnd: form.isSound(hasNoBody: hasNoBody) || form == .tooManyInterim)
        let interims = form == .interim ? 1 + pieces % 8 : form == .tooManyInterim ? 9 : 0
        for _ in 0..<interims { end += Array("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n".utf8) }
        call.interims += interims
        guard form != .noHTTP, form != .hugeHead else {
            end += Array((form == .noHTTP ? "nonsense\r\n\r\n" : "HTTP/1.1 200 OK\r\nX: " + String(repeating: "x", count: 17_000)).utf8)
            answer.end = end.count
            return answer
        }
        end += Array("HTTP/1.\(form == .old ? 0 : 1) \(answer.status) Word\r\nServer: secret\r\nX-Mark: ".utf8) + Pattern.spelt(call.mark)
        end += Array("\r\nX-Request-Id: forged\r\nRateLimit: forged\r\nStrict-Transport-Security: max-age=0\r\n".utf8)
        if form == .unavailable { end += Array("Retry-After: 7\r\n".utf8) }
        if form == .closes { end += Array("Connection: close\r\n".utf8) }
        answer.keepsAlive = form != .closes && form != .old && form != .untilClose
        switch form {
        case .chunks, .cutChunks, .brokenChunks, .trailers, .emptyChunked:
            end += Array("Transfer-Encoding: chunked\r\n\r\n".utf8)
            if !hasNoBody { writeChunks(form, payload, call.mark, to: &end, pieces: pieces) }
            answer.announced = nil
        case .untilClose:
            answer.endsAtClose = !hasNoBody
            answer.announced = nil
            if hasNoBody { answer.keepsAlive = true }
            end += Array("\r\n".utf8)
            if !hasNoBody { Pattern.append(call.mark, true, 0..<payload, to: &end) }
        case .noContent: end += Array("\r\n".utf8)
        default:
            let added = form == .cut ? 10 : 0
            if form == .bothFramings { end += Array("Transfer-Encoding: chunked\r\n".utf8) }
            end += Array("Content-Length: \(payload + added)\r\n\r\n".utf8)
            if !hasNoBody { Pattern.append(call.mark, true, 0..<payload + (form == .excess ? 3 : 0), to: &end) }
            answer.announced = payload + added
        }
        answer.end = end.count - (form == .excess && !hasNoBody ? 3 : 0)
        if form == .twice { end += Array("HTTP/1.1 200 OK\r\nX-Mark: 000000\r\nContent-Length: 2\r\n\r\nno".utf8) }
        return answer
    }

    private static func status(_ form: StoreForm) -> Int {
        switch form {
        case .noContent: 204
        case .notModified: 304
        case .notFound: 404
        case .serverError: 500
        case .unavailable: 503
        case .switching: 101
        case .limited: 429
        default: 200
        }
    }

    private func writeChunks(_ form: StoreForm, _ payload: Int, _ mark: Int, to bytes: inout [UInt8], pieces: Int) {
        let size = max(1, payload / (1 + pieces % 4))
        var offset = 0
        while offset < payload {
            let end = min(payload, offset + size)
            bytes += Array((String(end - offset, radix: 16, uppercase: pieces % 2 == 1) + (form == .trailers ? ";a=b" : "") + "\r\n").utf8)
            Pattern.append(mark, true, offset..<end, to: &bytes)
            bytes += form == .brokenChunks ? [0x0A, 0x0A] : [0x0D, 0x0A]
            offset = end
        }
        switch form {
        case .cutChunks: return
        case .brokenChunks: bytes += Array("zz\r\n".utf8)
        case .trailers: bytes += Array("0\r\nX-Sum: 1\r\n\r\n".utf8)
        default: bytes += Array("0\r\n\r\n".utf8)
        }
    }
}
