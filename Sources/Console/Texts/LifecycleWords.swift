import ControlPlane
import Registry

// What the registry's values are called.

extension Texts {
    func name(_ move: LifecycleMove) -> String {
        switch move {
        case .submit: self[.moveSubmit]
        case .review: self[.moveReview]
        case .requestChanges: self[.moveRequestChanges]
        case .reject: self[.moveReject]
        case .grantSandbox: self[.moveGrantSandbox]
        case .certify: self[.moveCertify]
        case .approve: self[.moveApprove]
        case .goLive: self[.moveGoLive]
        case .changePlan: self[.moveChangePlan]
        case .grantScopes: self[.moveGrantScopes]
        case .suspend: self[.moveSuspend]
        case .resume: self[.moveResume]
        case .breakGlass: self[.moveBreakGlass]
        case .reviewBreakGlass: self[.moveReviewBreakGlass]
        case .withdraw: self[.moveWithdraw]
        case .revoke: self[.moveRevoke]
        }
    }

    /// A move by its name on record: one of the lifecycle's, or what is recorded beside them.
    func name(recorded move: String) -> String {
        if let move = LifecycleMove(rawValue: move) { return name(move) }
        return switch move {
        case "import": self[.moveImport]
        case "bind-certificate": self[.moveBind]
        default: move
        }
    }

    func name(_ kind: EvidenceKind) -> String {
        switch kind {
        case .securityAudit: self[.evidenceSecurityAudit]
        case .functionalTest: self[.evidenceFunctionalTest]
        case .dataUseAgreement: self[.evidenceDataUseAgreement]
        case .namedOfficer: self[.evidenceNamedOfficer]
        }
    }

    func name(_ scope: Scope) -> String {
        switch scope {
        case .metadata: self[.scopeMetadata]
        case .search: self[.scopeSearch]
        case .identity: self[.scopeIdentity]
        case .beneficiary: self[.scopeBeneficiary]
        case .booking: self[.scopeBooking]
        case .documents: self[.scopeDocuments]
        case .vaccinator: self[.scopeVaccinator]
        }
    }

    func name(_ subject: AutomaticCheck.Subject) -> String {
        switch subject {
        case .registrationForm: self[.checkRegistrationForm]
        case .siteReachable: self[.checkSite]
        case .duplicateNumber: self[.checkNumber]
        case .duplicateOfficer: self[.checkOfficer]
        case .duplicateDomain: self[.checkDomain]
        case .evidence: self[.checkEvidence]
        case .usualScopes: self[.checkScopes]
        }
    }

    func name(_ result: AutomaticCheck.Result) -> String {
        switch result {
        case .passed: self[.checkPassed]
        case .failed: self[.checkFailed]
        case .skipped: self[.checkSkipped]
        }
    }

    func name(_ environment: Environment) -> String {
        self[environment == .sandbox ? .environmentSandbox : .environmentProduction]
    }

    /// What was decided, by its name on record.
    func what(_ record: AuditRecord) -> String {
        let parts = record.action.split(separator: ".", maxSplits: 1).map(String.init)
        if parts.count == 2, parts[0] == "application", let move = LifecycleMove(rawValue: parts[1]) { return name(move) }
        return switch record.action {
        case "evidence.add": self[.actionEvidenceAdd]
        case "evidence.withdraw": self[.actionEvidenceWithdraw]
        case "partner.erase", "evidence.erase": self[.actionErase]
        case "key.issue": self[.actionKeyIssue]
        case "key.rotate": self[.actionKeyRotate]
        case "key.revoke": self[.actionKeyRevoke]
        case "application.import", "partner.import", "application.bind-certificate": self[.actionImport]
        default: self[.actionOther]
        }
    }

    /// A declared fact by its name on record.
    func name(fact: String) -> String {
        switch fact {
        case "name": self[.factName]
        case "purpose": self[.purpose]
        case "kind": self[.factKind]
        case "registration": self[.registrationNumber]
        case "site": self[.officialSite]
        case "contacts", "contactsChanged": self[.factContacts]
        case "scopesAsked": self[.factScopes]
        case "planAsked": self[.planAsked]
        case "allowedAddresses": self[.allowedAddresses]
        case "certificates": self[.boundCertificates]
        default: fact
        }
    }

    /// A time that has passed or is to come, in the largest whole unit: less than an hour, 5 hours, 3 days.
    func span(from first: WallTime, to last: WallTime) -> String { age(abs(last.nanoseconds - first.nanoseconds)) }

    /// How a clock stands.
    func clock(due: WallTime?, _ reading: StateClock.Reading, at now: WallTime) -> String {
        guard let due else { return self[.noClock] }
        let gap = ["time": span(from: now, to: due)]
        return switch reading {
        case .inTime: self[.clockDue, gap]
        case .reminder: self[.clockOverdue, gap]
        case .escalation: self[.clockEscalated, gap]
        }
    }
}
