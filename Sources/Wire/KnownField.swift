/// Field names the gateway does something about; the rest are `other`.
package enum KnownField: UInt8, BitwiseCopyable, Sendable {
    case other
    /// A name with more than letters, digits and hyphens: servers with a CGI heritage read `x_partner_id`, and some `x.partner.id` too, as
    /// `X-Partner-Id`, so it must not pass.
    case irregular
    case host, connection, contentLength, transferEncoding, expect, te, trailer, upgrade, keepAlive
    case apiKey, authorization, proxyConnection, proxyAuthenticate, proxyAuthorization
    case via, forwarded
    /// `X-Forwarded-*`
    case forwardedFamily
    /// `X-Partner-*`
    case partnerFamily
    /// `X-Application-*`
    case applicationFamily
    case environment, requestID, traceparent, tracestate
    case retryAfter, date, server, age, eTag
    /// `RateLimit`, `RateLimit-*` and `X-RateLimit-*`
    case rateLimitFamily
    case accept, acceptLanguage, acceptEncoding, contentType, contentEncoding, cacheControl, ifNoneMatch
    case cookie, setCookie, userAgent, idempotencyKey
    /// `Strict-Transport-Security`, which is the gateway's to say.
    case transportSecurity
}

/// Recognising a name: its bytes with the case folded, as one to three words of eight, are compared with the words of the known ones.
extension KnownField {
    /// The field whose name stands in `bytes` from `start` on, already known to be a token of letters, digits and hyphens.
    @inline(__always)
    static func recognise(_ bytes: Span<UInt8>, from start: Int, count: Int) -> KnownField {
        if count <= 8 {
            let mask = UInt64.max >> UInt64(64 - 8 * count)
            return upToEight((Word.load(bytes, at: start, count: count) | Word.lowerCase) & mask)
        }
        let first = Word.load(bytes, at: start) | Word.lowerCase
        let last = Word.load(bytes, at: start &+ count &- 8) | Word.lowerCase
        if count <= 12 {
            let known = upToTwelve(count, first, last)
            if known != .other { return known }
        } else if count <= 19 {
            let known = upToNineteen(count, first, last)
            if known != .other {
                return count <= 16 || hasExpectedMiddle(known, Word.load(bytes, at: start &+ 8) | Word.lowerCase) ? known : .other
            }
        }
        return family(bytes, from: start, count: count, first)
    }

    private static func upToEight(_ word: UInt64) -> KnownField {
        switch word {
        case 0x6574: .te
        case 0x61_6976: .via
        case 0x65_6761: .age
        case 0x7473_6f68: .host
        case 0x6574_6164: .date
        case 0x6761_7465: .eTag
        case 0x7463_6570_7865: .expect
        case 0x6569_6b6f_6f63: .cookie
        case 0x7265_7672_6573: .server
        case 0x7470_6563_6361: .accept
        case 0x72_656c_6961_7274: .trailer
        case 0x65_6461_7267_7075: .upgrade
        default: .other
        }
    }

    private static func upToTwelve(_ count: Int, _ first: UInt64, _ last: UInt64) -> KnownField {
        switch (count, first, last) {
        case (9, 0x6564_7261_7772_6f66, 0x6465_6472_6177_726f): .forwarded
        case (9, 0x696d_696c_6574_6172, 0x7469_6d69_6c65_7461): .rateLimitFamily
        case (9, 0x656b_2d69_7061_2d78, 0x7965_6b2d_6970_612d): .apiKey
        case (10, 0x6974_6365_6e6e_6f63, 0x6e6f_6974_6365_6e6e): .connection
        case (10, 0x696c_612d_7065_656b, 0x6576_696c_612d_7065): .keepAlive
        case (10, 0x6174_7365_6361_7274, 0x6574_6174_7365_6361): .tracestate
        case (10, 0x6567_612d_7265_7375, 0x746e_6567_612d_7265): .userAgent
        case (10, 0x6b6f_6f63_2d74_6573, 0x6569_6b6f_6f63_2d74): .setCookie
        case (11, 0x7261_7065_6361_7274, 0x746e_6572_6170_6563): .traceparent
        case (11, 0x6661_2d79_7274_6572, 0x7265_7466_612d_7972): .retryAfter
        case (12, 0x2d74_6e65_746e_6f63, 0x6570_7974_2d74_6e65): .contentType
        case (12, 0x7365_7571_6572_2d78, 0x6469_2d74_7365_7571): .requestID
        default: .other
        }
    }

