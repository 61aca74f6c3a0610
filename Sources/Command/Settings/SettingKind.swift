import ControlPlane

/// The forms a setting's value can have.
indirect enum SettingKind: Sendable {
    case folder, endpoint, endpointOrOff, store
    /// On, off, or on in another folder than the usual one.
    case folderOrSwitch
    /// A number in this range, or as many as there are cores.
    case count(ClosedRange<Int>)
    /// A number in this range.
    case number(ClosedRange<Int>)
    /// An address, or a block of them.
    case addressRange
    /// A path; whether the file is there is found by whoever reads it.
    case file
    /// A scheme, a host and perhaps a port, with no path.
    case site
    /// Any text without a line's end; the name stands for it in the help.
    case text(String)
    case choice([String])
    /// Passed on as a flag without a value where it is yes; on the command line a flag without a value (`@Flag`).
    case yesOrNo
    /// Several of a kind with commas between them; in the file also a YAML list, on the command line also the option repeated.
    case list(SettingKind)

    /// The form in words, with its unit or range.
    var form: String {
        switch self {
        case .folder: "a folder's path"
        case .folderOrSwitch: "on, off or a folder's path"
        case .endpoint: "an address and a port from 1 to 65535, such as 127.0.0.1:8080 or [::1]:8080"
        case .endpointOrOff: "an address and a port from 1 to 65535, such as 127.0.0.1:8081, or off"
        case .store: "embedded, or URLs with commas between them, such as http://10.0.0.5:8082, all http or all https"
        case .count(let range): "a number from \(range.lowerBound) to \(range.upperBound), or cores"
        case .number(let range): "a number from \(range.lowerBound) to \(range.upperBound)"
        case .addressRange: "an address or a block such as 10.0.0.0/8"
        case .file: "a file's path"
        case .site: "a URL without a path, such as https://console.example"
        case .text(let name): name
        case .choice(let words): "one of \(words.joined(separator: ", "))"
        case .yesOrNo: "yes or no"
        case .list(let kind): "one or more with commas between them, each \(kind.form)"
        }
    }

    /// What stands for the value in the help.
    var valueName: String {
        switch self {
        case .folder: "DIR"
        case .folderOrSwitch: "on|off|DIR"
        case .endpoint: "ADDRESS:PORT"
        case .endpointOrOff: "ADDRESS:PORT|off"
        case .store: "embedded|URL,…"
        case .count, .number: "N"
        case .addressRange: "CIDR"
        case .file: "FILE"
        case .site: "URL"
        case .text(let name): name
        case .choice(let words): words.joined(separator: "|")
        case .yesOrNo: "yes|no"
        case .list(let kind): kind.valueName
        }
    }

    /// Whether a text is of this form.
    func allows(_ text: String) -> Bool {
        switch self {
        case .folder, .folderOrSwitch, .file: !text.isEmpty && !text.utf8.contains(0)
        case .endpoint: Endpoint(text) != nil
        case .endpointOrOff: text == "off" || Endpoint(text) != nil
        case .store: StoreLocation(text) != nil
        case .count(let range): text == "cores" || SettingKind.number(range).allows(text)
        case .number(let range): Int(text).map { range.contains($0) && String($0) == text } ?? false
        case .addressRange: AddressText.range(text) != nil
        case .site: SettingKind.isSite(text)
        case .text: !text.isEmpty && text.utf8.allSatisfy { $0 >= 0x20 }
        case .choice(let words): words.contains(text)
        case .yesOrNo: text == "yes" || text == "no"
        case .list(let kind): SettingKind.items(of: text).allSatisfy(kind.allows)
        }
    }

    /// The data plane's arguments that say the same: a flag and its value, for a list those of each item.
    func arguments(for flag: String, _ text: String) -> [String] {
        switch self {
        case .list: SettingKind.items(of: text).flatMap { [flag, $0] }
        case .yesOrNo: text == "yes" ? [flag] : []
        default: [flag, text]
        }
    }

    private static func isSite(_ text: String) -> Bool {
        guard let scheme = ["https://", "http://"].first(where: text.hasPrefix) else { return false }
        let host = text.dropFirst(scheme.count)
        let hasPort = host.last?.isNumber == true && host.contains(":") && !host.hasSuffix("]")
        return Endpoint(hasPort ? String(host) : host + ":443", allowingNames: true) != nil
    }

    /// Whether it is one path.
    var isFile: Bool { if case .file = self { true } else { false } }

    /// What is between a list's commas.
    static func items(of text: String) -> [String] {
        text.split(separator: ",", omittingEmptySubsequences: false).map { String($0.trimmingPrefix(" ")) }
    }
}
