import Registry

extension Explanation {
    /// The explanation as JSON; `changes` are JSON objects, the latest first.
    package func json(changes: [[UInt8]]) -> [UInt8] {
        var json = JSONText()
        json.object { json in
            json.member("id", decision.idText)
            json.member("time", WallTime(nanoseconds: decision.wallNanoseconds).timestamp())
            json.member("application", application?.text)
            json.member("route", route?.text)
            json.member("scope", scope?.name)
            json.member("verdict", decision.verdict.name)
            json.member("status", decision.status == 0 ? nil : Int64(decision.status))
            json.member("fault", decision.fault == .admitted ? nil : decision.fault.name)
            json.member("rule", scope.flatMap { decision.rule.name(scope: $0.name) })
            json.member("policy", policyVersion)
            json.member("level", isPresent: level != nil) { json in level?.write(to: &json) }
            json.member("cost", Int64(decision.cost))
            json.member("earliest", earliest?.timestamp())
            json.member("advice", advice)
            json.member("changes", list: changes)
            json.member("shadow", decision.shadow?.name)
            json.member("recomputed") { json in
                json.member("basis", evaluation.basis.name)
                json.member("verdict", evaluation.basis == .incomplete ? nil : evaluation.verdict.name)
                json.member("agrees", evaluation.agrees)
            }
        }
        return json.bytes
    }
}

extension Explanation.Level {
    fileprivate func write(to json: inout JSONText) {
        json.member("tokens", tokens)
        json.member("burst", burst)
        json.member("owedNanoseconds", owedNanoseconds)
        json.member("dayRemaining", dayRemaining)
        json.member("inFlight", inFlight)
    }
}

extension Decision {
    /// The request's id as its answer carried it: 32 lower-case hexadecimal digits.
    package var idText: String {
        [idHigh, idLow].map { half in
            let digits = String(half, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
