extension English {
    /// Partners.
    static let partners: [Phrase: String] = [
        .applications: "Applications",
        .partnersFound: "Partners: {count}",
        .partnersEmpty: "There are no partners yet. They come with an import of partner files.",
        .nothingFits: "Nothing fits.",
        .searchFor: "Search",
        .partnerSearchHint: "Part of a name, an id, a registration number, a site or a contact.",
        .showAll: "Show all",
        .countIn: "{state}: {count}",
        .noApplications: "None yet",
        .partnerID: "Id",
        .registration: "Registration number",
        .site: "Official site",
        .noContacts: "None",
        .duplicates: "What others share with it",
        .noDuplicates: "No other partner has its registration number, one of its contacts or its domain.",
        .sharedNumber: "Registration number", .sharedContact: "Contact", .sharedDomain: "Domain",
        .shared: "What is shared",
        .otherPartner: "The other partner",
        .backToPartners: "All partners",
        .contactsErased: "Erased on {day}",
        .erasure: "Erase what names its people",
        .erasureWhat:
            "For whoever asks to be forgotten. Contacts, the files of evidence and notes are erased for good; moves, keys and the audit stay.",
        .erasureLiving: "Not while an application may still need them: {applications}.",
        .erasureCounts: "Contacts: {contacts} · pieces of evidence: {evidence} · notes: {notes}",
        .erase: "Erase for good",
        .erasedNow: "What named its people is erased.",
        .erasedQuoted: "Records of the audit that quote a contact, from before such were kept out of it, stay: {numbers}.",
    ]
}
