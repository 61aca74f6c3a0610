import ControlPlane

@testable import Command

/// What must hold for any text of a configuration file.
enum SettingsFileCheck {
    /// Either every setting is in form, and `serve` can start, or there is a fault with its place.
    static func settings(_ text: String) {
        let file = SettingsFile(path: "input", text: text)
        FaultCheck.places(of: file.faults, in: text, mustHaveOne: false)
        let sources = SettingSources(file: file)
        FaultCheck.places(of: sources.faults, in: text, mustHaveOne: ServeSettings(sources, cores: 2) == nil)
    }
}
