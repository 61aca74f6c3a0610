extension English {
    /// The funnel.
    static let funnel: [Phrase: String] = [
        .funnelAsOf: "Counted {time}, from the registry alone.",
        .funnelEmpty: "No application has been received yet. Applications come with an import of partner files.",
        .everApproved: "Ever approved",
        .everLive: "Ever live",
        .stuck: "Stuck",
        .stuckOf: "{count}, {stuck} stuck",
        .escalatedOf: "{count}, {escalated} escalated",
        .stuckWhat:
            "Stuck is what has been in its state for longer than the reminder of its clock allows; escalated, for longer than the escalation. A median is the age that half of them have at most; 90 % have at most the other.",
        .whereTheyStand: "Where they stand",
        .chartOfStates: "Applications by state",
        .chartOfWeeks: "Applications by week of receipt",
        .chartWhat: "A bar for each: {bars}. The table that follows has the same numbers.",
        .now: "Now",
        .ever: "Ever",
        .inStateMedian: "In this state, median",
        .inStateNinetieth: "In this state, 90 %",
        .receivedMedian: "Since receipt, median",
        .receivedNinetieth: "Since receipt, 90 %",
        .allTogether: "All",
        .byKind: "By kind of partner",
        .byWeek: "By week of receipt",
        .week: "Week",
        .weekFrom: "{week}, from {day}",
        .earlierWeeks: "Earlier weeks",
        .undated: "Of {count} nobody recorded when they were received: they are missing from the weeks and those ages.",
    ]
}
