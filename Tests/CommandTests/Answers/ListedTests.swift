import Testing

@testable import Command

/// How results are laid out.
struct ListedTests {
    @Test func `columns stand under each other and lines end without spaces`() {
        #expect(
            aligned([["ID", "NAME", "X"], ["a-long-id", "b", ""], ["c", "a name", "y"]]) == [
                "ID         NAME    X", "a-long-id  b       ", "c          a name  y",
            ])
        #expect(aligned([]) == [])
        #expect(aligned([["मुंबई", "x"], ["a", "y"]]).count == 2)
    }
}
