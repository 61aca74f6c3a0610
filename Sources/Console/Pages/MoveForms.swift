import ControlPlane
import Registry

/// The moves of an application as forms: the one that leads on first, then the others; and those that who looks may not make now.
struct MoveForms {
    private(set) var main: MoveForm?
    private(set) var others: [MoveForm] = []
    private(set) var closed: [ApplicationPage.Closed] = []

    private let shown: ApplicationShown
    private let visit: Visit
    private var texts: Texts { visit.texts }

    init(_ shown: ApplicationShown, _ visit: Visit) {
        (self.shown, self.visit) = (shown, visit)
        let options = shown.dossier.options
        let open = options.filter { $0.objection == nil }
        let leading = MoveForms.leading(shown.dossier.application.lifecycle, at: visit.now)
        let first = leading.lazy.compactMap { move in open.first { $0.move == move } }.first
        main = first.map { form($0, isOpen: true) }
        others = open.filter { $0.move != first?.move }.map { form($0, isOpen: $0.move == shown.refused) }
        closed = options.compactMap { option in
            option.objection.map { ApplicationPage.Closed(name: texts.name(option.move), sentence: Notice.sentence($0)) }
        }
    }

    /// What leads on from a state, the most pressing first.
    private static func leading(_ lifecycle: Lifecycle, at now: WallTime) -> [LifecycleMove] {
        var moves: [LifecycleMove] = [lifecycle.awaited(at: now)?.move, lifecycle.review == nil ? nil : .reviewBreakGlass].compactMap(
            \.self)
        switch lifecycle.state {
        case .draft, .changesRequested: moves.append(.submit)
        case .submitted: moves.append(.review)
        case .inReview: moves.append(.grantSandbox)
        case .sandbox: moves.append(.certify)
        case .certifying: moves.append(.approve)
        case .approved: moves.append(.goLive)
        case .suspended: moves.append(.resume)
        case .revoked: moves.append(.suspend)
        case .rejected, .live, .withdrawn: break
        }
        return moves
    }

    /// Moves that ask for password and code again.
    static let dangerous: Set<LifecycleMove> = [.goLive, .revoke, .breakGlass, .changePlan, .grantScopes]

    private func form(_ option: MoveOption, isOpen: Bool) -> MoveForm {
        let move = option.move
        let isRefused = shown.refused == move
        let form = isRefused ? visit.form : FormFields()
        let isForward = MoveForms.leading(shown.dossier.application.lifecycle, at: visit.now).contains(move)
        var hints: [String] = []
        if option.needsSecond { hints.append(texts[.needsSecondPerson]) }
        if MoveForms.dangerous.contains(move), visit.signedIn?.isRecent(at: visit.now) != true { hints.append(texts[.asksPassword]) }
        let name = texts.name(move)
        let canned = shown.desk.rules.reasons(in: texts.language)
        let ready = isForward && isInOrder && canned.contains { $0.id.text == "all-in-order" } ? "all-in-order" : ""
        return MoveForm(
            move: move.rawValue, name: option.isConfirmation ? texts[.confirmMove, ["move": name]] : name,
            action: "/applications/\(shown.dossier.application.declaration.id.text)/moves/\(move.rawValue)",
            version: String(shown.dossier.record), isOpen: isOpen,
            isDangerous: [.reject, .suspend, .revoke, .withdraw, .breakGlass].contains(move), hints: hints,
            hasFiles: !option.gaps.isEmpty && shown.dossier.mayDoPaperwork,
            gaps: shown.dossier.mayDoPaperwork ? option.gaps.map { gap($0, form) } : [], scopes: scopes(move, form, isRefused),
            plan: plan(move, form),
            reason: ReasonField(
                move.rawValue, label: texts[.reason], canned: canned, chosen: isRefused ? form["canned"] : ready, text: form["reason"],
                texts))
    }

    /// Whether nothing speaks against the next step but papers, for which the form itself asks.
    private var isInOrder: Bool { !shown.checks.contains { $0.result == .failed && $0.subject != .evidence } }

    private func gap(_ gap: EvidenceGap, _ form: FormFields) -> MoveForm.Gap {
        let kind = texts.name(gap.kind)
        return MoveForm.Gap(
            kind: gap.kind.name, fileLabel: texts[.fileOf, ["kind": kind]], untilLabel: texts[.validUntilOf, ["kind": kind]],
            mustExpire: gap.kind.mustExpire, until: form["until-" + gap.kind.name])
    }

    /// All that was asked for can be granted; what is granted already, or would be, is ticked.
    private func scopes(_ move: LifecycleMove, _ form: FormFields, _ isRefused: Bool) -> [Tick] {
        guard move == .grantSandbox || move == .grantScopes else { return [] }
        let application = shown.dossier.application
        // What a second person confirms is what the first one asked for.
        let pending = application.lifecycle.awaited(at: visit.now).flatMap { $0.move == move ? $0.terms?.scopes : nil }
        let granted = pending ?? (application.granted.isEmpty ? application.declaration.scopes : application.granted)
        let offered = move == .grantSandbox && !application.granted.isEmpty ? application.granted : application.declaration.scopes
        return offered.scopes.map { scope in
            Tick(
                id: "\(move.rawValue)-\(scope.name)", name: "scope", value: scope.name, label: texts.name(scope),
                isTicked: isRefused ? form.all("scope").contains(scope.name) : granted.contains(scope))
        }
    }

    private func plan(_ move: LifecycleMove, _ form: FormFields) -> ChoiceField? {
        guard move == .changePlan else { return nil }
        let lifecycle = shown.dossier.application.lifecycle
        let pending = lifecycle.awaited(at: visit.now).flatMap { $0.move == move ? $0.terms?.plan.text : nil }
        let chosen = form["plan"].isEmpty ? pending ?? shown.dossier.application.plan?.text : form["plan"]
        let plans = shown.dossier.policy.plans.filter { $0.id != shown.dossier.policy.anonymousPlan }.map(\.id.text)
        return ChoiceField(
            id: "plan", name: "plan", label: texts[.newPlan], choices: plans.map { Choice(value: $0, name: $0, isChosen: $0 == chosen) })
    }
}
