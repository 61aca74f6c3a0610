// swift-tools-version: 6.2
import PackageDescription

/// One set of settings for every target: Swift 6, strict memory safety, warnings are errors.
let settings: [SwiftSetting] = [
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let serviceLifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let jwtKit = Target.Dependency.product(name: "JWTKit", package: "jwt-kit")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")

/// libFuzzer's programs build only with its sanitizer (`make fuzz`), so they exist only when asked for.
let fuzzers: [Target] =
    Context.environment["GATEWAY_FUZZ"] == nil
    ? []
    : [.target(name: "FuzzChecks", dependencies: ["Wire"], path: "Tests/Fuzz/Checks", swiftSettings: settings)]
        + ["FuzzRequestHead", "FuzzResponseHead", "FuzzChunkedBody"].map { name in
            .executableTarget(
                name: name, dependencies: ["FuzzChecks"], path: "Tests/Fuzz/\(name)",
                swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])])
        }

/// The simulator's program runs from `make simulate` only.
let simulate: [Target] =
    Context.environment["GATEWAY_SIMULATE"] == nil
    ? [] : [.executableTarget(name: "Simulate", dependencies: ["Simulation"], path: "Tests/Simulate", swiftSettings: settings)]

let package = Package(
    name: "partner-gateway",
    products: [
        .executable(name: "gateway", targets: ["Command"]),
        .executable(name: "gateway-data-plane", targets: ["DataPlane"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
    ],
    targets: [
        // Pure: nothing but the standard library and Synchronization.
        .target(name: "Registry", swiftSettings: settings),
        .target(name: "Wire", swiftSettings: settings),
        .target(name: "Admission", dependencies: ["Registry"], swiftSettings: settings),
        .target(name: "Exchange", dependencies: ["Admission", "Wire", "Registry"], swiftSettings: settings),

        // The data plane: no package in it.
        .systemLibrary(name: "CTransport", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .target(name: "Transport", dependencies: ["Exchange", "Admission", "Wire", "Registry", "CTransport"], swiftSettings: settings),
        .executableTarget(name: "DataPlane", dependencies: ["Transport", "Exchange", "Admission", "Registry"], swiftSettings: settings),

        // The control plane, the core store and the command line.
        .target(
            name: "ControlPlane",
            dependencies: ["Registry", grdb, yams, crypto, hummingbird, httpTypes, nioCore, logging, serviceLifecycle, unixSignals],
            swiftSettings: settings),
        .target(
            name: "CoreStore",
            dependencies: [grdb, jwtKit, crypto, hummingbird, httpTypes, nioCore, logging, serviceLifecycle, unixSignals],
            swiftSettings: settings),
        .executableTarget(
            name: "Command",
            dependencies: [
                "ControlPlane", "CoreStore", "Registry", argumentParser, yams, logging, serviceLifecycle, unixSignals, nioCore, nioPosix,
            ],
            swiftSettings: settings),

        // Tests: a suite for each target at the same paths, real processes and sockets, and the style itself.
        .target(name: "Support", dependencies: [nioCore, nioPosix], path: "Tests/Support", swiftSettings: settings),
        .testTarget(name: "RegistryTests", dependencies: ["Registry", "Support"], swiftSettings: settings),
        .testTarget(name: "WireTests", dependencies: ["Wire", "Support", nioCore, nioEmbedded, nioHTTP1], swiftSettings: settings),
        .testTarget(name: "AdmissionTests", dependencies: ["Admission", "Registry", "Support"], swiftSettings: settings),
        .testTarget(
            name: "ExchangeTests", dependencies: ["Exchange", "Admission", "Wire", "Registry", "Support"], swiftSettings: settings),
        .testTarget(
            name: "TransportTests", dependencies: ["Transport", "Exchange", "Admission", "Registry", "Support"], swiftSettings: settings),
        .testTarget(name: "DataPlaneTests", dependencies: ["DataPlane", "Transport", "Registry", "Support"], swiftSettings: settings),
        .testTarget(
            name: "ControlPlaneTests", dependencies: ["ControlPlane", "Registry", "Support", crypto, grdb, logging],
            swiftSettings: settings),
        .testTarget(
            name: "CoreStoreTests", dependencies: ["CoreStore", crypto, grdb, jwtKit, logging, nioCore, nioPosix, serviceLifecycle],
            swiftSettings: settings),
        .testTarget(
            name: "CommandTests", dependencies: ["Command", "ControlPlane", "Registry", "Support", argumentParser], swiftSettings: settings),
        .testTarget(name: "JourneyTests", dependencies: ["Support"], swiftSettings: settings),
        .target(
            name: "Simulation", dependencies: ["Exchange", "Admission", "Registry"], path: "Tests/Simulation", swiftSettings: settings),
        .testTarget(name: "SimulationTests", dependencies: ["Simulation", "Support"], swiftSettings: settings),
        .testTarget(name: "TidyTests", swiftSettings: settings),
    ] + fuzzers + simulate,
    swiftLanguageModes: [.v6]
)
