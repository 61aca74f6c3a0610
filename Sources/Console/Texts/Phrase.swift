/// Everything that pages say to people, by what it is for. `{…}` stands for what is put in.
enum Phrase: String, CaseIterable, Sendable {
    case product, skip, navigation, language, signedInAs, signIn, signOut, accountName, password, goOn, lostAccess, codeTitle
    case code, codeHint, startAgain, reauthenticate, reauthenticateWhy, welcome, stepOne, stepTwo, newPassword, passwordRule
    case passwordAgain, enrolTitle, enrolHow, secretLabel, copy, copied, openApp, finish, otherPassword, linkTitle, linkWhat
    case linkUntil, backToAccounts, home, greeting, yourAccount, roles, noRoles, lastSignIn, never
    case sessions, sessionsWhat, browser, address, since, lastUsed, actions, thisOne, end, endOf
    case endOthers, sessionEnded, sessionsEnded, account, accounts, accountCount, invite, person, state, stateInvited, stateActive
    case stateDisabled, invited, invitedBy, recovery, recoveryWhat, makeLink, saveRoles, access, disableWhat, enableWhat, disable
    case enable, reason, reasonHint, inviteName, saved, roleReviewer, roleApprover, roleOps, roleAdmin, roleAuditor
    case roleReviewerWhat, roleApproverWhat, roleOpsWhat, roleAdminWhat, roleAuditorWhat, wrongPassword, wrongPasswordAgain
    case wrongCode, throttled, busy, disabled, signedOut, sessionOver, sessionOverKept, passwordTooShort, passwordTooLong, passwordHasName
    case passwordTooPlain, passwordNotTheSame, linkOverTitle, linkOver, needsSignInTitle, needsSignIn, forbiddenTitle, forbidden
    case linkElsewhereTitle, linkElsewhere, linkBeginAnew
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
    case otherPartner, backToPartners, contactsErased, erasure, erasureWhat, erasureLiving, erasureCounts, erase, erasedNow, erasedQuoted
    // The audit
    case auditWhat, auditFilter, auditActor, auditAction, auditActionHint, auditSubject, auditSubjectHint, auditFrom, auditUntil
    case auditOutcome, auditAny, auditDone, auditRefused, auditBadDate, auditNone, auditNumber, auditTime, auditDetails
    case auditFacts, auditRefusal, auditGateway, auditNewer, auditOlder, auditCheck, auditCheckWhat, auditVerify
    case auditGood, auditBad, auditExport, auditExportWhat, auditExportButton
    // Lifecycle
    case moveSubmit, moveReview, moveRequestChanges, moveReject, moveGrantSandbox, moveCertify, moveApprove, moveGoLive
    case moveChangePlan, moveGrantScopes, moveSuspend, moveResume, moveBreakGlass, moveReviewBreakGlass, moveWithdraw
    case moveRevoke, moveImport, moveBind, evidenceSecurityAudit, evidenceFunctionalTest, evidenceDataUseAgreement
    case evidenceNamedOfficer, scopeMetadata, scopeSearch, scopeIdentity, scopeBeneficiary, scopeBooking, scopeDocuments
    case scopeVaccinator, checkRegistrationForm, checkSite, checkNumber, checkOfficer, checkDomain, checkEvidence
    case checkScopes, checkPassed, checkFailed, checkSkipped, environmentSandbox, environmentProduction, keyActive
    case keyRetiring, keyRevoked, clockDue, clockOverdue, clockEscalated, noClock
    // Inbox
    case search, searchHint, filters, filterWaiting, filterAll, assignee, anyone, nobody, me, lacks, lacksAnything, order
    case orderAge, orderClock, onlyOverdue, onlySecond, clearFilters, foundCount, byState, clock, missing, checks
    case nothingMissing, checksCount, secondNeeded, ago, notReceived, select, selectOne, selectAll, inboxEmpty
    case inboxNothingFits, bulk, bulkWhat, bulkAsk, bulkAssign, bulkRemind, bulkApprove, bulkPerson, bulkReason, bulkHint
    case bulkDo, bulkOutcome, bulkDone, bulkRefused, outcome, outcomeDone, outcomeRefused, bulkNothing, bulkNoAction
    case canned, cannedNone, backToInbox, mine, homeWork, homeWaiting, homeOverdue, homeSecond
    // Application
    case nextStep, whatYouTyped, otherMoves, notForYou, noMoves, reasonOrCanned, missingEvidence, file, fileOf, fileHint, validUntil
    case validUntilOf, issuedOn, scopesToGrant, newPlan, needsSecondPerson, asksPassword, pendingTitle, pendingWho
    case confirmMove, doneMove, doneFirst, donePaper, nextApplication, changedTitle, changedWhat, changedLine
    case applicationID, purpose, registrationNumber, officialSite, allowedAddresses, anywhere, boundCertificates
    case noneOfThem, scopesAndPlan, scope, asked, granted, yes, no, limit, plan, planAsked, planDefault, planNone
    case limitLine, limitDay, limitInFlight, extraQuotaLine, automaticChecks, sinceReview, sinceReviewNone
    case sinceReviewNever, fact, wasBefore, isNow, newEvidence, evidence, evidenceNone, addEvidence, evidenceInDate
    case evidenceExpired, evidenceWithdrawn, noEnd, untilDay, addedBy, byPerson, withdrawEvidence
    case withdrawEvidenceOf, keys, keysNone, keysSecret, issueKey, issueSandboxKey, issueProductionKey, keyName
    case keyCreated, rotateKey, rotateKeyOf, rotateDays, revokeKey, revokeKeyOf, keyIssuedTitle
    case keyShownOnce, backToApplication, notes, notesNone, noteText, noteFor, noteTeam, notePartner, saveNote, history
    case historyNone, move, fromTo, waitedForSecond, inPlaceOf, withPerson, withNobody, assignTo, assign, takeIt
    case reviewOpen, usage, usageNone, usageOff, usageFailed, usageSlow, verdict, requests, admitted, refusals
    case refusalsNone, time, route, answer, printView, printedAt, toApplication, withdrawnUntil, actionEvidenceAdd
    case actionEvidenceWithdraw, actionKeyIssue, actionKeyRotate, actionKeyRevoke, actionImport, actionOther, factName
    case factKind, factContacts, factScopes, evidenceErased, actionErase
}
