/// What is particular to one country, read from its folder and checked whole before anything is served.
package struct Country: Sendable {
    struct District: Sendable, Equatable {
        let stateId: Int
        let stateName: String
        let stateNameLocal: String
        let id: Int
        let name: String
        let latitude: Double
        let longitude: Double
        let radiusKilometres: Double
        let pincodes: ClosedRange<Int>
    }

    struct Vaccine: Sendable, Equatable {
        let name: String
        let daysBetweenDoses: Int
        let minimumAge: Int
        let feeRupees: Int
    }

    /// A photo id type or a gender: an id, its label, its label in the local language.
    struct Label: Sendable, Equatable {
        let id: Int
        let text: String
        let localText: String
    }

    let districts: [District]
    let vaccines: [Vaccine]
    let photoIdTypes: [Label]
    let genders: [Label]

    func vaccine(named name: String) -> Vaccine? { vaccines.first { $0.name == name } }

    /// Reads the four files of a country folder; throws every fault of all of them at once.
    package init(directory: String) throws {
        var faults: [CountryFault] = []
        func table<Row>(_ file: String, _ header: String, _ read: (inout CountryReader) -> [Row]) throws -> [Row] {
            do {
                let columns = header.split(separator: ",").map(String.init)
                var reader = CountryReader(try CSVTable(path: "\(directory)/\(file)", header: columns))
                let rows = read(&reader)
                faults += reader.faults
                return rows
            } catch let unreadable as CountryFaults {
                faults += unreadable.faults
                return []
            }
        }
        districts = try table(
            "geography.csv",
            "state_id,state_name,state_name_l,district_id,district_name,latitude,longitude,radius_km,pincode_first,pincode_last",
            { $0.districts() })
        vaccines = try table("vaccines.csv", "vaccine,days_between_doses,min_age,fee_rupees", { $0.vaccines() })
        photoIdTypes = try table("identity-documents.csv", "id,type,type_l", { $0.labels() })
        genders = try table("genders.csv", "id,gender,gender_l", { $0.labels() })
        guard faults.isEmpty else { throw CountryFaults(faults: faults) }
    }
}
