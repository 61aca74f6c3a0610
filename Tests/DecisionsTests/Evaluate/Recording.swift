import Admission
import Decisions
import Registry
import Support
import Testing

/// Records a request from what admission was given and gave, as a recorder would: levels are read before the call, by asking copies of them
/// for nothing.
extension RandomWorld {
    mutating func record(_ request: RequestFacts) -> Decision {
        var decision = Decision()
        (decision.wallNanoseconds, decision.monotonicNanoseconds) = (now.wall.nanoseconds, now.monotonic.nanoseconds)
        let route = snapshot.policy.routes[request.route]
        (decision.route, decision.cost) = (Int16(request.route), UInt32(route.cost))
        let credential = self.credential(of: request)
        readLevels(for: request, credential, into: &decision)
        var before: LevelBefore?
        do throws(Refusal) {
            before = try admit(request)
            decision.rule = credential == nil ? .anonymousBucket : .bucket
        } catch {
            decision.verdict = .refused(problem(for: error).slug)
            (decision.rule, decision.waitNanoseconds) = deciding(error, isKnown: credential != nil)
            before = level(of: error)?.before
        }
        if let before {
            let found = (before.debtNanoseconds, before.dayRemaining, before.inFlight)
            #expect(found == (decision.debtNanoseconds, decision.dayRemaining, decision.inFlight))
        }
        // Nobody needs the level of a bucket that was not asked.
        if decision.rule == .none, random.chance(1, in: 2) {
            (decision.debtNanoseconds, decision.dayRemaining, decision.inFlight) = (0, -1, -1)
        }
        decision.caller = caller(of: request, credential, verdict: decision.verdict)
        return decision
    }

    private func level(of refusal: Refusal) -> LevelReading? {
        switch refusal {
        case .rateLimited(_, let level), .dailyQuota(_, let level), .tooManyInFlight(let level): level
        default: nil
        }
    }

    func credential(of request: RequestFacts) -> CredentialRecord? {
        guard case .digest(let digest, _) = request.key, let index = snapshot.credential(digest) else { return nil }
        return snapshot.credentials[index]
    }

    private func readLevels(for request: RequestFacts, _ credential: CredentialRecord?, into decision: inout Decision) {
        let scope = snapshot.policy.routes[request.route].scope
        if let credential, credential.isGood(at: now.wall) {
            guard let allowance = snapshot.allowance(ofApplication: credential.application, for: scope, at: now.wall) else { return }
            var levels = spendable.levels[credential.application]
            let charge = levels.charge(0, for: scope, under: allowance, counting: nil, by: snapshot.days, at: now)
            decision.debtNanoseconds = max(0, charge.level.arrival - now.monotonic.nanoseconds)
            decision.dayRemaining = charge.dayRemaining
            if allowance.concurrency > 0 { decision.inFlight = Int32(spendable.inFlight[credential.application][scope]) }
        } else if case .none = request.key {
            guard let bucket = snapshot.anonymousBucket(for: scope) else { return }
            decision.debtNanoseconds = debt(in: spendable.anonymous, of: request.address, for: scope, under: bucket)
        } else {
            decision.debtNanoseconds = debt(
                in: spendable.failures, of: request.address, for: .identity, under: AdmissionLimits.failureRule)
        }
    }

    private func debt(in store: KeptAddresses, of address: Address, for scope: Scope, under rule: BucketRule) -> Int64 {
        let level = store.copy.table.take(cost: 0, of: address, for: scope, under: rule, at: now.monotonic).level
        return max(0, level.arrival - now.monotonic.nanoseconds)
    }

    private mutating func deciding(_ refusal: Refusal, isKnown: Bool) -> (DecidingRule, Int64) {
        switch refusal {
        case .rateLimited(let wait, _): (isKnown ? .bucket : .anonymousBucket, wait)
        case .dailyQuota(let wait, _): (.day, wait)
        case .tooManyFailures(let wait): (.failures, wait)
        case .tooManyInFlight: (.concurrency, random.pick([0, 1_000_000_000]))
        default: (.none, 0)
        }
    }

    private mutating func caller(of request: RequestFacts, _ credential: CredentialRecord?, verdict: Verdict) -> CallerFacts {
        let application = credential.map { snapshot.applications[$0.application] }
        let (key, spelt) = spelling(of: request.key, credential)
        // What was refused before a station need not say what the station would have seen.
        let isEarly = verdict.slug.map { RandomWorld.early.contains($0) } ?? false
        let isBound = !(application?.certificates.isEmpty ?? true)
        let demandsCitizen = snapshot.policy.routes[request.route].identities == .applicationAndCitizen
        return CallerFacts(
            key: key, spelt: spelt, registered: credential?.environment ?? .sandbox,
            isAddressRefused: application.map { isOff($0.allowedAddresses, request.address) } ?? false,
            citizen: !demandsCitizen || isEarly && random.chance(1, in: 2) ? .notRead : citizen(request.citizen, application),
            certificate: !isBound || isEarly && random.chance(1, in: 2) ? .notRead : certificate(request.certificate, application))
    }

    /// What is refused before certificate and citizen are asked for.
    private static let early: Set<ProblemSlug> = [
        .missingKey, .unknownKey, .mistypedKey, .revokedKey, .tooManyFailures, .applicationState, .wrongEnvironment, .addressNotAllowed,
    ]

    private func spelling(of key: PresentedKey, _ credential: CredentialRecord?) -> (CallerFacts.Key, Environment) {
        switch key {
        case .none: (.none, .sandbox)
        case .foreign: (.foreign, .sandbox)
        case .mistyped: (.mistyped, .sandbox)
        case .digest(_, let environment): (credential.map { $0.isGood(at: now.wall) ? .good : .ended } ?? .unknown, environment)
        }
    }

    private func citizen(_ token: CitizenToken, _ application: ApplicationRecord?) -> CallerFacts.Citizen {
        switch token {
        case .none: .none
        case .malformed: .malformed
        case .opaque: .fitting
        case .obtainedThrough(let other): other == application?.id ? .fitting : .foreign
        }
    }

    private func certificate(_ shown: Digest?, _ application: ApplicationRecord?) -> CallerFacts.Certificate {
        guard let shown else { return .none }
        return application?.certificates.contains(shown) == true ? .fitting : .foreign
    }

    /// Whether the address is outside each block, compared bit by bit.
    private func isOff(_ ranges: [AddressRange], _ address: Address) -> Bool {
        func bits(_ address: Address) -> [Bool] {
            [address.high, address.low].flatMap { half in (0..<64).map { half >> UInt64(63 - $0) & 1 == 1 } }
        }
        return !ranges.isEmpty && !ranges.contains { bits($0.base).prefix($0.prefixLength) == bits(address).prefix($0.prefixLength) }
    }
}
