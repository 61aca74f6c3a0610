package import HTTPTypes
package import Registry

/// One call of the admin API: which tokens may make it, which roles, what it takes and what it answers.
package struct AdminRoute: Sendable {
    /// What a call's body may be.
    enum Body: Equatable, Sendable {
        case nothing
        /// A JSON object.
        case json
        /// One of these types, of at most so many bytes.
        case bytes(of: [String], atMost: Int)
    }

    /// The method.
    package let method: HTTPRequest.Method
    /// The path, with a colon before what stands for something.
    package let path: String
    /// Its name in the document, and what its refusals are called on record.
    package let operation: String
    /// What the token must have been made for; nil where any will do.
    package let scope: TokenScope?
    /// One of these the account must have; nil where none is asked for. What the registry decides by more than roles, it decides itself.
    package let roles: RoleSet?
    /// Names of its query's parameters: each at most once, and no others.
    package let query: [String]
    let body: Body
    let answer: @Sendable (AdminAPI, AdminCall) async throws -> AdminAnswer

    init(
        _ method: HTTPRequest.Method, _ path: String, _ operation: String, _ scope: TokenScope?, _ roles: RoleSet?, query: [String] = [],
        body: Body? = nil, _ answer: @escaping @Sendable (AdminAPI, AdminCall) async throws -> AdminAnswer
    ) {
        (self.method, self.operation, self.scope, self.roles, self.query) = (method, operation, scope, roles, query)
        self.path = AdminRoute.root + path
        self.body = body ?? (method == .post || method == .put ? .json : .nothing)
        self.answer = answer
    }

    /// What every path begins with.
    package static let root = "/admin/v1"

    /// All of them: what is not here is not there.
    package static let all: [AdminRoute] =
        own + partners + applications + inbox + moves + paperwork + evidence + keys + exceptions + accounts + policies + policyChanges
        + audit + records
}

/// Which roles may do what the rules of moves say nothing of.
package enum Privilege {
    /// Whoever belongs to the team.
    package static let anyone = RoleSet(Role.allCases)
    /// Take over what partners declare.
    package static let importing = RoleSet([.reviewer, .approver])
    /// Say with which certificates an application's keys come.
    package static let certificates = RoleSet([.approver, .ops])
    /// Change by what all requests are judged.
    package static let policies = RoleSet([.ops])
    /// See who has an account.
    package static let seeAccounts = RoleSet([.admin, .auditor])
    /// Invite and disable people.
    package static let accounts = RoleSet([.admin])
    /// Read, export and verify the audit.
    package static let audit = RoleSet([.admin, .auditor])
}
