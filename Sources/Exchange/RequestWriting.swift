import Admission
import Registry
import Wire

// The request as the core store gets it: written anew from parsed parts, never relayed as it came.
extension Exchange {
    /// Writes the head of a request to a core store: canonical target, the caller's fields that may pass, and ours.
    mutating func writeRequest(
        to upstream: Int, for client: Int, from bytes: Span<UInt8>, permit: Permit, parameters: [CompiledParameter], at now: Moment
    ) {
        let id = clients[client].request.idText
        var output = ByteQueue()
        swap(&output, &upstreams[upstream].output)
        output.append(bytes, head.methodSlice)
        output.append(0x20)
        output.append(bytes, head.path)
        query.write(to: &output, from: bytes, for: parameters)
        output.append(targetEnds[Int(permit.environment.rawValue)])
        let trace = writePassingFields(to: &output, from: bytes)
        output.append(rules.identityLine(application: permit.application, environment: permit.environment))
        output.append(id.span)
        output.append("\r\nX-Forwarded-For: ")
        output.append(clients[client].addressText)
        writeTrace(trace, id: id.span, to: &output, from: bytes)
        writeFraming(to: &output)
        upstreams[upstream].output = output
    }

    /// Copies the fields that may pass; gives the place of a well-formed `traceparent`.
    private mutating func writePassingFields(to output: inout ByteQueue, from bytes: Span<UInt8>) -> Slice? {
        var trace: Slice?
        var hasState = false
        var lines = LineRun()
        for index in 0..<head.fieldCount {
            let field = head.field(index)
            switch field.known {
            case .traceparent: if trace == nil, TraceParent.isGood(bytes.extracting(field.value.range)) { trace = field.value }
            case .tracestate: hasState = true
            default: break
            }
            guard field.known.passesToCoreStore, !head.isNamedByConnection(index, bytes) else { continue }
            lines.add(field, to: &output, from: bytes)
        }
        lines.end(in: &output, from: bytes)
        if hasState, trace != nil { writeTraceState(to: &output, from: bytes) }
        return trace
    }

    /// A `tracestate` speaks of the trace it came with: without that one it means nothing (W3C Trace Context §3.3).
    private mutating func writeTraceState(to output: inout ByteQueue, from bytes: Span<UInt8>) {
        for index in 0..<head.fieldCount where head.field(index).known == .tracestate {
            guard !head.isNamedByConnection(index, bytes) else { continue }
            output.append("tracestate: ")
            output.append(bytes, head.field(index).value)
            output.append("\r\n")
        }
    }

    /// The caller's trace goes on under a span of ours; without one a trace begins here, named by the request id (W3C Trace Context §3.2).
    private mutating func writeTrace(_ trace: Slice?, id: Span<UInt8>, to output: inout ByteQueue, from bytes: Span<UInt8>) {
        output.append("\r\ntraceparent: 00-")
        if let trace { output.append(bytes.extracting(TraceParent.traceID(trace))) } else { output.append(id) }
        output.append(0x2D)
        output.append(id.extracting(16...))
        if let trace {
            output.append(0x2D)
            output.append(bytes.extracting(TraceParent.flags(trace)))
        } else {
            output.append("-00")
        }
        output.append(head.minorVersion == 1 ? "\r\nVia: 1.1 partner-gateway\r\n" : "\r\nVia: 1.0 partner-gateway\r\n")
    }

    /// How the body ends, and the end of the head.
    private mutating func writeFraming(to output: inout ByteQueue) {
        switch head.framing {
        case .length(let length):
            output.append("Content-Length: ")
            output.append(decimal: length)
            output.append("\r\n\r\n")
        case .chunked: output.append("Transfer-Encoding: chunked\r\n\r\n")
        case .none, .untilClose:
            switch head.method {
            case .get, .head: output.append("\r\n")
            case .post, .put, .delete, .options, .patch, .trace, .connect, .other: output.append("Content-Length: 0\r\n\r\n")
            }
        }
    }
}

/// The `traceparent` field of W3C Trace Context, level 1: `00-` 32 hex `-` 16 hex `-` 2 hex, neither id all zero.
enum TraceParent {
    static func isGood(_ value: Span<UInt8>) -> Bool {
        guard value.count == 55, value[0] == 0x30, value[1] == 0x30, value[2] == 0x2D, value[35] == 0x2D, value[52] == 0x2D else {
            return false
        }
        return isIdentifier(value, 3..<35) && isIdentifier(value, 36..<52) && isHex(value, 53..<55)
    }

    static func traceID(_ place: Slice) -> Range<Int> { Int(place.start) + 3..<Int(place.start) + 35 }
    static func flags(_ place: Slice) -> Range<Int> { Int(place.start) + 53..<Int(place.start) + 55 }

    private static func isIdentifier(_ value: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard isHex(value, range) else { return false }
        for index in range where value[index] != 0x30 { return true }
        return false
    }

    private static func isHex(_ value: Span<UInt8>, _ range: Range<Int>) -> Bool {
        for index in range {
            switch value[index] {
            case 0x30...0x39, 0x61...0x66: continue
            default: return false
            }
        }
        return true
    }
}

extension KnownField {
    /// Whether a caller's field reaches the core store: not hop-by-hop (RFC 9110 §7.6.1), not the key, nothing that speaks for the gateway.
    var passesToCoreStore: Bool {
        switch self {
        case .irregular, .host, .connection, .contentLength, .transferEncoding, .expect, .te, .trailer, .upgrade, .keepAlive, .apiKey,
            .proxyConnection, .proxyAuthenticate, .proxyAuthorization, .forwarded, .forwardedFamily, .partnerFamily, .applicationFamily,
            .environment, .requestID, .traceparent, .tracestate:
            false
        case .other, .authorization, .via, .retryAfter, .date, .server, .age, .eTag, .rateLimitFamily, .accept,
            .acceptLanguage, .acceptEncoding, .contentType, .contentEncoding, .cacheControl, .ifNoneMatch, .cookie, .setCookie, .userAgent,
            .idempotencyKey, .transportSecurity:
            true
        }
    }

    /// Whether a core store's field reaches the caller: the gateway frames the answer, names the request and tells the limits itself.
    var passesToClient: Bool {
        switch self {
        case .irregular, .connection, .contentLength, .transferEncoding, .te, .trailer, .upgrade, .keepAlive, .proxyConnection,
            .proxyAuthenticate, .proxyAuthorization, .server, .requestID, .rateLimitFamily, .partnerFamily, .applicationFamily,
            .environment, .forwarded, .forwardedFamily, .traceparent, .tracestate, .apiKey, .transportSecurity:
            false
        case .other, .host, .expect, .authorization, .via, .retryAfter, .date, .age, .eTag, .accept, .acceptLanguage, .acceptEncoding,
            .contentType, .contentEncoding, .cacheControl, .ifNoneMatch, .cookie, .setCookie, .userAgent, .idempotencyKey:
            true
        }
    }
}
