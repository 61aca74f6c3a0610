/// Ends the run with this sentence where something does not hold, in optimised builds too: their `precondition` says nothing.
func hold(
    _ condition: Bool, _ sentence: @autoclosure () -> String = "this does not hold", file: StaticString = #fileID, line: UInt = #line
) {
    if !condition { fatalError(sentence(), file: file, line: line) }
}
