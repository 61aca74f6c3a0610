import Foundation

/// A small country with the real one's headers, written to a folder of its own.
enum Fixture {
    static let geography = """
        state_id,state_name,state_name_l,district_id,district_name,latitude,longitude,radius_km,pincode_first,pincode_last
        21,Maharashtra,महाराष्ट्र,391,Ahmednagar,19.09521,74.74959,12.0,414001,414111
        21,Maharashtra,महाराष्ट्र,395,Mumbai,19.07283,72.88261,4.0,400001,400104
        36,West Bengal,"पश्चिम बंगाल",725,"Kolkata, city of",22.56263,88.36304,4.0,700001,700027
        """
    static let vaccines = """
        vaccine,days_between_doses,min_age,fee_rupees
        COVISHIELD,84,18,780
        COVAXIN,28,15,1410
        SPUTNIK V,21,18,1145
        """
    static let photoIds = "id,type,type_l\n1,Aadhaar,आधार\n6,PAN,पैन\n8,Passport,पासपोर्ट\n"
    static let genders = "id,gender,gender_l\n1,Male,पुरुष\n2,Female,महिला\n3,Others,अन्य\n"

    static func folder(
        geography: String = geography, vaccines: String = vaccines, photoIds: String = photoIds, genders: String = genders
    ) throws -> String {
        let folder = try RunningStore.temporaryFolder()
        let files = ["geography.csv": geography, "vaccines.csv": vaccines, "identity-documents.csv": photoIds, "genders.csv": genders]
        for (name, text) in files { try text.write(toFile: "\(folder)/\(name)", atomically: false, encoding: .utf8) }
        return folder
    }
}
