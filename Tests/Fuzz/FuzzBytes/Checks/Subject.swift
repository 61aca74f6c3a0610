/// What an input is taken for; the raw value names its corpus.
enum Subject: String, CaseIterable, Codable {
    case requestHead = "FuzzRequestHead"
    case responseHead = "FuzzResponseHead"
    case chunkedBody = "FuzzChunkedBody"
    case target = "FuzzTarget"
    case key = "FuzzKey"
    case citizenToken = "FuzzCitizenToken"
    case traceParent = "FuzzTraceParent"
    case date = "FuzzDate"
    case address = "FuzzAddress"
    case forwarded = "FuzzForwarded"
    case proxyHeader = "FuzzProxyHeader"
    case snapshot = "FuzzSnapshot"
    case levelFile = "FuzzLevelFile"
    case liveSegment = "FuzzLiveSegment"
    case sealedSegment = "FuzzSealedSegment"
    case exchange = "FuzzExchange"

    /// Traps where something does not hold for these bytes.
    func check(_ bytes: Span<UInt8>) {
        switch self {
        case .requestHead: HeadCheck.request(bytes)
        case .responseHead: HeadCheck.response(bytes)
        case .chunkedBody: ChunkedBodyCheck.chunked(bytes)
        case .target: TargetCheck.target(bytes)
        case .key: KeyCheck.key(bytes)
        case .citizenToken: CitizenTokenCheck.authorization(bytes)
        case .traceParent: TraceParentCheck.field(bytes)
        case .date: DateCheck.date(bytes)
        case .address: AddressCheck.address(bytes)
        case .forwarded: ForwardedCheck.fields(bytes)
        case .proxyHeader: ProxyHeaderCheck.header(bytes)
        case .snapshot: SnapshotCheck.file(bytes)
        case .levelFile: LevelFileCheck.file(bytes)
        case .liveSegment: SegmentCheck.live(bytes)
        case .sealedSegment: SegmentCheck.sealed(bytes)
        case .exchange: ExchangeCheck.play(bytes)
        }
    }
}

extension Span<UInt8> {
    /// A copy, for the slow and obvious ways of saying what should come out.
    var array: [UInt8] {
        var array: [UInt8] = []
        array.reserveCapacity(count)
        for index in indices { array.append(self[index]) }
        return array
    }
}
