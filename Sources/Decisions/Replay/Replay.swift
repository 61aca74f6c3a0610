import Admission
package import Registry

/// Runs a proposed policy over recorded requests, in their order and timing: who would have been refused, who let in. What it keeps is bounded by
/// applications and their scopes, and by what was in flight at once; never by the records.
///
/// Levels begin as the first record found them and then move by the proposed verdicts. Where a record finds its bucket otherwise than the records
/// before it would have left it – a restart without levels, records that were dropped or are still to come, two loops that met in another order –
/// the proposed bucket is moved by as many tokens. So the same policy gives the same verdicts, whatever the log lacks.
///
/// What a record does not say is unknown where the proposed policy asks otherwise than the recorded one. A caller without a key: its address is not on
/// record, so where its scope's bucket, or the price of a call that is charged to that bucket, is another, nobody can say. A refusal of form: neither path
/// nor query nor body is on record, so where the routes, the route's parameters or its largest body are others, nobody can say. A call whose form was good
/// is taken to be good under the proposed policy too. Calls find routes by method and path, as in the gateway, whatever the routes' ids; which digits a
/// template had is not on record either.
package struct Replay {
    /// What has to be read of each record.
    package let columns: DecisionColumns

    private var rules: ReplayRules
    private var books: [ReplayBook] = []
    private var segments = ReplaySegments()
    private var standings: [Standing] = [Standing()]
    private var tallies: [ReplayTally] = [ReplayTally()]
    private var slots = EndingFirst<HeldSlot>()
    private let countsInFlight: Bool
    /// How long admitted requests took, of all applications.
    private var took = MeanDuration()
    private var last: Moment?

    /// A replay of this policy, or of each record's own where there is none: then whatever does not agree is a fault in the log or in the gateway.
    package init(proposing policy: Policy?) {
        rules = ReplayRules(proposed: policy)
        countsInFlight = policy.map { $0.plans.contains { $0.allowances.contains { ($0?.concurrency ?? 0) > 0 } } } ?? true
        let judged: [DecisionColumn] = [
            .wall, .monotonic, .application, .rules, .route, .caller, .verdict, .debt, .dayRemaining, .wait,
        ]
        columns = DecisionColumns(judged + (countsInFlight ? [.inFlight, .total] : []))
    }

    /// Judges the next records: these of a block of this segment, in the order of their time.
    package mutating func take(_ block: borrowing DecisionBlock, _ places: ArraySlice<Int>, of segment: SegmentReader) {
        guard let first = places.first else { return }
        let book = enter(segment, at: block.moment(first))
        let columns = ReplayColumns(block, withInFlight: countsInFlight)
        for place in places {
            let kind = columns.kind(place)
            let index = books[book].courses.index(of: kind) ?? add(kind, to: book, wall: columns.found(place).now.wall)
            judge(columns.found(place), books[book].courses[index])
        }
        last = block.moment(places[places.endIndex - 1])
    }

    /// What it came to so far.
    package var report: ReplayReport { ReplayReport(tallies, names: rules.names, policies: rules.versions) }

    /// Of all applications, so far.
    var counts: ReplayCounts { tallies.reduce(into: ReplayCounts()) { $0 += $1.counts } }

    /// The book of the segment's process. In another run of the machine, monotonic times begin anew, and nothing is in flight any more.
    private mutating func enter(_ segment: SegmentReader, at now: Moment) -> Int {
        let entered = segments.enter(segment, books: &books)
        if entered.isOtherRun, let last {
            let passed = max(0, now.wall.nanoseconds &- last.wall.nanoseconds)
            let shift = now.monotonic.nanoseconds &- last.monotonic.nanoseconds &- passed
            for index in standings.indices { standings[index].shift(by: shift) }
            slots = EndingFirst()
        }
        return entered.book
    }

    private mutating func add(_ kind: RecordKind, to book: Int, wall: WallTime) -> Int {
        let course = rules.course(of: kind, by: books[book], at: wall)
        while tallies.count <= course.application {
            tallies.append(ReplayTally())
            standings.append(Standing())
        }
        return books[book].courses.add(course, of: kind)
    }

    private mutating func judge(_ found: Found, _ course: Course) {
        if !slots.isEmpty { giveBack(until: found.now.monotonic) }
        if let recorded = course.recorded, let kept = course.kept {
            standings[course.application].follow(found, recorded, under: kept, course.verdict)
        }
        let outcome: Replayed
        switch course.step {
        case .stands: return tallies[course.application].noteStanding()
        case .unknown: return tallies[course.application].noteUnknown()
        case .refused(let slug): outcome = Replayed(verdict: .refused(slug), cause: .problem(slug))
        case .byAddress: outcome = byAddress(found, course)
        case .byApplication: outcome = standings[course.application].charge(found, course)
        }
        if countsInFlight { hold(found, course, isAdmitted: outcome.verdict == .admitted) }
        tallies[course.application].note(outcome, course.verdict)
    }

    /// Who shows no key has no levels here: the record tells what the address's bucket owed, and that it would have owed under the proposed policy too.
    private func byAddress(_ found: Found, _ course: Course) -> Replayed {
        guard let proposed = course.proposed else { preconditionFailure("such a course has terms") }
        let rule = proposed.allowance.bucket
        let owed = course.recorded == nil ? 0 : found.debtNanoseconds
        var level = Level(arrival: found.now.monotonic.nanoseconds &+ owed, capacity: rule.capacityNanoseconds)
        let wait = Admission.take(cost: proposed.cost, from: &level, under: rule, at: found.now.monotonic)
        return wait == 0 ? .admitted : Replayed(verdict: .refused(.rateLimited), cause: .rule(.anonymousBucket, proposed.scope))
    }

    /// Requests that are in flight under one policy and not under the other, until they end.
    private mutating func hold(_ found: Found, _ course: Course, isAdmitted: Bool) {
        let wasAdmitted = course.verdict == .admitted
        let end = found.now.monotonic.nanoseconds
        let recorded = wasAdmitted ? course.recorded.flatMap { $0.slot(of: course.application) } : nil
        let proposed = isAdmitted ? course.proposed.flatMap { $0.slot(of: course.application) } : nil
        if wasAdmitted, course.application > 0 {
            standings[course.application].took.add(found.durationNanoseconds)
            took.add(found.durationNanoseconds)
        }
        guard recorded != proposed else { return }
        if let recorded { differ(recorded, by: -1, until: end &+ found.durationNanoseconds) }
        guard let proposed else { return }
        let mean = standings[course.application].took.mean ?? took.mean ?? 0
        differ(proposed, by: 1, until: end &+ (wasAdmitted ? found.durationNanoseconds : mean))
    }

    private mutating func differ(_ slot: SlotPlace, by difference: Int32, until end: Int64) {
        standings[slot.application].inFlight[Int(slot.scope.rawValue)] += difference
        slots.insert(HeldSlot(slot: slot, difference: difference), endingAt: end)
    }

    private mutating func giveBack(until now: MonotonicTime) {
        while let ended = slots.next(by: now.nanoseconds) {
            standings[ended.slot.application].inFlight[Int(ended.slot.scope.rawValue)] -= ended.difference
        }
    }
}
