package import Decisions

extension SegmentDamage {
    /// What is wrong, for people.
    package var sentence: String {
        let what =
            switch kind {
            case .notASegment: "it is no segment"
            case .unknownVersion(let version): "it has the form \(version), which a newer gateway writes"
            case .cutShort: "it ends before its time"
            case .checksum: "a checksum does not match"
            case .outOfForm(let part): "the \(part) is out of form"
            }
        return "\(what) (offset \(offset))"
    }

    /// What to say of the segment.
    func sentence(of entry: SegmentName) -> String { "\(entry.file) is damaged, and what cannot be read of it is left out: \(sentence)" }
}
