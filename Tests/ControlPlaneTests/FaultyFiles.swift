import Testing

/// Good files to break, one line at a time.
let goodPlans = """
    anonymous: public
    defaults:
      pharmacy: standard
      hospital: standard
      app: standard
      government: standard
    plans:
      - id: public
        buckets:
          search: { tokens: 100, per: 300 s, burst: 100 }
      - id: standard
        buckets:
          search: { tokens: 100, per: 300 s, burst: 100 }
          booking: { tokens: 10, per: 1 min, burst: 5 }

    """

/// Two fingerprints, in each of the two spellings.
let oneFingerprint = String(repeating: "0a", count: 32)
let otherFingerprint = (0..<32).map { _ in "B1" }.joined(separator: ":")

let goodRoutes = """
    routes:
      - id: find
        method: GET
        path: /api/find/{place_id}
        query:
          required:
            date: date
            pincode: digits 6
          optional:
            vaccine: one of [COVISHIELD, SPUTNIK V]
        scope: search
        cost: 3
        identities: anyone
        maximum-body: 0 B
        timeouts: { first-byte: 5 s, request: 15 s }
      - id: book
        method: POST
        path: /api/book
        scope: booking
        cost: 5
        identities: application+citizen
        maximum-body: 4 KiB
        timeouts: { first-byte: 5 s, request: 15 s }

    """

let goodPartner = """
    id: acme
    kind: app
    name: Acme
    registration: U1
    site: https://acme.example
    contacts:
      technical: integration@acme.example
    applications:
      - id: acme-app
        name: Acme App
        purpose: Finds and books.
        scopes: [search, booking]
        plan: standard
        allowed-addresses: [203.0.113.0/24, "2001:db8::/32"]
        state: suspended
        resumes-in: live

    """

/// One edit of one file, and the fault it must give.
struct Breakage: CustomTestStringConvertible, Sendable {
    var file: String
    var old: String
    var new: String
    var place: String
    var says: String

    init(_ file: String, _ old: String, _ new: String, at place: String, _ says: String) {
        (self.file, self.old, self.new, self.place, self.says) = (file, old, new, place, says)
    }

    var testDescription: String { "\(file): \(old) → \(new)" }
}

