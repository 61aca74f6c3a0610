extension LifecycleRules {
    /// The rules where a policy folder has no `lifecycle.yaml`; the file that is shipped states them word for word.
    package static let standard = LifecycleRules(
        roles: standardRoles, paperwork: RoleSet([.reviewer, .approver, .ops]), evidence: standardEvidence,
        clocks: [
            .submitted: StateClock(reminderDays: 2, escalationDays: 5), .inReview: StateClock(reminderDays: 5, escalationDays: 10),
            .changesRequested: StateClock(reminderDays: 14, escalationDays: 30),
            .sandbox: StateClock(reminderDays: 60, escalationDays: 120), .certifying: StateClock(reminderDays: 5, escalationDays: 10),
            .approved: StateClock(reminderDays: 3, escalationDays: 7), .suspended: StateClock(reminderDays: 7, escalationDays: 30),
        ],
        extraQuota: ExtraQuotaRule(roles: RoleSet([.ops]), mostPercent: 50, mostDays: 14, mostDaysInThirty: 21), reviewHours: 24,
        expiry: ExpiryRule(warningDays: [30, 7, 1], suspends: EvidenceSet([.securityAudit])), delegationDays: 30,
        retention: RetentionRule(contactsDays: 365, evidenceDays: 365, mayErase: RoleSet([.admin])),
        checks: CheckRules(asksSite: false, registrationForms: standardForms, usualScopes: standardScopes), reasons: standardReasons)

    private static let standardRoles: [LifecycleMove: RoleSet] = [
        .submit: RoleSet([.reviewer, .ops]), .review: RoleSet([.reviewer, .approver]), .requestChanges: RoleSet([.reviewer, .approver]),
        .reject: RoleSet([.reviewer, .approver]), .grantSandbox: RoleSet([.reviewer, .approver]),
        .certify: RoleSet([.reviewer, .approver, .ops]), .approve: RoleSet([.approver]), .goLive: RoleSet([.approver]),
        .changePlan: RoleSet([.approver]), .grantScopes: RoleSet([.approver]), .suspend: RoleSet([.approver, .ops]),
        .resume: RoleSet([.approver, .ops]), .breakGlass: RoleSet([.approver]), .reviewBreakGlass: RoleSet([.approver]),
        .withdraw: RoleSet([.approver, .ops]), .revoke: RoleSet([.approver]),
    ]

    private static let standardEvidence: [PartnerKind: [LifecycleMove: EvidenceSet]] = {
        let company: [LifecycleMove: EvidenceSet] = [
            .grantSandbox: EvidenceSet([.namedOfficer]), .approve: EvidenceSet([.functionalTest, .namedOfficer]),
            .goLive: EvidenceSet([.securityAudit, .functionalTest, .dataUseAgreement, .namedOfficer]),
        ]
        return [
            .pharmacy: company, .hospital: company, .app: company,
            .government: [
                .grantSandbox: EvidenceSet([.namedOfficer]), .approve: EvidenceSet([.functionalTest, .namedOfficer]),
                .goLive: EvidenceSet([.securityAudit, .functionalTest, .namedOfficer]),
            ],
        ]
    }()

    /// India's corporate identity numbers: listed or not, industry, state, year, type of company, number.
    private static let companyForms = ["L#####@@####@@@######", "U#####@@####@@@######"]

    private static let standardForms: [PartnerKind: [String]] = [
        .pharmacy: companyForms, .hospital: companyForms, .app: companyForms, .government: ["@@-GOV-####-####"],
    ]

    private static let standardScopes: [PartnerKind: ScopeSet] = {
        let citizen: [Scope] = [.metadata, .search, .identity, .beneficiary, .booking, .documents]
        return [
            .pharmacy: ScopeSet(citizen), .app: ScopeSet(citizen), .hospital: ScopeSet(citizen + [.vaccinator]),
            .government: ScopeSet(citizen + [.vaccinator]),
        ]
    }()

    private static let standardReasons: [String: [CannedReason]] = {
        func reasons(_ texts: [(String, String)]) -> [CannedReason] {
            texts.compactMap { name, text in Identifier(name).map { CannedReason(id: $0, text: text) } }
        }
        return [
            "en": reasons([
                ("officer-missing", "Please name the officer who answers for this application, with a mail address of your organisation."),
                ("audit-expired", "The security audit certificate has expired; please hand in one that is in date."),
                ("scopes-unusual", "Please say what each scope is needed for, or ask for fewer."),
                ("site-unreachable", "Your official site could not be reached; please check its address."),
                ("all-in-order", "All checks have passed."),
            ]),
            "hi": reasons([
                ("officer-missing", "कृपया इस एप्लिकेशन के उत्तरदायी अधिकारी का नाम और आपके संगठन का ईमेल पता दें।"),
                ("audit-expired", "सुरक्षा ऑडिट प्रमाणपत्र की अवधि समाप्त हो गई है; कृपया वैध प्रमाणपत्र दें।"),
                ("scopes-unusual", "कृपया बताएँ कि प्रत्येक स्कोप किसलिए चाहिए, या कम स्कोप माँगें।"),
                ("site-unreachable", "आपकी आधिकारिक साइट नहीं खुली; कृपया उसका पता जाँचें।"),
                ("all-in-order", "सभी जाँचें सफल रहीं।"),
            ]),
        ]
    }()
}
