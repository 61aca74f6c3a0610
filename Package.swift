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
let hummingbirdTLS = Target.Dependency.product(name: "HummingbirdTLS", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let serviceLifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let jwtKit = Target.Dependency.product(name: "JWTKit", package: "jwt-kit")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")

/// The simulator's program runs from `make simulate` only.
let simulate: [Target] =
    Context.environment["GATEWAY_SIMULATE"] == nil
    ? [] : [.executableTarget(name: "Simulate", dependencies: ["Simulation"], path: "Tests/Simulate", swiftSettings: settings)]

/// What the decision log takes a record: `Benchmarks/measure-decisions` alone runs it.
let decisionBenchmark: [Target] =
    Context.environment["GATEWAY_DECISION_BENCHMARK"] == nil
    ? []
    : [
        .executableTarget(
            name: "DecisionBenchmark", dependencies: ["DecisionLoad", "Decisions", "Registry"], path: "Benchmarks/decisions",
            swiftSettings: settings)
    ]

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
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
    ],
    targets: [
        // Pure: nothing but the standard library and Synchronization.
        .target(name: "Registry", swiftSettings: settings),
        .target(name: "Wire", dependencies: ["Registry"], swiftSettings: settings),
        .target(name: "Admission", dependencies: ["Registry"], swiftSettings: settings),
        .target(name: "Decisions", dependencies: ["Admission", "Registry"], swiftSettings: settings),
        .target(name: "Exchange", dependencies: ["Decisions", "Admission", "Wire", "Registry"], swiftSettings: settings),

        // The data plane: no package in it.
        .systemLibrary(name: "CTransport", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .target(
            name: "Transport", dependencies: ["Exchange", "Decisions", "Admission", "Wire", "Registry", "CTransport"],
            swiftSettings: settings),
        .executableTarget(
            name: "DataPlane", dependencies: ["Transport", "Exchange", "Decisions", "Admission", "Registry"], swiftSettings: settings),

        // The control plane, the core store and the command line.
        .target(
            name: "ControlPlane",
            dependencies: [
                "Decisions", "Admission", "Registry", grdb, yams, crypto, cryptoExtras, hummingbird, hummingbirdCore, hummingbirdTLS,
                httpTypes,
                nioCore, nioPosix, nioSSL, logging, serviceLifecycle, unixSignals,
            ],
            swiftSettings: settings),
        .target(
            name: "Console",
            dependencies: ["ControlPlane", "Registry", hummingbird, httpTypes, mustache, crypto, nioCore, logging], swiftSettings: settings),
        .target(
            name: "CoreStore",
            dependencies: [grdb, jwtKit, crypto, hummingbird, httpTypes, nioCore, logging, serviceLifecycle, unixSignals],
            swiftSettings: settings),
        .executableTarget(
            name: "Command",
            dependencies: [
                "ControlPlane", "Console", "CoreStore", "Decisions", "Admission", "Registry", argumentParser, yams, logging,
                serviceLifecycle, unixSignals, nioCore, nioPosix,
            ],
            swiftSettings: settings),

        // Tests: a suite for each target at the same paths, real processes and sockets, and the style itself.
        .target(name: "Support", dependencies: [nioCore, nioPosix], path: "Tests/Support", swiftSettings: settings),
        .testTarget(name: "RegistryTests", dependencies: ["Registry", "Support"], swiftSettings: settings),
        .testTarget(
            name: "WireTests", dependencies: ["Wire", "Registry", "Support", nioCore, nioEmbedded, nioHTTP1], swiftSettings: settings),
        .testTarget(name: "AdmissionTests", dependencies: ["Admission", "Registry", "Support"], swiftSettings: settings),
        .target(
            name: "DecisionLoad", dependencies: ["Decisions", "Admission", "Registry"], path: "Tests/DecisionLoad", swiftSettings: settings),
        .testTarget(
            name: "DecisionsTests", dependencies: ["DecisionLoad", "Decisions", "Admission", "Registry", "Support"], swiftSettings: settings
        ),
        .testTarget(
            name: "ExchangeTests", dependencies: ["Exchange", "Decisions", "Admission", "Wire", "Registry", "Support"],
            swiftSettings: settings),
        .testTarget(
            name: "TransportTests", dependencies: ["Transport", "Exchange", "Decisions", "Admission", "Registry", "Support"],
            swiftSettings: settings),
        .testTarget(
            name: "DataPlaneTests", dependencies: ["DataPlane", "Transport", "Decisions", "Registry", "Support"], swiftSettings: settings),
        .testTarget(
            name: "ControlPlaneTests",
            dependencies: [
                "ControlPlane", "DecisionLoad", "Decisions", "Admission", "Registry", "Support", crypto, grdb, logging, yams, hummingbird,
                httpTypes, nioCore, nioEmbedded,
            ], swiftSettings: settings),
        .testTarget(
            name: "ConsoleTests",
            dependencies: [
                "Console", "ControlPlane", "Registry", "Support", grdb, hummingbird, httpTypes, logging, nioCore, nioEmbedded,
            ], swiftSettings: settings),
        .testTarget(
            name: "CoreStoreTests", dependencies: ["CoreStore", crypto, grdb, jwtKit, logging, nioCore, nioPosix, serviceLifecycle],
            swiftSettings: settings),
        .testTarget(
            name: "CommandTests",
            dependencies: ["Command", "ControlPlane", "DecisionLoad", "Decisions", "Registry", "Support", argumentParser, logging],
            swiftSettings: settings),
        .testTarget(name: "JourneyTests", dependencies: ["Support"], swiftSettings: settings),
        .target(
            name: "Simulation", dependencies: ["Exchange", "Decisions", "Admission", "Registry"], path: "Tests/Simulation",
            swiftSettings: settings),
        .testTarget(name: "SimulationTests", dependencies: ["Simulation", "Support"], swiftSettings: settings),
        .testTarget(name: "TidyTests", swiftSettings: settings),

        // What must hold for any bytes: fed by libFuzzer (`make fuzz`), and here by the inputs it kept.
        .testTarget(
            name: "FuzzBytes", dependencies: ["Transport", "Exchange", "Decisions", "Admission", "Wire", "Registry", "Support"],
            path: "Tests/Fuzz/FuzzBytes", exclude: ["Program"], swiftSettings: settings),
        .testTarget(
            name: "FuzzFiles", dependencies: ["ControlPlane", "Command", "Registry", "Support"], path: "Tests/Fuzz/FuzzFiles",
            exclude: ["Program"], swiftSettings: settings),
    ] + simulate + decisionBenchmark,
    swiftLanguageModes: [.v6]
)

