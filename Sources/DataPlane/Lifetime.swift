import Registry
import Transport

/// The main thread's part while the loops serve: it waits for signals, for a successor, and tells systemd that all is well.
struct Lifetime {
    /// Why it is over.
    enum Ending {
        /// A signal asked for it.
        case asked
        /// A successor serves.
        case handedOver
    }

    let signals: Signals
    let notice: ServiceNotice
    /// nil where nobody may take over.
    let bequest: Bequest?
    let listeners: Listeners
    let pulses: [Pulse]
    /// What SIGUSR2 starts; nil where a supervisor starts successors.
    let successorProgram: (path: String, arguments: [String])?
    private var successor: SuccessorProcess?
    private var seen: [UInt64] = []
    private var nextSign: Int64 = 0

    init(
        signals: Signals, notice: ServiceNotice, bequest: Bequest?, listeners: Listeners, pulses: [Pulse],
        successorProgram: (path: String, arguments: [String])?
    ) {
        self.signals = signals
        self.notice = notice
        self.bequest = bequest
        self.listeners = listeners
        self.pulses = pulses
        self.successorProgram = successorProgram
    }

    /// Between two looks at what no descriptor tells: whether a successor has died, whether the loops turn.
    private static let lookMilliseconds: Int64 = 500

    /// Waits until this process is to stop accepting.
    mutating func wait() -> Ending {
        while true {
            let pause = min(Lifetime.lookMilliseconds, notice.watchdogMilliseconds.map { max(1, $0 / 4) } ?? .max)
            switch signals.wait(watching: bequest?.descriptors ?? [], milliseconds: Int32(pause)) {
            case .end: return .asked
            case .replace: startSuccessor()
            case nil: break
            }
            switch bequest?.look(giving: listeners) ?? .none {
            case .none: break
            case .asked: Log.note("info", "a successor has the sockets")
            case .handedOver: return .handedOver
            case .abandoned: stay("the successor ended before it was ready; this process goes on")
            }
            if let successor, let ending = successor.ending() {
                self.successor = nil
                stay("the successor (pid \(successor.pid)) \(ending); this process goes on")
            }
            giveSign()
        }
    }

    private mutating func startSuccessor() {
        guard let successorProgram, bequest != nil else {
            return Log.note(
                "warning", "SIGUSR2 does nothing here: 'gateway upgrade' replaces a supervised data plane, --handover any other")
        }
        guard successor == nil else { return Log.note("warning", "a successor is being started already") }
        notice.reloading(status: "starting a successor")
        do {
            let started = try SuccessorProcess(successorProgram.path, successorProgram.arguments)
            successor = started
            Log.note("info", "successor started", [("pid", String(started.pid))])
        } catch {
            stay("the successor could not be started: \(error)")
        }
    }

    private func stay(_ why: String) {
        Log.note("error", why)
        if successorProgram != nil { notice.ready(status: "serving; \(why)", asMainProcess: false) }
    }

    /// Says that all is well, if every loop has turned since it was said last.
    private mutating func giveSign() {
        guard let interval = notice.watchdogMilliseconds else { return }
        let now = SystemClock.now().monotonic.nanoseconds
        let beats = pulses.map(\.beats)
        guard now >= nextSign, seen.isEmpty || zip(seen, beats).allSatisfy({ $0 != $1 }) else { return }
        seen = beats
        nextSign = now + interval / 2 * 1_000_000
        notice.alive()
    }
}
