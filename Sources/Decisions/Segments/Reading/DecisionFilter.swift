package import Registry

/// Which records somebody wants; what is nil does not matter.
package struct DecisionFilter: Sendable {
    /// Judged within these times, in wall nanoseconds.
    package var wall = TimeSpan(first: .min, last: .max)
    /// Of one of these applications.
    package var applications: Set<Identifier>?
    /// With one of these verdicts.
    package var verdicts: Set<Verdict>?
    /// Answered with one of these; 0 where no answer was.
    package var statuses: Set<UInt16>?
    /// Of one of these routes.
    package var routes: Set<Identifier>?
    /// Of a route of one of these scopes.
    package var scopes: Set<Scope>?

    /// All records.
    package init() {}
}

extension Verdict {
    /// All refusals.
    package static var refusals: Set<Verdict> { Set((1...UInt8.max).compactMap(Verdict.init(rawValue:))) }
}

/// A filter in the fact numbers of one segment.
struct BoundFilter {
    /// What is read to decide.
    let columns: DecisionColumns

    private let wall: TimeSpan
    private let isTimed: Bool
    /// Fact numbers, sorted; and the same by the places that summaries speak of.
    private let applications: [UInt32]?
    private let applicationBits: [UInt64]
    /// By code and by the lowest six bits.
    private let verdicts: UInt64
    private let statuses: Set<UInt16>?
    private let statusBits: UInt64
    /// By fact number of the rules: the routes' indexes.
    private let routes: [UInt32: Set<UInt64>]?
    private let routeBits: UInt64

    init(_ filter: DecisionFilter, in segment: borrowing SegmentReader) {
        wall = filter.wall
        isTimed = wall != TimeSpan(first: .min, last: .max)
        let numbers = filter.applications.map { BoundFilter.numbers(of: $0, in: segment.facts) }
        applications = numbers
        applicationBits = BoundFilter.bits(of: numbers ?? [], in: segment.applications)
        verdicts = filter.verdicts?.reduce(0) { $0 | 1 &<< UInt64($1.rawValue & 63) } ?? .max
        statuses = filter.statuses
        statusBits = filter.statuses?.reduce(0) { $0 | 1 &<< UInt64($1 & 63) } ?? .max
        let isRouted = filter.routes != nil || filter.scopes != nil
        let indexes = isRouted ? BoundFilter.indexes(of: filter, in: segment.facts) : nil
        routes = indexes
        routeBits = indexes?.values.joined().reduce(0) { $0 | 1 &<< ($1 & 63) } ?? .max
        var columns: [DecisionColumn] = isTimed ? [.wall] : []
        if numbers != nil { columns.append(.application) }
        if filter.verdicts != nil { columns.append(.verdict) }
        if filter.statuses != nil { columns.append(.status) }
        if isRouted { columns += [.rules, .route] }
        self.columns = DecisionColumns(columns)
    }

    /// Whether a block may hold something; false where it surely does not.
    func mayHold(_ block: BlockSummary) -> Bool {
        guard block.count > 0, block.wall.meets(wall), block.verdicts & verdicts != 0, block.statuses & statusBits != 0,
            block.routes & routeBits != 0
        else { return false }
        guard applications != nil, !block.applications.isEmpty else { return applications?.isEmpty != true }
        return zip(block.applications, applicationBits).contains { $0 & $1 != 0 }
    }

    /// Names the records that it lets through, of a block with its columns read.
    func select(_ block: borrowing DecisionBlock, _ selection: inout [Int]) {
        selection.removeAll(keepingCapacity: true)
        for index in 0..<block.count where matches(block, index) { selection.append(index) }
    }

    private func matches(_ block: borrowing DecisionBlock, _ index: Int) -> Bool {
        if let applications {
            let number = UInt32(truncatingIfNeeded: block[.application, index])
            guard SealedSegmentWriter.place(of: number, in: applications) != nil else { return false }
        }
        if columns.contains(.verdict), verdicts &>> (block[.verdict, index] & 63) & 1 == 0 { return false }
        if isTimed, !wall.contains(Int64(bitPattern: block[.wall, index])) { return false }
        if let statuses, !statuses.contains(UInt16(truncatingIfNeeded: block[.status, index])) { return false }
        if let routes {
            let known = routes[UInt32(truncatingIfNeeded: block[.rules, index])]
            guard known?.contains(block[.route, index]) == true else { return false }
        }
        return true
    }

    private static func numbers(of identifiers: Set<Identifier>, in facts: [UInt32: Fact]) -> [UInt32] {
        facts.compactMap { number, fact in
            if case .application(let application) = fact, identifiers.contains(application.id) { number } else { nil }
        }.sorted()
    }

    private static func bits(of numbers: [UInt32], in applications: [UInt32]) -> [UInt64] {
        var bits = [UInt64](repeating: 0, count: (applications.count + 63) / 64)
        for (place, number) in applications.enumerated() where numbers.contains(number) { bits[place / 64] |= 1 << UInt64(place % 64) }
        return bits
    }

    private static func indexes(of filter: DecisionFilter, in facts: [UInt32: Fact]) -> [UInt32: Set<UInt64>] {
        var indexes: [UInt32: Set<UInt64>] = [:]
        for (number, fact) in facts {
            guard case .rules(let policy, _) = fact else { continue }
            let fitting = policy.routes.indices.filter { index in
                let route = policy.routes[index]
                return filter.routes?.contains(route.id) != false && filter.scopes?.contains(route.scope) != false
            }
            indexes[number] = Set(fitting.map { UInt64($0) })
        }
        return indexes
    }
}
