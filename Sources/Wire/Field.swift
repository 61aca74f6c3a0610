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

extension Field {
    /// Whether it is an X-Forwarded-For, in any case.
    package func isForwardedFor(_ bytes: Span<UInt8>) -> Bool {
        name.isToken(bytes, count: 15, 0x7261_7772_6f66_2d78, 0x726f_662d_6465_6472)
    }
}
