import Foundation
import GRDB

// The records of one folder are counted: what is not in it may be in another.
extension UsageStore {
    /// Somebody would count another folder than the one that is counted.
    package struct OtherFolder: Error, CustomStringConvertible {
        /// Nil where nobody wrote it down.
        let counted: String?
        let asked: String

        /// A part of a sentence.
        package var description: String {
            guard let counted else {
                return """
                    it is not known which folder's records usage was counted of, until the control plane runs again: those in \(asked) are \
                    counted no further
                    """
            }
            return "usage is counted of the records in \(counted), as --decisions may say: those in \(asked) are not among these counts"
        }
    }

    /// Makes a folder the one that is counted, where nothing is counted yet or whoever asks takes over; gives the path of the one that was before
    /// it. Counts of before folders were known are some folder's: only who takes over knows which.
    func count(_ folder: SegmentFolder, takingOver: Bool) throws -> String? {
        let place = place(of: folder)
        let sql = "SELECT folder FROM counted"
        guard try read({ try String.fetchOne($0, sql: sql) }) != place else { return nil }
        let (before, isTaken) = try write { database in
            let before = try String.fetchOne(database, sql: sql)
            if before == place { return (before, true) }
            let isFree = try before == nil && Bool.fetchOne(database, sql: "SELECT NOT EXISTS (SELECT * FROM segment)") == true
            guard isFree || takingOver else { return (before, false) }
            try database.execute(sql: "DELETE FROM counted")
            try database.execute(sql: "INSERT INTO counted (folder) VALUES (?)", arguments: [place])
            try database.execute(sql: "UPDATE segment SET folder = ? WHERE folder = ''", arguments: [place])
            return (before, true)
        }
        guard isTaken else { throw OtherFolder(counted: before.map { path(at: $0) }, asked: path(at: place)) }
        guard let before, before != place else { return nil }
        return path(at: before)
    }

    /// A folder as it is known by: from the state folder on where it is in that, which may be moved or copied with all that is in it; or else
    /// from the root. Links are followed, for one folder may have many names.
    func place(of folder: SegmentFolder) -> String {
        let (state, path) = (UsageStore.resolved(stateDirectory), UsageStore.resolved(folder.path))
        return path.hasPrefix(state + "/") ? String(path.dropFirst(state.count + 1)) : path
    }

    private func path(at place: String) -> String {
        place.hasPrefix("/") ? place : UsageStore.resolved(stateDirectory) + "/" + place
    }

    /// An absolute path without links; of what is not there yet, as far as it is. Links are followed from the left, so that ".." leads out of where a
    /// link leads, as for the system.
    private static func resolved(_ path: String) -> String {
        let absolute = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
        var left = Array(absolute.split(separator: "/").reversed())
        var way: [Substring] = []
        var links = 0
        while let name = left.popLast() {
            guard name != "." else { continue }
            guard name != ".." else {
                way = way.dropLast()
                continue
            }
            way.append(name)
            let place = "/" + way.joined(separator: "/")
            guard links < mostLinks, let target = try? FileManager.default.destinationOfSymbolicLink(atPath: place) else { continue }
            links += 1
            way = target.hasPrefix("/") ? [] : way.dropLast()
            left += target.split(separator: "/").reversed()
        }
        return "/" + way.joined(separator: "/")
    }

    /// As many as the system follows for one path: links may lead in a circle.
    private static let mostLinks = 40
}
