/// What files and the registry may hold, and what is waited for, at most: each with its unit in its name and its reason beside it.
package enum Limits {
    /// Keys of one application that are not revoked: enough to rotate every one of a few environments at once.
    package static let livingKeysPerApplication = 20
    /// Client certificates an application is bound to: a few servers' and their successors.
    package static let certificatesPerApplication = 16
    /// A key's name, a person's name: they are printed in tables.
    package static let nameCharacters = 80
    /// A move's reason: a sentence or two.
    package static let reasonCharacters = 500
    /// How long a rotated key goes on working unless said otherwise.
    package static let retiringSeconds: Int64 = 7 * 86_400
    /// The longest a rotated key may go on working.
    package static let retiringSecondsAtMost: Int64 = 90 * 86_400
    /// How long a write waits for another process's write.
    package static let busySeconds = 5
    /// How long publishing waits for another process's publishing.
    package static let publishLockSeconds = 5
    /// How far ahead a policy may be announced: whoever plans for longer announces it again.
    package static let announcedSecondsAtMost: Int64 = 366 * 86_400
    /// The fewest digits of a policy's version that name it: few enough to type, too many to meet by chance.
    package static let versionDigitsAtLeast = 8
    /// A piece of evidence: a scanned report of some hundred pages.
    package static let evidenceBytes = 10_485_760
    /// Pieces of evidence of one application that count at once.
    static let evidencePerApplication = 100
    /// A file's name, as shown.
    static let fileNameCharacters = 120
    /// A note: a paragraph.
    static let noteCharacters = 2_000
    /// Looks for what is over until the next look for what has days of time: a minute.
    static let onboardingTicks = 600
    /// How long a partner's site may take to answer.
    static let siteSeconds: Int64 = 3
    /// A character in UTF-8: what the audit keeps of texts is bounded in bytes.
    static let characterBytes = 4
    /// What something was done to, as the audit names it: an id, or what somebody typed in its place.
    package static let auditSubjectBytes = 120
    /// Why something was refused, as the audit keeps it: the first applications of a list are enough to go on with.
    package static let auditRefusalBytes = 1_000
    /// A line of an exported audit: many times what a record of an import takes.
    static let auditLineBytes = 1 << 24
    /// Records of the audit behind the last checkpoint, at most: whoever rewrites records can rewrite so many without a signature.
    package static let recordsPerCheckpoint: Int64 = 100
    /// How soon what is behind the last checkpoint gets one.
    static let checkpointSeconds: Int64 = 60
    /// How often the control plane looks for changes nobody published.
    package static let watchMilliseconds = 100
    /// How long a connection to the control plane may say nothing, in a request's body too.
    static let idleSeconds: Int64 = 30
    /// Connections to the control plane: half of the descriptors that a process usually may hold (1,024), for the rest of it writes snapshots.
    static let connections = 500
    /// How long the control plane may take to end.
    package static let shutdownSeconds = 4

    /// Records that usage counts in one transaction: a tenth of a second's work, after which others get a turn.
    package static let usagePieceRecords = 131_072
    /// Between two looks at what came into the records.
    static let usageMilliseconds = 1_000
    /// Between two looks at what is older than it is kept.
    static let forgetSeconds: Int64 = 3_600
    /// How long minutes are kept: a month and what a month's report takes, some 20 MB a day at most; hours a year and a month; days for good.
    static let minuteDays: Int64 = 35
    /// How long hours are kept.
    static let hourDays: Int64 = 400
    /// How long is remembered that a segment that is gone was counted: a disk that comes back after a year is nobody's any more.
    static let countedSegmentDays: Int64 = 400

    /// A partner or policy file: 1 MiB would hold thousands of entries.
    static let fileBytes = 1_048_576
    /// `[` and `{` in one file: each nested one costs the parser a stack frame.
    static let fileOpenings = 4_000
    /// `- - -` on one line: the other way to nest cheaply.
    static let lineIndicators = 4
    /// How long the data plane may take to tell its numbers: it answers in milliseconds, or is not there.
    static let localPageSeconds: Int64 = 2
    /// Bytes of its answer: ten thousand applications with a hundred series each.
    static let localPageBytes = 1 << 27
    /// Nesting of what is read; the deepest form here has six levels.
    static let fileDepthLevels = 16
    /// Files read from one folder: ten times the partners of the largest platform known.
    static let folderFiles = 2_000

    /// Plans in a policy: one a contract, and still readable.
    static let plans = 500
    /// Tokens, bursts, daily quotas and requests in flight: far above any core store, far below what overflows.
    static let planNumbers: ClosedRange<Int64> = 1...1_000_000_000
    /// A bucket's period: from a millisecond, the finest a file can say, to a leap year.
    static let periodNanoseconds: ClosedRange<Int64> = 1_000_000...(366 * 86_400 * 1_000_000_000)
    /// Routes in a policy: the platform's API has 25.
    static let routes = 500
    /// Tokens one call may cost.
    static let routeCosts: ClosedRange<Int64> = 1...1_000_000
    /// Bytes a route's body may have: a GiB is more than any record.
    static let routeBodyBytes: ClosedRange<Int64> = 0...1_073_741_824
    /// A route's waits: from a millisecond to ten minutes, beyond which no client is left.
    static let routeWaitNanoseconds: ClosedRange<Int64> = 1_000_000...600_000_000_000
    /// A route's path: the longest here has 54 bytes.
    static let pathBytes = 200
    /// Segments of a route's path: the deepest here has six.
    static let pathSegments = 16

    /// Days of a clock, and before an end: three years are longer than any review.
    static let clockDays: ClosedRange<Int64> = 1...1_100
    /// Hours until a break-glass resume was looked at: a week at most, or it is no exception any more.
    static let reviewHours: ClosedRange<Int64> = 1...168
    /// Days somebody may be stood in for: longer away is another account's work.
    static let delegationDays: ClosedRange<Int64> = 1...366
    /// Days until somebody is stood in for: nobody knows further ahead when they will be away.
    static let delegationAheadDays: Int64 = 366
    /// Days that what names people is kept once nothing needs it: ten years are longer than any limitation.
    static let retentionDays: ClosedRange<Int64> = 1...3_660
    /// Between two looks for what an erasure left to do.
    static let settleSeconds: Int64 = 60
    /// Between two looks for what has been kept long enough.
    static let retentionSeconds: Int64 = 3_600
    /// What cannot be erased, one after the other, before a look gives up: damaged rows are few, and on a full disk nothing can.
    static let retentionFailures = 200
    /// Failures that one line of the log names.
    static let failuresNamed = 10
    /// What stays free beside a registry that is written anew: others write meanwhile.
    package static let sweepSpareBytes: Int64 = 64 << 20
    /// Numbers of records that a line of the log names, or a sentence.
    package static let recordsNamed = 20
    /// Applications on one page of the inbox: what can be looked over, and done at once.
    package static let inboxRows = 50
    /// How long a page waits for what was counted and recorded.
    static let recentUsageMilliseconds = 800
    /// Refusals of an application that a page shows.
    static let recentRefusals = 8
    /// Words of a search: a name and a number.
    static let inboxWords = 6

    /// Per cent that one person may give on top of a plan: beyond ten times as much it is another plan.
    static let extraPercent: ClosedRange<Int64> = 1...1_000
    /// Days that extra quota lasts: beyond a quarter it is another plan.
    static let extraQuotaDays: ClosedRange<Int64> = 1...92
    /// Days of extra quota within any thirty.
    static let extraQuotaDaysInThirty: ClosedRange<Int64> = 1...30
    /// Warnings of one end.
    static let expiryWarnings = 10
    /// Sentences of one language: what a menu can show.
    static let cannedReasons = 50
    /// Bytes of a language's tag (BCP 47 recommends room for 35).
    static let languageBytes = 35
    /// Forms of registration numbers of one kind.
    static let registrationForms = 20

    /// Applications one partner declares.
    static let applicationsPerPartner = 50
    /// Blocks of addresses an application may call from: each call is held against all of them.
    static let rangesPerApplication = 64

    /// A new password: long enough that its hash is not worth guessing at, beside a second factor.
    package static let passwordCharacters = 12
    /// A password's bytes: far beyond any phrase, and nothing to hash for long.
    package static let passwordBytes = 512
    /// Different characters in a password: "aaaaaaaaaaaa" is long and no password.
    static let passwordDistinctCharacters = 5
    /// Sign-ins whose password waits to be hashed: at five a second, what a person waits for.
    static let passwordsWaiting = 16
    /// Those of them that come from where nobody has signed in to the account before: half, so that there is room for who has.
    static let strangersPasswordsWaiting = 8
    /// Those of them from one address: a person who was impatient, twice.
    static let passwordsWaitingPerAddress = 2
    /// How long an invitation may be used: over a long weekend.
    package static let invitationSeconds: Int64 = 4 * 86_400
    /// How long a recovery link may be used: whoever asked for it waits for it.
    package static let recoverySeconds: Int64 = 86_400
    /// From the password to the code: an app has to be found.
    static let halfSignInSeconds: Int64 = 5 * 60
    /// A session nobody uses: a meeting, not a night.
    static let sessionIdleSeconds: Int64 = 30 * 60
    /// A session from its sign-in on, used or not: a long day.
    static let sessionSeconds: Int64 = 12 * 3_600
    /// How often it is written that a session is used.
    static let sessionSeenSeconds: Int64 = 60
    /// How long after password and code dangerous moves need neither again.
    package static let recentSeconds: Int64 = 5 * 60
    /// Sessions of one account: its devices; the one unused longest gives way.
    static let sessionsPerAccount = 10
    /// Wrong codes, or wrong passwords of somebody signed in, that end a session.
    static let wrongPerSession = 5
    /// Addresses an account is known to sign in from: home, office, both phones, twice.
    static let addressesPerAccount = 16
    /// How long an address stays known.
    static let addressSeconds: Int64 = 90 * 86_400
    /// A browser's own name, as sessions list it.
    static let agentBytes = 160
    /// Addresses and accounts whose failed sign-ins are counted: a few MB.
    static let throttledSubjects = 20_000

    /// Tokens of one account that are neither revoked nor over: a few programs', and their successors.
    static let tokensPerAccount = 20
    /// How long a token may be good: whoever needs one longer makes another each year.
    package static let tokenDaysAtMost: Int64 = 365
    /// How often it is written that a token is used.
    static let tokenUsedSeconds: Int64 = 60
    /// Requests of one token at once: a script's worth of applications.
    static let tokenBurst: Int64 = 300
    /// Nanoseconds until a token may ask once more: ten a second.
    static let tokenNanoseconds: Int64 = 100_000_000
    /// Tokens whose requests are counted: every account's of a large team.
    static let countedTokens = 10_000
    /// A body of the admin API that is no evidence: an import of a thousand partners.
    static let adminBodyBytes = 1_048_576
    /// Members of one page of a list, at most and unless said otherwise.
    static let adminPageAtMost = 1_000
    static let adminPage = 100
    /// Counts in one answer: a month of hours of a large platform.
    static let adminCountsAtMost = 50_000
    /// Calls that wait for long work to be done: minutes of it, and no more than people wait for.
    static let slowWorkWaiting = 16
    /// Words to look for.
    static let adminTextBytes = 200
}
