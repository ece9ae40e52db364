"""Hindi."""

from __future__ import annotations

NAME, SCRIPT = "हिन्दी", "Deva"

EMOTIONS = "क्रोध घृणा भय खुशी दुख आश्चर्य तटस्थ"

READERS = {"builtin": "अंतर्निहित पाठक", "deepface": "DeepFace"}

EXPRESSIONS = {
    "angry": "क्रोध भरी नज़र",
    "disgust": "घृणा भरी नज़र",
    "fear": "डरी हुई नज़र",
    "happy": "मुस्कान",
    "sad": "दुखी नज़र",
    "surprise": "हैरान नज़र",
    "": "कोई अभिव्यक्ति",
}

REASONS = {
    "alone": "यहाँ “{emotion}” {height:.2f} है, आसपास {usual:.2f}।",
    "between": "ठीक पहले और ठीक बाद में चेहरा “{other}” दिखाता है ({score:.2f} या ज़्यादा)।",
    "brief": "{sightings} में से सिर्फ़ यही एक क्षण “{emotion}” दिखाता है। {expression} {length_s:.1f} s से ज़्यादा टिकती है।",
    "brief, moments": "{sightings} में से सिर्फ़ ये {moments} क्षण “{emotion}” दिखाते हैं। "
    "{expression} {length_s:.1f} s से ज़्यादा टिकती है।",
    "brief, raised": "यह सिर्फ़ एक क्षण के लिए उभरता है। {expression} {length_s:.1f} s से ज़्यादा टिकती है।",
    "brief, raised, moments": "यह सिर्फ़ {moments} क्षणों के लिए उभरता है। {expression} {length_s:.1f} s से ज़्यादा टिकती है।",
    "second": "{Reader} “{other}” {score:.2f} कहता है।",
    "second, unanimous": "{Reader} “{other}” {score:.2f} कहता है; उसके सभी नेटवर्क सहमत हैं।",
    "members": "नेटवर्क सहमत नहीं हैं: “{emotion}” {mean:.2f} ± {spread:.2f}।",
    "crops": "कटाव {shift_px} px खिसकाने पर “{emotion}” ग़ायब हो जाता है।",
    "crops, partly": "कटाव {shift_px} px खिसकाने पर “{emotion}” लगभग ग़ायब हो जाता है।",
    "frames": "फ़्रेम-दर-फ़्रेम पढ़ने पर “{emotion}” सिर्फ़ {lasts_s:.2f} s टिकता है।",
    "frames, one": "फ़्रेम-दर-फ़्रेम पढ़ने पर “{emotion}” ज़्यादा से ज़्यादा एक फ़्रेम टिकता है।",
    "unreadable, small": "चेहरा {width_px} पिक्सेल चौड़ा है; उसमें कम ही पढ़ा जा सकता है।",
    "unreadable, tiny": "चेहरा {width_px} पिक्सेल चौड़ा है; उसमें कुछ नहीं पढ़ा जा सकता।",
    "unreadable, blurred": "चेहरा धुंधला है; उसमें कम ही पढ़ा जा सकता है।",
    "unreadable, small and blurred": "चेहरा {width_px} पिक्सेल चौड़ा और धुंधला है; उसमें कुछ नहीं पढ़ा जा सकता।",
    "dark": "चेहरा अँधेरे में है: औसतन 255 में से {light:.0f} धूसर स्तर।",
    "turned": "चेहरा कैमरे से मुड़ा हुआ है।",
    "cut off": "तस्वीर का किनारा चेहरे को काटता है।",
    "at cut": "यह ठीक एक कट पर है, जहाँ दो तस्वीरें मिल सकती हैं।",
    "head down": "चेहरा नीचे की ओर झुका है; झुकी आँखें और भौंहें भ्रम पैदा करती हैं।",
    "mouth moving": "मुँह लगातार हिल रहा है: बोलना या मुँह बनाना आसानी से “{emotion}” पढ़ लिया जाता है।",
    "long surprise": "यहाँ आश्चर्य {shown_s:.1f} से॰ तक दिखता है; असली आश्चर्य लगभग एक सेकंड में चला जाता है।",
    "mouth wide": "आश्चर्य में जबड़ा गिरता है और मुँह सँकरा होता है; यह मुँह हमेशा जितना चौड़ा है।",
    "unsure": "खोज को इस चेहरे पर कम भरोसा है: {usual:.2f} की जगह {confidence:.2f}।",
    "undecided": "कोई साफ़ विजेता नहीं: “{emotion}” {height:.2f}, “{other}” {score:.2f}।",
    "undecided, alone": "“{emotion}” {height:.2f}: तय करना मुश्किल है।",
    "faint": "“{emotion}” ज़्यादा से ज़्यादा {height:.2f} तक पहुँचता है।",
    "together": "कोई एक बात इसके ख़िलाफ़ नहीं है, पर ऐसे 100 शिखरों में {of_100:.0f} ग़लत हैं।",
}

TIERS = {
    "do not believe": "विश्वास न करें: “{emotion}”",
    "look twice": "दो बार देखें: “{emotion}”",
    "": "कोई संदेह नहीं मिला",
}

GROUPS = {
    "unreadable, small": "यहाँ {faces} चेहरे पढ़ने के लिए बहुत छोटे हैं, {peaks} शिखर",
    "unreadable, small, one face": "यह चेहरा पढ़ने के लिए बहुत छोटा है, {peaks} शिखर",
    "unreadable, blurred": "यहाँ {faces} चेहरे पढ़ने के लिए बहुत धुंधले हैं, {peaks} शिखर",
    "unreadable, blurred, one face": "यह चेहरा पढ़ने के लिए बहुत धुंधला है, {peaks} शिखर",
    "unreadable": "यहाँ {faces} चेहरे पढ़ने के लिए बहुत छोटे या धुंधले हैं, {peaks} शिखर",
    "unreadable, one face": "यह चेहरा पढ़ने के लिए बहुत छोटा और धुंधला है, {peaks} शिखर",
    "dark": "यहाँ {faces} चेहरे अँधेरे में हैं, {peaks} शिखर",
    "dark, one face": "यह चेहरा अँधेरे में है, {peaks} शिखर",
    "turned": "यहाँ {faces} चेहरे कैमरे से मुड़े हुए हैं, {peaks} शिखर",
    "turned, one face": "यह चेहरा कैमरे से मुड़ा हुआ है, {peaks} शिखर",
    "cut off": "तस्वीर का किनारा {faces} चेहरों को काटता है, {peaks} शिखर",
    "cut off, one face": "तस्वीर का किनारा इस चेहरे को काटता है, {peaks} शिखर",
    "at cut": "{faces} चेहरे ठीक एक कट पर हैं, {peaks} शिखर",
    "at cut, one face": "यह चेहरा ठीक एक कट पर है, {peaks} शिखर",
    "unsure": "खोज को यहाँ {faces} चेहरों पर भरोसा नहीं है, {peaks} शिखर",
    "unsure, one face": "खोज को इस चेहरे पर भरोसा नहीं है, {peaks} शिखर",
    "": "यहाँ {faces} चेहरों पर एक ही कारण से संदेह है, {peaks} शिखर",
    "one face": "इस चेहरे के {peaks} शिखरों, “{emotion}”, पर एक ही कारण से संदेह है",
}
