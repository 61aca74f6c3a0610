import Registry

/// How a refusal reads on the wire (RFC 9457, with CoWIN's two members), but for what differs each time, which its payload says.
package struct Problem: Sendable {
    /// Names the problem: `type` is `/problems/<slug>`.
    package var slug: ProblemSlug
    /// The HTTP status.
    package var status: Int
    /// CoWIN's member, with codes of this gateway's own.
    package var errorCode: StaticString
    /// The same for every problem of this slug; also CoWIN's `error` member.
    package var title: StaticString
    /// One or two sentences: what happened and what to do.
    package var detail: StaticString
    /// Whether the same request may succeed later.
    package var retry: Retry

    /// When repeating the same request makes sense.
    package enum Retry: Sendable {
        /// Not before something else changes.
        case never
        /// Not with this token: after a new OTP, with the new one.
        case afterNewToken
        /// Yes; after the wait, where one is given.
        case yes
        /// Only where repeating cannot do a thing twice: a GET.
        case ifRepeatable
    }

    /// CoWIN's `error` member: the short text clients already show.
    package var error: StaticString { title }

    /// The `retryable` member; `repeatable` says whether the request could be made twice without harm.
    package func isRetryable(repeatable: Bool) -> Bool {
        switch retry {
        case .never, .afterNewToken: false
        case .yes: true
        case .ifRepeatable: repeatable
        }
    }
}
