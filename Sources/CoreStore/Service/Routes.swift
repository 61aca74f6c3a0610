import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// Every path the store answers, who must be named on it, and what it does.
struct Routes {
    let callers: Callers
    let logger: Logger

    func router() -> Router<StoreContext> {
        let router = Router(context: StoreContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: Answers(logger: logger))
        router.get("livez") { _, _ in Answers.json(JSONText.object { $0.field("status", "live") }) }
        let readiness = callers.readiness
        router.get("readyz") { _, _ in
            guard readiness.isReady else { throw Refusal(.notReady, retryAfterSeconds: 1) }
            return Answers.json(JSONText.object { $0.field("status", "ready") })
        }
        let api = router.group("api/v2")
        addMetadata(to: api)
        addPublicSearches(to: api)
        addCitizenSearches(to: api)
        addIdentity(to: api)
        addBeneficiaries(to: api)
        addAppointments(to: api)
        return router
    }

    private func addMetadata(to api: RouterGroup<StoreContext>) {
        api.get("admin/location/states", for: callers.anyone) { try await $0.store.states(in: $0.language) }
        api.get("admin/location/districts/:state_id", for: callers.anyone) { call in
            try await call.store.districts(ofState: call.number("state_id"), in: call.language)
        }
        api.get("registration/beneficiary/idTypes", for: callers.application) { $0.store.photoIdTypes() }
        api.get("registration/beneficiary/genders", for: callers.application) { $0.store.genders() }
    }

    private func addPublicSearches(to api: RouterGroup<StoreContext>) {
        addSearches(to: api.group("appointment/sessions/public"), for: callers.anyone)
        api.get("appointment/sessions/public/calendarByCenter", for: callers.anyone) { call in
            try await call.store.calendarOfCentre(call.search(.centre(call.number("center_id")), days: Limits.calendarDays))
        }
        api.get("appointment/centers/public/findByLatLong", for: callers.anyone, answer: nearest)
    }

    private func addCitizenSearches(to api: RouterGroup<StoreContext>) {
        addSearches(to: api.group("appointment/sessions"), for: callers.citizen)
        api.get("appointment/centers/findByLatLong", for: callers.application, answer: nearest)
    }

    private func addSearches<Caller: Sendable>(to sessions: RouterGroup<StoreContext>, for caller: @escaping Admit<Caller>) {
        sessions.get("findByPin", for: caller) { try await $0.store.find($0.search(.pincode($0.pincode()), days: 1)) }
        sessions.get("findByDistrict", for: caller) { call in
            try await call.store.find(call.search(.district(call.number("district_id")), days: 1))
        }
        sessions.get("calendarByPin", for: caller) { call in
            try await call.store.calendar(call.search(.pincode(call.pincode()), days: Limits.calendarDays))
        }
        sessions.get("calendarByDistrict", for: caller) { call in
            try await call.store.calendar(call.search(.district(call.number("district_id")), days: Limits.calendarDays))
        }
    }

    @Sendable private func nearest<Caller: Sendable>(_ call: Call<Caller>) async throws -> ByteBuffer {
        try await call.store.centresNear(
            latitude: call.degrees("lat", within: 90), longitude: call.degrees("long", within: 180), language: call.language)
    }

    private func addIdentity(to api: RouterGroup<StoreContext>) {
        let tokens = callers.tokens
        api.post("auth/public/generateOTP", for: callers.anyone) { try await sendCode($0, through: nil) }
        api.post("auth/generateOTP", for: callers.application) { try await sendCode($0, through: $0.caller.id) }
        api.post("auth/public/confirmOTP", for: callers.anyone) { try await confirmCode($0, through: nil, tokens).answer(isFull: false) }
        api.post("auth/confirmOTP", for: callers.application) {
            try await confirmCode($0, through: $0.caller.id, tokens).answer(isFull: true)
        }
    }

    private func addBeneficiaries(to api: RouterGroup<StoreContext>) {
        api.post("registration/beneficiary/new", for: callers.citizen) { call in
            let new = try await call.body(NewBeneficiaryBody.self).checked(in: call.store.country, year: call.store.today.year)
            let reference = try await call.store.register(new, for: call.caller.account)
            return JSONText.object { $0.field("beneficiary_reference_id", reference) }
        }
        api.post("registration/beneficiary/delete", for: callers.citizen) { call in
            let body = try await call.body(DeleteBeneficiaryBody.self)
            try await call.store.deleteBeneficiary(body.beneficiary_reference_id, of: call.caller.account)
            return nil
        }
        api.get("appointment/beneficiaries", for: callers.citizen) { call in
            try await call.store.beneficiaries(of: call.caller.account, in: call.language)
        }
    }

    private func addAppointments(to api: RouterGroup<StoreContext>) {
        api.post("appointment/schedule", for: callers.citizen) { call in
            let booking = try await call.body(ScheduleBody.self).checked()
            let appointment = try await call.store.schedule(booking, for: call.caller.account)
            return JSONText.object { $0.field("appointment_confirmation_no", appointment) }
        }
        api.post("appointment/reschedule", for: callers.citizen) { call in
            let body = try await call.body(RescheduleBody.self)
            try await call.store.reschedule(body.appointment_id, to: body.session_id, slot: body.slot, for: call.caller.account)
            return nil
        }
        api.post("appointment/cancel", for: callers.citizen) { call in
            let body = try await call.body(CancelBody.self)
            try await call.store.cancel(body.appointment_id, for: body.checkedBeneficiaries(), of: call.caller.account)
            return nil
        }
    }
}

/// Makes a call of a request, or refuses it.
typealias Admit<Caller: Sendable> = @Sendable (Request, StoreContext) async throws -> Call<Caller>
/// Answers a call with a JSON text, or with nothing (204).
typealias Answer<Caller: Sendable> = @Sendable (Call<Caller>) async throws -> ByteBuffer?

extension RouterGroup where Context == StoreContext {
    func get<Caller: Sendable>(_ path: RouterPath, for admit: @escaping Admit<Caller>, answer: @escaping Answer<Caller>) {
        get(path) { request, context in Answers.json(try await answer(admit(request, context))) }
    }

    func post<Caller: Sendable>(_ path: RouterPath, for admit: @escaping Admit<Caller>, answer: @escaping Answer<Caller>) {
        post(path) { request, context in Answers.json(try await answer(admit(request, context))) }
    }
}
