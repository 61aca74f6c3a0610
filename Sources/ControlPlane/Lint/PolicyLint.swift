package import Registry

/// Where lint learns which applications there are.
package enum LintedApplications: Sendable {
    /// As people decided, with what applications have on top of their plans.
    case registry([RegisteredApplication], extra: [Identifier: ExtraQuota] = [:])
    /// As partner files of this folder declare, where there is no registry yet.
    case partners(directory: String)
}

/// Everything valid in a folder's policy files that is surely not meant, sorted; where they are not valid, only why.
package func lintPolicy(policiesDirectory: String, for applications: LintedApplications) -> [LintFinding] {
    var faults = FaultList()
    let (plans, routes) = readPolicyFiles(policiesDirectory, into: &faults)
    CrossCheck.policy(plans, routes, into: &faults)
    var holders: [PlanHolder] = []
    switch applications {
    case .registry(let registered, let extra):
        holders = registered.map { PlanHolder($0, extra: extra[$0.declaration.id], defaults: plans?.defaults ?? [:]) }
    case .partners(let directory):
        let files = readPartnerFiles(directory, into: &faults)
        CrossCheck.partners(files, plans: plans, into: &faults)
        holders = files.flatMap { PlanHolder.all(in: $0.declaration, defaults: plans?.defaults ?? [:]) }
    }
    guard faults.faults.isEmpty, let plans, let routes else { return faults.faults.map(LintFinding.init).sorted() }
    let files = LintedFiles(plans: plans, routes: routes, holders: holders)
    return (RouteLint.findings(files) + PlanLint.findings(files) + CapacityLint.findings(files)).sorted()
}

/// An application as far as lint is concerned: what it may spend.
struct PlanHolder {
    var id: Identifier
    /// Its plan, or the one it would get; nil where there is none for it.
    var plan: Identifier?
    /// What it was granted, or asks for while it was granted nothing.
    var scopes: ScopeSet
    /// Whether the grant was made: then the plan must serve it.
    var isGranted: Bool
    /// Whether its production keys work.
    var isLive: Bool
    /// Per cent on top of its plan, for a time.
    var extraPercent: UInt16 = 0

    init(_ application: RegisteredApplication, extra: ExtraQuota?, defaults: [PartnerKind: Located<Identifier>]) {
        extraPercent = extra?.percent ?? 0
        id = application.declaration.id
        plan = application.plan ?? application.declaration.plan ?? defaults[application.kind]?.value
        isGranted = !application.granted.isEmpty
        scopes = isGranted ? application.granted : application.declaration.scopes
        isLive = application.lifecycle.state == .live
    }

    private init(_ application: ApplicationDeclaration, defaultPlan: Identifier?) {
        id = application.id
        plan = application.plan ?? defaultPlan
        scopes = application.granted ?? application.scopes
        isGranted = false
        isLive = application.state == .live
    }

    static func all(in partner: PartnerDeclaration, defaults: [PartnerKind: Located<Identifier>]) -> [PlanHolder] {
        partner.applications.map { PlanHolder($0, defaultPlan: defaults[partner.kind]?.value) }
    }
}

/// What the rules of lint look at.
struct LintedFiles {
    var plans: PlansFile
    var routes: RoutesFile
    var holders: [PlanHolder]

    /// A scope's routes, public ones too.
    func routes(of scope: Scope) -> [Located<Route>] { routes.routes.filter { $0.value.scope == scope } }

    /// The fewest tokens a call of the scope costs; nil where it has no route.
    func leastCost(of scope: Scope) -> Int64? { routes(of: scope).map(\.value.cost).min() }

    /// Whether it is the plan of callers without a key.
    func isAnonymous(_ plan: Identifier) -> Bool { plans.anonymous?.value == plan }
}
