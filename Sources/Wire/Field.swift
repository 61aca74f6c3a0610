/// One field line of a head, as places in its bytes.
package struct Field: BitwiseCopyable, Sendable {
    /// The name as it was sent.
    package var name: Slice
    /// The value without the blanks around it; it may be empty.
    package var value: Slice
    /// Which field it is.
    package var known: KnownField

    /// A line with this name and value.
    package init(name: Slice, value: Slice, known: KnownField) {
        self.name = name
        self.value = value
        self.known = known
    }
}
