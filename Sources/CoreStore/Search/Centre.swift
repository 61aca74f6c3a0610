import GRDB

/// A vaccination centre as searches and appointments show it.
struct Centre {
    let id: Int
    let name: String
    let localName: String
    let address: String
    let stateName: String
    let stateLocalName: String
    let districtName: String
    let blockName: String
    let pincode: Int
    let latitude: Double
    let longitude: Double
    let opens: String
    let closes: String
    let feeType: String

    /// The columns a centre is read from, in the order `init(_:)` takes them, and the tables they stand in.
    static let columns = """
        centre.center_id, centre.name, centre.name_l, centre.address, state.state_name, state.state_name_l, district.district_name,
        centre.block_name, centre.pincode, centre.latitude, centre.longitude, centre.opens, centre.closes, centre.fee_type
        """
    static let tables = "centre JOIN district USING (district_id) JOIN state USING (state_id)"

    init(_ row: Row) {
        id = row[0]
        name = row[1]
        localName = row[2]
        address = row[3]
        stateName = row[4]
        stateLocalName = row[5]
        districtName = row[6]
        blockName = row[7]
        pincode = row[8]
        latitude = row[9]
        longitude = row[10]
        opens = row[11]
        closes = row[12]
        feeType = row[13]
    }

    /// Writes the centre's fields into an object already begun. Names not known in the local language repeat the English ones.
    func write(to json: inout JSONText, in language: Language) {
        json.field("center_id", id)
        json.field("name", name)
        json.field("address", address)
        json.field("state_name", stateName)
        json.field("district_name", districtName)
        json.field("block_name", blockName)
        if language == .local {
            json.field("name_l", localName)
            json.field("address_l", address)
            json.field("state_name_l", stateLocalName)
            json.field("district_name_l", districtName)
            json.field("block_name_l", blockName)
        }
        json.field("pincode", pincode)
        json.field("lat", latitude)
        json.field("long", longitude)
        json.field("from", opens)
        json.field("to", closes)
        json.field("fee_type", feeType)
    }
}

/// Whether an answer carries the `*_l` twins.
enum Language: Sendable {
    case english, local

    /// `hi_IN` (CoWIN's spelling) or `hi-IN` (RFC 5646's) anywhere in the field, unless refused by `q=0`.
    init(acceptLanguage: String?) {
        let asked = (acceptLanguage ?? "").split(separator: ",").contains { range in
            let parts = range.split(separator: ";").map { $0.filter { $0 != " " }.lowercased() }
            guard let tag = parts.first, tag == "hi_in" || tag == "hi-in" else { return false }
            return !parts.dropFirst().contains { $0.hasPrefix("q=0") && !$0.contains { ("1"..."9").contains($0) } }
        }
        self = asked ? .local : .english
    }
}