let breakages: [Breakage] = [
    // Keys.
    .init(
        "plans", "anonymous: public", "anonymus: public", at: "1:1",
        "unknown key 'anonymus' in plans.yaml (did you mean 'anonymous'?), expected"),
    .init("plans", "burst: 5 }", "bursts: 5 }", at: "14:42", "unknown key 'bursts' in a bucket (did you mean 'burst'?)"),
    .init("plans", "burst: 5 }", "}", at: "14:16", "the key 'burst' is missing"),
    .init("plans", "  hospital: standard\n", "", at: "3:3", "the key 'hospital' is missing"),
    .init("routes", "    cost: 5\n", "", at: "16:5", "the key 'cost' is missing"),
    .init("routes", "    method: POST", "    method: POST\n    method: PUT", at: "17:5", "the key 'method' is given more than once"),
    .init("routes", "identities: anyone", "identity: anyone", at: "13:5", "unknown key 'identity' in a route, expected one of"),
    .init("partners/acme", "name: Acme\n", "name: Acme\nsecret: x\n", at: "4:1", "unknown key 'secret' in a partner"),
    .init(
        "partners/acme", "  technical: integration@acme.example", "  security: s@acme.example", at: "7:3", "the key 'technical' is missing"),
    .init("partners/acme", "    scopes: [search, booking]\n", "", at: "9:5", "the key 'scopes' is missing"),
    .init("plans", "anonymous: public", "capacity: { serch: 1 }\nanonymous: public", at: "1:13", "unknown key 'serch' in capacity"),
    .init("plans", "anonymous: public", "capacity: 400\nanonymous: public", at: "1:11", "'400' where capacity belongs"),
    .init(
        "plans", "anonymous: public", "capacity: { booking: 0 }\nanonymous: public", at: "1:22",
        "the capacity in requests a second 0 is out of range, expected 1 to"),
    .init(
        "plans", "anonymous: public", "capacity: { booking: 4/s }\nanonymous: public", at: "1:22",
        "the capacity in requests a second is '4/s', expected a whole number"),
    // References.
    .init(
        "plans", "anonymous: public", "anonymous: publik", at: "1:12",
        "the plan 'publik' is not defined (did you mean 'public'?), expected one of public, standard"),
    .init("plans", "app: standard", "app: standart", at: "5:8", "the plan 'standart' is not defined (did you mean 'standard'?)"),
    .init(
        "partners/acme", "plan: standard", "plan: golden", at: "13:11", "the plan 'golden' is not defined, expected one of public, standard"
    ),
    .init("partners/acme", "plan: standard", "plan: public", at: "12:13", "the plan 'public' has no bucket for the scope 'booking'"),
    .init(
        "plans", "      search: { tokens: 100, per: 300 s, burst: 100 }\n  - id: standard",
        "      booking: { tokens: 100, per: 300 s, burst: 100 }\n  - id: standard", at: "1:12",
        "the plan 'public' has no bucket for the scope 'search', whose routes are public"),
    .init("plans", "      booking:", "      bookings:", at: "14:7", "unknown key 'bookings' in buckets (did you mean 'booking'?)"),
    .init(
        "routes", "scope: booking", "scope: bookings", at: "19:12",
        "unknown scope 'bookings' (did you mean 'booking'?), expected one of metadata"),
    .init("partners/acme", "[search, booking]", "[search, boking]", at: "12:22", "unknown scope 'boking' (did you mean 'booking'?)"),
    .init("partners/acme", "[search, booking]", "[search, search]", at: "12:22", "the scope 'search' is given twice"),
    .init("partners/acme", "[search, booking]", "[]", at: "12:13", "the list of scopes is empty, expected at least one scope"),
    .init("partners/acme", "state: suspended", "state: suspendet", at: "15:12", "unknown state 'suspendet' (did you mean 'suspended'?)"),
    .init("partners/acme", "state: suspended", "state: live", at: "16:17", "resumes-in belongs to a suspended or revoked application only"),
    .init("partners/acme", "resumes-in: live", "resumes-in: revoked", at: "16:17", "nothing resumes in 'revoked'"),
    .init(
        "partners/acme", "kind: app", "kind: apps", at: "2:7",
        "unknown kind 'apps' (did you mean 'app'?), expected one of pharmacy, hospital, app, government"),
    // Numbers.
    .init("plans", "burst: 5 }", "burst: 4 }", at: "14:49", "burst 4 is below the cost 5 of the route 'book', expected at least 5"),
    .init("plans", "tokens: 10,", "tokens: 0,", at: "14:26", "tokens 0 is out of range, expected 1 to 1000000000"),
    .init("plans", "tokens: 10,", "tokens: ten,", at: "14:26", "tokens is 'ten', expected a whole number"),
    .init("plans", "tokens: 10,", "tokens: -1,", at: "14:26", "tokens is '-1', expected a whole number"),
    .init("plans", "per: 1 min", "per: 1 fortnight", at: "14:35", "per is '1 fortnight', expected a duration such as 300 s"),
    .init("plans", "per: 1 min", "per: 0 s", at: "14:35", "per 0 s is out of range"),
    .init(
        "plans", "tokens: 10, per: 1 min, burst: 5 }", "tokens: 1, per: 300 d, burst: 1000000000 }", at: "14:48",
        "the bucket takes more than 73 years to fill"),
    .init("plans", "tokens: 10, per: 1 min", "tokens: 1000000000, per: 1 ms", at: "14:16", "more than one token a nanosecond"),
    .init("routes", "cost: 5", "cost: 0", at: "20:11", "the cost 0 is out of range"),
    .init("routes", "maximum-body: 4 KiB", "maximum-body: 4 kB", at: "22:19", "the maximum body is '4 kB', expected a size such as 16 KiB"),
    .init("routes", "maximum-body: 4 KiB", "maximum-body: 4096 MiB", at: "22:19", "the maximum body 4096 MiB is out of range"),
    .init(
        "routes", "request: 15 s }\n  - id: book", "request: 4 s }\n  - id: book", at: "15:43",
        "the whole request may take less time than its first byte, expected at least 5 s"),
    .init("plans", "burst: 5 }", "burst: 5, day: 4 }", at: "14:57", "day 4 is below the cost 5 of the route 'book', expected at least 5"),
    .init("plans", "burst: 5 }", "burst: 5, day: 0 }", at: "14:57", "day 0 is out of range, expected 1 to 1000000000"),
    .init("plans", "burst: 5 }", "burst: 5, day: many }", at: "14:57", "day is 'many', expected a whole number"),
    .init("plans", "burst: 5 }", "burst: 5, concurrency: 0 }", at: "14:65", "concurrency 0 is out of range"),
    .init(
        "plans", "burst: 5 }", "burst: 5, concurency: 9 }", at: "14:52",
        "unknown key 'concurency' in a bucket (did you mean 'concurrency'?)"),
    .init(
        "plans", "burst: 100 }\n  - id: standard", "burst: 100, day: 900 }\n  - id: standard", at: "10:59",
        "'day' in the plan of callers without a key"),
    .init(
        "plans", "burst: 100 }\n  - id: standard", "burst: 100, concurrency: 9 }\n  - id: standard", at: "10:67",
        "'concurrency' in the plan of callers without a key"),
    .init(
        "plans", "anonymous: public", "day-offset: 5\nanonymous: public", at: "1:13",
        "the day's offset is '5', expected hours and minutes"),
    .init("plans", "anonymous: public", "day-offset: +14:01\nanonymous: public", at: "1:13", "the day's offset is '+14:01'"),
    .init("plans", "anonymous: public", "day-offset: +05:60\nanonymous: public", at: "1:13", "the day's offset is '+05:60'"),
    .init(
        "partners/acme", "    state: suspended", "    certificates: [abc]\n    state: suspended", at: "15:20",
        "'abc' is not a certificate's fingerprint, expected its SHA-256"),
    .init(
        "partners/acme", "    state: suspended", "    certificates: [\(oneFingerprint), \(oneFingerprint)]\n    state: suspended",
        at: "15:86", "the certificate is given twice"),
    .init(
        "partners/acme", "    state: suspended", "    certificates: \(oneFingerprint)\n    state: suspended", at: "15:19",
        "expected a list"),
    // Names and forms.
    .init("plans", "- id: public", "- id: Public", at: "8:9", "the plan id 'Public' is out of form, expected 3 to 40 of a-z, 0-9 and '-'"),
    .init("routes", "- id: book", "- id: bo", at: "16:9", "the route id 'bo' is out of form"),
    .init("partners/acme", "id: acme\n", "id: acme_\n", at: "1:5", "the partner id 'acme_' is out of form"),
    .init("partners/acme", "- id: acme-app", "- id: [acme]", at: "9:9", "the application id a list is out of form"),
    .init("routes", "method: POST", "method: post", at: "17:13", "unknown method 'post'"),
    .init("routes", "path: /api/book", "path: /api//book", at: "18:11", "the path '/api//book' is out of form"),
    .init("routes", "path: /api/book", "path: /api/../book", at: "18:11", "is out of form"),
    .init("routes", "path: /api/book", "path: /{a}/{b}", at: "18:11", "at most one of them a {name}"),
    .init(
        "routes", "pincode: digits 6", "pincode: digits 6-1", at: "8:18",
        "the parameter form 'digits 6-1' is unknown, expected date, digits 6"),
    .init("routes", "date: date", "date: day", at: "7:15", "the parameter form 'day' is unknown"),
    .init("routes", "one of [COVISHIELD, SPUTNIK V]", "one of [A, A]", at: "10:18", "the parameter form 'one of [A, A]' is unknown"),
    .init("routes", "pincode: digits 6", "pinCode: digits 6", at: "8:9", "the parameter name 'pinCode' is out of form"),
    .init("routes", "vaccine: one of", "date: one of", at: "10:9", "the parameter 'date' is both required and optional"),
    .init(
        "routes", "identities: anyone", "identities: nobody", at: "13:17",
        "unknown identities 'nobody', expected one of anyone, application, application+citizen"),
    .init("partners/acme", "203.0.113.0/24", "203.0.113.1/24", at: "14:25", "'203.0.113.1/24' is not a block of addresses"),
    .init("partners/acme", "203.0.113.0/24", "203.0.113.0/33", at: "14:25", "is not a block of addresses"),
    .init("partners/acme", "2001:db8::/32", "2001:db8:::/32", at: "14:41", "is not a block of addresses"),
    .init("partners/acme", "https://acme.example", "acme.example", at: "5:7", "the site 'acme.example' is out of form, expected https://…"),
    .init(
        "partners/acme", "integration@acme.example", "Integration", at: "7:14",
        "the contact 'Integration' is out of form, expected a mail address"),
    .init("partners/acme", "name: Acme\n", "name: [a]\n", at: "3:7", "the name is a list, expected one line"),
    .init("partners/acme", "applications:\n", "applications: none\nx:\n", at: "9:1", "unknown key 'x'"),
    // Doubles.
    .init("plans", "- id: standard", "- id: public", at: "11:9", "duplicate plan id 'public': first given at"),
    .init("routes", "- id: book", "- id: find", at: "16:9", "duplicate route id 'find': first given at"),
    .init(
        "routes", "method: POST\n    path: /api/book", "method: GET\n    path: /api/find/{other}", at: "16:9",
        "the route 'book' overlaps 'find' at line 2: GET /api/find/{other} and /api/find/{place_id} match the same requests"),
    .init(
        "routes", "method: POST\n    path: /api/book", "method: GET\n    path: /api/find/17", at: "16:9", "the route 'book' overlaps 'find'"
    ),
    // What does not parse, or would cost too much to.
    .init("plans", "defaults:\n", "defaults: [\n", at: "4:11", "not YAML"),
    .init("plans", "anonymous: public", "anonymous: &a public", at: "1:12", "an anchor ('&' before a word)"),
    .init("plans", "anonymous: public", "anonymous: *a", at: "1:12", "an alias ('*' before a word)"),
    .init("plans", "anonymous: public", "\tanonymous: public", at: "1:1", "not YAML"),
    .init("plans", "anonymous: public", "- - - - - anonymous", at: "1:1", "nested too deep on one line"),
]

/// Files that a parser without limits would choke on: nesting of every sort, sheer size, aliases that double.
let exhausting: [String] = [
    String(repeating: "[", count: 1_000_000), String(repeating: "{a: ", count: 200_000), String(repeating: "- ", count: 400_000),
    String(repeating: "[\n", count: 400_000), String(repeating: "x", count: 2_000_000),
    (0..<1_400).map { String(repeating: " ", count: $0) + "a:" }.joined(separator: "\n"),
    "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
]
