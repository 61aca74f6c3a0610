/// Hindi: a file for each page or family of pages.
enum Hindi {
    /// All of it.
    static let words = Texts.merged([frame, names, funnel, partners, audit, tokens])
}
