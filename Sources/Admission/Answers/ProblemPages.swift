/// The pages under `/problems/`: what `type` in a refusal leads to. Plain HTML, nothing loaded from elsewhere, no script; made once.
private let pages: [(slug: [UInt8], page: [UInt8])] = ProblemSlug.allCases.map { slug in
    (Array(slug.text.description.utf8), Array(page(of: slug).utf8))
}

/// The page at `/problems/`: every problem in one table.
package let problemIndexPage: [UInt8] = Array(indexPage().utf8)

/// The page at `/problems/<slug>` as HTML in UTF-8, or nil if there is no such problem.
package func problemPage(slug: Span<UInt8>) -> [UInt8]? {
    for entry in pages where entry.slug.count == slug.count {
        if slug.indices.allSatisfy({ slug[$0] == entry.slug[$0] }) { return entry.page }
    }
    return nil
}

private func page(of slug: ProblemSlug) -> String {
    let problem = problem(for: slug.example)
    let guidance = ProblemGuidance.all[slug]
    let steps = (guidance?.steps ?? []).map { "<li>\(escapedHTML($0))</li>" }.joined(separator: "\n")
    return problemDocument(
        title: problem.title.description,
        body: """
            <p><a href="/problems/">All problems</a></p>
            <h1>\(escapedHTML(problem.title.description))</h1>
            <p><code>\(slug.text)</code> · status \(problem.status) · code <code>\(problem.errorCode)</code> ·
            \(retryWords(of: slug, problem.retry))</p>
            <h2>What it means</h2>
            <p>\(escapedHTML(guidance?.meaning ?? problem.detail.description))</p>
            <h2>What to do now</h2>
            <ul>
            \(steps)
            </ul>
            <h2>Example</h2>
            <pre>\(escapedHTML(exampleAnswer(of: slug, problem)))</pre>
            """)
}

private func indexPage() -> String {
    let rows = ProblemSlug.allCases.map { slug in
        let problem = problem(for: slug.example)
        return """
            <tr><td>\(problem.status)</td><td><code>\(problem.errorCode)</code></td>\
            <td><a href="/problems/\(slug.text)">\(escapedHTML(problem.title.description))</a></td>\
            <td>\(retryWords(of: slug, problem.retry))</td></tr>
            """
    }
    return problemDocument(
        title: "Problems",
        body: """
            <h1>Problems</h1>
            <p>Whatever the gateway itself refuses, it refuses in one form: <code>application/problem+json</code> (RFC 9457). The member
            <code>type</code> leads to the problem's page here, <code>errorCode</code> names it for programs, <code>detail</code> says what
            happened, <code>retryable</code> whether the same call may succeed later, and <code>instance</code> ends in the request id that
            the field <code>X-Request-Id</code> carries too. Quote that id when you ask for help.</p>
            <table>
            <tr><th>Status</th><th>Code</th><th>Problem</th><th>Again?</th></tr>
            \(rows.joined(separator: "\n"))
            </table>
            """)
}

/// A page about problems, whichever plane's: its title as text, its body as HTML.
package func problemDocument(title: String, body: String) -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>\(escapedHTML(title)) – partner gateway</title>
    <style>
    body { font: 1rem/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color: #1b1b1b; background: #fff }
    pre, code { font-family: ui-monospace, monospace; font-size: .9em } pre { background: #f3f3f3; padding: 1rem; overflow-x: auto }
    table { border-collapse: collapse } th, td { text-align: left; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid #d5d5d5 }
    a { color: #0b5394 }
    </style>
    </head>
    <body>
    \(body)
    </body>
    </html>

    """
}

private func exampleAnswer(of slug: ProblemSlug, _ problem: Problem) -> String {
    let extra =
        switch slug {
        case .badParameter: ",\n  \"parameter\": \"date\",\n  \"expected\": \"DD-MM-YYYY\""
        case .applicationState: ",\n  \"state\": \"suspended\""
        case .scopeNotGranted: ",\n  \"scope\": \"booking\""
        case .rateLimited: ",\n  \"retryAfterMilliseconds\": 2417,\n  \"violated-policies\": [\"search\"]"
        case .dailyQuota: ",\n  \"retryAfterMilliseconds\": 31284417,\n  \"violated-policies\": [\"search-day\"]"
        case .tooManyInFlight: ",\n  \"retryAfterMilliseconds\": 1000,\n  \"violated-policies\": [\"search-concurrency\"]"
        case .tooManyFailures: ",\n  \"retryAfterMilliseconds\": 14200,\n  \"violated-policies\": [\"failed-authentication\"]"
        default: ""
        }
    return """
        {
          "type": "/problems/\(slug.text)",
          "title": "\(problem.title)",
          "status": \(problem.status),
          "detail": "\(problem.detail)",
          "instance": "/decisions/0179f3d0c9a27c1e5f0b8a4463d9e210",
          "errorCode": "\(problem.errorCode)",
          "error": "\(problem.error)",
          "retryable": \(problem.isRetryable(repeatable: slug != .outcomeUnknown))\(extra)
        }
        """
}

private func retryWords(of slug: ProblemSlug, _ retry: Problem.Retry) -> String {
    // It never happens to a GET, whose lost answer is one of the others.
    if slug == .outcomeUnknown { return "look whether it was done before repeating it" }
    return switch retry {
    case .never: "not retryable"
    case .afterNewToken: "after a new OTP"
    case .yes: "retryable"
    case .ifRepeatable: "a GET is retryable"
    }
}

/// Text as HTML (and as an attribute's value): the five characters that mean something there.
package func escapedHTML(_ text: String) -> String {
    var result = ""
    for character in text {
        switch character {
        case "&": result += "&amp;"
        case "<": result += "&lt;"
        case ">": result += "&gt;"
        case "\"": result += "&quot;"
        case "'": result += "&#39;"
        default: result.append(character)
        }
    }
    return result
}
