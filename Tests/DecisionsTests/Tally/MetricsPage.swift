/// Metrics read strictly: what Prometheus would take amiss, or silently take for something else, is a fault.
struct MetricsPage {
    struct Fault: Error, Equatable {
        let line: String
        let what: String
    }

    /// By family: its type.
    private(set) var types: [String: String] = [:]
    /// By series, name and sorted labels: its value.
    private(set) var values: [String: String] = [:]
    private var helps: Set<String> = []
    private var family = ""
    private var buckets: [(bound: Double, count: UInt64)] = []
    private let isOpenMetrics: Bool

    init(_ bytes: [UInt8], openMetrics: Bool) throws(Fault) {
        isOpenMetrics = openMetrics
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.hasSuffix("\n"), text.hasSuffix("\n# EOF\n") == openMetrics else {
            throw Fault(line: "", what: "does not end as it must")
        }
        let lines = text.dropLast(openMetrics ? 7 : 1).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        for line in lines {
            if line.hasPrefix("#") { try readDescription(line) } else { try readSample(line) }
        }
        guard buckets.isEmpty else { throw Fault(line: "", what: "a histogram without its count") }
    }

    private mutating func readDescription(_ line: String) throws(Fault) {
        let words = line.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
        guard words.count == 4, words[0] == "#" else { throw Fault(line: line, what: "no description") }
        switch words[1] {
        case "HELP":
            guard helps.insert(words[2]).inserted else { throw Fault(line: line, what: "helped twice") }
            guard !words[3].isEmpty else { throw Fault(line: line, what: "no help") }
            family = ""
        case "TYPE":
            guard helps.contains(words[2]), types[words[2]] == nil else { throw Fault(line: line, what: "typed twice, or before its help") }
            guard ["counter", "gauge", "histogram"].contains(words[3]) else { throw Fault(line: line, what: "no type") }
            guard isName(words[2]) else { throw Fault(line: line, what: "no name") }
            guard words[3] != "counter" || words[2].hasSuffix("_total") != isOpenMetrics else { throw Fault(line: line, what: "_total") }
            types[words[2]] = words[3]
            family = words[2]
        default: throw Fault(line: line, what: "no description")
        }
    }

    private mutating func readSample(_ line: String) throws(Fault) {
        var reader = SampleReader(line)
        guard let sample = reader.read(), isName(sample.name) else { throw Fault(line: line, what: "no sample") }
        var labels = sample.labels
        guard Set(labels.map(\.name)).count == labels.count, labels.allSatisfy({ isName($0.name) && !$0.name.contains(":") }) else {
            throw Fault(line: line, what: "no labels")
        }
        labels.sort { $0.name < $1.name }
        let series = sample.name + labels.map { "|\($0.name)=\($0.value)" }.joined()
        guard values.updateValue(sample.value, forKey: series) == nil else { throw Fault(line: line, what: "a series twice") }
        switch types[family] {
        case "counter":
            guard sample.name == family + (isOpenMetrics ? "_total" : "") else { throw Fault(line: line, what: "not of its family") }
            guard UInt64(sample.value) != nil else { throw Fault(line: line, what: "not counted") }
        case "gauge":
            guard sample.name == family, Double(sample.value) != nil else { throw Fault(line: line, what: "no gauge") }
        case "histogram": try readHistogram(line, sample)
        default: throw Fault(line: line, what: "of no family")
        }
    }

    private mutating func readHistogram(_ line: String, _ sample: SampleReader.Sample) throws(Fault) {
        switch sample.name {
        case family + "_bucket":
            guard let bound = sample.labels.first(where: { $0.name == "le" })?.value, let count = UInt64(sample.value),
                let bound = bound == "+Inf" ? .infinity : Double(bound), bound > buckets.last?.bound ?? 0, count >= buckets.last?.count ?? 0
            else { throw Fault(line: line, what: "buckets do not add up") }
            buckets.append((bound, count))
        case family + "_sum":
            guard let sum = Double(sample.value), sum >= 0 else { throw Fault(line: line, what: "no sum") }
        case family + "_count":
            guard let last = buckets.last, last.bound == .infinity, "\(last.count)" == sample.value else {
                throw Fault(line: line, what: "the last bucket is not the count")
            }
            buckets = []
        default: throw Fault(line: line, what: "not of its family")
        }
    }

    private func isName(_ text: String) -> Bool {
        text.first.map { !$0.isNumber } == true && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == ":") }
    }
}

/// One line `name{label="value",…} number`.
struct SampleReader {
    struct Sample {
        var name: String
        var labels: [(name: String, value: String)]
        var value: String
    }

    private var rest: Substring

    init(_ line: String) { rest = line[...] }

    mutating func read() -> Sample? {
        let name = String(take { $0 != "{" && $0 != " " })
        var labels: [(name: String, value: String)] = []
        if rest.first == "{" {
            repeat {
                rest = rest.dropFirst()
                let name = String(take { $0 != "=" })
                guard rest.hasPrefix("=\"") else { return nil }
                rest = rest.dropFirst(2)
                guard let value = quoted() else { return nil }
                labels.append((name, value))
            } while rest.first == ","
            guard rest.first == "}" else { return nil }
            rest = rest.dropFirst()
        }
        guard rest.first == " " else { return nil }
        let value = String(rest.dropFirst())
        return value.isEmpty || value.contains(" ") ? nil : Sample(name: name, labels: labels, value: value)
    }

    private mutating func take(while condition: (Character) -> Bool) -> Substring {
        let taken = rest.prefix(while: condition)
        rest = rest[taken.endIndex...]
        return taken
    }

    /// To the quote that ends it; only a backslash, a quote and a line feed are escaped.
    private mutating func quoted() -> String? {
        var value = ""
        while let next = rest.popFirst() {
            switch next {
            case "\"": return value
            case "\\":
                switch rest.popFirst() {
                case "\\": value.append("\\")
                case "\"": value.append("\"")
                case "n": value.append("\n")
                default: return nil
                }
            default: value.append(next)
            }
        }
        return nil
    }
}
