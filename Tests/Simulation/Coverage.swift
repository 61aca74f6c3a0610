/// What a run of schedules went through, so that a quiet simulator is told from a thorough one.
package struct Coverage: Sendable {
    /// Schedules run, and their steps.
    package var schedules = 0
    /// Steps by kind.
    package var steps = [Int](repeating: 0, count: Step.Kind.allCases.count)
    /// Requests sent by clients.
    package var requests = 0
    /// Requests by form.
    package var forms = [Int](repeating: 0, count: 64)
    /// Answers of core stores by form.
    package var storeForms = [Int](repeating: 0, count: 64)
    /// Heads of answers seen by clients, by status.
    package var statuses = [Int](repeating: 0, count: 600)
    /// Answers read to their end, and of those the core store's.
    package var answers = 0
    /// Answers passed on whole.
    package var relayed = 0
    /// Requests sent again.
    package var retries = 0
    /// Connections of clients that were closed.
    package var clients = 0
    /// Connections to core stores that were opened.
    package var upstreams = 0
    /// Faults reported for the log.
    package var reports = 0
    /// Endpoints that were ejected or came back, failed their checks or passed them.
    package var news = 0
    /// Checks of endpoints that reached one.
    package var probes = 0
    /// Decisions looked up.
    package var lookedUp = 0
    /// Answers read for clients that had left.
    package var departed = 0
    /// Calls into the exchange after which everything was checked.
    package var checks = 0

    /// Nothing yet.
    package init() {}

    /// Adds another run's.
    package mutating func add(_ other: Coverage) {
        func sum(_ left: inout [Int], _ right: [Int]) { for index in left.indices { left[index] += right[index] } }
        schedules += other.schedules
        sum(&steps, other.steps)
        requests += other.requests
        sum(&forms, other.forms)
        sum(&storeForms, other.storeForms)
        sum(&statuses, other.statuses)
        answers += other.answers
        relayed += other.relayed
        retries += other.retries
        clients += other.clients
        upstreams += other.upstreams
        reports += other.reports
        news += other.news
        probes += other.probes
        lookedUp += other.lookedUp
        departed += other.departed
        checks += other.checks
    }

    /// The figures in lines.
    package var text: String {
        let kinds = Step.Kind.allCases.map { "\($0) \(steps[Int($0.rawValue)])" }.joined(separator: ", ")
        let told = statuses.indices.filter { statuses[$0] > 0 }.map { "\($0): \(statuses[$0])" }.joined(separator: ", ")
        let forms = StoreForm.allCases.map { "\($0) \(storeForms[$0.rawValue])" }.joined(separator: ", ")
        return """
            steps      \(steps.reduce(0, +)) (\(kinds))
            requests   \(requests), answers \(answers), passed on \(relayed), sent again \(retries), faults reported \(reports)
            statuses   \(told)
            endpoints  \(probes) checks, \(news) changes of trust, \(lookedUp) decisions looked up, \(departed) requests whose clients left before the answer
            stores     \(upstreams) connections; answers: \(forms)
            clients    \(clients) connections
            checks     \(checks)
            """
    }
}
