/// The methods a route may have (RFC 9110 §9).
package enum RouteMethod: UInt8, CaseIterable, Sendable {
    case get, post, put, delete, patch

    /// The method's token.
    package var token: String {
        switch self {
        case .get: "GET"
        case .post: "POST"
        case .put: "PUT"
        case .delete: "DELETE"
        case .patch: "PATCH"
        }
    }

    /// Whether repeating it changes nothing more (RFC 9110 §9.2.1 safe methods): only then is a request ever retried.
    package var isSafe: Bool { self == .get }
}

/// Who must be named on a call.
package enum Identities: UInt8, Sendable {
    /// Public: anonymous by address, or an application that shows its key.
    case anyone
    /// An application by `x-api-key`.
    case application
    /// An application by `x-api-key` and a citizen by `Authorization: Bearer`.
    case applicationAndCitizen
}

/// What a parameter's value may be; anything else is refused, so that equal questions are equal bytes.
package enum ParameterForm: Hashable, Sendable {
    /// DD-MM-YYYY, a real day of the Gregorian calendar.
    case date
    /// Decimal digits, between so many and so many.
    case digits(least: Int, most: Int)
    /// Decimal degrees: an optional sign, 1 to 3 digits, and optionally a point and 1 to 15 digits.
    case degrees
    /// One of these words, after percent-decoding.
    case oneOf([String])
}

/// A parameter of a route's query.
package struct Parameter: Hashable, Sendable {
    /// Its name, `[a-z_]+`.
    package var name: String
    /// What its value may be.
    package var form: ParameterForm
    /// Whether a call without it is refused.
    package var isRequired: Bool

    /// A parameter from its parts.
    package init(name: String, form: ParameterForm, isRequired: Bool) {
        self.name = name
        self.form = form
        self.isRequired = isRequired
    }
}

/// How long the gateway waits for a route's core store, in milliseconds.
package struct RouteTimeouts: Hashable, Sendable {
    /// From the request passed on to the first byte of the answer.
    package var firstByteMilliseconds: Int64
    /// From the request's head read to the answer's last byte written.
    package var requestMilliseconds: Int64

    /// Timeouts from both limits.
    package init(firstByteMilliseconds: Int64, requestMilliseconds: Int64) {
        self.firstByteMilliseconds = firstByteMilliseconds
        self.requestMilliseconds = requestMilliseconds
    }
}

/// One call of the API: what it is, who may make it, what it costs.
package struct Route: Hashable, Sendable {
    /// Query parameters a route may have: CoWIN's have at most four, and a request keeps a place for each.
    package static let maximumParameters = 8
    /// Words a `oneOf` parameter may list: each is compared with, one after the other.
    package static let maximumWords = 64

    /// `[a-z0-9-]{3,40}`.
    package var id: Identifier
    /// A `get` route answers HEAD too.
    package var method: RouteMethod
    /// Segments begin with "/"; a segment `{name}` matches one or more digits. At most one such segment.
    package var path: String
    /// Its query parameters, sorted by name: the canonical order.
    package var parameters: [Parameter]
    /// The family it belongs to.
    package var scope: Scope
    /// Tokens one call costs.
    package var cost: Int64
    /// Who must be named.
    package var identities: Identities
    /// Largest request body in bytes; 0 where none is expected.
    package var maximumBodyBytes: Int64
    /// How long to wait for the core store.
    package var timeouts: RouteTimeouts

    /// A route from its parts.
    package init(
        id: Identifier, method: RouteMethod, path: String, parameters: [Parameter], scope: Scope, cost: Int64, identities: Identities,
        maximumBodyBytes: Int64, timeouts: RouteTimeouts
    ) {
        self.id = id
        self.method = method
        self.path = path
        self.parameters = parameters.sorted { $0.name < $1.name }
        self.scope = scope
        self.cost = cost
        self.identities = identities
        self.maximumBodyBytes = maximumBodyBytes
        self.timeouts = timeouts
    }
}
