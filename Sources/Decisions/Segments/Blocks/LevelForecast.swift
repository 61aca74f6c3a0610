/// What each bucket of a block's applications owes by the records so far: every record is foretold from the one before it, and what is stored is
/// only how far that was wrong.
struct LevelForecast {
    private struct Bucket {
        var debt: Int64 = 0
        var monotonic: Int64 = 0
        var dayRemaining: Int64 = -1
    }

    private let applications: [UInt64]
    private let shapes: [Shape]
    private let book: PriceBook
    /// By application and shape, where these are few enough: what was looked up.
    private let pairs: BlockPairs?
    private var charges: [PriceBook.Charge]
    private var isKnown: [Bool]
    private var buckets: [Bucket]

    private static let dayNanoseconds: Int64 = 86_400_000_000_000

    /// Nothing known yet of the buckets of these applications.
    init(of applications: [UInt64], _ shapes: [Shape], by book: PriceBook) {
        (self.applications, self.shapes, self.book) = (applications, shapes, book)
        pairs = BlockPairs(applications.count, shapes.count)
        charges = [PriceBook.Charge](repeating: PriceBook.Charge(), count: pairs?.count ?? 0)
        isKnown = [Bool](repeating: false, count: charges.count)
        buckets = [Bucket](repeating: Bucket(), count: applications.count * 8)
    }

    /// What a record of the application and the shape at these places was charged; nothing where there are too many pairs of them.
    mutating func charge(_ application: UInt64, _ shape: UInt64) -> PriceBook.Charge {
        guard let pairs else { return PriceBook.Charge() }
        let pair = pairs.place(application, shape)
        if isKnown[pair] { return charges[pair] }
        let place = Int(truncatingIfNeeded: application)
        let charge = book.charge(
            shapes[Int(truncatingIfNeeded: shape)], application: UInt32(truncatingIfNeeded: applications[place]), place: place)
        (charges[pair], isKnown[pair]) = (charge, true)
        return charge
    }

    /// What the bucket owes now: what it owed, less what has filled since.
    func debt(_ charge: PriceBook.Charge, at monotonic: Int64) -> Int64 {
        guard charge.slot >= 0 else { return 0 }
        let bucket = buckets[Int(charge.slot)]
        let elapsed = monotonic &- bucket.monotonic
        return bucket.debt > elapsed ? bucket.debt &- elapsed : 0
    }

    /// What is left of the day's quota.
    func dayRemaining(_ charge: PriceBook.Charge) -> Int64 { charge.slot < 0 ? -1 : buckets[Int(charge.slot)].dayRemaining }

    /// What the request was told to wait, given what its bucket owed.
    static func wait(_ charge: PriceBook.Charge, debt: Int64, wall: Int64) -> Int64 {
        switch charge.wait {
        case .none: return 0
        case .debt: return debt > charge.waitNanoseconds ? debt &- charge.waitNanoseconds : 0
        case .dayEnd:
            let time = (wall &+ charge.waitNanoseconds) % dayNanoseconds
            return dayNanoseconds &- (time < 0 ? time &+ dayNanoseconds : time)
        }
    }

    /// Takes down what the record says.
    mutating func note(_ charge: PriceBook.Charge, debt: Int64, dayRemaining: Int64, at monotonic: Int64) {
        guard charge.slot >= 0 else { return }
        let left = dayRemaining < 0 ? dayRemaining : dayRemaining &- charge.dayPrice
        buckets[Int(charge.slot)] = Bucket(debt: max(debt, 0) &+ charge.price, monotonic: monotonic, dayRemaining: left)
    }
}
