/// What a client may ask of appointments.
enum BookingCall: Sendable {
    case schedule(account: Int, dose: Int, session: String, slot: String, people: [String])
    case reschedule(account: Int, appointment: String, session: String, slot: String)
    case cancel(account: Int, appointment: String, people: [String]?)
}

/// The rules of booking once more, slow and obvious, on plain dictionaries: what the store must have answered in a given state.
struct BookingOracle {
    struct Session {
        let day: Int
        let vaccine: String
        let minimumAge: Int
        let slots: [String]
        let seeded: [Int: Int]
        var left: [Int: Int]
    }

    struct Person {
        let account: Int
        let birthYear: Int
        let firstDose: (vaccine: String, day: Int)?
    }

    struct Appointment {
        let account: Int
        let dose: Int
        var session: String
        var slot: String
        var people: Set<String>
    }

    static let gaps = ["COVISHIELD": 84, "COVAXIN": 28, "SPUTNIK V": 21]
    let year: Int
    var sessions: [String: Session]
    let people: [String: Person]
    var appointments: [String: Appointment] = [:]

    /// The error code of a call in this state, nil where it must succeed.
    func verdict(_ call: BookingCall) -> String? {
        switch call {
        case .schedule(let account, let dose, let session, let slot, let people):
            if let code = place(session, slot) ?? eligibility(of: people, account, dose, session) { return code }
            if people.contains(where: { isBooked($0, dose) }) { return "APPOIN0022" }
            return hasRoom(session, dose, people.count) ? nil : "APPOIN0040"
        case .reschedule(let account, let id, let session, let slot):
            guard let appointment = appointments[id], appointment.account == account else {
                return "APPOIN9008"
            }
            if let code = place(session, slot) { return code }
            if appointment.session == session { return appointment.slot == slot ? "APPOIN9006" : nil }
            if let code = eligibility(of: Array(appointment.people), account, appointment.dose, session) { return code }
            return hasRoom(session, appointment.dose, appointment.people.count) ? nil : "APPOIN0040"
        case .cancel(let account, let id, let people):
            guard let appointment = appointments[id], appointment.account == account else {
                return "APPOIN9008"
            }
            return appointment.people.isSuperset(of: people ?? []) ? nil : "APPOIN9009"
        }
    }

    /// Makes a successful call happen; `id` is the new appointment's for a schedule.
    mutating func apply(_ call: BookingCall, id: String) {
        switch call {
        case .schedule(let account, let dose, let session, let slot, let people):
            appointments[id] = Appointment(account: account, dose: dose, session: session, slot: slot, people: Set(people))
            take(session, dose, people.count)
        case .reschedule(_, let id, let session, let slot):
            guard let appointment = appointments[id] else { return }
            take(appointment.session, appointment.dose, -appointment.people.count)
            take(session, appointment.dose, appointment.people.count)
            appointments[id]?.session = session
            appointments[id]?.slot = slot
        case .cancel(_, let id, let people):
            guard let appointment = appointments[id] else { return }
            let gone = people.map(Set.init) ?? appointment.people
            take(appointment.session, appointment.dose, -gone.count)
            appointments[id]?.people.subtract(gone)
            if appointments[id]?.people.isEmpty == true { appointments[id] = nil }
        }
    }

    private mutating func take(_ session: String, _ dose: Int, _ places: Int) { sessions[session]?.left[dose]? -= places }

    private func place(_ session: String, _ slot: String) -> String? {
        guard let found = sessions[session] else { return "APPOIN9001" }
        return found.slots.contains(slot) ? nil : "APPOIN0015"
    }

    private func eligibility(of references: [String], _ account: Int, _ dose: Int, _ session: String) -> String? {
        guard let session = sessions[session] else { return "APPOIN9001" }
        let persons = references.compactMap { people[$0] }
        guard persons.count == references.count, persons.allSatisfy({ $0.account == account }) else { return "USRAUT0024" }
        // Nobody is in two cases at once here, so the order in which people are judged does not show.
        for person in persons {
            if year - person.birthYear < session.minimumAge { return "APPOIN9003" }
            if (person.firstDose == nil) != (dose == 1) { return "APPOIN9007" }
        }
        guard dose == 2, let first = persons.first?.firstDose else { return nil }
        if persons.contains(where: { $0.firstDose?.vaccine != session.vaccine }) { return "APPOIN9005" }
        if persons.contains(where: { $0.firstDose?.day != first.day }) { return "APPOIN9011" }
        return session.day - first.day < Self.gaps[session.vaccine] ?? 0 ? "APPOIN9004" : nil
    }

    private func isBooked(_ person: String, _ dose: Int) -> Bool {
        appointments.values.contains { $0.dose == dose && $0.people.contains(person) }
    }

    private func hasRoom(_ session: String, _ dose: Int, _ places: Int) -> Bool { sessions[session]?.left[dose] ?? 0 >= places }
}
