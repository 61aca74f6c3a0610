/// Courses by kind of record: open addressing, for every record is looked up here.
struct CourseTable {
    private var courses: [Course] = []
    private var kinds: [RecordKind] = []
    private var places = [Int32](repeating: -1, count: 256)

    subscript(index: Int) -> Course { courses[index] }

    /// The place of a kind's course, or nil.
    func index(of kind: RecordKind) -> Int? {
        let mask = places.count - 1
        var place = CourseTable.hash(kind) & mask
        while places[place] >= 0 {
            let index = Int(places[place])
            if kinds[index] == kind { return index }
            place = (place + 1) & mask
        }
        return nil
    }

    /// Adds a course of a kind that has none.
    mutating func add(_ course: Course, of kind: RecordKind) -> Int {
        courses.append(course)
        kinds.append(kind)
        if courses.count * 2 > places.count {
            places = [Int32](repeating: -1, count: places.count * 2)
            for index in kinds.indices { put(index) }
        } else {
            put(courses.count - 1)
        }
        return courses.count - 1
    }

    private mutating func put(_ index: Int) {
        let mask = places.count - 1
        var place = CourseTable.hash(kinds[index]) & mask
        while places[place] >= 0 { place = (place + 1) & mask }
        places[place] = Int32(truncatingIfNeeded: index)
    }

    private static func hash(_ kind: RecordKind) -> Int {
        Int(truncatingIfNeeded: IdentifierStream.mixed(kind.whose ^ kind.what &* 0x9E37_79B9_7F4A_7C15))
    }
}
