import Decisions
import Testing

struct WordChecksumTests {
    /// From xxHash's own tests (github.com/Cyan4973/xxHash, tests/sanity_test_vectors.h, XXH64 with seed 0), where the lengths are whole words;
    /// the bytes are those of its XSUM_fillTestBuffer.
    private static let vectors: [(bytes: Int, hash: UInt64)] = [
        (0, 0xEF46_DB37_51D8_E999), (8, 0xCDBC_F538_E71D_1348), (16, 0x98C9_0B57_FDFC_B55C), (24, 0xF75A_6DEA_42DC_5BF4),
        (32, 0x18B2_1649_2BB4_4B70), (40, 0x23B3_810D_7D8B_1731), (64, 0xEF55_8F8A_CAC2_B5CD), (72, 0xEA85_73B6_0D5A_8800),
        (128, 0x90CA_0214_57D9_6DC5), (232, 0x0883_7FC1_8CF9_DC21), (1_000, 0x52BD_1358_F22E_9EF7), (2_240, 0xA4ED_B3C8_5B99_B1D9),
    ]

    @Test(arguments: vectors) func `the checksum is XXH64`(_ vector: (bytes: Int, hash: UInt64)) {
        let words = Self.words(vector.bytes / 8)
        #expect(WordChecksum.xxh64(words.span) == vector.hash)
    }

    @Test func `the checksum of a part is the part's`() {
        let words = Self.words(40)
        #expect(WordChecksum.xxh64(words.span.extracting(0..<9)) == 0xEA85_73B6_0D5A_8800)
    }

    private static func words(_ count: Int) -> [UInt64] {
        var state: UInt64 = 2_654_435_761
        return (0..<count).map { _ in
            (0..<8).reduce(UInt64(0)) { word, place in
                defer { state = state &* 11_400_714_785_074_694_797 }
                return word | (state >> 56) << UInt64(place * 8)
            }
        }
    }
}
