import ControlPlane
import Foundation
import HTTPTypes
import Hummingbird
import Registry

/// One request, as pages see it: who asks, from where, in which language, with which form.
struct Visit: Sendable {
    /// What the answer and the log name it by.
    let requestID: String
    /// When its head came; once its form was read, when that had come.
    var now: WallTime
    let visitor: Visitor
    var path: String
    /// Parts of the path that the route names.
    var parameters: [String: String]
    let query: FormFields
    var form = FormFields()
    /// Files that came with the form.
    var files: [UploadedFile] = []
    /// The session's secret, where the browser has one.
    var session: SecretToken?
    /// What the session is worth; nil where there is none, or none any more.
    var standing: SessionStanding?
    /// Binds forms of who is not signed in; made now where the browser has none.
    let stranger: SecretToken
    let isNewStranger: Bool
    let texts: Texts

    /// Who is signed in, with password and code.
    var signedIn: SignedIn? { if case .signedIn(let signedIn) = standing { signedIn } else { nil } }

    /// What forms are bound to.
    var formSecret: SecretToken { standing == nil ? stranger : session ?? stranger }

    /// Who is signed in, on a route that lets nobody else in.
    func account() throws -> SignedIn {
        guard let signedIn else { throw Problem.needsSignIn }
        return signedIn
    }

    /// Who changes something, for the history.
    func actor() throws -> Actor { Actor(try account().account.name, from: .console(address: visitor.address)) }
}

/// Fields of a form or a query (application/x-www-form-urlencoded), each with all its values.
struct FormFields: Sendable {
    private var values: [String: [String]] = [:]

    init() {}

    /// nil where it is out of form, or has more fields than any form of ours.
    init?(_ text: some StringProtocol) {
        let pairs = text.split(separator: "&")
        guard pairs.count <= ConsoleLimits.formFields else { return nil }
        for pair in pairs {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = FormFields.decoded(parts[0]), let value = FormFields.decoded(parts.count > 1 ? parts[1] : "") else {
                return nil
            }
            values[name, default: []].append(value)
        }
    }

    /// The first value of a field; empty where there is none.
    subscript(_ name: String) -> String { values[name]?.first ?? "" }

    func all(_ name: String) -> [String] { values[name] ?? [] }

    /// The fields' names.
    var names: [String] { values.keys.sorted() }

    /// One value in the place of all there are.
    mutating func set(_ name: String, _ value: String) { values[name] = [value] }

    mutating func add(_ name: String, _ value: String) { values[name, default: []].append(value) }

    private static func decoded(_ text: Substring) -> String? { text.replacing("+", with: " ").removingPercentEncoding }

    private static func decoded(_ text: some StringProtocol) -> String? { decoded(Substring(text)) }
}

/// Where somebody may be sent after signing in: a page of the console, never another site.
enum LocalPath {
    static func of(_ text: String) -> String? {
        guard text.utf8.count <= 200, text.hasPrefix("/"), !text.hasPrefix("//") else { return nil }
        let isPlain = text.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || [0x2F, 0x2D, 0x2E, 0x5F].contains(byte)
        }
        return isPlain ? text : nil
    }
}

/// What a request may hold.
enum ConsoleLimits {
    /// A form's body: a page of the inbox ticked, and a reason.
    static let formBytes = 32_768
    /// Its fields.
    static let formFields = 96
    /// A form with a file for each kind of evidence.
    static let uploadBytes = Limits.evidenceBytes * EvidenceKind.allCases.count + 65_536
    /// What stands above the content of a part of such a form.
    static let partHeadBytes = 2_048
    /// How long a browser may keep what has its hash in its name: for good.
    static let assetSeconds = 31_536_000
    /// How long a language chosen by who is not signed in is kept.
    static let languageSeconds = 31_536_000
}

/// Why a page is not shown or a form not taken; each has a page of its own.
enum Problem: Error, Equatable, Sendable {
    case needsSignIn, forbidden, crossSite, notFound, methodNotAllowed([String]), staleForm, tooLarge, malformed, linkOver, failed

    var status: HTTPResponse.Status {
        switch self {
        case .needsSignIn: .unauthorized
        case .forbidden, .crossSite: .forbidden
        case .notFound: .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .staleForm: .conflict
        case .tooLarge: .contentTooLarge
        case .malformed: .badRequest
        case .linkOver: .gone
        case .failed: .internalServerError
        }
    }

    private var phrases: (title: Phrase, sentence: Phrase) {
        switch self {
        case .needsSignIn: (.needsSignInTitle, .needsSignIn)
        case .forbidden: (.forbiddenTitle, .forbidden)
        case .crossSite: (.crossSiteTitle, .crossSite)
        case .notFound: (.notFoundTitle, .notFound)
        case .methodNotAllowed: (.methodTitle, .method)
        case .staleForm: (.staleTitle, .stale)
        case .tooLarge: (.tooLargeTitle, .tooLarge)
        case .malformed: (.malformedTitle, .malformed)
        case .linkOver: (.linkOverTitle, .linkOver)
        case .failed: (.failedTitle, .failed)
        }
    }

    func page(_ visit: Visit) -> ProblemPage {
        let texts = visit.texts
        let link: (path: String, name: Phrase) =
            switch self {
            case .needsSignIn: ("/sign-in", .signIn)
            case .staleForm: (visit.path, .openAgain)
            default: ("/", .goHome)
            }
        return ProblemPage(
            title: texts[phrases.title], sentence: texts[phrases.sentence], request: visit.requestID, linkPath: link.path,
            linkName: texts[link.name])
    }
}
