package import Foundation
import FoundationNetworking

/// A partner's client: it knows a base URL and the fields to send, nothing else.
package struct HTTPClient: Sendable {
    /// An answer, whole.
    package struct Answer: Sendable {
        /// The status code.
        package var status: Int
        /// Field values by lower-case name.
        package var fields: [String: String]
        /// The body's bytes.
        package var body: Data

        /// The body as text.
        package var text: String { String(decoding: body, as: UTF8.self) }

        /// The body as a JSON object, or nil if it is none.
        package var json: [String: Any]? { (try? JSONSerialization.jsonObject(with: body)) as? [String: Any] }
    }

    private let base: String
    private let fields: [String: String]
    private let session: URLSession

    /// A client of `http://127.0.0.1:8080`, say, that sends these fields with every call.
    package init(_ base: String, fields: [String: String] = [:]) {
        self.base = base
        self.fields = fields
        let configuration = URLSessionConfiguration.ephemeral
        configuration.urlCache = nil
        configuration.httpCookieStorage = nil
        configuration.timeoutIntervalForRequest = 20
        session = URLSession(configuration: configuration)
    }

    /// The same client with more fields.
    package func with(_ more: [String: String]) -> HTTPClient { HTTPClient(base, fields: fields.merging(more) { $1 }) }

    /// GET of a target such as `/readyz`.
    package func get(_ target: String) async throws -> Answer { try await call("GET", target, body: nil) }

    /// POST of a JSON text.
    package func post(_ target: String, json: String) async throws -> Answer { try await call("POST", target, body: Data(json.utf8)) }

    /// Any method, with or without a JSON body.
    package func call(_ method: String, _ target: String, body: Data?) async throws -> Answer {
        guard let url = URL(string: base + target) else { throw URLError(.badURL) }
        var request = URLRequest(url: url)
        request.httpMethod = method
        request.httpBody = body
        if body != nil { request.setValue("application/json", forHTTPHeaderField: "Content-Type") }
        for (name, value) in fields { request.setValue(value, forHTTPHeaderField: name) }
        let (data, response) = try await session.data(for: request)
        guard let response = response as? HTTPURLResponse else { throw URLError(.badServerResponse) }
        let received = response.allHeaderFields.map { ("\($0.key)".lowercased(), "\($0.value)") }
        return Answer(status: response.statusCode, fields: Dictionary(received) { first, _ in first }, body: data)
    }
}
