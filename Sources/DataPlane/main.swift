import Glibc

do {
    let arguments = Array(CommandLine.arguments.dropFirst())
    if arguments.contains("--help") {
        print(Settings.usage)
        exit(0)
    }
    let settings = try Settings(arguments)
    if settings.isSet(.check) {
        try DataPlane(settings).check()
        exit(0)
    }
    try DataPlane(settings).run()
    Log.end()
} catch let fault as Settings.Fault {
    Log.end(saying: "gateway-data-plane: \(fault)\n\(Settings.usage)")
    exit(2)
} catch {
    Log.end(saying: "gateway-data-plane: \(error)")
    exit(1)
}
