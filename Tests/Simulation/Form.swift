import Registry

/// A route of the simulation.
struct Place {
    var id: String
    var method: RouteMethod
    var path: String
    var scope: Scope
    var identities: Identities
    var parameters: [Parameter] = []
    var maximumBodyBytes = 0
    var cost: Int64 = 1

    static let pin = Place(
        id: "find-by-pin", method: .get, path: "/api/v2/findByPin", scope: .search, identities: .application,
        parameters: [
            Parameter(name: "date", form: .date, isRequired: true),
            Parameter(name: "pincode", form: .digits(least: 6, most: 6), isRequired: true),
        ])
    static let open = Place(id: "find-open", method: .get, path: "/api/v2/public/find", scope: .search, identities: .anyone)
    static let states = Place(
        id: "districts", method: .get, path: "/api/v2/districts/{state_id}", scope: .metadata, identities: .anyone, cost: 2)
    static let otp = Place(
        id: "generate-otp", method: .post, path: "/api/v2/auth/otp", scope: .identity, identities: .application, maximumBodyBytes: 1_024)
    static let schedule = Place(
        id: "schedule", method: .post, path: "/api/v2/schedule", scope: .booking, identities: .applicationAndCitizen,
        maximumBodyBytes: Scenery.scheduleBytes)

    static let all = [pin, open, states, otp, schedule]
}

/// One sort of request: how it is written, and what the oracle needs to judge it.
struct Form {
    enum Body { case none, length, chunked, brokenChunks, excess }
    enum Token { case none, opaque, foreign }
    /// What a request is answered with before anybody is asked who they are.
    enum Finding {
        case page
        case refused(status: Int, code: String)
        /// A page about the application that asks.
        case limits
        /// The same, which is looked up; or nil where no record can have the id.
        case decision(id: String?)
    }

    var method = "GET"
    var target = "/api/v2/findByPin?pincode=411001&date=08-06-2021"
    /// As the core store must see it.
    var canonical = "/api/v2/findByPin?date=08-06-2021&pincode=411001"
    var place = Place.pin
    var finding: Finding?
    /// Index into the scenery's keys.
    var key: Int?
    /// Instead of a key of the scenery's.
    var strangeKey: (text: String, code: String)?
    var token = Token.none
    var body = Body.none
    var isHTTP10 = false
    var closes = false
    var expects = false
    /// Also sends what must not pass: forged identities, hop-by-hop fields.
    var isHostile = false

    var isHead: Bool { method == "HEAD" }
    var isSafe: Bool { method == "GET" || isHead }

    private static let foreignToken = "e30.eyJjbGllbnRfaWQiOiJzb21lYm9keS1lbHNlIn0.c2ln"

    /// The head's lines up to the mark's value, without the framing.
    func opening(_ keys: [Scenery.Key]) -> String {
        var lines = ["\(method) \(target) HTTP/1.\(isHTTP10 ? 0 : 1)", "Host: gateway"]
        if let key { lines.append("x-api-key: \(keys[key].text)") }
        if let strangeKey { lines.append("X-API-Key: \(strangeKey.text)") }
        switch token {
        case .none: break
        case .opaque: lines.append("Authorization: Bearer opaque")
        case .foreign: lines.append("Authorization: Bearer \(Form.foreignToken)")
        }
        if isHostile { lines += Form.hostileLines }
        if closes { lines.append("Connection: close") }
        if expects { lines.append("Expect: 100-continue") }
        return lines.joined(separator: "\r\n") + "\r\nX-Mark: "
    }

    static let hostileLines = [
        "X-Partner-Id: forged", "X-Application-Id: forged", "X-Environment: production", "X-Request-Id: 1", "X-Forwarded-For: 6.6.6.6",
        "Forwarded: for=6.6.6.6", "TE: trailers", "Keep-Alive: timeout=9", "Connection: X-Hop, keep-alive", "X-Hop: 1",
        "Proxy-Authorization: Basic eA==", "X-Partner_Id: forged",
    ]

    /// The lines of its fields that pass to the core store.
    var passingLines: [String] {
        switch token {
        case .none: []
        case .opaque: ["Authorization: Bearer opaque"]
        case .foreign: ["Authorization: Bearer \(Form.foreignToken)"]
        }
    }
}

extension Form {
    /// Every sort; the plain ones first, for a shrunk schedule names the first that still fails.
    static let all = passing + refused

