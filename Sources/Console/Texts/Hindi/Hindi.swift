/// Hindi: a file for each page or family of pages.
enum Hindi {
    /// All of it.
    static let words = Texts.merged([frame, names, lifecycle, inbox, application, funnel, partners, audit, tokens])
}
