/// A request that is in flight under one policy alone.
struct HeldSlot {
    var slot: SlotPlace
    /// 1 where only the proposed policy lets it in, −1 where only the recorded one did.
    var difference: Int32
}
