import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// The edge: every refusal and every fault becomes the one envelope here, and every request one log line.
/// The line carries the path's template, never the path, the query or a body: those name citizens.
struct Answers: RouterMiddleware {
    let logger: Logger

    @concurrent func handle(
        _ request: Request, context: StoreContext, next: @concurrent (Request, StoreContext) async throws -> Response
    ) async throws -> Response {
        let response: Response
        var fault: (any Error)?
        do {
            response = try await next(request, context)
        } catch let refusal as Refusal {
            response = Self.envelope(refusal)
        } catch let error as HTTPError where error.status == .notFound {
            response = Self.envelope(Refusal(.noSuchPath))
        } catch {
            fault = error
            response = Self.envelope(Refusal(.fault))
        }
        log(request, context, response.status, fault)
        return response
    }

    private func log(_ request: Request, _ context: StoreContext, _ status: HTTPResponse.Status, _ fault: (any Error)?) {
        var metadata: Logger.Metadata = [
            "method": "\(request.method.rawValue)", "path": "\(context.endpointPath ?? "unknown")", "status": "\(status.code)",
        ]
        if let id = request.headers[.requestId] { metadata["request_id"] = "\(id.prefix(64))" }
        if let fault {
            // GRDB's errors show statements without their arguments, so no citizen's data is in them.
            metadata["fault"] = "\(fault)"
            logger.error("failed", metadata: metadata)
        } else {
            logger.log(level: status.code < 400 ? .debug : .info, "answered", metadata: metadata)
        }
    }

    /// 200 with a JSON text, 204 without one.
    static func json(_ text: ByteBuffer?) -> Response {
        guard let text else { return Response(status: .noContent) }
        return Response(status: .ok, headers: [.contentType: "application/json"], body: ResponseBody(byteBuffer: text))
    }

    private static func envelope(_ refusal: Refusal) -> Response {
        let text = JSONText.object { json in
            json.field("errorCode", refusal.code.rawValue)
            json.field("error", refusal.sentence)
        }
        var response = json(text)
        response.status = HTTPResponse.Status(code: refusal.code.status)
        if let seconds = refusal.retryAfterSeconds { response.headers[.retryAfter] = String(seconds) }
        return response
    }
}
