import Foundation

/// What the data plane itself says of its settings, before anything is started: how they go together only it knows.
enum DataPlaneCheck {
    /// What would keep it from starting, in a sentence; nil where nothing would. Throws where its program is not beside this one.
    static func fault(of settings: ServeSettings) throws -> String? {
        let process = Process()
        let errors = Pipe()
        process.executableURL = URL(fileURLWithPath: try ChildPlan.dataPlaneProgram())
        process.arguments = ChildPlan.dataPlaneArguments(settings) + ["--check"]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = errors
        try process.run()
        let said = String(decoding: (try errors.fileHandleForReading.readToEnd()) ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationReason != .exit || process.terminationStatus != 0 else { return nil }
        let name = "gateway-data-plane: "
        // Behind a sentence about its flags comes their usage.
        let sentence = said.split(separator: "\n").first { $0.hasPrefix(name) }
        return sentence.map { String($0.dropFirst(name.count)) } ?? "its check ended with status \(process.terminationStatus)"
    }
}
