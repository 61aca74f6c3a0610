import Admission
import Registry

/// The policies and applications of all processes whose records are replayed, and the proposed policy.
struct ReplayRules {
    /// Applications' ids, from the replay's number 1 on.
    private(set) var names: [Identifier] = []
    /// Versions of the policies that records were judged by, in the order they come up.
    private(set) var versions: [String] = []

    let proposed: Policy?
    private var numbers: [Identifier: Int] = [:]
    /// Of the routes that the last records were judged by: what becomes of each under the proposed policy.
    private var fates: (routes: [Route], fates: [RouteFate])?

    init(proposed: Policy?) { self.proposed = proposed }

    /// What becomes of the calls of a recorded policy's route under the proposed one, or under its own where none is proposed.
    mutating func fate(ofRoute route: Int, under recorded: Policy) -> RouteFate {
        guard let proposed else { return .route(route) }
        // Many kinds of records have the same routes, and mostly the same array.
        if let fates, fates.routes == recorded.routes { return fates.fates[route] }
        let all = recorded.routes.map { proposed.routes.fate(of: $0, among: recorded.routes) }
        fates = (recorded.routes, all)
        return all[route]
    }

    /// The replay's number of an application.
    mutating func number(of application: Identifier) -> Int {
        if let number = numbers[application] { return number }
        names.append(application)
        numbers[application] = names.count
        return names.count
    }

    /// The way of records of this kind; `wall` is when the first of them was judged.
    mutating func course(of kind: RecordKind, by book: ReplayBook, at wall: WallTime) -> Course {
        let application = book.application(kind.application)
        let place = application.map { number(of: $0.id) } ?? 0
        guard let verdict = kind.verdict, let caller = kind.caller else { return Course(.unknown, .admitted, application: place) }
        if verdict.isOfForm || kind.route < 0 {
            return Course(step(ofForm: verdict, route: kind.route, under: book.policy(kind.rules)), verdict, application: place)
        }
        guard let policy = book.policy(kind.rules), policy.routes.indices.contains(kind.route) else {
            return Course(.unknown, verdict, application: place)
        }
        if !versions.contains(policy.version) { versions.append(policy.version) }
        var decision = Decision()
        (decision.caller, decision.wallNanoseconds) = (caller, wall.nanoseconds)
        let recorded = Stations(decision: decision, application: application, policy: policy, route: policy.routes[kind.route])
        var course = Course(.unknown, verdict, application: place)
        if verdict.tellsLevel { course.recorded = terms(of: recorded) }
        let judging = proposed ?? policy
        course.kept = kept(course.recorded, recorded, under: judging)
        switch fate(ofRoute: kind.route, under: policy) {
        case .route(let route):
            lead(&course, Stations(decision: decision, application: application, policy: judging, route: judging.routes[route]), recorded)
        case .methodNotAllowed: course.step = .refused(.methodNotAllowed)
        case .noSuchRoute: course.step = .refused(.noSuchRoute)
        case .unknown: course.step = .unknown
        }
        return course
    }

    private func lead(_ course: inout Course, _ stations: Stations, _ recorded: Stations) {
        guard !course.verdict.precedesPolicy else { return course.step = .stands }
        do throws(Incomplete) {
            switch try stations.way() {
            case .refused(let slug): course.step = .refused(slug)
            case .failed: course.step = .stands
            case .byAddress: course.step = stations.chargesStrangers(as: recorded) ? .byAddress : .unknown
            case .byApplication: course.step = .byApplication
            }
        } catch {
            course.step = .unknown
        }
        course.proposed = terms(of: stations)
    }

    /// What throttling charges by; nil where it is not reached.
    private func terms(of stations: Stations) -> Terms? {
        let allowance: Allowance
        switch try? stations.way() {
        case .byAddress(let bucket): allowance = Allowance(bucket: bucket)
        case .byApplication(let found): allowance = found
        case .refused, .failed, nil: return nil
        }
        return Terms(
            scope: stations.route.scope, cost: stations.route.cost, allowance: allowance,
            days: DayClock(offsetMinutes: stations.policy.dayOffsetMinutes))
    }

    /// What an application's plan has under a policy for the scope that a call of its was recorded in.
    private func kept(_ recorded: Terms?, _ stations: Stations, under policy: Policy) -> Terms? {
        guard var terms = recorded, stations.decision.caller.key == .good, let application = stations.application,
            let allowance = policy.plan(of: application, at: WallTime(nanoseconds: stations.decision.wallNanoseconds))?[terms.scope]
        else { return nil }
        (terms.allowance, terms.days) = (allowance, DayClock(offsetMinutes: policy.dayOffsetMinutes))
        return terms
    }
}
