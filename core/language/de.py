"""German."""

from __future__ import annotations

NAME, SCRIPT = "Deutsch", "Latn"

EMOTIONS = "wütend angewidert ängstlich fröhlich traurig überrascht neutral"

READERS = {"builtin": "die eingebaute Erkennung", "deepface": "DeepFace"}

EXPRESSIONS = {
    "angry": "Ein wütender Blick",
    "disgust": "Ein angewiderter Blick",
    "fear": "Ein ängstlicher Blick",
    "happy": "Ein Lächeln",
    "sad": "Ein trauriger Blick",
    "surprise": "Ein überraschter Blick",
    "": "Ein Ausdruck",
}

REASONS = {
    "alone": "„{emotion}“ liegt hier bei {height:.2f}, davor und danach bei {usual:.2f}.",
    "between": "Kurz davor und kurz danach wirkt das Gesicht „{other}“ ({score:.2f} oder mehr).",
    "brief": "Nur dieser eine von {sightings} Momenten wirkt „{emotion}“. "
    "{expression} dauert länger als {length_s:.1f} s.",
    "brief, moments": "Nur diese {moments} von {sightings} Momenten wirken „{emotion}“. "
    "{expression} dauert länger als {length_s:.1f} s.",
    "brief, raised": "Es hebt sich nur einen Moment lang ab. {expression} dauert länger als {length_s:.1f} s.",
    "brief, raised, moments": "Es hebt sich nur {moments} Momente lang ab. "
    "{expression} dauert länger als {length_s:.1f} s.",
    "second": "{Reader} sagt „{other}“ {score:.2f}.",
    "second, unanimous": "{Reader} sagt „{other}“ {score:.2f}; alle Netze sind sich einig.",
    "members": "Die Netze sind uneins: „{emotion}“ {mean:.2f} ± {spread:.2f}.",
    "crops": "Verschiebt man den Ausschnitt um {shift_px} px, ist „{emotion}“ weg.",
    "crops, partly": "Verschiebt man den Ausschnitt um {shift_px} px, ist „{emotion}“ meist weg.",
    "frames": "Bild für Bild gelesen, hält „{emotion}“ nur {lasts_s:.2f} s an.",
    "frames, one": "Bild für Bild gelesen, hält „{emotion}“ höchstens ein Bild lang an.",
    "unreadable, small": "Das Gesicht ist {width_px} Pixel breit; darin lässt sich wenig lesen.",
    "unreadable, tiny": "Das Gesicht ist {width_px} Pixel breit; darin lässt sich nichts lesen.",
    "unreadable, blurred": "Das Gesicht ist unscharf; darin lässt sich wenig lesen.",
    "unreadable, small and blurred": "Das Gesicht ist {width_px} Pixel breit und unscharf; "
    "darin lässt sich nichts lesen.",
    "dark": "Das Gesicht ist dunkel: im Mittel {light:.0f} von 255 Graustufen.",
    "turned": "Das Gesicht ist von der Kamera abgewandt.",
    "cut off": "Der Bildrand schneidet das Gesicht ab.",
    "at cut": "Es liegt direkt an einem Schnitt, wo sich zwei Bilder mischen können.",
    "head down": "Das Gesicht blickt nach unten; gesenkte Augen und Brauen täuschen.",
    "mouth moving": "Der Mund bewegt sich fortwährend: Sprechen und Grimassen werden leicht als „{emotion}“ gelesen.",
    "long surprise": "Überraschung ist hier {shown_s:.1f} s lang zu sehen; eine echte ist nach etwa einer "
    "Sekunde vorbei.",
    "mouth wide": "Bei Überraschung fällt der Kiefer und der Mund wird schmal; dieser ist so breit wie sonst.",
    "unsure": "Die Gesichtssuche ist hier weniger sicher: {confidence:.2f} statt {usual:.2f}.",
    "undecided": "Kein klarer Sieger: „{emotion}“ {height:.2f}, „{other}“ {score:.2f}.",
    "undecided, alone": "„{emotion}“ {height:.2f}: zu knapp, um es zu sagen.",
    "faint": "„{emotion}“ erreicht höchstens {height:.2f}.",
    "together": "Nichts allein spricht dagegen, doch von 100 solchen Ausschlägen sind {of_100:.0f} falsch.",
}

TIERS = {
    "do not believe": "Nicht glauben: „{emotion}“",
    "look twice": "Zweimal hinsehen: „{emotion}“",
    "": "kein Zweifel gefunden",
}

GROUPS = {
    "unreadable, small": "{faces} Gesichter sind hier zu klein zum Lesen, {peaks} Ausschläge",
    "unreadable, small, one face": "Dieses Gesicht ist zu klein zum Lesen, {peaks} Ausschläge",
    "unreadable, blurred": "{faces} Gesichter sind hier zu unscharf zum Lesen, {peaks} Ausschläge",
    "unreadable, blurred, one face": "Dieses Gesicht ist zu unscharf zum Lesen, {peaks} Ausschläge",
    "unreadable": "{faces} Gesichter sind hier zu klein oder zu unscharf zum Lesen, {peaks} Ausschläge",
    "unreadable, one face": "Dieses Gesicht ist zu klein und zu unscharf zum Lesen, {peaks} Ausschläge",
    "dark": "{faces} Gesichter liegen hier im Dunkeln, {peaks} Ausschläge",
    "dark, one face": "Dieses Gesicht liegt im Dunkeln, {peaks} Ausschläge",
    "turned": "{faces} Gesichter sind hier abgewandt, {peaks} Ausschläge",
    "turned, one face": "Dieses Gesicht ist abgewandt, {peaks} Ausschläge",
    "cut off": "Der Bildrand schneidet {faces} Gesichter ab, {peaks} Ausschläge",
    "cut off, one face": "Der Bildrand schneidet dieses Gesicht ab, {peaks} Ausschläge",
    "at cut": "{faces} Gesichter liegen direkt an einem Schnitt, {peaks} Ausschläge",
    "at cut, one face": "Dieses Gesicht liegt direkt an einem Schnitt, {peaks} Ausschläge",
    "unsure": "Die Gesichtssuche ist hier bei {faces} Gesichtern unsicher, {peaks} Ausschläge",
    "unsure, one face": "Die Gesichtssuche ist bei diesem Gesicht unsicher, {peaks} Ausschläge",
    "": "{faces} Gesichter sind hier aus demselben Grund zweifelhaft, {peaks} Ausschläge",
    "one face": "{peaks} Ausschläge dieses Gesichts, „{emotion}“, sind aus demselben Grund zweifelhaft",
}
