import Foundation
import Registry
import Support
import Synchronization
import Testing

@testable import Transport

/// Files replaced while connections are open, and keys of tickets.
struct CertificateWatchTests {
    private let now = MonotonicTime(nanoseconds: 1_000_000_000)

    private func put(_ pair: TestAuthority.Pair, at place: TLSFiles.Pair) throws {
        for (from, to) in [(pair.certificate, place.certificate), (pair.key, place.key)] {
            try Data(contentsOf: URL(fileURLWithPath: from)).write(to: URL(fileURLWithPath: to), options: .atomic)
        }
    }

    /// Looks until the files have rested.
    private func settle(_ watch: inout CertificateWatch) throws -> TLSContext? {
        #expect(try watch.look(at: now) == nil, "files that changed a moment ago may not be whole")
        return try watch.look(at: now)
    }

    @Test func `replaced files make a new context, a broken pair none, and connections go on`() throws {
        let (authority, folder) = (try TestAuthority(), try TemporaryDirectory())
        let place = TLSFiles.Pair(certificate: folder.path + "/tls.pem", key: folder.path + "/tls.key")
        let (old, new) = try (authority.issue("old", for: ["DNS:a.example"]), authority.issue("new", for: ["DNS:a.example"]))
        try put(old, at: place)
        var watch = CertificateWatch(TLSFiles(pairs: [place]), at: now)
        let client = try TLSContext.client(authorities: authority.certificate, pair: nil)
        let open = try SessionPair(server: try watch.first(), client: client)
        #expect(open.shake() == nil)
        #expect(try watch.look(at: now) == nil, "nothing changed")
        try Data(contentsOf: URL(fileURLWithPath: new.key)).write(to: URL(fileURLWithPath: place.key), options: .atomic)
        #expect(throws: TLSFault.self) { try settle(&watch) }
        #expect(try watch.look(at: now) == nil, "a refusal is told once")
        try put(new, at: place)
        let replaced = try #require(try settle(&watch))
        let second = try SessionPair(server: replaced, client: client)
        #expect(second.shake() == nil)
        #expect(second.client.fingerprint != open.client.fingerprint)
        #expect(open.send([1, 2, 3], on: open.client).count == 3)
        #expect(open.await(open.server).bytes == [1, 2, 3])
    }

    /// Reads of a file: the numbers of the system faults that the next ones make, and how many there were.
    private final class Reads: Sendable {
        let faults = Mutex<[Int32]>([])
        let count = Atomic<Int>(0)

        func read(_ path: String) throws -> [UInt8] {
            count.add(1, ordering: .relaxed)
            let fault = faults.withLock { $0.isEmpty ? nil : $0.removeFirst() }
            if let fault { throw SystemFault("open \(path)", number: fault) }
            return try FileReading.read(path, limitBytes: TransportLimits.clientFileBytes)
        }
    }

