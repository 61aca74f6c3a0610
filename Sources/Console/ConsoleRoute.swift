import ControlPlane
import HTTPTypes
import Hummingbird
import Registry

/// One place of the console: which roles may go there, and what it answers.
struct ConsoleRoute: Sendable {
    /// Who may.
    enum Access: Equatable, Sendable {
        case anyone
        /// Whoever is signed in with one of these roles; with none named, whoever is signed in. `recently`: password and code were given within
        /// the last minutes.
        case signedIn(as: Set<Role> = [], recently: Bool = false)
    }

    let method: HTTPRequest.Method
    let path: String
    let access: Access
    /// Whether its form may bring files.
    var takesFiles = false
    /// What is taken in before password and code are asked for again: files would be lost on the way. An answer stands for the route's.
    var beforeConfirming: (@Sendable (Console, inout Visit) async throws -> Answer?)?
    let answer: @Sendable (Console, Visit) async throws -> Answer

    static func get(_ path: String, _ access: Access, _ answer: @escaping @Sendable (Console, Visit) async throws -> Answer) -> ConsoleRoute
    {
        ConsoleRoute(method: .get, path: path, access: access, answer: answer)
    }

    static func post(_ path: String, _ access: Access, _ answer: @escaping @Sendable (Console, Visit) async throws -> Answer)
        -> ConsoleRoute
    {
        ConsoleRoute(method: .post, path: path, access: access, answer: answer)
    }

    /// All of them: what is not here is not there.
    static let all: [ConsoleRoute] =
        home + inbox + applications + signingIn + links + sessions + partners + funnel + audit + tokens + accounts
}

/// What a route answers.
enum Answer: Sendable {
    case page(any PageModel, status: HTTPResponse.Status = .ok, retryAfterSeconds: Int? = nil)
    /// To another page, asked for anew.
    case redirect(String, then: CookieChange = .none)
    /// To be kept, never to be shown.
    case stream(FileAnswer)
    /// A file to be kept, never to be shown.
    case file([UInt8], type: String, name: String)
    /// Another answer, to a visit whose session has begun anew.
    indirect case renewed(SecretToken, Visit, Answer)
}

/// Bytes to be kept under a name, handed out as they are made.
struct FileAnswer: Sendable {
    let name: String
    let type: String
    /// Writes them; where it throws, the connection ends short, and so does the file.
    let write: @concurrent @Sendable (inout any ResponseBodyWriter) async throws -> Void

    init(name: String, type: String, write: @escaping @concurrent @Sendable (inout any ResponseBodyWriter) async throws -> Void) {
        (self.name, self.type, self.write) = (name, type, write)
    }
}

/// What becomes of the session's cookie.
enum CookieChange: Sendable {
    case none
    case begin(SecretToken)
    case end
    case language(String)
}
