import ControlPlane
import Testing

@testable import Command

struct CSVTextTests {
    @Test(arguments: [
        (["a", "b"], "a,b\r\n"), (["", ""], ",\r\n"), (["a,b", "c"], "\"a,b\",c\r\n"), (["say \"a\""], "\"say \"\"a\"\"\"\r\n"),
        (["two\nlines"], "\"two\nlines\"\r\n"), (["two\r\nlines", ""], "\"two\r\nlines\",\r\n"), ([" a "], " a \r\n"),
    ])
    func `what would end a field is quoted`(fields: [String], line: String) {
        #expect(CSVText.line(fields) == line)
    }
}
