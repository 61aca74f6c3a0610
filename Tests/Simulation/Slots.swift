import Exchange
import Registry

// Who holds a slot among its application's requests in flight: a request from its admission until its answer is whole, or, where its
// client left, until its core store is done with it.
extension Simulator {
    private enum Hold { case yes, no, unknown }

    /// What the oracle takes for the count: what the schedule says, and where core stores answer more than they were asked, so that nobody
    /// can say which answer is whose, what the gateway says within what is possible, besides those of the request in question.
    func slots(of who: Who, _ scope: Scope, besides own: Int64) -> Int64 {
        let (least, most) = heldSlots(of: who, scope)
        return least == most ? least : min(max(scenery.requestsInFlight(of: who, scope) - own, least), most)
    }

    /// The fewest and the most slots held.
    func heldSlots(of who: Who, _ scope: Scope) -> (Int64, Int64) {
        holders.removeAll { isHeld($0) == .no }
        var (least, most) = (Int64(0), Int64(0))
        for call in holders where call.form.place.scope == scope {
            guard case .admitted(let admitted) = call.verdict, admitted.who == who else { continue }
            most += 1
            if isHeld(call) == .yes { least += 1 }
        }
        return (least, most)
    }

    private func isHeld(_ call: Call) -> Hold {
        guard let talk = call.client.client else { return .no }
        let isTurn = talk.call === call && !call.client.isClosed
        // An answer that lasts as long as its connection ends where the core store's does.
        if isTurn, !(talk.isMidBody && talk.endsAtClose) { return .yes }
        if !isTurn, !call.client.isClosed { return .no }
        guard let last = call.attempts.last, let store = last.store, store.current === call, !last.isClosed else { return .no }
        if store.isPoisoned { return .unknown }
        return store.isFree(last) ? .no : .yes
    }

    /// Counts of a schedule that failed are not the next one's.
    func emptySlots() {
        for rules in scenery.rules.prefix(1) {
            for who in Who.allCases { rules.giveBackAll(of: who.rawValue) }
        }
        holders.removeAll()
    }
}
