import Support

@testable import Registry

/// Snapshots for tests, with every kind of value in them.
enum SnapshotSample {
    static func identifier(_ text: String) -> Identifier {
        guard let identifier = Identifier(text) else { preconditionFailure("\(text) is no id") }
        return identifier
    }

    static var policy: Policy {
        let bucket = BucketRule(tokens: 100, periodNanoseconds: 300_000_000_000, burst: 100)
        let rich = Allowance(bucket: bucket, dayTokens: 50_000, concurrency: 20)
        let plans = [
            Plan(id: identifier("anonymous"), buckets: [.search: bucket, .metadata: bucket]),
            Plan(id: identifier("standard"), allowances: Dictionary(uniqueKeysWithValues: Scope.allCases.map { ($0, rich) })),
        ]
        let parameters = [
            Parameter(name: "date", form: .date, isRequired: true),
            Parameter(name: "pincode", form: .digits(least: 1, most: 6), isRequired: true),
            Parameter(name: "lat", form: .degrees, isRequired: false),
            Parameter(name: "vaccine", form: .oneOf(["A", "B C"]), isRequired: false),
        ]
        let routes = [RouteMethod.get, .post].map { method in
            Route(
                id: identifier("route-\(method.token.lowercased())"), method: method, path: "/api/{id}/x", parameters: parameters,
                scope: .search,
                cost: 3, identities: method == .get ? .anyone : .applicationAndCitizen, maximumBodyBytes: 4_096,
                timeouts: RouteTimeouts(firstByteMilliseconds: 5_000, requestMilliseconds: 15_000))
        }
        return Policy(
            version: String(repeating: "0a", count: 32), plans: plans, anonymousPlan: identifier("anonymous"),
            defaultPlans: [.app: identifier("standard"), .hospital: identifier("standard")], routes: routes,
            dayOffsetMinutes: -210, capacityPerSecond: [.search: 400, .booking: 1])
    }

    /// The same with one number changed.
    static func policy(version: String, burst: Int64) -> Policy {
        var changed = policy
        changed.version = version
        let bucket = BucketRule(tokens: 100, periodNanoseconds: 300_000_000_000, burst: burst)
        changed.plans[1].allowances[Int(Scope.search.rawValue)] = Allowance(bucket: bucket)
        return changed
    }

    /// A 64-bit word as the file has it.
    static func word(_ value: Int64) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: value >> Int64($0 * 8)) } }

    /// A payload under a true checksum: what a faulty writer, not a faulty disk, could leave.
    static func file(_ payload: [UInt8], version: UInt8 = SnapshotFile.formatVersion) -> [UInt8] {
        var header = ByteFormWriter()
        Array("PGWSNAP".utf8).forEach { header.write($0) }
        header.write(version)
        header.write(count: payload.count)
        header.write(UInt64(Checksum.crc32(payload.span)))
        return header.bytes + payload
    }

    static func snapshot(applications count: Int, using generator: inout SplitMix64) throws -> Snapshot {
        let applications = (0..<count).map { index in
            ApplicationRecord(
                id: identifier("application-\(index)"), partner: identifier("partner-\(index)"),
                state: ApplicationState.allCases[index % 12],
                ends: WallTime(nanoseconds: index % 2 == 0 ? .max : Int64(index)), scopes: ScopeSet(rawValue: UInt8(index % 128)),
                plan: identifier("standard"),
                allowedAddresses: index % 3 == 0
                    ? [] : [AddressRange(base: Address(high: generator.next(), low: generator.next()), prefixLength: index % 129)],
                certificates: (0..<index % 4).map { _ in Digest(generator.next(), generator.next(), generator.next(), generator.next()) },
                extra: index % 5 == 4 ? ExtraQuota(percent: UInt16(1 + index % 1_000), until: WallTime(nanoseconds: Int64(index))) : nil)
        }
        let states: [CredentialRecord.State] = [.active, .retiring, .revoked]
        let credentials = (0..<count * 2).map { index in
            CredentialRecord(
                digest: Digest(generator.next(), generator.next(), generator.next(), generator.next()), application: index / 2,
                environment: index % 2 == 0 ? .sandbox : .production, state: states[index % 3], until: WallTime(nanoseconds: Int64(index)))
        }
        let later = [(9_000, "later"), (5_000, "soon")].map { time, version in
            AnnouncedPolicy(from: WallTime(nanoseconds: time), policy: self.policy(version: version, burst: time))
        }
        return try Snapshot(
            revision: 42, policy: policy, applications: applications, credentials: credentials,
            shadow: self.policy(version: "tried", burst: 7), announced: later)
    }
}
