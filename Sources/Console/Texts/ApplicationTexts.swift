import ControlPlane
import Registry

// What applications and partners are called.
extension Texts {
    func name(_ state: ApplicationState) -> String {
        switch state {
        case .draft: self[.stateDraft]
        case .submitted: self[.stateSubmitted]
        case .inReview: self[.stateInReview]
        case .changesRequested: self[.stateChangesRequested]
        case .rejected: self[.stateRejected]
        case .sandbox: self[.stateSandbox]
        case .certifying: self[.stateCertifying]
        case .approved: self[.stateApproved]
        case .live: self[.stateLive]
        case .suspended: self[.stateSuspended]
        case .revoked: self[.stateRevoked]
        case .withdrawn: self[.stateWithdrawn]
        }
    }

    func name(_ kind: PartnerKind) -> String {
        switch kind {
        case .pharmacy: self[.kindPharmacy]
        case .hospital: self[.kindHospital]
        case .app: self[.kindApp]
        case .government: self[.kindGovernment]
        }
    }

    func name(_ role: ContactRole) -> String {
        switch role {
        case .technical: self[.contactTechnical]
        case .security: self[.contactSecurity]
        case .privacy: self[.contactPrivacy]
        case .operations: self[.contactOperations]
        case .business: self[.contactBusiness]
        }
    }

    /// How old something is, never said older than it is: hours up to two days, then days. A dash where nobody knows.
    func age(_ nanoseconds: Int64?) -> String {
        guard let nanoseconds else { return "–" }
        let hours = Int(nanoseconds / 3_600_000_000_000)
        switch hours {
        case ..<1: return self[.underAnHour]
        case 1: return self[.oneHour]
        case ..<48: return self[.hours, ["count": number(hours)]]
        default: return self[.days, ["count": number(hours / 24)]]
        }
    }
}
