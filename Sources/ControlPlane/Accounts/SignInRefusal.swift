/// Why somebody was not signed in, or a link or session did nothing: what the person is told, and no more.
package enum SignInRefusal: Error, Hashable, Sendable {
    /// There is no such account, or that is not its password: which of them is not told.
    case wrongPassword
    /// Not the code that the app shows now, or one used before.
    case wrongCode
    /// Too many failed; after exactly this time one may be tried again.
    case throttled(nanoseconds: Int64)
    /// Too many passwords are being hashed at this moment.
    case busy
    /// The password is right, and the account disabled.
    case disabled
    /// The session is over: unused, too old, ended, or never there.
    case sessionOver
    /// The link was used, has expired, was replaced, or never was.
    case linkOver
    /// The password was chosen in another browser, which alone may go on; whoever has the link may begin anew.
    case linkElsewhere
    /// The new password will not do.
    case password(PasswordFault)
}
