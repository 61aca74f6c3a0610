/// What an input is taken for; the raw value names its corpus.
enum Subject: String, CaseIterable, Codable {
    case partnerFile = "FuzzPartnerFile"
    case partnerTable = "FuzzPartnerTable"
    case lifecycleFile = "FuzzLifecycleFile"
    case plansFile = "FuzzPlansFile"
    case routesFile = "FuzzRoutesFile"
    case settingsFile = "FuzzSettingsFile"
    case addressRange = "FuzzAddressRange"

    /// Traps where something does not hold for these bytes.
    func check(_ bytes: Span<UInt8>) {
        var copy: [UInt8] = []
        for index in bytes.indices { copy.append(bytes[index]) }
        guard let text = String(validating: copy, as: UTF8.self) else { return }
        switch self {
        case .partnerFile: PolicyFileCheck.partner(text)
        case .partnerTable: PartnerTableCheck.table(text)
        case .lifecycleFile: LifecycleFileCheck.rules(text)
        case .plansFile: PolicyFileCheck.plans(text)
        case .routesFile: PolicyFileCheck.routes(text)
        case .settingsFile: SettingsFileCheck.settings(text)
        case .addressRange: AddressRangeCheck.range(text)
        }
    }
}
