/// Every limit of the transport, with its unit in its name and its reason beside it.
enum TransportLimits {
    /// Bytes of the largest levels file read whole to carry it over: a million applications are 192 MiB.
    static let levelFileBytes = 1 << 28
    /// Bytes of the largest snapshot read: a million applications would be about 200 MiB.
    static let snapshotBytes = 1 << 28
    /// Looks for a new snapshot to let pass where the system could not give it, and for new files of TLS where they were refused, before the
    /// next try: a second for the one, twenty for the others, and no more of a file in vain.
    static let looksBetweenTries = 20
    /// Bytes from which on a block of memory is the kernel's again once it is free: a segment that is sealed, a snapshot that is read. Smaller
    /// ones are a segment's blocks, a MiB each: sealing would wait longer for the kernel's pages than for anything else.
    static let largeBlockBytes: Int32 = 4 << 20
    /// Bytes at the end of each thread's memory that are kept when they are free, for what it does next: three of these blocks.
    static let keptFreeBytes: Int32 = 4 << 20
    /// Events taken from the kernel at once: what a busy loop has waiting, in 3 KiB.
    static let eventsPerTurn = 256
    /// Connections taken from one listener in a turn, so that those that are open are served between: 64 cost a millisecond.
    static let acceptsPerTurn = 64
    /// Connections the kernel keeps until they are taken: what comes while a loop is held up for a second. The system has a limit too.
    static let waitingConnections: Int32 = 4_096
    /// Bytes not sent yet that a client's socket takes: steps of half of it are a reader's progress as we see it.
    static let unsentBytes: Int32 = 16_384
    /// Bytes read at once: 64 KiB carries a large answer in few calls and is one buffer for the whole loop.
    static let pieceBytes = 65_536
    /// Reads of one connection in a turn, so that a busy one does not starve the rest.
    static let readsPerTurn = 16
    /// Seconds that a TLS session ticket lives, and that a key seals tickets: a client that comes back within half an hour saves the
    /// signature, and no key is of use to a thief for more than an hour.
    static let ticketSeconds: Int64 = 1_800
    /// Certificates between a client's and its authority's: organisations have one or two.
    static let clientChainDepth: Int32 = 4
    /// Pairs of certificate and key of a listener: each is looked at where a client names a host.
    static let certificatePairs = 64
    /// Bytes of one TLS record: what OpenSSL seals at once.
    static let recordBytes = 16_384
    /// Handshakes that a loop goes on with in one turn: with an RSA key each is a millisecond, which every request meanwhile waits.
    static let handshakesPerTurn = 8
    /// Bytes of a file of clients' authorities or revoked certificates: the largest public lists have a few MiB.
    static let clientFileBytes = 1 << 24
    /// Replacing a certificate and then its key takes less: a start between the two waits so long for the second.
    static let replacementMilliseconds = 2_000
    /// How long a successor waits for a word of the data plane it replaces: it does nothing else meanwhile, and answers at once.
    static let handoverMilliseconds = 5_000
    /// Descriptors in one message to a successor: the kernel takes 253.
    static let descriptorsPerMessage = 128
    /// Bytes of such a message beside its descriptors: a version, a word, and a mark for each of them.
    static let messageBytes = 512
    /// Successors that may wait to be heard: one comes at a time.
    static let waitingSuccessors: Int32 = 4
    /// Bytes of a file read at once, on threads that have time.
    static let filePieceBytes = 65_536
    /// Bytes of inotify's news taken at once: what does not fit wakes the reader again.
    static let fileNewsBytes = 4_096
    /// Bytes of the boot's id: it has 36 and a line's end.
    static let bootIdentifierBytes = 64
    /// Locks of each kind in the levels file, part of its form: with as many loops as a machine has cores, two seldom want the same.
    static let levelLocksOfKind = 64
    /// Applications a new levels file has room for: 256 KiB; it doubles from there.
    static let firstLevelSlots = 1_024
    /// Numbers beyond this in a levels file, 36 years in nanoseconds, are damage: nothing is to overflow by them.
    static let mostLevelNanoseconds: Int64 = 1 << 60
    /// Sockets that systemd may hand over: more than anyone listens on.
    static let activatedSockets = 64
    /// Records of one loop that wait to be written: a third of a second at 50,000 requests a second, in 2 MiB; a power of two.
    static let decisionsWaiting = 16_384
    /// Between two looks at the loops' records: what a killed process loses at most, and some waiting for the disk.
    static let decisionTurnMilliseconds = 20
    /// Between two looks at a segment's age and at all segments' size.
    static let decisionLookNanoseconds: Int64 = 5_000_000_000
    /// How long an endpoint's place is believed to be the same endpoint's.
    static let endpointSpellingNanoseconds: Int64 = 1_000_000_000
    /// Between two segments that are removed because the disk is full.
    static let madeRoomNanoseconds: Int64 = 1_000_000_000
    /// Between two looks for segments to seal.
    static let sealingPauseMilliseconds = 1_000
    /// How old a live segment gets before it is sealed.
    static let segmentNanoseconds: Int64 = 600_000_000_000
    /// Questions about decisions that wait to be looked up: at some ten milliseconds each the last has its answer in time.
    static let decisionQuestions = 64
    /// Until a request that has just ended is looked for once more: three turns of the log.
    static let secondLookMilliseconds = 60
    /// How old an id may be for its record to be still on its way: what takes longer than this ends while others ask.
    static let freshRecordNanoseconds: Int64 = 60_000_000_000
    /// Changes told with an explanation, the latest: more in two days nobody reads.
    static let explainedChanges = 100
    /// How long a local page waits for whoever connected, who is on this machine, in seconds.
    static let localPageSeconds = 2
    /// Bytes of a request for a local page: a program of this machine writes a few hundred.
    static let localPageHeadBytes = 8_192
    /// Between two tries to take a connection where the system has no descriptor for it.
    static let localPagePauseMilliseconds = 100
    /// Bytes of log lines that wait for a reader who stalls: more than a thousand lines, of which the first tell most.
    static let waitingLineBytes = 1 << 18
    /// How long a process's end waits for its last lines to be taken: less than a supervisor gives it beyond its time to drain.
    static let lastLinesMilliseconds = 300
}
