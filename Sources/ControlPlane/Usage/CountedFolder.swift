import Foundation
import GRDB

// The records of one folder are counted: what is not in it may be in another.
extension UsageStore {
    /// Somebody would count another folder than the one that is counted.
    package struct OtherFolder: Error, CustomStringConvertible {
        let counted: String
        let asked: String

        /// A part of a sentence.
        package var description: String {
            "usage is counted of the records in \(counted), as --decisions may say: those in \(asked) are not among these counts"
        }
    }

    /// Makes a folder the one that is counted, where none is yet or whoever asks takes over; gives the path of the one that was before it.
    func count(_ folder: SegmentFolder, takingOver: Bool) throws -> String? {
        let place = place(of: folder)
        let sql = "SELECT folder FROM counted"
        guard try read({ try String.fetchOne($0, sql: sql) }) != place else { return nil }
        let (before, isTaken) = try write { database in
            let before = try String.fetchOne(database, sql: sql)
            guard before == nil || takingOver else { return (before, before == place) }
            try database.execute(sql: "DELETE FROM counted")
            try database.execute(sql: "INSERT INTO counted (folder) VALUES (?)", arguments: [place])
            try database.execute(sql: "UPDATE segment SET folder = ? WHERE folder = ''", arguments: [place])
            return (before, true)
        }
        guard let before, before != place else { return nil }
        guard isTaken else { throw OtherFolder(counted: path(at: before), asked: path(at: place)) }
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

    /// An absolute path without links; of what is not there yet, as far as it is.
    private static func resolved(_ path: String) -> String {
        let url = URL(filePath: path).standardizedFileURL
        let parent = url.deletingLastPathComponent()
        guard !FileManager.default.fileExists(atPath: url.path), parent.path != url.path else { return url.resolvingSymlinksInPath().path }
        return (resolved(parent.path) + "/" + url.lastPathComponent).replacing("//", with: "/")
    }
}
