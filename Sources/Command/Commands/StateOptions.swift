import ArgumentParser
import ControlPlane
import Foundation
import Registry

/// Which state folder a command looks into.
struct FolderOptions: ParsableArguments {
    @Option(help: Setting.state.help) var state: String?

    @Option(help: ArgumentHelp("Read settings from this YAML file (GATEWAY_CONFIG).", valueName: "FILE")) var config: String?

    /// The sources with these flags and this process's environment.
    func sources(_ more: [Setting: String?] = [:], passed: PassedOptions? = nil) throws -> SettingSources {
        let environment = ProcessInfo.processInfo.environment
        var flags = passed?.given ?? [:]
        for (setting, text) in more.merging([.state: state], uniquingKeysWith: { first, _ in first }) { flags[setting.key] = text }
        let path = config ?? environment["GATEWAY_CONFIG"]
        let sources = SettingSources(flags: flags, environment: environment, file: path.map(SettingsFile.init(path:)))
        if let fault = sources.flagFaults.first { throw ValidationError(fault) }
        return sources
    }

    /// The settings, or everything that is wrong with them.
    func settings(_ more: [Setting: String?] = [:], passed: PassedOptions? = nil) throws -> ServeSettings {
        let sources = try sources(more, passed: passed)
        // Only who takes all settings knows which of them count.
        let faults = sources.faults + (passed == nil ? [] : sources.needless)
        guard faults.isEmpty, let settings = ServeSettings(sources) else { throw ConfigurationFaults(faults) }
        return settings
    }

    /// The registry of the state folder, which must be there already: looking at nothing should not make anything.
    func registry() throws -> RegistryStore {
        let folder = try settings().stateDirectory
        guard FileManager.default.fileExists(atPath: folder + "/registry.sqlite") else {
            throw Failure("there is no registry in \(folder): start 'gateway serve' once, or name its folder with --state")
        }
        return try RegistryStore(stateDirectory: folder)
    }

    /// Changes the registry and publishes at once, so that a running data plane acts on it whether or not the control plane runs.
    func change<Value>(_ body: (RegistryStore) throws -> Value) throws -> Value {
        let registry = try registry()
        let value = try body(registry)
        do {
            try SnapshotPublisher.publish(registry, to: registry.stateDirectory)
        } catch {
            Message.write("Warning: the change is recorded and not yet published: \(error)")
        }
        return value
    }
}

/// What every command that looks into a state folder and prints a list takes.
@dynamicMemberLookup struct StateOptions: ParsableArguments {
    @OptionGroup var folder: FolderOptions

    @Option(help: "How results are written: table for people, json for scripts.") var format: Format = .table

    subscript<Value>(dynamicMember path: KeyPath<FolderOptions, Value>) -> Value { folder[keyPath: path] }

    func sources(_ more: [Setting: String?] = [:], passed: PassedOptions? = nil) throws -> SettingSources {
        try folder.sources(more, passed: passed)
    }

    func settings(_ more: [Setting: String?] = [:], passed: PassedOptions? = nil) throws -> ServeSettings {
        try folder.settings(more, passed: passed)
    }

    func registry() throws -> RegistryStore { try folder.registry() }

    func change<Value>(_ body: (RegistryStore) throws -> Value) throws -> Value { try folder.change(body) }
}

/// Who does it and why: recorded for good.
struct PersonOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Who does it, as recorded.", valueName: "NAME")) var by: String

    @Option(help: ArgumentHelp("Why, as recorded.", valueName: "TEXT")) var reason: String

    /// Whoever `--by` names, at this machine.
    var actor: Actor { Actor(by) }
}

/// Who is logged in, for what needs a name and was given none.
var loginName: String {
    let name = ProcessInfo.processInfo.userName
    return name.isEmpty ? "operator" : name
}

/// An id from the command line; out of form is wrong usage.
func identifier(_ text: String, of sort: String) throws -> Identifier {
    guard let identifier = Identifier(text) else {
        throw ValidationError("'\(text)' is no \(sort)'s id: an id has 3 to 40 of a-z, 0-9 and -")
    }
    return identifier
}

/// The environments, as an argument.
enum EnvironmentArgument: String, ExpressibleByArgument, CaseIterable {
    case sandbox, production

    var environment: Registry.Environment { self == .sandbox ? .sandbox : .production }
}
