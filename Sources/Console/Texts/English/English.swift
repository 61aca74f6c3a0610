/// English as it is spoken in India: a file for each page or family of pages.
enum English {
    /// All of it.
    static let words = Texts.merged([frame, names, lifecycle, inbox, application, funnel, partners, audit, tokens])
}
