/// Where an input is cut into pieces: decided by its own bytes, so that a crash repeats.
struct Cuts {
    private var state: UInt64 = 0xcbf2_9ce4_8422_2325

    init(of bytes: Span<UInt8>) {
        for index in bytes.indices { state = (state ^ UInt64(bytes[index])) &* 0x0000_0100_0000_01b3 }
    }

    /// The next cut behind `place`, at `count` the last time; every other piece is a single byte.
    mutating func next(after place: Int, count: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let step = state >> 63 == 0 ? 1 : 1 + Int(state >> 33) % 97
        return min(place + step, count)
    }
}
