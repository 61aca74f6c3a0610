import Decisions
import Exchange
import Glibc
import Registry

/// Finds decisions in the folder's segments, and says what they are for whom they concern.
struct DecisionReading {
    let folder: SegmentFolder
    /// What was changed while sealed segments were written, by their stems: they never change again, and few have any.
    private var known: [String: SegmentChanges] = [:]

    init(folder: SegmentFolder) { self.folder = folder }

    /// What is to be told. Where the disk fails nobody knows, and the question may be asked again.
    mutating func answer(_ question: DecisionQuestion) -> DecisionAnswer {
        do {
            let names = [SegmentName](files: try folder.files())
            guard let found = try look(for: question.asked, in: names),
                case .application(let application)? = found.facts[found.decision.application], application.id == question.application
            else { return .unknown }
            let explanation = Explanation(of: found.decision, application: application, policy: found.facts[found.decision.rules]?.policy)
            return .explained(explanation.json(changes: try changes(around: found.decision, of: application.id, in: names)))
        } catch let fault as SystemFault where fault.number == ENOENT {
            // No folder: nothing was ever written.
            return .unknown
        } catch {
            return .busy
        }
    }

    /// The record of an id. Sealed segments say at their end what time their records are of; a live one has to be looked through.
    private func look(for id: RequestIdentifier, in names: [SegmentName]) throws -> SegmentLookup? {
        let meeting = names.meeting(id.wall)
        for name in meeting.filter(\.isSealed) + meeting.filter({ !$0.isSealed }) {
            let found = try read(name) { source, byteCount, isSealed -> SegmentLookup? in
                if isSealed, try !SegmentSummary(sealed: source, byteCount: byteCount).wall.meets(id.wall) { return nil }
                return try SegmentLookup(id, in: source, byteCount: byteCount)
            }
            if let found = found ?? nil { return found }
        }
        return nil
    }

    /// What changed for an application from a day before a request to a day after it, the latest first.
    private mutating func changes(around decision: Decision, of application: Identifier, in names: [SegmentName]) throws -> [[UInt8]] {
        let (time, day) = (decision.wallNanoseconds, DayClock.dayNanoseconds)
        let span = TimeSpan(first: time - day, last: time + day)
        let stems = Set(names.map(\.stem))
        known = known.filter { stems.contains($0.key) }
        var all: [AdoptedChange] = []
        for name in names.meeting(span) {
            guard let found = try changes(in: name) else { continue }
            for change in found.changes where span.contains(change.wallNanoseconds) {
                let both = [change.applicationBefore, change.applicationAfter]
                guard both.contains(where: { found.facts[$0]?.application?.id == application }) else { continue }
                all += AdoptedChange.all(of: change) { found.facts[$0] }
            }
        }
        return all.sorted { $0.time > $1.time }.prefix(TransportLimits.explainedChanges).map(\.json)
    }

    private mutating func changes(in name: SegmentName) throws -> SegmentChanges? {
        if let found = known[name.stem] { return found }
        let found = try read(name) { source, byteCount, isSealed in (try SegmentChanges(source, byteCount: byteCount), isSealed) }
        if let found, found.1 { known[name.stem] = found.0 }
        return found?.0
    }

    /// Gives a segment to `body`, in the form it has now; nil where it is gone, has only begun, or is damaged.
    private func read<Value>(_ name: SegmentName, _ body: (@escaping SegmentSource, Int, _ isSealed: Bool) throws -> Value) throws -> Value?
    {
        // It may have been sealed since the folder was listed.
        for form in [name, name.inOtherForm] {
            let descriptor = unsafe open("\(folder.path)/\(form.file)", O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else {
                guard errno == ENOENT else { throw SystemFault("open \(form.file)") }
                continue
            }
            defer { Glibc.close(descriptor) }
            var status = stat()
            guard unsafe fstat(descriptor, &status) == 0 else { throw SystemFault("look at \(form.file)") }
            guard status.st_size >= SegmentHeader.bytes else { return nil }
            do {
                return try body(SegmentSealing.source(descriptor), status.st_size, form.isSealed)
            } catch is SegmentDamage {
                return nil
            }
        }
        return nil
    }
}
