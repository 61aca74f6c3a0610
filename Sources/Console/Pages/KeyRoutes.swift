import ControlPlane
import HTTPTypes
import Registry

extension ConsoleRoute {
    /// An application's keys. One just issued is shown once, as the answer itself: nothing keeps it.
    static let keys: [ConsoleRoute] = [
        issuing(.sandbox), issuing(.production),
        .post("/applications/:id/keys/:key/rotate", dangerous) { console, visit in
            try await console.changeKey(visit) { id in
                guard let days = Int64(visit.form["days"]), (0...10_000).contains(days) else {
                    throw RegistryError.outOfForm("how many days the old key goes on working is a number")
                }
                return try console.registry.rotateKey(id, by: visit.actor(), retiringForSeconds: days * 86_400, at: visit.now)
            }
        },
        .post("/applications/:id/keys/:key/revoke", dangerous) { console, visit in
            try await console.changeKey(visit) { id in
                try console.registry.revokeKey(id, by: visit.actor(), reason: visit.form["reason"], at: visit.now)
                return nil
            }
        },
    ]

    private static let dangerous = Access.signedIn(as: Set(Role.allCases), recently: true)

    private static func issuing(_ environment: Environment) -> ConsoleRoute {
        .post("/applications/:id/keys/" + environment.name, environment == .production ? dangerous : team) { console, visit in
            let id = try console.applicationID(visit)
            do {
                let issued = try console.registry.issueKey(
                    to: id, in: environment, named: visit.form["name"], by: visit.actor(), at: visit.now)
                return .page(KeyIssuedPage(issued, visit.texts))
            } catch let error as RegistryError {
                return try await console.refused(error, visit)
            }
        }
    }
}

extension Console {
    /// Changes one of an application's keys; shows the new one where there is one.
    fileprivate func changeKey(_ visit: Visit, _ change: (String) throws -> IssuedKey?) async throws -> Answer {
        let (id, key) = (try applicationID(visit), visit.parameters["key"] ?? "")
        guard try registry.keys(of: id).contains(where: { $0.id == key }) else { throw Problem.notFound }
        do {
            if let issued = try change(key) { return .page(KeyIssuedPage(issued, visit.texts)) }
            return .redirect("/applications/\(id.text)?saved=yes")
        } catch let error as RegistryError {
            return try await refused(error, visit)
        }
    }
}

extension KeyIssuedPage {
    init(_ issued: IssuedKey, _ texts: Texts) {
        title = texts[.keyIssuedTitle]
        key = issued.key
        environment = texts.name(issued.environment)
        back = "/applications/" + issued.application.text
    }
}
