import Decisions
import Exchange
import Registry

// Decisions that are looked up: by nobody in particular, at any time, or not at all.
extension Simulator {
    /// A question on its way to whoever reads the log.
    struct Asked {
        let loop: Int
        let handle: ConnectionHandle
        let question: DecisionQuestion
        let call: Call
    }

    /// The loop is to look something up: the moment at which the request was judged.
    func didAsk(_ end: End, _ question: DecisionQuestion?) {
        guard let talk = end.client, let call = talk.call, call.verdict == nil, end.taken >= call.headEnd, let question else {
            return fail("something is looked up that nobody asked for")
        }
        guard case .asked = judge(call, on: end.loop) else { return fail("request \(call.mark) is looked up, and was to be refused") }
        guard case .decision(let id?) = call.form.finding, RequestIdentifier(id) == question.asked,
            let key = call.form.key, scenery.keys[key].who?.name == question.application.text
        else { return fail("request \(call.mark) asks for something else, or for somebody else") }
        asked.append(Asked(loop: end.loop, handle: end.handle, question: question, call: call))
    }

    /// Somebody who asked is answered, whether they still wait or not.
    func answerAsked(_ step: Step) {
        let open = asked.indices.filter { !loops[asked[$0].loop].isStalled }
        guard !open.isEmpty else { return }
        let place = open[step.who % open.count]
        let one = asked[place]
        // Every fourth answer comes twice.
        if step.what % 4 != 3 { asked.remove(at: place) }
        let found: DecisionAnswer =
            switch step.size % 4 {
            case 0, 1: .explained(Pattern.spelt(one.call.mark))
            case 2: .unknown
            default: .busy
            }
        if one.call.found == nil { one.call.found = found }
        coverage.lookedUp += 1
        loops[one.loop].lookedUp(one, found)
    }

    /// The answer to what was looked up, or that nothing was found in time.
    func judgeFound(_ answer: inout ClientTalk.Answer, _ lines: HeadLines, _ call: Call, _ now: Int64) {
        let isLate = now - call.judgedAt >= Limits.lookUpMilliseconds * 1_000_000
        let (status, code): (Int, String?) =
            switch call.found {
            case .explained: (200, nil)
            case .unknown: (404, "GWDEC0001")
            case .busy, .tooLate: (503, "GWDEC0002")
            case nil: (isLate ? 503 : 0, "GWDEC0002")
            }
        if answer.status != status { fail("request \(call.mark) is answered with \(answer.status), what was looked up says \(status)") }
        answer.codes = code.map { [$0] } ?? []
        if case .explained(let bytes)? = call.found { answer.explanation = bytes }
        if !lines.has(Name.unkept) { fail("an answer about a decision may be kept by others") }
        if lines.has(Name.rate) { fail("RateLimit fields where no bucket is known") }
    }
}

extension LoopModel {
    /// Tells the exchange of an answer.
    func lookedUp(_ asked: Simulator.Asked, _ found: DecisionAnswer) {
        exchange.lookedUp(asked.handle, asked.question, found, at: now)
        observe()
        turn()
    }
}
