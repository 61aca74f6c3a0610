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
        .contactsErased: "{day} को मिटाए गए",
        .erasure: "इसके लोगों की जानकारी मिटाएँ",
        .erasureWhat:
            "उनके लिए जो अपनी जानकारी हटवाना चाहते हैं। संपर्क, प्रमाण की फ़ाइलें और टिप्पणियाँ हमेशा के लिए मिट जाती हैं; कार्रवाइयाँ, कुंजियाँ और ऑडिट बने रहते हैं।",
        .erasureLiving: "जब तक किसी आवेदन को इनकी ज़रूरत हो सकती है, तब तक नहीं: {applications}।",
        .erasureCounts: "संपर्क: {contacts} · प्रमाण: {evidence} · टिप्पणियाँ: {notes}",
        .erase: "हमेशा के लिए मिटाएँ",
        .erasedNow: "इसके लोगों की जानकारी मिटा दी गई है।",
        .erasedQuoted: "ऑडिट के पुराने रिकॉर्ड, जिनमें कोई संपर्क दर्ज है, बने रहेंगे: {numbers}।",
    ]
}
