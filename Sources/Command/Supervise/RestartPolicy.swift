/// Whether and when to start again what died: not what could not even start, which somebody has to mend first. How long to wait before starting again what died: at once the first time, longer each time it keeps dying.
struct RestartPolicy: Sendable {
    /// Who ran this long was well: the next death is a first one.
    static let wellAfterMilliseconds: Int64 = 10_000
    /// The first wait that is one; each further one is twice as long.
    static let firstMilliseconds: Int64 = 200
    /// A fault that somebody has to mend is tried this often.
    static let longestMilliseconds: Int64 = 10_000

    private var deaths = 0

    /// Whether a process said, by its status (1 it cannot, 2 it was told nonsense), that its very first start is in vain: its port is
    /// taken, its settings are wrong. What once ran well, or was ended by a signal, is started again whatever it says.
    func isInVain(_ ending: ChildProcess.Ending, afterRunningMilliseconds milliseconds: Int64) -> Bool {
        guard deaths == 0, milliseconds < RestartPolicy.wellAfterMilliseconds, case .exited(let status) = ending else { return false }
        return status == 1 || status == 2
    }

    /// The wait after a death that came so long after the start.
    mutating func wait(afterRunningMilliseconds milliseconds: Int64) -> Int64 {
        if milliseconds >= RestartPolicy.wellAfterMilliseconds { deaths = 0 }
        deaths += 1
        guard deaths > 1 else { return 0 }
        return min(RestartPolicy.firstMilliseconds << Int64(min(deaths - 2, 10)), RestartPolicy.longestMilliseconds)
    }
}
