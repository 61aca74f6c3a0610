extension Hindi {
    /// Partners.
    static let partners: [Phrase: String] = [
        .applications: "आवेदन",
        .partnersFound: "पार्टनर: {count}",
        .partnersEmpty: "अभी कोई पार्टनर नहीं है। पार्टनर उनकी फ़ाइलों के आयात से आते हैं।",
        .nothingFits: "कुछ नहीं मिला।",
        .searchFor: "खोजें",
        .partnerSearchHint: "नाम, आईडी, पंजीकरण संख्या, साइट या संपर्क का कोई हिस्सा।",
        .showAll: "सभी दिखाएँ",
        .countIn: "{state}: {count}",
        .noApplications: "अभी कोई नहीं",
        .partnerID: "आईडी",
        .registration: "पंजीकरण संख्या",
        .site: "आधिकारिक साइट",
        .noContacts: "कोई नहीं",
        .duplicates: "दूसरों से क्या मेल खाता है",
        .noDuplicates: "इसकी पंजीकरण संख्या, कोई संपर्क या डोमेन किसी दूसरे पार्टनर के पास नहीं है।",
        .sharedNumber: "पंजीकरण संख्या", .sharedContact: "संपर्क", .sharedDomain: "डोमेन",
        .shared: "क्या मेल खाता है",
        .otherPartner: "दूसरा पार्टनर",
        .backToPartners: "सभी पार्टनर",
    ]
}
