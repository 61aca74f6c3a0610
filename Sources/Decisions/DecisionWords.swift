/// How a record lies in a loop's buffer and in a live segment: sixteen 64-bit words, 128 bytes. Parts of a word from its lowest bits up:
///
///     0 idHigh · 1 idLow · 2 sequence · 3 wallNanoseconds · 4 monotonicNanoseconds · 5 debtNanoseconds · 6 dayRemaining
///     7 waitNanoseconds · 8 subject · 9 bytesIn · 10 bytesOut
///     11 totalMicroseconds 32 · storeMicroseconds 32
///     12 application 24 · rules 24 · retries 8 · fault 8
///     13 endpoint 24 · stream 24 · ending 8 · rule 8
///     14 cost 32 · inFlight 32
///     15 route 16 · caller 16 · status 16 · verdict 8 · shadow 8 (0: nothing watched; else the verdict's code and one)
package typealias DecisionWords = InlineArray<16, UInt64>

extension DecisionWords {
    /// Bits of one of the words.
    func part(_ word: Int, _ start: UInt64, _ bits: UInt64) -> UInt64 { self[word] &>> start & ((1 &<< bits) &- 1) }

    /// Whether each part has a value that means something: whether `Decision` reads it.
    var isRecord: Bool {
        let watched = UInt8(truncatingIfNeeded: part(15, 56, 8))
        return CallerFacts(rawValue: UInt16(truncatingIfNeeded: part(15, 16, 16))) != nil
            && Verdict(rawValue: UInt8(truncatingIfNeeded: part(15, 48, 8))) != nil
            && Verdict(rawValue: UInt8(truncatingIfNeeded: part(12, 56, 8))) != nil
            && Ending(rawValue: UInt8(truncatingIfNeeded: part(13, 48, 8))) != nil
            && DecidingRule(rawValue: UInt8(truncatingIfNeeded: part(13, 56, 8))) != nil
            && (watched == 0 || Verdict(rawValue: watched &- 1) != nil)
    }
}

extension Decision {
    /// Words of one record.
    package static let wordCount = 16

    /// The record as words; numbers of facts are below 2^24, which `FactTable` sees to.
    package var words: DecisionWords {
        var words = DecisionWords(repeating: 0)
        words[0] = idHigh
        words[1] = idLow
        words[2] = sequence
        words[3] = UInt64(bitPattern: wallNanoseconds)
        words[4] = UInt64(bitPattern: monotonicNanoseconds)
        words[5] = UInt64(bitPattern: debtNanoseconds)
        words[6] = UInt64(bitPattern: dayRemaining)
        words[7] = UInt64(bitPattern: waitNanoseconds)
        words[8] = subject
        words[9] = bytesIn
        words[10] = bytesOut
        words[11] = UInt64(totalMicroseconds) | UInt64(storeMicroseconds) << 32
        words[12] = UInt64(application) | UInt64(rules) << 24 | UInt64(retries) << 48 | UInt64(fault.rawValue) << 56
        words[13] = UInt64(endpoint) | UInt64(stream) << 24 | UInt64(ending.rawValue) << 48 | UInt64(rule.rawValue) << 56
        words[14] = UInt64(cost) | UInt64(UInt32(bitPattern: inFlight)) << 32
        let watched = shadow.map { UInt64($0.rawValue) + 1 } ?? 0
        words[15] =
            UInt64(UInt16(bitPattern: route)) | UInt64(caller.rawValue) << 16 | UInt64(status) << 32 | UInt64(verdict.rawValue) << 48
            | watched << 56
        return words
    }

    /// The record of these words, or nil where a part has a value that means nothing.
    package init?(_ words: DecisionWords) {
        func part(_ word: Int, _ start: UInt64, _ bits: UInt64) -> UInt64 { words[word] &>> start & ((1 &<< bits) &- 1) }
        let watched = UInt8(part(15, 56, 8))
        guard let caller = CallerFacts(rawValue: UInt16(part(15, 16, 16))), let verdict = Verdict(rawValue: UInt8(part(15, 48, 8))),
            let fault = Verdict(rawValue: UInt8(part(12, 56, 8))), let ending = Ending(rawValue: UInt8(part(13, 48, 8))),
            let rule = DecidingRule(rawValue: UInt8(part(13, 56, 8))), watched == 0 || Verdict(rawValue: watched - 1) != nil
        else { return nil }
        self.init()
        (idHigh, idLow, sequence) = (words[0], words[1], words[2])
        (wallNanoseconds, monotonicNanoseconds) = (Int64(bitPattern: words[3]), Int64(bitPattern: words[4]))
        (debtNanoseconds, dayRemaining) = (Int64(bitPattern: words[5]), Int64(bitPattern: words[6]))
        (waitNanoseconds, subject, bytesIn, bytesOut) = (Int64(bitPattern: words[7]), words[8], words[9], words[10])
        (totalMicroseconds, storeMicroseconds) = (UInt32(part(11, 0, 32)), UInt32(part(11, 32, 32)))
        (application, rules, retries) = (UInt32(part(12, 0, 24)), UInt32(part(12, 24, 24)), UInt8(part(12, 48, 8)))
        (endpoint, stream) = (UInt32(part(13, 0, 24)), UInt32(part(13, 24, 24)))
        (cost, inFlight) = (UInt32(part(14, 0, 32)), Int32(bitPattern: UInt32(part(14, 32, 32))))
        (route, status) = (Int16(bitPattern: UInt16(part(15, 0, 16))), UInt16(part(15, 32, 16)))
        (self.caller, self.verdict, self.fault, self.ending, self.rule) = (caller, verdict, fault, ending, rule)
        shadow = watched == 0 ? nil : Verdict(rawValue: watched - 1)
    }
}
