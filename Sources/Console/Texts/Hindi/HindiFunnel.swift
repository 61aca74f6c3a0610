extension Hindi {
    /// The funnel.
    static let funnel: [Phrase: String] = [
        .funnelAsOf: "{time} की गिनती, केवल रजिस्ट्री से।",
        .funnelEmpty: "अभी तक कोई आवेदन नहीं मिला है। आवेदन पार्टनर फ़ाइलों के आयात से आते हैं।",
        .everApproved: "अब तक स्वीकृत",
        .everLive: "अब तक लाइव",
        .stuck: "रुके हुए",
        .stuckOf: "{count}, {stuck} रुके हुए",
        .escalatedOf: "{count}, {escalated} ऊपर भेजे गए",
        .stuckWhat:
            "रुका हुआ वह है जो अपनी स्थिति में याद दिलाने की समय-सीमा से अधिक रहा है; ऊपर भेजा गया वह जो उससे बड़ी सीमा भी पार कर चुका है। माध्यिका वह आयु है जो आधे आवेदनों की अधिक से अधिक है; 90 % की आयु अधिक से अधिक दूसरी संख्या है।",
        .whereTheyStand: "वे कहाँ हैं",
        .chartOfStates: "स्थिति के अनुसार आवेदन",
        .chartOfWeeks: "प्राप्ति के सप्ताह के अनुसार आवेदन",
        .chartWhat: "हर एक के लिए एक पट्टी: {bars}। आगे की तालिका में यही संख्याएँ हैं।",
        .now: "अभी",
        .ever: "अब तक",
        .inStateMedian: "इस स्थिति में, माध्यिका",
        .inStateNinetieth: "इस स्थिति में, 90 %",
        .receivedMedian: "प्राप्ति से, माध्यिका",
        .receivedNinetieth: "प्राप्ति से, 90 %",
        .allTogether: "सभी",
        .byKind: "पार्टनर के प्रकार के अनुसार",
        .byWeek: "प्राप्ति के सप्ताह के अनुसार",
        .week: "सप्ताह",
        .weekFrom: "{week}, {day} से",
        .earlierWeeks: "पहले के सप्ताह",
        .undated: "{count} के बारे में किसी ने दर्ज नहीं किया कि वे कब मिले: वे सप्ताहों और उन आयुओं में नहीं हैं।",
    ]
}