    @Test func `a revocation list that the system could not give is tried again, not at every look, and each reason told once`() throws {
        let (authority, reads) = (try TestAuthority(), Reads())
        let (server, leaf) = try (authority.issue("server", for: ["DNS:a.example"]), authority.issue("leaf"))
        let list = try authority.writeRevocations()
        let files = TLSFiles([server], clients: .required, authority: authority.certificate, revoked: list)
        var watch = CertificateWatch(files, at: now) { $0 == list ? try reads.read($0) : [] }
        _ = try watch.first()
        try authority.revoke(leaf)
        try authority.writeRevocations()
        reads.faults.withLock { $0 = [EMFILE, EMFILE, ENFILE] }
        var (contexts, told) = ([TLSContext](), [Int32]())
        for _ in 0..<TransportLimits.looksBetweenTries * 6 {
            do {
                if let context = try watch.look(at: now) { contexts.append(context) }
            } catch let fault as SystemFault { told.append(fault.number) }
        }
        #expect(told == [EMFILE, ENFILE])
        #expect(contexts.count == 1 && reads.count.load(ordering: .relaxed) == 5)
        let client = try TLSContext.client(
            authorities: authority.certificate, pair: TLSFiles.Pair(certificate: leaf.certificate, key: leaf.key))
        let session = try SessionPair(server: try #require(contexts.first), client: client)
        #expect(session.shake()?.server?.contains("revoked") == true)
    }

    @Test func `a start between the replacing of a certificate and of its key waits for the key`() throws {
        let (authority, folder) = (try TestAuthority(), try TemporaryDirectory())
        let place = TLSFiles.Pair(certificate: folder.path + "/tls.pem", key: folder.path + "/tls.key")
        let (old, new) = try (authority.issue("old"), authority.issue("new", for: ["DNS:a.example"]))
        try put(TestAuthority.Pair(certificate: new.certificate, key: old.key), at: place)
        var (watch, waits) = (CertificateWatch(TLSFiles(pairs: [place]), at: now), 0)
        let changed = try #require(FileReading.mark(place.key)).changedSeconds
        let context = try watch.first(
            by: { WallTime(seconds: Int64(changed) + 1) },
            meanwhile: {
                waits += 1
                if waits == 3 { try put(new, at: place) }
            })
        let session = try SessionPair(server: context, client: try TLSContext.client(authorities: authority.certificate, pair: nil))
        #expect(session.shake() == nil)
        #expect(waits == 3)
        try put(old, at: TLSFiles.Pair(certificate: place.certificate, key: folder.path + "/elsewhere"))
        for (age, most) in [(2, 10), (3, 0)] {
            var other = CertificateWatch(TLSFiles(pairs: [place]), at: now)
            let youngest = try [place.certificate, place.key].map { try #require(FileReading.mark($0)).changedSeconds }.max() ?? 0
            waits = 0
            #expect(throws: TLSFault.self) {
                try other.first(by: { WallTime(seconds: Int64(youngest + age)) }, meanwhile: { waits += 1 })
            }
            #expect(waits == most, "a pair that stays wrong is refused at last, and one that has rested at once")
        }
    }

    @Test func `the end of a certificate is told at 30, 7 and 1 days, each once`() throws {
        for (validity, told) in [(TestAuthority.Validity.days(40), false), (.days(29), true), (.days(6), true), (.ended, true)] {
            let authority = try TestAuthority()
            let pair = try authority.issue("server", validity)
            var watch = CertificateWatch(TLSFiles([pair]), at: now)
            _ = try watch.first()
            #expect(watch.endings().isEmpty != told)
            #expect(watch.endings().isEmpty)
        }
    }

    @Test func `the end of a revocation list is told within its last day and when it is over, each once`() throws {
        let authority = try TestAuthority()
        let server = try authority.issue("server", .days(60))
        for (hours, told) in [(25, [Int]()), (23, [0]), (-1, [-1])] {
            let lists = try authority.writeRevocations(hours: hours)
            let files = TLSFiles([server], clients: .optional, authority: authority.certificate, revoked: lists)
            var watch = CertificateWatch(files, at: now)
            _ = try watch.first()
            let endings = watch.endings()
            #expect(endings.map(\.daysLeft) == told && endings.allSatisfy { $0.isRevocationList && $0.path == lists })
            #expect(watch.endings().isEmpty)
        }
    }

    @Test func `a list that has ended beside its authority's next one is no end, another authority's is`() throws {
        let (authority, other, folder) = (try TestAuthority(), try TestAuthority("Another"), try TemporaryDirectory())
        let (server, leaf) = try (authority.issue("server", for: ["DNS:a.example"], .days(60)), authority.issue("leaf"))
        func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }
        let (ended, next) = try (text(authority.writeRevocations(hours: -1)), text(authority.writeRevocations(hours: 720)))
        let (otherEnded, otherNext) = try (text(other.writeRevocations(hours: -1)), text(other.writeRevocations(hours: 23)))
        for (lists, told) in [
            (ended + next, []), (next + ended, []), (next + otherEnded, [-1]), (ended + otherEnded + next + otherNext, [0]),
        ] {
            let path = try folder.write(lists, to: "revoked.pem")
            let files = TLSFiles([server], clients: .required, authority: authority.certificate, revoked: path)
            var watch = CertificateWatch(files, at: now)
            let context = try watch.first()
            #expect(watch.endings().map(\.daysLeft) == told)
            let client = try TLSContext.client(
                authorities: authority.certificate, pair: TLSFiles.Pair(certificate: leaf.certificate, key: leaf.key))
            #expect(try SessionPair(server: context, client: client).shake() == nil)
        }
    }

    @Test func `what core stores are shown is replaced like a listener's, for new connections`() throws {
        let (authority, folder) = (try TestAuthority(), try TemporaryDirectory())
        let place = TLSFiles.Pair(certificate: folder.path + "/own.pem", key: folder.path + "/own.key")
        let (old, new) = try (authority.issue("old"), authority.issue("new", .days(5)))
        try put(old, at: place)
        let store = try TLSContext.server(
            TLSFiles([authority.issue("store", for: ["DNS:a.example"])], clients: .required, authority: authority.certificate))
        var watch = CertificateWatch(TLSFiles(pairs: [place], authorities: authority.certificate), .coreStores, at: now)
        let open = try SessionPair(server: store, client: try watch.first())
        #expect(open.shake() == nil)
        #expect(watch.endings().map(\.path) == [place.certificate])
        try put(new, at: place)
        let second = try SessionPair(server: store, client: try #require(try settle(&watch)))
        #expect(second.shake() == nil)
        #expect(second.server.fingerprint != open.server.fingerprint)
        #expect(watch.endings().count == 1, "the new one's own end")
        #expect(open.send([1, 2, 3], on: open.client).count == 3)
        #expect(open.await(open.server).bytes == [1, 2, 3])
    }

    @Test func `a key of tickets seals for half an hour and opens for an hour`() {
        let keys = TicketKeys(at: now)
        func after(_ seconds: Int64) -> MonotonicTime { MonotonicTime(nanoseconds: now.nanoseconds + seconds * 1_000_000_000) }
        func state(_ key: TicketKeys.Key, at time: MonotonicTime) -> Bool? {
            keys.opening(key.name.span, at: time)?.isSealing
        }
        let first = keys.sealing(at: now)
        #expect(keys.sealing(at: after(1_799)).name == first.name)
        #expect(state(first, at: after(1_799)) == true)
        let second = keys.sealing(at: after(1_800))
        #expect(second.name != first.name && second.cipherKey != first.cipherKey && second.codeKey != first.codeKey)
        #expect(state(first, at: after(3_599)) == false)
        #expect(state(first, at: after(3_600)) == nil)
        #expect(state(second, at: after(3_599)) == true)
        #expect(state(TicketKeys(at: now).sealing(at: now), at: now) == nil)
    }
}
