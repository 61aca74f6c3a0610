import Crypto
import Foundation

/// What pages need beside themselves, under names that change with their content: browsers may keep them for good.
struct Assets: Sendable {
    struct Asset: Sendable {
        let text: String
        let type: String
    }

    let stylesheet: String
    let script: String
    let icon: String
    /// By path.
    let all: [String: Asset]

    init() {
        let sheet = Asset(text: Stylesheet.text, type: "text/css; charset=utf-8")
        let module = Asset(text: Script.text, type: "text/javascript; charset=utf-8")
        let image = Asset(text: Assets.iconText, type: "image/svg+xml")
        stylesheet = Assets.path("console", "css", sheet.text)
        script = Assets.path("console", "js", module.text)
        icon = Assets.path("icon", "svg", image.text)
        all = [stylesheet: sheet, script: module, icon: image]
    }

    private static func path(_ name: String, _ ending: String, _ text: String) -> String {
        let hash = SHA256.hash(data: Data(text.utf8)).prefix(8).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        return "/assets/\(name)-\(hash).\(ending)"
    }

    /// A gate, as in the header.
    static let iconText = """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#0b5c8f"/>\
        <path d="M9 24V12.5a7 7 0 0 1 14 0V24M16 24v-9M6.5 24h19" fill="none" stroke="#fff" stroke-width="2.2" stroke-linecap="round"/></svg>
        """
}