    private static func upToNineteen(_ count: Int, _ first: UInt64, _ last: UInt64) -> KnownField {
        switch (count, first, last) {
        case (13, 0x7a69_726f_6874_7561, 0x6e6f_6974_617a_6972): .authorization
        case (13, 0x6f72_6976_6e65_2d78, 0x746e_656d_6e6f_7269): .environment
        case (13, 0x6f63_2d65_6863_6163, 0x6c6f_7274_6e6f_632d): .cacheControl
        case (13, 0x2d65_6e6f_6e2d_6669, 0x6863_7461_6d2d_656e): .ifNoneMatch
        case (14, 0x2d74_6e65_746e_6f63, 0x6874_676e_656c_2d74): .contentLength
        case (15, 0x652d_7470_6563_6361, 0x676e_6964_6f63_6e65): .acceptEncoding
        case (15, 0x6c2d_7470_6563_6361, 0x6567_6175_676e_616c): .acceptLanguage
        case (15, 0x6574_6f70_6d65_6469, 0x7965_6b2d_7963_6e65): .idempotencyKey
        case (16, 0x6f63_2d79_786f_7270, 0x6e6f_6974_6365_6e6e): .proxyConnection
        case (16, 0x2d74_6e65_746e_6f63, 0x676e_6964_6f63_6e65): .contentEncoding
        case (17, 0x7265_6673_6e61_7274, 0x676e_6964_6f63_6e65): .transferEncoding
        case (18, 0x7561_2d79_786f_7270, 0x6574_6163_6974_6e65): .proxyAuthenticate
        case (19, 0x7561_2d79_786f_7270, 0x6e6f_6974_617a_6972): .proxyAuthorization
        default: .other
        }
    }

    /// Bytes 8 to 15 of the names longer than two words.
    private static func hasExpectedMiddle(_ known: KnownField, _ middle: UInt64) -> Bool {
        switch known {
        case .transferEncoding: middle == 0x6e69_646f_636e_652d
        case .proxyAuthenticate: middle == 0x6163_6974_6e65_6874
        case .proxyAuthorization: middle == 0x7461_7a69_726f_6874
        default: true
        }
    }

    /// Names known by how they begin; the second word is the last eight bytes of the beginning.
    private static func family(_ bytes: Span<UInt8>, from start: Int, count: Int, _ first: UInt64) -> KnownField {
        let length: Int
        let ending: UInt64
        let family: KnownField
        switch first {
        case 0x7261_7772_6f66_2d78: (length, ending, family) = (12, 0x2d64_6564_7261_7772, .forwardedFamily)
        case 0x656e_7472_6170_2d78: (length, ending, family) = (10, 0x2d72_656e_7472_6170, .partnerFamily)
        case 0x6369_6c70_7061_2d78: (length, ending, family) = (14, 0x2d6e_6f69_7461_6369, .applicationFamily)
        case 0x696c_6574_6172_2d78: (length, ending, family) = (12, 0x2d74_696d_696c_6574, .rateLimitFamily)
        case 0x696d_696c_6574_6172: (length, ending, family) = (10, 0x2d74_696d_696c_6574, .rateLimitFamily)
        case 0x742d_7463_6972_7473 where count >= 25 && Word.load(bytes, at: start &+ 8) | Word.lowerCase == 0x7472_6f70_736e_6172:
            (length, ending, family) = (25, 0x7974_6972_7563_6573, .transportSecurity)
        default: return .other
        }
        guard count >= length else { return .other }
        return Word.load(bytes, at: start &+ length &- 8) | Word.lowerCase == ending ? family : .other
    }
}
