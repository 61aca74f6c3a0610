/// A YAML file as scalars, lists and mappings, each with its place: what the strict readers read.
struct FileTree {
    var position: FilePosition
    var content: Content

    indirect enum Content {
        case scalar(String)
        case list([FileTree])
        case mapping([Entry])
    }

    struct Entry {
        var key: String
        var position: FilePosition
        var value: FileTree
    }

    /// What sort of thing it is, for messages.
    var sort: String {
        switch content {
        case .scalar(""): "nothing"
        case .scalar(let text): "'\(text.prefix(60))'"
        case .list: "a list"
        case .mapping: "a mapping"
        }
    }
}