    /// The sorts that may reach a core store.
    static let passing: [Form] = {
        func post(_ key: Int?, _ body: Body, _ token: Token = .opaque) -> Form {
            Form(
                method: "POST", target: Place.schedule.path, canonical: Place.schedule.path, place: .schedule, key: key, token: token,
                body: body)
        }
        let open = Form(target: Place.open.path + "?who=ever", canonical: Place.open.path, place: .open)
        var forms = [
            Form(key: keyIndex(.live)), post(keyIndex(.live), .length), post(keyIndex(.live), .chunked), open,
            Form(key: keyIndex(.other, .sandbox)),
            Form(method: "HEAD", key: keyIndex(.other)), Form(key: keyIndex(.tight)), Form(key: keyIndex(.live), isHTTP10: true),
            Form(key: keyIndex(.live), closes: true), Form(key: keyIndex(.live, .sandbox), isHostile: true),
            Form(target: "/api/v2/districts/21", canonical: "/api/v2/districts/21", place: .states),
            Form(
                method: "HEAD", target: "/api/v2/districts/21", canonical: "/api/v2/districts/21", place: .states,
                key: keyIndex(.tight, .sandbox)),
        ]
        for body in [Body.length, .chunked] {
            var form = post(keyIndex(.other, .sandbox), body)
            form.expects = true
            forms.append(form)
            form.key = keyIndex(.tight)
            form.isHostile = true
            forms.append(form)
        }
        forms += [post(keyIndex(.live), .brokenChunks), post(keyIndex(.live), .excess), post(keyIndex(.tight), .length)]
        forms.append(
            Form(
                method: "POST", target: Place.otp.path, canonical: Place.otp.path, place: .otp, key: keyIndex(.other), body: .length))
        // A booking may have no body at all: then it is whole with its head.
        forms += [post(keyIndex(.live), .none), post(keyIndex(.other), .none)]
        return forms
    }()

    /// Index of an application's key.
    private static func keyIndex(_ who: Who, _ environment: Environment = .production) -> Int {
        who.rawValue * 2 + Int(environment.rawValue)
    }

    private static let refused: [Form] = {
        let special = Who.allCases.count * 2
        let schedule = Form(
            method: "POST", target: Place.schedule.path, place: .schedule, key: keyIndex(.live, .production), body: .length)
        var wrongToken = schedule
        wrongToken.token = .foreign
        var narrow = schedule
        narrow.key = keyIndex(.narrow, .production)
        narrow.token = .opaque
        return [
            Form(target: "/livez", finding: .page), Form(method: "HEAD", target: "/livez", finding: .page),
            Form(target: "/problems/rate-limited", finding: .page), Form(target: "/readyz", finding: .page),
            Form(target: "/none", finding: .refused(status: 404, code: "GWREQ0004")),
            Form(method: "PUT", finding: .refused(status: 405, code: "GWREQ0005"), body: .length),
            Form(
                target: "/api/v2/findByPin?pincode=41100&date=08-06-2021", finding: .refused(status: 400, code: "GWREQ0002"),
                key: keyIndex(.live, .production)),
            Form(), Form(key: special), Form(key: special + 1), Form(key: special + 2), Form(key: special + 3),
            Form(strangeKey: ("somebody-elses", "GWAUT0002")), Form(strangeKey: ("pgw_production_typo", "GWAUT0003")),
            Form(key: keyIndex(.sandboxed, .production)), Form(key: keyIndex(.sandboxed, .sandbox)),
            Form(key: keyIndex(.suspended, .production)),
            Form(key: keyIndex(.suspended, .sandbox)), Form(key: keyIndex(.walled, .production)),
            Form(key: keyIndex(.withdrawn, .production)),
            Form(key: keyIndex(.other, .production)), Form(key: keyIndex(.bound, .production)), schedule, wrongToken, narrow,
        ] + keyed
    }()

    /// Pages about who asks.
    private static let keyed: [Form] = {
        let id = "0179300b2c00a1b2c3d4e5f60718293a"
        func decision(_ key: Int?, _ method: String = "GET", _ body: Body = .none) -> Form {
            Form(method: method, target: "/decisions/" + id, finding: .decision(id: id), key: key, body: body)
        }
        return [
            decision(keyIndex(.live)), decision(keyIndex(.live), "HEAD"), decision(keyIndex(.tight), "GET", .length), decision(nil),
            decision(keyIndex(.narrow)), decision(keyIndex(.suspended)),
            Form(target: "/decisions/" + id.uppercased(), finding: .decision(id: nil), key: keyIndex(.tight)),
            Form(target: "/limits", finding: .limits, key: keyIndex(.tight)),
            Form(method: "HEAD", target: "/limits", finding: .limits, key: keyIndex(.other), closes: true),
        ]
    }()
}
