extension Schedule {
    /// How often each kind of step comes, by the temper of a schedule: all sorts of trouble at once hide one another.
    private static let tempers: [[(Step.Kind, Int)]] = [
        [
            (.call, 30), (.answer, 30), (.serve, 10), (.explain, 3), (.wait, 6), (.connect, 6), (.trickle, 4), (.more, 4), (.publish, 1),
            (.volley, 1),
            (.garbage, 1),
        ],
        [
            (.call, 20), (.answer, 16), (.serve, 4), (.explain, 2), (.more, 6), (.disturb, 14), (.door, 8), (.roster, 3), (.wait, 8),
            (.connect, 4),
            (.trickle, 3),
            (.leave, 2),
            (.drain, 1), (.stall, 1),
        ],
        [
            (.call, 24), (.open, 4), (.trickle, 8), (.slow, 10), (.finish, 4), (.leave, 5), (.wait, 9), (.answer, 18), (.serve, 5),
            (.explain, 4),
            (.more, 8),
            (.connect, 8),
            (.garbage, 2), (.drain, 1),
        ],
        [
            (.volley, 16), (.call, 14), (.answer, 6), (.serve, 12), (.explain, 3), (.wait, 14), (.jump, 6), (.publish, 6), (.stall, 4),
            (.connect, 5),
            (.leave, 1),
        ],
        [
            (.call, 14), (.open, 5), (.volley, 4), (.garbage, 4), (.trickle, 6), (.finish, 3), (.leave, 4), (.slow, 4), (.answer, 14),
            (.explain, 3),
            (.serve, 5),
            (.more, 5),
            (.disturb, 6), (.door, 3), (.roster, 1), (.wait, 8), (.jump, 2), (.publish, 2), (.stall, 2), (.drain, 1), (.connect, 6),
        ],
    ]

    /// The schedule of a seed: 20 to 60 steps.
    package init(seed: UInt64) {
        var noise = Noise(seed: seed)
        let temper = Schedule.tempers[noise.pick(Schedule.tempers.count)]
        let total = temper.reduce(0) { $0 + $1.1 }
        let isCut = noise.pick(3) > 0
        loops = noise.pick(4) == 0 ? 2 : 1
        endpoints = noise.pick(3) == 0 ? 3 : 1
        steps = [Step(.connect, noise.pick(4), noise.pick(4), 0, 0, 0)]
        for _ in 0..<20 + noise.pick(41) {
            var place = noise.pick(total)
            var kind = Step.Kind.wait
            for (candidate, weight) in temper {
                kind = candidate
                if place < weight { break }
                place -= weight
            }
            steps.append(Schedule.step(kind, isCut: isCut, &noise))
        }
    }

    private static func step(_ kind: Step.Kind, isCut: Bool, _ noise: inout Noise) -> Step {
        let cut = isCut && noise.pick(2) > 0 ? 1 + noise.pick(9_999) : 0
        let part = noise.pick(5) == 0 ? 1 + noise.pick(15) : 0
        return switch kind {
        case .connect, .open, .finish, .leave, .stall, .drain: Step(kind, noise.pick(8), noise.pick(8), 0, 0, cut)
        case .call: Step(kind, noise.pick(8), form(&noise), size(&noise), part, cut)
        case .answer: Step(kind, noise.pick(8), noise.pick(2) * noise.pick(StoreForm.allCases.count), size(&noise), part, cut)
        case .serve: Step(kind, 0, 0, 1 + noise.pick(20), 0, cut)
        case .volley: Step(kind, noise.pick(8), form(&noise), noise.pick(8), 0, cut)
        case .garbage, .disturb: Step(kind, noise.pick(8), noise.pick(32), 0, part, cut)
        case .explain: Step(kind, noise.pick(8), noise.pick(4), noise.pick(4), 0, cut)
        case .trickle, .more: Step(kind, noise.pick(8), 0, 0, noise.pick(3) == 0 ? part : 0, cut)
        case .slow: Step(kind, noise.pick(8), noise.pick(3), noise.pick(3_000), 0, cut)
        case .door: Step(kind, noise.pick(6), noise.pick(2) * noise.pick(5), 0, 0, cut)
        case .roster: Step(kind, noise.pick(6), 0, 0, 0, cut)
        case .wait: Step(kind, 0, 0, noise.pick(10), 0, cut)
        case .jump: Step(kind, 0, noise.pick(2), noise.pick(6), 0, 0)
        case .publish: Step(kind, noise.pick(8), noise.pick(4), 0, 0, cut)
        }
    }

    /// Three of four requests are of the first forms, which may pass.
    private static func form(_ noise: inout Noise) -> Int { noise.pick(noise.pick(4) == 0 ? Form.all.count : Form.passing.count) }

    /// Large bodies are few: they are what a schedule's time goes to.
    private static func size(_ noise: inout Noise) -> Int { noise.pick(24) == 0 ? 12 + noise.pick(4) : noise.pick(12) }
}
