import HTTPTypes

/// What an application looked like to who decides: the last record of the audit about it (RFC 9110 §8.8.3, §13.1.1).
enum EntityTag {
    static func text(_ record: Int64) -> String { "\"\(record)\"" }

    /// The record that a decision was made on; nil where whatever it now is will do (`*`).
    static func demanded(_ fields: HTTPFields) throws -> Int64? {
        let values = fields[values: .ifMatch]
        guard let value = values.first, values.count == 1 else {
            guard values.isEmpty else { throw ProblemAnswer(.malformedRequest, "the field If-Match is given more than once") }
            throw ProblemAnswer(.preconditionNeeded)
        }
        if value == "*" { return nil }
        guard value.hasPrefix("\""), value.hasSuffix("\""), let record = Int64(value.dropFirst().dropLast()), record >= 0 else {
            // A tag of another form is none that was ever given out: it matches nothing.
            throw ProblemAnswer(.changedMeanwhile)
        }
        return record
    }
}
