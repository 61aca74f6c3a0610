/// Everything that pages say to people, by what it is for. `{…}` stands for what is put in.
enum Phrase: String, CaseIterable, Sendable {
    case product, skip, navigation, language, signedInAs, signIn, signOut, accountName, password, goOn, lostAccess, codeTitle
    case code, codeHint, startAgain, reauthenticate, reauthenticateWhy, welcome, stepOne, stepTwo, newPassword, passwordRule
    case passwordAgain, enrolTitle, enrolHow, secretLabel, copy, copied, openApp, finish, otherPassword, linkTitle, linkWhat
    case linkUntil, backToAccounts, home, greeting, yourAccount, roles, noRoles, lastSignIn, never, coming, comingInbox
    case comingApplication, sessions, sessionsWhat, browser, address, since, lastUsed, actions, thisOne, end, endOf
    case endOthers, sessionEnded, sessionsEnded, account, accounts, accountCount, invite, person, state, stateInvited, stateActive
    case stateDisabled, invited, invitedBy, recovery, recoveryWhat, makeLink, saveRoles, access, disableWhat, enableWhat, disable
    case enable, reason, reasonHint, inviteName, saved, roleReviewer, roleApprover, roleOps, roleAdmin, roleAuditor
    case roleReviewerWhat, roleApproverWhat, roleOpsWhat, roleAdminWhat, roleAuditorWhat, wrongPassword, wrongPasswordAgain
    case wrongCode, throttled, busy, disabled, signedOut, sessionOver, passwordTooShort, passwordTooLong, passwordHasName
    case passwordTooPlain, passwordNotTheSame, linkOverTitle, linkOver, needsSignInTitle, needsSignIn, forbiddenTitle, forbidden
    case crossSiteTitle, crossSite, notFoundTitle, notFound, methodTitle, method, staleTitle, stale, tooLargeTitle, tooLarge
    case malformedTitle, malformed, failedTitle, failed, openAgain, goHome, requestID, oneSecond, seconds, oneMinute, minutes
    // Places in the header
    case inbox, partners, funnel, auditTrail
    // Tokens.
    case tokens, tokensWhat, tokensNone, tokensBack, tokenMake, tokenNameHint, tokenScopes, tokenDays, tokenDaysCount, tokenExpires
    case tokenExpired, tokenRevoked, tokenRevoke, tokenRevokeOf, tokenRevokedNow, tokenMade, tokenMadeWhat, scopeRead, scopeReadWhat
    case scopeOnboard, scopeOnboardWhat, scopeKeys, scopeKeysWhat, scopePolicies, scopePoliciesWhat, scopeAccountsWhat, scopeAudit
    case scopeAuditWhat
    // Names on several pages
    case stateDraft, stateSubmitted, stateInReview, stateChangesRequested, stateRejected, stateSandbox, stateCertifying
    case stateApproved, stateLive, stateSuspended, stateRevoked, stateWithdrawn, kindPharmacy, kindHospital, kindApp
    case kindGovernment, contactTechnical, contactSecurity, contactPrivacy, contactOperations, contactBusiness, underAnHour
    case oneHour, hours, days, kind, anyKind, show, received, partner, application, inStateSince, pageOf, pages, previousPage
    case nextPage, facts, contacts
    // The funnel
    case funnelAsOf, funnelEmpty, everApproved, everLive, stuck, stuckOf, escalatedOf, stuckWhat, whereTheyStand, chartOfStates
    case chartOfWeeks, chartWhat, now, ever, inStateMedian, inStateNinetieth, receivedMedian, receivedNinetieth, allTogether
    case byKind, byWeek, week, weekFrom, earlierWeeks, undated
    // Partners
    case applications, partnersFound, partnersEmpty, nothingFits, searchFor, partnerSearchHint, showAll, countIn, noApplications
    case partnerID, registration, site, noContacts, duplicates, noDuplicates, sharedNumber, sharedContact, sharedDomain, shared
    case otherPartner, backToPartners
    // The audit
    case auditWhat, auditFilter, auditActor, auditAction, auditActionHint, auditSubject, auditSubjectHint, auditFrom, auditUntil
    case auditOutcome, auditAny, auditDone, auditRefused, auditBadDate, auditNone, auditNumber, auditTime, auditDetails
    case auditFacts, auditRefusal, auditGateway, auditNewer, auditOlder, auditCheck, auditCheckWhat, auditVerify
    case auditGood, auditBad, auditExport, auditExportWhat, auditExportButton
}
