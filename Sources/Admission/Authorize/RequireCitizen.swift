import Registry

/// A citizen must be named, and not by a token another application obtained: consent given to one is not consent given to all.
func requireCitizen(_ token: CitizenToken, of application: Identifier) throws(Refusal) {
    switch token {
    case .none, .malformed: throw .missingCitizenToken
    case .obtainedThrough(let other) where other != application: throw .foreignCitizenToken
    case .obtainedThrough, .opaque: return
    }
}
