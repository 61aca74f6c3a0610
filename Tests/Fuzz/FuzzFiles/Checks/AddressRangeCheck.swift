import ControlPlane
import Registry

/// What must hold for any text taken for a block of addresses.
enum AddressRangeCheck {
    /// What is read is read again from how it is spelt, and holds the address it begins with.
    static func range(_ text: String) {
        if let range = AddressText.range(text) {
            hold(AddressText.range(AddressText.text(range)) == range, "\(text) is spelt \(AddressText.text(range))")
            hold(range.contains(range.base), "a block holds its first address")
        }
        if let address = AddressText.address(text) {
            hold(AddressText.range(text)?.base == address, "an address is a block of one")
        }
    }
}
