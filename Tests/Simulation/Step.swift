/// One thing that happens to the gateway. All numbers count: 0 is the plainest choice of each, so that shrinking a schedule is lowering numbers;
/// a number past what there is names one of those there are.
package struct Step: Hashable, Sendable {
    /// What happens.
    package enum Kind: UInt8, CaseIterable, Sendable {
        /// A client connects; `what` says from where, and from 4 on that it is not known yet whose the connection is.
        case connect
        /// It becomes known whose the oldest such connection is, by `what`, from 4 on by TLS; 7: nobody's.
        case open
        /// A client sends the request of form `what`, with a body of size class `size`; `part` sixteenths of it are withheld.
        case call
        /// A client sends `size` requests of form `what` at once.
        case volley
        /// A client sends bytes that are no request, of form `what`.
        case garbage
        /// A client sends more of what it withheld.
        case trickle
        /// A client sends no more; where `what` is odd, not even what it withheld.
        case finish
        /// A client's connection breaks.
        case leave
        /// A client reads only `size` bytes more; all where `what` is 0.
        case slow
        /// A core store answers what it has read, in form `what`, with a body of size class `size`; `part` sixteenths are withheld.
        case answer
        /// Core stores answer all they are asked, plainly, `size` requests at most.
        case serve
        /// A core store sends more of what it withheld.
        case more
        /// Something that was asked about a decision is answered, `what` and `size` say how.
        case explain
        /// A core store sends no more, breaks the connection, sends what nobody asked for, or reads slowly, by `what`.
        case disturb
        /// An endpoint takes new connections as `what` says.
        case door
        /// An endpoint's address goes away, or comes back.
        case roster
        /// So much time passes, by class `size`; loops tick.
        case wait
        /// The wall clock jumps by class `size`.
        case jump
        /// Snapshot `what` is published.
        case publish
        /// A loop's thread is not run for a while: it sees no event and no time.
        case stall
        /// A loop drains.
        case drain
    }

    /// What happens.
    package var kind: Kind
    /// To whom.
    package var who = 0
    /// In which way.
    package var what = 0
    /// How much.
    package var size = 0
    /// How much is withheld, in sixteenths.
    package var part = 0
    /// Seeds how bytes are cut and in which order connections are looked at; 0: whole, and in turn.
    package var noise = 0

    /// A step from its numbers.
    package init(_ kind: Kind, _ who: Int = 0, _ what: Int = 0, _ size: Int = 0, _ part: Int = 0, _ noise: Int = 0) {
        self.kind = kind
        self.who = who
        self.what = what
        self.size = size
        self.part = part
        self.noise = noise
    }
}

/// A schedule as one line of text: `loops 2 endpoints 1; connect; call 0 3 1; answer`, numbers at the end left out where they are 0.
package struct Schedule: Hashable, Sendable {
    /// Loops, each an exchange of its own over shared levels.
    package var loops = 1
    /// Endpoints of each core store; where there are several, the first loop checks their health.
    package var endpoints = 1
    /// In order.
    package var steps: [Step]

    /// A schedule from its parts.
    package init(loops: Int = 1, endpoints: Int = 1, steps: [Step]) {
        self.loops = loops
        self.endpoints = endpoints
        self.steps = steps
    }

    /// The schedule of that text, or nil.
    package init?(_ text: String) {
        var parts = text.split(separator: ";").map { $0.split(separator: " ") }
        guard let first = parts.first, first.count == 4, first[0] == "loops", let loops = Int(first[1]), first[2] == "endpoints",
            let endpoints = Int(first[3]), loops > 0, endpoints > 0
        else { return nil }
        parts.removeFirst()
        self.loops = loops
        self.endpoints = endpoints
        steps = []
        for part in parts {
            guard let kind = Step.Kind.allCases.first(where: { "\($0)" == part[0] }) else { return nil }
            var numbers = part.dropFirst().compactMap { Int($0) }
            guard numbers.count == part.count - 1, numbers.count <= 5 else { return nil }
            numbers += [Int](repeating: 0, count: 5 - numbers.count)
            steps.append(Step(kind, numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]))
        }
    }

    /// The text.
    package var text: String {
        let lines = steps.map { step in
            var numbers = [step.who, step.what, step.size, step.part, step.noise]
            while numbers.last == 0 { numbers.removeLast() }
            return (["\(step.kind)"] + numbers.map(String.init)).joined(separator: " ")
        }
        return (["loops \(loops) endpoints \(endpoints)"] + lines).joined(separator: "; ")
    }
}