// Instrumented builds (see the Makefile) take a part of the tree that needs few packages or none, and so take minutes.
if Context.environment["GATEWAY_SANITIZE"] != nil { keepDataPlane() }
if Context.environment["GATEWAY_FUZZ"] != nil { keepFuzzers() }

/// The data plane and its tests, without those that compare with packages.
@MainActor func keepDataPlane() {
    let comparing = ["Support": ["KeepAliveClient.swift"], "WireTests": ["HeadAgreementTests.swift", "IndependentParser.swift"]]
    let kept: Set = [
        "Registry", "Wire", "Admission", "Decisions", "Exchange", "CTransport", "Transport", "DataPlane", "Support", "RegistryTests",
        "WireTests", "AdmissionTests", "DecisionLoad", "DecisionsTests", "ExchangeTests", "TransportTests", "DataPlaneTests", "FuzzBytes",
    ]
    package.products.removeAll { $0.name == "gateway" }
    package.dependencies = []
    package.targets.removeAll { !kept.contains($0.name) }
    // Everything depends on Registry, so everything is linked with what the sanitizers must be told.
    package.targets.append(.target(name: "Sanitizing", path: "Tests/Sanitizing"))
    for target in package.targets {
        if target.name == "Registry" { target.dependencies.append("Sanitizing") }
        target.exclude += comparing[target.name] ?? []
        target.dependencies.removeAll { if case .productItem = $0 { true } else { false } }
    }
}

/// libFuzzer's programs, which only its sanitizer can link, and what they feed: of the control plane and the command line, what reads files.
@MainActor func keepFuzzers() {
    let packages: Set = ["swift-argument-parser", "swift-crypto", "yams"]
    let reading: [Target] = [
        .target(
            name: "ControlPlane", dependencies: ["Registry", "Decisions", yams, crypto], path: "Sources/ControlPlane",
            sources: ["Files", "Limits.swift"],
            swiftSettings: settings),
        .target(
            name: "Command", dependencies: ["ControlPlane", yams, argumentParser], path: "Sources/Command", sources: ["Settings"],
            swiftSettings: settings),
    ]
    let fuzzers = package.targets.filter { ["FuzzBytes", "FuzzFiles"].contains($0.name) }.map { tests in
        Target.executableTarget(
            name: tests.name, dependencies: tests.dependencies.filter { if case .byNameItem("Support", _) = $0 { false } else { true } },
            path: tests.path, exclude: ["Replay"], swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])])
    }
    let kept: Set = ["Registry", "Wire", "Admission", "Decisions", "Exchange", "CTransport", "Transport"]
    package.products = []
    package.dependencies.removeAll { dependency in
        guard case .sourceControl(_, let location, _) = dependency.kind else { return true }
        return !packages.contains { location.lowercased().hasSuffix($0) }
    }
    package.targets = package.targets.filter { kept.contains($0.name) } + reading + fuzzers
}
